"""How many: exact from the roll-up where it knows, else counted no further than a page needs.

A COUNT over 100,000 tasks costs more than the whole page it stands on, so a list says "2,000+" beyond `CAP`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, Q, QuerySet, Subquery, Sum, Value

from campaign.access import Actor, Right
from campaign.models import Campaign
from campaign.prepared import answers
from tasks import lamps
from tasks.lamps import Lamp
from tasks.models import Tally, Task
from tasks.spans import Span, month

CAP = 2000


@dataclass(frozen=True)
class Count:
    """A number as far as it was counted. `is_capped`: there are more."""

    value: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{CAP:,}+" if self.is_capped else f"{self.value}"

    def __bool__(self) -> bool:
        return self.value > 0


class _CappedCount(Subquery):
    """COUNT(*) of a limited sub-query, as a value of a one-row SELECT."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def count_capped(campaign: Campaign, questions: Mapping[str, QuerySet]) -> dict[str, Count]:
    """Several counts by one query, each no further than `CAP`."""
    return capped(questions, capped_row(campaign.pk, questions).get()) if questions else {}


def capped_row(campaign_id: UUID, questions: Mapping[str, QuerySet]) -> QuerySet:
    """The query of `count_capped`: one row with one number for each question."""
    expressions: dict[str, Any] = {}
    for number, rows in enumerate(questions.values()):
        none = rows.query.is_empty()
        limited = rows.order_by().values("pk")[: CAP + 1]
        expressions[f"count_{number}"] = Value(0) if none else _CappedCount(limited)
    return Campaign.objects.filter(pk=campaign_id).values_list(*expressions.values())


def capped(names: Iterable[str], row: Iterable[int]) -> dict[str, Count]:
    return {name: Count(min(value, CAP), is_capped=value > CAP) for name, value in zip(names, row, strict=True)}


@dataclass(frozen=True)
class LedgerCounts:
    """What the side bar and the tabs of the ledger say of all tasks the actor may see."""

    all: Count
    unclosed: Count
    late: Count
    this_month: Count
    submitted: Count
    done: Count
    #: the same by program, where the roll-up was asked
    by_program: Mapping[UUID | None, Mapping[str, int]] = field(default_factory=dict)


#: The figures of `LedgerCounts`, in their order.
CONDITIONS = ("all", "unclosed", "late", "this_month", "submitted", "done")


def _conditions(today: dt.date, notice_days: int, span: Span, *, due: str, assumed: str) -> dict[str, Q]:
    """The same questions, of the tasks or of the roll-up by its own columns."""
    late = lamps.conditions(Lamp.OVERDUE, today=today, notice_days=notice_days, assumed=assumed, due=due)
    return {
        "all": Q(),
        "unclosed": Q(state__in=Task.OPEN_STATES),
        "late": late,
        "this_month": Q(state=Task.State.OPEN, **{assumed: False}) & span.condition(due),
        "submitted": Q(state=Task.State.SUBMITTED),
        "done": Q(state=Task.State.DONE),
    }


def ledger_counts(actor: Actor) -> LedgerCounts:
    """One query. Exact for readers of the whole campaign; asked once for one actor, however many places show it."""
    known = actor.__dict__.get("ledger_counts")
    if known is None:
        known = _from_tally(actor) if actor.can(Right.READ_ALL) else _from_tasks(actor)
        actor.__dict__["ledger_counts"] = known
    return known


def _from_tally(actor: Actor) -> LedgerCounts:
    campaign = actor.campaign
    assert campaign is not None, "readers of the whole campaign have one"
    span = month(actor.today.year, actor.today.month)
    rows = answers(
        ("ledger_counts", campaign.notice_days),
        partial(_tallied, notice_days=campaign.notice_days),
        campaign=campaign.pk,
        today=actor.today,
        first=span.first,
        last=span.last,
    )
    by_program = {
        program: dict(zip(CONDITIONS, (part or 0 for part in parts), strict=True)) for program, *parts in rows
    }
    totals: dict[str, Any] = {name: Count(sum(row[name] for row in by_program.values())) for name in CONDITIONS}
    return LedgerCounts(**totals, by_program=by_program)


def _tallied(*, campaign: UUID, today: dt.date, first: dt.date, last: dt.date, notice_days: int) -> QuerySet:
    asked = _conditions(today, notice_days, Span(first, last), due="on", assumed="is_assumed")
    rows: Any = Tally.objects.filter(campaign=campaign, kind=Task.Kind.PLAN).values_list("program")
    return rows.annotate(**{f"n_{name}": Sum("count", filter=asked[name]) for name in CONDITIONS})


def _from_tasks(actor: Actor) -> LedgerCounts:
    if actor.campaign is None:
        nothing = Count(0)
        return LedgerCounts(nothing, nothing, nothing, nothing, nothing, nothing)
    rows = Task.objects.visible_to(actor).of_plan()
    span = month(actor.today.year, actor.today.month)
    asked = _conditions(actor.today, actor.campaign.notice_days, span, due="due_on", assumed="is_due_assumed")
    counted: dict[str, Any] = count_capped(actor.campaign, {name: rows.filter(asked[name]) for name in asked})
    return LedgerCounts(**counted)
