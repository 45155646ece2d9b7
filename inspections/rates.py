"""整改率 and 治理率: the one definition that board, API, briefing, papers and exports read.

发现 found    `Finding.objects.counted()` (revoked ones, duplicates joined into another, and the copies of a sweep order are
              left out), found within the span by the campaign's own day, both ends included. What is not yet issued
              counts too: 待签发 is a part of 整改中. Hidden ones count for whoever may see them: the rows handed in are
              the reader's (`visible_to`), or the whole campaign's for the office's papers.
已销号 closed  of those, the closed ones at the moment of asking, on whatever day they were closed.
已治理 held    of the closed, those that held: the same thing was not found again afterwards at the same place (反弹).

整改率 = 已销号 / 发现;  治理率 = 已治理 / 发现.  Where nothing was found there is no rate, and none is claimed.
Each finding counts once, a relapse as a finding of its own day.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models import TextChoices as Choices
from django.db.models.functions import TruncMonth

from campaign.models import Campaign
from inspections.models import Finding

#: The name of what belongs to no unit, no type, no area.
NOBODY = {"unit": "未指派单位", "type": "未归类", "area": "未划片"}


class By(Choices):
    """What the lines of a table of rates are."""

    UNIT = "unit", "责任单位"
    TYPE = "type", "点位类型"
    AREA = "area", "片区"
    SOURCE = "source", "来源"
    MONTH = "month", "月份"


@dataclass(frozen=True)
class Span:
    """Days, both ends included; an end left out is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    @classmethod
    def month_of(cls, day: dt.date) -> "Span":
        first = day.replace(day=1)
        return cls(first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))

    @property
    def before(self) -> "Span":
        """The month before this month."""
        assert self.first is not None
        return Span.month_of(self.first - dt.timedelta(days=1))

    @property
    def condition(self) -> Q:
        found = Q()
        if self.first is not None:
            found &= Q(found_on__gte=self.first)
        if self.last is not None:
            found &= Q(found_on__lte=self.last)
        return found

    def holds(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Rate:
    """Quantities first; the shares are made of them and of nothing else."""

    found: int = 0
    closed: int = 0
    held: int = 0

    @property
    def open(self) -> int:
        return self.found - self.closed

    @property
    def percent(self) -> Decimal | None:
        """整改率, one decimal; None where nothing was found."""
        return _percent(self.closed, self.found)

    @property
    def held_percent(self) -> Decimal | None:
        """治理率."""
        return _percent(self.held, self.found)

    @property
    def words(self) -> str:
        return "—" if self.percent is None else f"{self.percent}%"

    @property
    def held_words(self) -> str:
        return "—" if self.held_percent is None else f"{self.held_percent}%"

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.found + other.found, self.closed + other.closed, self.held + other.held)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"rate": self.percent, "held_rate": self.held_percent}


