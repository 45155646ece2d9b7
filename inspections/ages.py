"""How long things have been open, and how long they took."""

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from inspections.kinds import OPEN_KINDS, Stage

#: 今天, 1 天, 2–3 … : the label, the first and the last age in days.
BINS = (("今天", 0, 0), ("1 天", 1, 1), ("2–3", 2, 3), ("4–6", 4, 6), ("7–14", 7, 14), ("15 以上", 15, None))
#: Squares of a bin that stand without crowding: three in a row.
MOST_SQUARES = 15


@dataclass(frozen=True)
class Bin:
    label: str
    first: int
    last: int | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def bins(open_days: Mapping[dt.date, Mapping[str, int]], *, today: dt.date) -> tuple[Bin, ...]:
    """Open findings by the days since they were found."""
    found = []
    for label, first, last in BINS:
        counts: dict[str, int] = {}
        for day, kinds in open_days.items():
            age = max(0, (today - day).days)
            if first <= age and (last is None or age <= last):
                for kind, number in kinds.items():
                    counts[kind] = counts.get(kind, 0) + number
        found.append(Bin(label, first, last, counts))
    return tuple(found)


def per_square(found: Iterable[Bin]) -> int:
    """How many findings one square stands for, so that the largest bin still fits."""
    return max(1, math.ceil(max((one.total for one in found), default=0) / MOST_SQUARES))


def squares(one: Bin, per: int) -> list[str]:
    """The kinds of a bin's squares, what waits for the office at the bottom."""
    order = [OPEN_KINDS[1], OPEN_KINDS[4], OPEN_KINDS[0], OPEN_KINDS[3], OPEN_KINDS[2]]
    drawn: list[str] = []
    for kind in order:
        number = one.counts.get(kind, 0)
        drawn += [str(kind.value)] * (math.ceil(number / per) if number else 0)
    return drawn


#: A median is taken of the latest so many, so that it costs the same at any size.
SAMPLE = 300


@dataclass(frozen=True)
class Handling:
    """How long the latest `closed` findings took from finding to closing, and how many were answered in time."""

    closed: int = 0
    median_hours: float = 0
    in_time: int = 0

    @property
    def words(self) -> str:
        return spell(self.median_hours)


def spell(hours: float) -> str:
    """19 小时, 2.5 天."""
    if hours < 48:
        return f"{round(hours)} 小时"
    return f"{round(hours / 24, 1):g} 天"


def handling(rows: QuerySet, first_at: dt.datetime, end_at: dt.datetime) -> Handling:
    """One query. `rows` are the reader's; what was mended on the spot took no time and is left out."""
    closed = rows.filter(stage=Stage.CLOSED, closed_at__gte=first_at, closed_at__lt=end_at, is_on_spot=False)
    found = list(closed.order_by("-closed_at").values_list("found_at", "closed_at", "late_hours")[:SAMPLE])
    if not found:
        return Handling()
    hours = [(end - start).total_seconds() / 3600 for start, end, _ in found]
    return Handling(len(found), statistics.median(hours), sum(late == 0 for _, _, late in found))
