"""片区 and 包抓: the district's own cut of its ground, and who answers for which piece (D6, D16, D21, D22)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from campaign import log
from campaign.models import Area, Campaign, Stewardship, User
from campaign.revising import revise


def add_area(campaign: Campaign, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> Area:
    with transaction.atomic():
        made = Area.objects.create(campaign=campaign, **fields)
        log.write(made, "added", by=by, now=now)
    return made


def change_area(area: Area, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> None:
    revise(area, fields, by=by, now=now, private=("shape",))


def name_steward(area: Area, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> Stewardship:
    """Somebody answers for the area, or for a community of it, from a day on."""
    with transaction.atomic():
        made = Stewardship.objects.create(campaign_id=area.campaign_id, area=area, **fields)
        who = " ".join(str(one) for one in (made.person, made.unit) if one)
        log.write(area, "steward_named", by=by, now=now, data={"who": who, "kind": made.get_kind_display()})
    return made


def end_steward(held: Stewardship, *, by: User | None, now: dt.datetime, today: dt.date) -> None:
    """Yesterday was the last day; who was it stays in the record."""
    with transaction.atomic():
        last = max(held.valid_from, today - dt.timedelta(days=1))
        Stewardship.objects.filter(pk=held.pk).update(valid_to=last)
        who = " ".join(str(one) for one in (held.person, held.unit) if one)
        log.write(held.area or held, "steward_ended", by=by, now=now, data={"who": who})


def held_on(day: dt.date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
