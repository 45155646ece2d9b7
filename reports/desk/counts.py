"""What the desk counts: read from the roll-up, in one query whose cost does not grow with the ledger."""

import datetime as dt
from dataclasses import dataclass, fields

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from campaign.access import Actor
from campaign.models import Program
from reports.sentence import Standing, month_end, week_before
from tasks.lamps import Lamp, conditions
from tasks.models import Tally, Task


@dataclass(frozen=True)
class Board:
    """The whole and each program, in the plan's order; `days` counts what falls due on each day of two weeks."""

    whole: Standing
    programs: tuple[tuple[Program, Standing], ...]


def count(actor: Actor, *, today: dt.date) -> Board:
    """Two queries."""
    campaign = actor.campaign
    rows = Tally.objects.visible_to(actor).filter(kind=Task.Kind.PLAN).values("program")
    figures = {row.pop("program"): Standing(**row) for row in rows.annotate(**_sums(today, campaign.notice_days))}
    programs = Program.objects.filter(campaign=campaign).in_order()
    return Board(
        whole=_added(list(figures.values())),
        programs=tuple((program, figures[program.pk]) for program in programs if program.pk in figures),
    )


def due_by_day(actor: Actor, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """How many open tasks have their written limit on each day."""
    rows = Tally.objects.visible_to(actor).filter(
        kind=Task.Kind.PLAN, state=Task.State.OPEN, is_assumed=False, on__gte=first, on__lte=last
    )
    return dict(rows.values_list("on").annotate(tasks=Sum("count")).filter(tasks__gt=0).values_list("on", "tasks"))


def _sums(today: dt.date, notice_days: int) -> dict[str, Coalesce]:
    parts = {
        lamp: conditions(lamp, today=today, notice_days=notice_days, assumed="is_assumed", due="on")
        for lamp in Lamp.values
    }
    parts["closed_lately"] = Q(state=Task.State.DONE, on__gte=week_before(today), on__lte=today)
    parts["due_by_month_end"] = Q(state=Task.State.OPEN, is_assumed=False, on__gte=today, on__lte=month_end(today))
    sums = {name: Coalesce(Sum("count", filter=condition), 0) for name, condition in parts.items()}
    return {"total": Coalesce(Sum("count"), 0)} | sums


def _added(parts: list[Standing]) -> Standing:
    return Standing(**{each.name: sum(getattr(part, each.name) for part in parts) for each in fields(Standing)})
