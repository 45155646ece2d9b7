"""How many: exact from the roll-up where it knows, else counted no further than a page needs.

A COUNT over 100,000 tasks costs more than the whole page it stands on, so a list says "2,000+" beyond `CAP`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, Q, QuerySet, Subquery, Sum, Value

from campaign.access import Actor, Right
from campaign.models import Campaign
from tasks import lamps
from tasks.lamps import Lamp
from tasks.models import Tally, Task
from tasks.spans import month

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
    if not questions:
        return {}
    expressions: dict[str, Any] = {}
    for number, rows in enumerate(questions.values()):
        none = rows.query.is_empty()
        limited = rows.order_by().values("pk")[: CAP + 1]
        expressions[f"count_{number}"] = Value(0) if none else _CappedCount(limited)
    row = Campaign.objects.filter(pk=campaign.pk).values_list(*expressions.values()).get()
    return {name: Count(min(value, CAP), is_capped=value > CAP) for name, value in zip(questions, row, strict=True)}


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


def _conditions(today: dt.date, campaign: Campaign, *, due: str, assumed: str) -> dict[str, Q]:
    """The same questions, of the tasks or of the roll-up by its own columns."""
    span = month(today.year, today.month)
    late = lamps.conditions(Lamp.OVERDUE, today=today, notice_days=campaign.notice_days, assumed=assumed, due=due)
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
    asked = _conditions(actor.today, actor.campaign, due="on", assumed="is_assumed")
    rows: Any = Tally.objects.filter(campaign=actor.campaign).values("program")
    sums = rows.annotate(**{f"n_{name}": Sum("count", filter=condition) for name, condition in asked.items()})
    by_program = {row["program"]: {name: row[f"n_{name}"] or 0 for name in asked} for row in sums}
    totals: dict[str, Any] = {name: Count(sum(row[name] for row in by_program.values())) for name in asked}
    return LedgerCounts(**totals, by_program=by_program)


def _from_tasks(actor: Actor) -> LedgerCounts:
    if actor.campaign is None:
        nothing = Count(0)
        return LedgerCounts(nothing, nothing, nothing, nothing, nothing, nothing)
    rows = Task.objects.visible_to(actor)
    asked = _conditions(actor.today, actor.campaign, due="due_on", assumed="is_due_assumed")
    counted: dict[str, Any] = count_capped(actor.campaign, {name: rows.filter(asked[name]) for name in asked})
    return LedgerCounts(**counted)
