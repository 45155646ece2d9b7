"""What a week of field work adds up to: visits, findings, 整改率 and 治理率 by their one definition. Nine queries at most."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Q

from campaign.clock import Week
from campaign.models import Campaign
from inspections import rates, recurring
from inspections.address import State
from inspections.kinds import Kind, of_kind
from inspections.models import Finding, Visit
from inspections.rates import By, Rate, Span
from inspections.recurring import PlaceLine

MOST_PLACES = 5


@dataclass(frozen=True)
class UnitLine:
    key: str
    name: str
    rate: Rate


@dataclass(frozen=True)
class FieldFacts:
    """`week` and `month`: what was found in the week, and in the month so far; both as it stands at the asking."""

    first: str
    last: str
    month_first: str
    visits: int
    places: int
    week: Rate
    month: Rate
    units: tuple[UnitLine, ...]
    open: int
    overdue: int
    relapses: int
    closed: int
    worst: tuple[PlaceLine, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.visits or self.month.found or self.week.found or self.open or self.closed)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "FieldFacts":
        """As it was kept."""
        made = dict(kept)
        made |= {name: Rate(**kept[name]) for name in ("week", "month")}
        made["units"] = tuple(UnitLine(row["key"], row["name"], Rate(**row["rate"])) for row in kept["units"])
        made["worst"] = tuple(PlaceLine(**row) for row in kept["worst"])
        return cls(**made)

    # ---------- the pages behind the numbers

    def week_url(self, **more: str) -> str:
        return _url(**{"from": self.first, "to": self.last}, **more)

    def month_url(self, **more: str) -> str:
        return _url(**{"from": self.month_first, "to": self.last}, **more)


def _url(**words: str) -> str:
    return State(month=dt.date.min).url(keeps_month=False, **words)


def kind_url(kind: Kind) -> str:
    return _url(kind=kind.value)


def collect(campaign: Campaign, week: Week, *, as_of: dt.date) -> FieldFacts:
    month_first = as_of.replace(day=1)
    rows = Finding.objects.filter(campaign=campaign)
    span, month = Span(week.monday, as_of), Span(month_first, as_of)
    lines = rates.lines(campaign, rows, By.UNIT, month)
    end = rates.moments(span, campaign)[1]
    standing = _standing(campaign, span, end)
    visits, places = _visits(campaign, span)
    named = rows.counted().filter(is_hidden=False)
    return FieldFacts(
        first=week.monday.isoformat(),
        last=as_of.isoformat(),
        month_first=month_first.isoformat(),
        visits=visits,
        places=places,
        week=rates.rate(campaign, rows, span),
        month=sum((line.rate for line in lines), Rate()),
        units=tuple(UnitLine(line.key, line.name, line.rate) for line in lines),
        **standing,
        worst=tuple(recurring.worst_places(named, month, most=MOST_PLACES)),
    )


def _standing(campaign: Campaign, span: Span, end: dt.datetime) -> dict[str, int]:
    """Open now; and what was closed in the week, whenever it was found."""
    counted = Finding.objects.filter(campaign=campaign).counted()
    start = rates.moments(span, campaign)[0]
    closed = Q(stage=Finding.Stage.CLOSED, closed_at__gte=start, closed_at__lt=end)
    is_open = Q(stage__in=Finding.OPEN_STAGES)
    return counted.filter(is_open | closed).aggregate(
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=of_kind(Kind.OVERDUE, now=end)),
        relapses=Count("pk", filter=of_kind(Kind.RELAPSE, now=end)),
        closed=Count("pk", filter=closed),
    )


def _visits(campaign: Campaign, span: Span) -> tuple[int, int]:
    start, end = rates.moments(span, campaign)
    rows = Visit.objects.standing().filter(campaign=campaign, at__gte=start, at__lt=end)
    found = rows.aggregate(visits=Count("pk"), places=Count("place", distinct=True))
    return found["visits"], found["places"]
