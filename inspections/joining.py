"""The same thing at the same place: still open, it is one finding; closed lately, it is a relapse (反弹)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from campaign.models import Campaign
from inspections.models import ChecklistItem, Finding, Place
from inspections.models.orders import OrderPolicy

Stage = Finding.Stage
#: Tiles that do not say what was wrong.
VAGUE = ("", "其他")


@dataclass(frozen=True)
class Earlier:
    """What the same item at the same place was before. `same` is open; `first` is where a chain of relapses began."""

    same: Finding | None = None
    first: Finding | None = None
    count: int = 0


def earlier(
    campaign: Campaign,
    place: Place | None,
    item: ChecklistItem | None,
    tile: str,
    *,
    text: str,
    found_at: dt.datetime,
    is_to_the_minute: bool = False,
) -> Earlier:
    """Looks only where a place is named: "somewhere in the street" is never the same as anything.

    `is_to_the_minute`: somebody stood there at `found_at`; a call or a letter is known by its day only.
    """
    if place is None:
        return Earlier()
    known = Finding.objects.filter(alike(item, tile, text), campaign=campaign, place=place, joined_into=None)
    # a place told to look at itself was not found wanting: nothing joins that, and nothing comes back after it
    known = known.exclude(source=Finding.Source.SWEEP)
    still = Q(stage__in=Finding.OPEN_STAGES)
    if is_to_the_minute:  # what a phone sends late was seen while the like one was still open
        still |= Q(stage=Stage.CLOSED, found_at__lte=found_at, closed_at__gt=found_at)
    same = known.filter(still).order_by("found_at", "id").first()
    if same is not None:
        return Earlier(same=same)
    policy = OrderPolicy.of(campaign.pk)
    since = found_at - dt.timedelta(days=policy.relapse_days)
    closed = known.filter(stage=Stage.CLOSED, closed_at__gte=since, closed_at__lte=found_at)
    last = closed.select_related("relapse_of").order_by("-closed_at", "-id").first()
    if last is None:
        return Earlier()
    first = last.relapse_of or last
    count = first.relapses.filter(is_relapse=True).exclude(stage=Stage.REVOKED).count()
    return Earlier(first=first, count=count + 1)


def alike(item: ChecklistItem | None, tile: str, text: str) -> Q:
    """The same item, also of an earlier version of its checklist; without an item the same tile, or the same words."""
    if item is None and tile in VAGUE:
        return Q(item=None, tile=tile, text=text)
    if item is None:
        return Q(item=None, tile=tile)
    return Q(item=item) | Q(item__code=item.code, item__checklist__place_type_id=item.checklist.place_type_id)
