"""举一反三: one finding, and every other place of the type looks at itself and answers (F22)."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from campaign import log
from campaign.models import Unit, User
from campaign.problems import Problem, Refused
from inspections import finding as filing
from inspections import issuing
from inspections.models import Finding, Order, OrderLine, Place


@dataclass(frozen=True)
class Swept:
    """What one sweep did. `homeless` are places nobody answers for, `known` those that have it open already."""

    orders: int
    places: int
    homeless: int
    known: int


def places_for(finding: Finding, among: Collection[str] | None = None) -> list[Place]:
    """All other places of the type in use; of chosen codes those alone, of whatever type."""
    if finding.place_type_id is None and among is None:
        return []
    rows = Place.objects.active().filter(campaign_id=finding.campaign_id)
    rows = rows.filter(place_type=finding.place_type_id) if among is None else rows.filter(code__in=among)
    return list(
        rows.order_by("code").exclude(pk=finding.place_id).select_related("owner", "street", "place_type", "area")
    )


@dataclass(frozen=True)
class Outlook:
    """What a sweep of one finding would do: which units get a paper, and how many places have it already."""

    finding: Finding
    units: dict[Unit, int]
    homeless: int
    known: int

    @property
    def places(self) -> int:
        return sum(self.units.values())


def outlook(finding: Finding, among: Collection[str] | None = None) -> Outlook:
    """Nothing is written. Three queries."""
    places = places_for(finding, among)
    told = set(Finding.objects.filter(sweep_of=finding).values_list("place", flat=True))
    units: Counter[Unit] = Counter()
    owned = [place for place in places if (place.owner or place.street) is not None]
    for place in owned:
        unit = place.owner or place.street
        if place.pk not in told and unit is not None:
            units[unit] += 1
    ordered = sorted(units.items(), key=lambda pair: (pair[0].order, pair[0].name))
    return Outlook(finding, dict(ordered), len(places) - len(owned), sum(place.pk in told for place in owned))


def sweep(finding: Finding, *, by: User, now: dt.datetime, among: Collection[str] | None = None) -> Swept:
    """One order for each unit that owns such places, each place with its own answer; issued at once.

    The places are told to look; nothing was found there, so they are not counted among the findings. Again: adds only
    what is new. `among`: codes of the places the office chose; all of the type without it.
    """
    if finding.is_hidden:
        message = f"整改 {finding.code} 还没有签发，发自查单会让各单位先知道。"
        raise Refused(Problem("hidden", message, mend="请先签发，再举一反三。"))
    places = places_for(finding, among)
    if not places:
        message = f"没有别的{finding.place_type or '同类'}点位可以举一反三。"
        raise Refused(Problem("no_places", message, mend="请先在点位里登记同类点位。"))
    owned = [place for place in places if (place.owner or place.street) is not None]
    told = set(Finding.objects.filter(sweep_of=finding).values_list("place", flat=True))
    fresh = [place for place in owned if place.pk not in told]
    with transaction.atomic():
        rows = [_file(finding, place, by=by, now=now) for place in fresh]
        orders = _orders(finding, rows, by=by, now=now)
        for order in orders:
            issuing.issue(order, by=by, now=now, version=order.version)
        log.write(finding, "sweep", by=by, now=now, task_id=finding.task_id, data={"places": len(rows)})
    return Swept(orders=len(orders), places=len(rows), homeless=len(places) - len(owned), known=len(owned) - len(fresh))


def _file(finding: Finding, place: Place, *, by: User, now: dt.datetime) -> Finding:
    found = filing.Found(
        text=f"举一反三自查：有没有“{finding.text}”这类问题，有的立即整改。"[: filing.LONGEST_TEXT],
        tile=finding.tile,
        found_at=now,
        severity=finding.severity,
        place=place,
        item=finding.item if place.place_type_id == finding.place_type_id else None,
        source=Finding.Source.SWEEP,
        client_id=f"sweep:{finding.pk.hex}:{place.code}"[:64],
    )
    row = filing.file(finding.campaign, found, by=by, now=now)
    Finding.objects.filter(pk=row.pk).update(sweep_of=finding)
    return row


def _orders(finding: Finding, rows: list[Finding], *, by: User, now: dt.datetime) -> list[Order]:
    today = now.astimezone(finding.campaign.zone).date()
    orders: dict[object, Order] = {}
    lines: list[OrderLine] = []
    for row in rows:
        order = orders.get(row.unit_id)
        if order is None:
            order = Order.objects.create(
                campaign=finding.campaign, unit_id=row.unit_id, year=today.year, on=today, kind=Order.Kind.SWEEP,
                title=f"举一反三：整改 {finding.code}",
            )  # fmt: skip
            orders[row.unit_id] = order
        lines.append(OrderLine(campaign=finding.campaign, order=order, finding=row, position=len(lines) + 1))
    OrderLine.objects.bulk_create(lines, batch_size=200)
    return list(orders.values())
