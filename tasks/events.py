"""Limits that hang on an event of the calendar (测评前) move with it."""

import datetime as dt

from campaign.models import CalendarEvent, User
from tasks.deadlines import change_deadlines
from tasks.models import Milestone


def follow(event: CalendarEvent, *, by: User | None, now: dt.datetime) -> int:
    """Open milestones bound to the event fall due the day before it. Gives the number moved."""
    bound = (
        Milestone.objects.open()
        .filter(campaign=event.campaign_id, event=event)
        .select_related("task", "campaign", "unit")
    )
    to_on = event.starts_on - dt.timedelta(days=1)
    moving = [milestone for milestone in bound if milestone.due_on != to_on]
    if not moving:
        return 0
    basis = f"日历：{event.name}在 {event.starts_on}，提前一天"
    return len(change_deadlines(moving, to_on=to_on, basis=basis, by=by, now=now).changes)


def bound_count(event: CalendarEvent) -> int:
    """How many open limits hang on the event."""
    return Milestone.objects.open().filter(campaign=event.campaign_id, event=event).count()
