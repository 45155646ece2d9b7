"""What a round came to: how much of its list was seen, and what it scored by the items' own points.

A place scores the points of its passed items out of those of its passed and failed ones; 不适用 counts in neither.
A bottom-line item that failed is an alarm beside the score, never hidden in it. Of several visits to one place in a
round the last answer to an item counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from inspections.models import Answer, Finding, Round, RoundPlace


@dataclass
class Score:
    """Points won of points that were to be won."""

    name: str = ""
    won: Decimal = Decimal(0)
    of: Decimal = Decimal(0)
    alarms: int = 0
    places: set[UUID] = field(default_factory=set)

    def take(self, points: Decimal, *, is_passed: bool, is_alarm: bool, place: UUID) -> None:
        self.of += points
        self.won += points if is_passed else 0
        self.alarms += is_alarm
        self.places.add(place)

    @property
    def percent(self) -> Decimal | None:
        """得分率 with one decimal; None where nothing was judged."""
        if not self.of:
            return None
        return (self.won * 100 / self.of).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Coverage:
    listed: int
    seen: int

    @property
    def left(self) -> int:
        return self.listed - self.seen


@dataclass(frozen=True)
class Result:
    round: Round
    coverage: Coverage
    total: Score
    by_type: tuple[Score, ...]
    findings: int
    open: int


def coverage_of(rounds: Iterable[Round]) -> dict[UUID, Coverage]:
    counted = (
        RoundPlace.objects.filter(round__in=[one.pk for one in rounds])
        .order_by()
        .values("round")
        .annotate(listed=Count("pk"), seen=Count("visited_at"))
    )
    found = {row["round"]: Coverage(row["listed"], row["seen"]) for row in counted}
    return defaultdict(lambda: Coverage(0, 0), found)


def results(rounds: Sequence[Round]) -> list[Result]:
    """The results of these rounds, by three queries for any number of them."""
    covered = coverage_of(rounds)
    totals: dict[UUID, Score] = defaultdict(Score)
    types: dict[UUID, dict[Any, Score]] = defaultdict(dict)
    for answer in _last_answers([one.pk for one in rounds]):
        points = answer["item__points"]
        kind = answer["place__place_type__name"]
        judged = {
            "is_passed": answer["verdict"] == Answer.Verdict.PASS,
            "is_alarm": answer["item__is_bottom_line"] and answer["verdict"] == Answer.Verdict.FAIL,
            "place": answer["place"],
        }
        totals[answer["visit__round"]].take(points, **judged)
        types[answer["visit__round"]].setdefault(kind, Score(kind)).take(points, **judged)
    counted = _findings([one.pk for one in rounds])
    return [
        Result(
            round=one,
            coverage=covered[one.pk],
            total=totals[one.pk],
            by_type=tuple(sorted(types[one.pk].values(), key=lambda score: (score.percent or 0, score.name))),
            findings=counted.get(one.pk, (0, 0))[0],
            open=counted.get(one.pk, (0, 0))[1],
        )
        for one in rounds
    ]


def _last_answers(rounds: list[UUID]) -> Iterable[dict[str, Any]]:
    answers = Answer.objects.filter(visit__round__in=rounds).exclude(verdict=Answer.Verdict.SKIP)
    columns = ("visit__round", "place", "item__code", "verdict", "item__points", "item__is_bottom_line")
    last: dict[tuple[UUID, UUID, str], dict[str, Any]] = {}
    for row in answers.order_by("at", "id").values(*columns, "place__place_type__name").iterator(chunk_size=5000):
        last[row["visit__round"], row["place"], row["item__code"]] = row
    return last.values()


def _findings(rounds: list[UUID]) -> dict[UUID, tuple[int, int]]:
    is_open = Q(stage__in=Finding.OPEN_STAGES)
    rows = Finding.objects.counted().filter(round__in=rounds).order_by().values("round")
    counted = rows.annotate(found=Count("pk"), open=Count("pk", filter=is_open))
    return {row["round"]: (row["found"], row["open"]) for row in counted}


def last_day(rounds: Iterable[Round]) -> dict[UUID, Any]:
    rows = RoundPlace.objects.filter(round__in=[one.pk for one in rounds]).order_by().values("round")
    return {row["round"]: row["last"] for row in rows.annotate(last=Max("visited_at"))}
