"""The board of orders: what stands in which state, and the picture of the month.

Each finding is in one group, told by `Kind`; the legend's numbers are the counts of the very filters they link to.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import RowNumber

from campaign.access import Actor, Right
from inspections.address import State, filtered
from inspections.kinds import OPEN_KINDS, Kind, Stage, kind_column, kind_of, of_kind
from inspections.models import Finding
from inspections.rates import Span
from tasks.models import Milestone, Notice, ProgressReport

PAGE = 50
#: Rows of a group that stand on the board before "还有 n 张".
SHOWN = {Kind.TODO: 5, Kind.REVIEW: 3, Kind.OVERDUE: 3, Kind.RELAPSE: 2, Kind.DOING: 0}


def seen(actor: Actor) -> QuerySet:
    """Every finding that counts and that this reader may know of."""
    return Finding.objects.visible_to(actor).counted()


def mine(actor: Actor) -> Q:
    """What waits for this reader: papers to issue and answers to look at, or work to do."""
    if actor.can(Right.ORDER):
        return Q(stage__in=[Stage.PENDING, Stage.RECHECK])
    return Q(stage=Stage.FIXING, unit__in=actor.unit_ids)


def listed(actor: Actor, state: State, *, now: dt.datetime) -> QuerySet:
    """The rows of the list, by the same conditions that its count was taken with."""
    rows = filtered(seen(actor), state.filters, actor.campaign.zone)
    if state.tab == "mine":
        rows = rows.filter(mine(actor))
    elif state.tab == "month":
        rows = rows.filter(state.span.condition)
    elif not state.kinds and not state.filters:
        rows = rows.filter(stage__in=Finding.OPEN_STAGES)
    if state.kinds:
        condition = Q()
        for kind in state.kinds:
            condition |= of_kind(kind, now=now)
        rows = rows.filter(condition)
    return rows


PRESSED = (Notice.Reason.URGE, Notice.Reason.SUPERVISE)


@dataclass(frozen=True)
class Picture:
    """The month in one query: how many of each day stand in which group, and what is open from before."""

    days: Mapping[dt.date, Mapping[str, int]]
    earlier: Mapping[str, int]
    open_days: Mapping[dt.date, Mapping[str, int]]

    def count(self, *kinds: str) -> int:
        return sum(day.get(kind, 0) for day in (*self.days.values(), self.earlier) for kind in kinds)

    @property
    def found(self) -> int:
        return sum(sum(day.values()) for day in self.days.values())

    @property
    def open(self) -> int:
        return sum(sum(day.values()) for day in self.open_days.values())

    def open_of(self, *kinds: str) -> int:
        return sum(day.get(kind, 0) for day in self.open_days.values() for kind in kinds)


def picture(rows: QuerySet, span: Span, *, now: dt.datetime) -> Picture:
    """`rows`: what the reader may see. Everything of the month, and everything open whenever it was found."""
    kind = kind_column(now=now)
    here = rows.filter(span.condition).order_by().values_list("found_on", kind)
    outside = Q(found_on__lt=span.first) | Q(found_on__gt=span.last)
    still = rows.filter(outside, stage__in=Finding.OPEN_STAGES).order_by().values_list("found_on", kind)
    # two arms, because an OR of them would read every row of the month from the table instead of its index
    counted = here.annotate(number=Count("pk")).union(still.annotate(number=Count("pk")), all=True)
    days: dict[dt.date, dict[str, int]] = {}
    earlier: dict[str, int] = {}
    open_days: dict[dt.date, dict[str, int]] = {}
    for day, kind, number in counted:
        if span.holds(day):
            days.setdefault(day, {})[kind] = number
        elif day < (span.first or day):
            earlier[kind] = earlier.get(kind, 0) + number
        if kind != Kind.DONE:
            open_days.setdefault(day, {})[kind] = number
    return Picture(days, earlier, open_days)


@dataclass(frozen=True)
class Group:
    kind: Kind
    count: int
    rows: tuple[Any, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def first_of_each(rows: QuerySet, *, now: dt.datetime) -> dict[str, list[Finding]]:
    """The first rows of every group, in one query: the longest waiting first."""
    place = Window(
        RowNumber(), partition_by=[F("kind")], order_by=[F("waits_since").asc(nulls_last=True), F("code").asc()]
    )
    waits = Case(
        When(stage=Stage.RECHECK, then=F("answered_at")),
        When(stage=Stage.FIXING, then=F("due_at")),
        default=F("found_at"),
    )
    ranked = (
        rows.filter(stage__in=Finding.OPEN_STAGES)
        .order_by()
        .annotate(kind=kind_column(now=now), waits_since=waits)
        .annotate(rank=place)
        .filter(rank__lte=max(SHOWN.values()))
    )
    found = with_names(Finding.objects.filter(pk__in=ranked.values("pk"))).annotate(waits_since=waits)
    groups: dict[str, list[Finding]] = {}
    for finding in found.order_by(F("waits_since").asc(nulls_last=True), "code"):
        group = groups.setdefault(kind_of(finding, now=now), [])
        if len(group) < SHOWN[kind_of(finding, now=now)]:
            group.append(finding)
    return groups


def with_names(rows: QuerySet) -> QuerySet:
    """With what a row says beside itself; `times`: how often the thing has come back by then."""
    chain = Finding.objects.filter(relapse_of=OuterRef("relapse_of"), found_at__lte=OuterRef("found_at"))
    before = chain.exclude(stage=Stage.REVOKED).order_by()
    times = before.values("relapse_of").annotate(times=Count("pk")).values("times")
    reports = ProgressReport.objects.filter(task=OuterRef("task"), is_submission=True).order_by("-at", "-pk")
    said = reports.values("progress")[:1]
    with_all = rows.select_related("unit", "place", "place_type", "relapse_of")
    step = Milestone.objects.filter(task=OuterRef("task"))
    told = Notice.objects.filter(task=OuterRef("task"), reason__in=PRESSED, recalled_at=None).order_by().values("task")
    pressed = told.annotate(times=Count("told_on", distinct=True)).values("times")
    last = told.annotate(last=Max("told_on")).values("last")
    return with_all.annotate(
        times=Subquery(times), answer=Subquery(said), pressed=Subquery(pressed), pressed_on=Subquery(last),
        step_version=Subquery(step.values("version")[:1]), step_by=Subquery(step.values("submitted_by")[:1]),
        is_held=Subquery(step.values("is_held")[:1]),
    )  # fmt: skip


def groups(shown: Picture, first: Mapping[str, Iterable[Finding]]) -> list[Group]:
    made = (Group(kind, shown.open_of(kind), tuple(first.get(kind, ()))) for kind in OPEN_KINDS)
    return [group for group in made if group.count]


def open_orders(actor: Actor, *, now: dt.datetime) -> tuple[int, int]:
    """How many are open, and how many of them past their limit. One query."""
    late = Count("pk", filter=of_kind(Kind.OVERDUE, now=now))
    found = seen(actor).filter(stage__in=Finding.OPEN_STAGES).aggregate(open=Count("pk"), late=late)
    return found["open"], found["late"]
