"""整改率 and 治理率: the one definition that board, API, briefing, papers and exports read.

发现 found    `Finding.objects.counted()` (revoked ones, duplicates joined into another, and the copies of a sweep order are
              left out), found within the span by the campaign's own day, both ends included. What is not yet issued
              counts too: 待签发 is a part of 整改中. Hidden ones count for whoever may see them: the rows handed in are
              the reader's (`visible_to`), or the whole campaign's for the office's papers.
已销号 closed  of those, the closed ones at the moment of asking, on whatever day they were closed.
已治理 held    of the closed, those that held: the same thing was not found again afterwards at the same place (反弹), as far
              as the reader may know.

整改率 = 已销号 / 发现;  治理率 = 已治理 / 发现.  Where nothing was found there is no rate, and none is claimed.
Each finding counts once, a relapse as a finding of its own day.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models import TextChoices as Choices

from campaign.models import Area, Campaign, Unit
from inspections.models import Finding, PlaceType

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


COLUMNS: dict[str, str] = {By.UNIT: "unit_id", By.TYPE: "place_type_id", By.AREA: "area_id", By.SOURCE: "source"}
NAMED: dict[str, tuple[Any, str]] = {By.UNIT: (Unit, "kind"), By.TYPE: (PlaceType, "group"), By.AREA: (Area, "kind")}


def _found(rows: QuerySet, span: Span) -> QuerySet:
    return rows.counted().filter(span.condition).order_by()  # type: ignore[attr-defined]


#: Read from the index alone (`finding_by_rates`): no row of the table is touched, no other table joined.
FIGURES = {"found": Count("pk"), "closed": Count("pk", filter=Q(stage=Finding.Stage.CLOSED))}


def _broke(campaign: Campaign, rows: QuerySet, span: Span, column: str) -> dict[Any, int]:
    """Of the closed ones those of which the same was found again, by a column. Starts from the relapses, which are few."""
    # one that is not issued yet is a secret of whoever may see it: no unit's share may tell of it
    known: Any = rows | Finding.objects.filter(campaign=campaign, is_hidden=False)
    relapses = known.filter(campaign=campaign, is_relapse=True).counted().exclude(relapse_of=None).order_by()
    closed = _found(rows, span).filter(stage=Finding.Stage.CLOSED)
    # a chain of relapses names where it began; a later link broke when a still later one follows it
    firsts = relapses.filter(relapse_of__in=closed.values("pk")).values_list(f"relapse_of__{column}")
    later = relapses.filter(relapse_of=OuterRef("relapse_of"), found_at__gt=OuterRef("found_at"))
    links = relapses.filter(span.condition, Exists(later), pk__in=closed.values("pk")).values_list(column)
    arms = firsts.annotate(number=Count("relapse_of", distinct=True)).union(
        links.annotate(number=Count("pk")), all=True
    )
    broke: dict[Any, int] = {}
    for key, number in arms:
        broke[key] = broke.get(key, 0) + number
    return broke


def rate(campaign: Campaign, rows: QuerySet, span: Span) -> Rate:
    """The rate of all these rows. Two queries."""
    made = _found(rows, span).aggregate(**FIGURES)
    broke = sum(_broke(campaign, rows, span, "source").values())
    return Rate(made["found"], made["closed"], made["closed"] - broke)


def lines(campaign: Campaign, rows: QuerySet, axis: str, span: Span) -> tuple[Line, ...]:
    """A rate for each unit, type, area or source that has findings: the best first. Three queries, however many rows."""
    if axis == By.MONTH:
        return _by_month(campaign, rows, span)
    column = COLUMNS[axis]
    found = _found(rows, span).values_list(column).annotate(**FIGURES)
    broke = _broke(campaign, rows, span, column)
    rated = {key: Rate(number, closed, closed - broke.get(key, 0)) for key, number, closed in found}
    return in_order(_named(axis, rated))


def _named(by: str, rated: Mapping[Any, Rate]) -> Iterable[Line]:
    if by == By.SOURCE:
        return [Line(key, Finding.Source(key).label, rate) for key, rate in rated.items()]
    model, kind = NAMED[by]
    names = {
        row[0]: row[1:]
        for row in model.objects.filter(pk__in=[key for key in rated if key]).values_list("pk", "name", kind)
    }
    return [Line(str(key or ""), *_name_of(names, key, by, rate)) for key, rate in rated.items()]


def _name_of(names: Mapping[Any, tuple[str, str]], key: Any, by: str, rate: Rate) -> tuple[str, Rate, str]:
    name, kind = names.get(key, (NOBODY[by], ""))
    return name, rate, kind


def in_order(found: Iterable[Line]) -> tuple[Line, ...]:
    """The higher share first; of equal ones who closed more; then by name."""
    return tuple(sorted(found, key=lambda line: (-(line.rate.percent or 0), -line.rate.closed, line.name)))


def _by_month(campaign: Campaign, rows: QuerySet, span: Span) -> tuple[Line, ...]:
    """Month after month, oldest first."""
    found = _found(rows, span).values_list("found_on").annotate(**FIGURES)
    broke = _broke(campaign, rows, span, "found_on")
    months: dict[dt.date, Rate] = {}
    for day, number, closed in found:
        month = day.replace(day=1)
        months[month] = months.get(month, Rate()) + Rate(number, closed, closed - broke.get(day, 0))
    return tuple(Line(f"{month:%Y-%m}", f"{month.month}月", rate) for month, rate in sorted(months.items()))


@dataclass(frozen=True)
class Compared:
    """This span beside the one before, and this one's units. 治理率 is not asked for: `held` is 0."""

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
    """Two queries."""
    assert span.first is not None
    nobody = Value(None, output_field=UUIDField())
    here_rows = _found(rows, span).values_list("unit_id", Value(1)).annotate(**FIGURES)
    before_rows = _found(rows, span.before).values_list(nobody, Value(0)).annotate(**FIGURES)
    found = here_rows.union(before_rows, all=True)
    here: dict[Any, Rate] = {}
    before = Rate()
    for unit, now, number, closed in found:
        if now:
            here[unit] = Rate(number, closed)
        else:
            before += Rate(number, closed)
    return Compared(sum(here.values(), Rate()), before, in_order(_named(By.UNIT, here)))


# ---------- spans as people write them


def day_named(text: str) -> dt.date:
    """2019-09-24, of a year that can be reckoned with. Raises ValueError."""
    day = dt.date.fromisoformat(text)
    if not 1900 <= day.year <= 2200:
        raise ValueError(text)
    return day


def month_named(text: str) -> dt.date:
    """2019-09 -> its first day. Raises ValueError."""
    return day_named(f"{text}-01")


def span_of(words: Mapping[str, str], *, month: dt.date, today: dt.date) -> Span:
    """`from` and `to` where they are days, else the month; the year so far where `month` says 全年 (`all`)."""
    try:
        first, last = day_named(words.get("from", "")), day_named(words.get("to", ""))
    except ValueError:
        return Span(today.replace(month=1, day=1), today) if words.get("month") == "all" else Span.month_of(month)
    return Span(min(first, last), max(first, last))


def moments(span: Span, campaign: Campaign) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a closed span and the first after it, in the campaign's zone."""
    first, last = span.first or campaign.first_day, span.last or campaign.last_day
    start = dt.datetime.combine(first, dt.time(), campaign.zone)
    return start, dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), campaign.zone)
