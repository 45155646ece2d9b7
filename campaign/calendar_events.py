"""The campaign's calendar: phases, the assessment, meetings. Limits bound to an event follow it."""

import datetime as dt
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.db import transaction

from campaign import log
from campaign.models import CalendarEvent, Campaign, User
from campaign.problems import Problem, Refused
from campaign.revising import revise

#: Modules of the apps with limits bound to events; named, because the ground imports none of them.
#: Each has `follow(event, by=, now=)` and `bound_count(event)`.
FOLLOWERS = ("tasks.events",)


def add(campaign: Campaign, fields: Mapping[str, Any], *, by: User, now: dt.datetime) -> CalendarEvent:
    with transaction.atomic():
        event = CalendarEvent.objects.create(campaign=campaign, **fields)
        log.write(event, "added", by=by, now=now, data={"starts_on": str(event.starts_on)})
    return event


def change(event: CalendarEvent, fields: Mapping[str, Any], *, by: User, now: dt.datetime) -> int:
    """Gives how many limits moved with it."""
    with transaction.atomic():
        moved = revise(event, fields, by=by, now=now)
        if "starts_on" not in moved:
            return 0
        return sum(import_module(name).follow(event, by=by, now=now) for name in FOLLOWERS)


def remove(event: CalendarEvent, *, by: User, now: dt.datetime) -> None:
    """Only while no limit hangs on it."""
    bound = bound_count(event)
    if bound:
        raise Refused(
            Problem("bound", f"有 {bound} 项任务的时限跟着“{event.name}”，不能删。", mend="可以改日期，时限会跟着走。")
        )
    with transaction.atomic():
        log.write(event, "removed", by=by, now=now, data={"starts_on": str(event.starts_on)})
        event.delete()


def bound_count(event: CalendarEvent) -> int:
    return sum(import_module(name).bound_count(event) for name in FOLLOWERS)