def _percent(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
    """`key` is the id or value the line's findings are filtered by, empty for those that have none."""

    key: str
    name: str
    rate: Rate
    kind: str = ""


FIELDS: dict[str, tuple[str, ...]] = {
    By.UNIT: ("unit_id", "unit__name", "unit__kind", "unit__order"),
    By.TYPE: ("place_type_id", "place_type__name", "place_type__group", "place_type__order"),
    By.AREA: ("area_id", "area__name", "area__kind", "area__order"),
    By.SOURCE: ("source",),
}


def _found(rows: QuerySet, span: Span) -> QuerySet:
    return rows.counted().filter(span.condition).order_by()  # type: ignore[attr-defined]


def _figures(campaign: Campaign, among: Q | None = None) -> dict[str, Any]:
    """The three quantities as aggregates of a query over found rows."""
    among = among if among is not None else Q()
    relapses = Finding.objects.filter(campaign=campaign).counted().exclude(relapse_of=None)
    later = relapses.filter(relapse_of=OuterRef("relapse_of"), found_at__gt=OuterRef("found_at"))
    # a chain of relapses names where it began: the first is in the list, a later one has a still later one after it
    broke = Q(pk__in=relapses.values("relapse_of")) | (Q(is_relapse=True) & Exists(later))
    closed = among & Q(stage=Finding.Stage.CLOSED)
    return {
        "found": Count("pk", filter=among) if among else Count("pk"),
        "closed": Count("pk", filter=closed),
        "held": Count("pk", filter=closed & ~broke),
    }


def rate(campaign: Campaign, rows: QuerySet, span: Span) -> Rate:
    """The rate of all these rows. One query."""
    return Rate(**_found(rows, span).aggregate(**_figures(campaign)))


def lines(campaign: Campaign, rows: QuerySet, by: str, span: Span) -> tuple[Line, ...]:
    """A rate for each unit, type, area or source that has findings: the best first. One query."""
    if by == By.MONTH:
        return _by_month(campaign, rows, span)
    found = _found(rows, span).values(*FIELDS[by]).annotate(**_figures(campaign))
    return in_order(_line(by, row) for row in found)


def in_order(found: Iterable[Line]) -> tuple[Line, ...]:
    """The higher share first; of equal ones who closed more; then by name."""
    return tuple(sorted(found, key=lambda line: (-(line.rate.percent or 0), -line.rate.closed, line.name)))


def _line(by: str, row: dict[str, Any]) -> Line:
    names = FIELDS[by]
    rate = Rate(row["found"], row["closed"], row["held"])
    if by == By.SOURCE:
        return Line(row["source"], Finding.Source(row["source"]).label, rate)
    key, name, kind = (row[field] for field in names[:3])
    return Line(str(key or ""), name or NOBODY[by], rate, kind or "")


def _by_month(campaign: Campaign, rows: QuerySet, span: Span) -> tuple[Line, ...]:
    """Month after month, oldest first."""
    month = TruncMonth("found_on", output_field=DateField())
    found = _found(rows, span).values(month=month).annotate(**_figures(campaign)).order_by("month")
    return tuple(
        Line(f"{row['month']:%Y-%m}", f"{row['month'].month}月", Rate(row["found"], row["closed"], row["held"]))
        for row in found
    )


@dataclass(frozen=True)
class Compared:
    """This span beside the one before, and this one's units. One query."""

    now: Rate
    before: Rate
    units: tuple[Line, ...]

    @property
    def points(self) -> Decimal | None:
        """By how many percentage points it rose."""
        if self.now.percent is None or self.before.percent is None:
            return None
        return self.now.percent - self.before.percent


def compared(campaign: Campaign, rows: QuerySet, span: Span) -> Compared:
    assert span.first is not None
    both = Span(span.before.first, span.last)
    is_now = Case(When(found_on__gte=span.first, then=Value(1)), default=Value(0))
    found = list(
        _found(rows, both).values(*FIELDS[By.UNIT], is_now=is_now).annotate(**_figures(campaign)).order_by("unit_id")
    )
    here = [row for row in found if row["is_now"]]
    return Compared(
        _sum(here), _sum(row for row in found if not row["is_now"]), in_order(_line(By.UNIT, row) for row in here)
    )


def _sum(found: Iterable[dict[str, Any]]) -> Rate:
    return sum((Rate(row["found"], row["closed"], row["held"]) for row in found), Rate())


def late_share(rows: QuerySet, span: Span) -> tuple[int, int]:
    """Of what was closed in the span: how many, and how many of them after their limit."""
    closed = rows.counted().filter(span.condition, stage=Finding.Stage.CLOSED)  # type: ignore[attr-defined]
    made = closed.aggregate(all=Count("pk"), late=Count("pk", filter=Q(closed_at__gt=F("due_at"))))
    return made["all"], made["late"]


# ---------- spans as people write them


def month_named(text: str) -> dt.date:
    """2019-09 -> its first day. Raises ValueError."""
    return dt.date.fromisoformat(f"{text}-01")


def span_of(words: Mapping[str, str], *, month: dt.date, today: dt.date) -> Span:
    """`from` and `to` where they are days, else the month; the year so far where `month` says 全年 (`all`)."""
    try:
        first = dt.date.fromisoformat(words.get("from", ""))
        last = dt.date.fromisoformat(words.get("to", ""))
    except ValueError:
        return Span(today.replace(month=1, day=1), today) if words.get("month") == "all" else Span.month_of(month)
    return Span(min(first, last), max(first, last))


def moments(span: Span, campaign: Campaign) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a closed span and the first after it, in the campaign's zone."""
    first, last = span.first or campaign.first_day, span.last or campaign.last_day
    start = dt.datetime.combine(first, dt.time(), campaign.zone)
    return start, dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), campaign.zone)
