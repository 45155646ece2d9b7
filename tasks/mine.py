"""我的任务: what a unit's people have to report on now, as cards; at most one open milestone a task."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch, Q

from campaign.access import Actor
from tasks import progress, requirements
from tasks.lamps import Lamp, lamp_of
from tasks.models import Draft, Milestone, ProgressReport, Request, Target, Task, Verdict
from tasks.quantities import amount

#: A task nobody has reported on for so long is asked about again before its limit.
QUIET_DAYS = 30
#: The canned words a liaison may tap instead of writing.
SAYINGS = ("已验收挂牌", "按计划推进", "受阻，请协调", "本期已开展")


@dataclass(frozen=True)
class Card:
    """One milestone to report on, with all its card shows."""

    milestone: Milestone
    lamp: str
    today: dt.date
    targets: tuple[Target, ...]
    last_report: ProgressReport | None = None
    draft: Draft | None = None
    standings: list[requirements.Standing] = field(default_factory=list)
    request: Request | None = None

    @property
    def task(self) -> Task:
        return self.milestone.task

    @cached_property
    def goal(self) -> Decimal | None:
        """What the stepper counts up to; None where nothing is counted."""
        goal, _ = progress.goal_of(self.milestone)
        return goal if goal is None or goal > 1 or self.milestone.period_on is None else None

    @property
    def measure(self) -> str:
        target = progress.counted_target(self.task)
        return target.unit_of_measure if target is not None else "次"

    @cached_property
    def rate(self) -> Target | None:
        return progress.rate_target(self.task)

    @property
    def rate_numbers(self) -> tuple[str, str]:
        """Numerator and denominator as last measured; empty before that."""
        return amount(self.rate.numerator if self.rate else None), amount(self.rate.denominator if self.rate else None)

    @property
    def draft_text(self) -> str:
        return json.dumps(self.draft.data, ensure_ascii=False) if self.draft is not None else ""

    @property
    def is_period(self) -> bool:
        return self.milestone.period_on is not None

    @property
    def is_urgent(self) -> bool:
        """Asks for a report now: late, soon, sent back, or silent for a month."""
        milestone = self.milestone
        if milestone.is_returned or self.lamp in (Lamp.OVERDUE, Lamp.SOON):
            return True
        if self.lamp == Lamp.REVIEW or self.is_period:
            return False
        said_on = self.task.created_at if milestone.last_report_at is None else milestone.last_report_at
        return (self.today - said_on.date()).days > QUIET_DAYS and not milestone.is_assumed

    @cached_property
    def returned(self) -> Verdict | None:
        """The word with which it was sent back, and until when to mend it."""
        return next(iter(self.milestone.verdicts.all()), None) if self.milestone.is_returned else None


def cards(actor: Actor, *, notice_days: int, codes: Iterable[str] = ()) -> list[Card]:
    """The actor's open and submitted milestones as cards, most pressing first; of these tasks only, if named.

    A constant number of queries.
    """
    rows = _next_of_each(_owed(actor, codes), today=actor.today)
    drafts = {draft.milestone_id: draft for draft in Draft.objects.filter(campaign=actor.campaign, user=actor.user)}
    reports = _last_reports(rows)
    requests = {
        request.milestone_id: request
        for request in Request.objects.filter(milestone__in=rows, state=Request.State.OPEN).order_by("at")
    }
    standings = requirements.standings_of(rows)
    found = [
        Card(
            milestone=row,
            lamp=lamp_of(row, today=actor.today, notice_days=notice_days),
            today=actor.today,
            targets=tuple(row.task.targets.all()),
            last_report=reports.get(row.pk),
            draft=drafts.get(row.pk),
            standings=standings[row.pk],
            request=requests.get(row.pk),
        )
        for row in rows
    ]
    return sorted(found, key=_pressing)


def rectifications(actor: Actor) -> list[Milestone]:
    """整改: what the actor's units have to mend or have answered, what presses first. Each is answered on its own page."""
    states = (Milestone.State.OPEN, Milestone.State.SUBMITTED)
    rows = Milestone.objects.visible_to(actor).filter(
        state__in=states, kind=Task.Kind.RECTIFICATION, unit__in=actor.unit_ids
    )
    return list(rows.select_related("task", "unit").order_by("state", "due_on", "task__code"))


def _owed(actor: Actor, codes: Iterable[str]) -> list[Milestone]:
    """What the actor's units owe, and joint duties their units are named in."""
    states = (Milestone.State.OPEN, Milestone.State.SUBMITTED)
    rows = Milestone.objects.visible_to(actor).filter(state__in=states)
    wanted = list(codes)
    rows = rows if wanted else rows.of_plan()
    own = rows.filter(unit__in=actor.unit_ids)
    if wanted:
        named = rows.filter(task__code__in=wanted)
        rows = own.filter(task__code__in=wanted) if own.filter(task__code__in=wanted).exists() else named
    else:
        rows = own
    rows = rows.filter(Q(period_on=None) | Q(period_on__lte=actor.today))
    rows = rows.select_related("task__program", "unit", "campaign").prefetch_related(
        Prefetch("task__targets"), Prefetch("verdicts", Verdict.objects.standing())
    )
    return list(rows.order_by("due_on", "order"))


def _next_of_each(rows: list[Milestone], *, today: dt.date) -> list[Milestone]:
    """For each task and unit the milestone due first; all periods that are late, so that each can be made up."""
    kept: list[Milestone] = []
    seen: set[tuple[UUID, UUID | None]] = set()
    for row in rows:
        key = (row.task_id, row.unit_id)
        is_late = row.state == Milestone.State.OPEN and row.due_on is not None and row.due_on < today
        if key not in seen or (row.period_on is not None and is_late):
            kept.append(row)
            seen.add(key)
    return kept


def _last_reports(rows: list[Milestone]) -> dict[UUID, ProgressReport]:
    found: dict[UUID, list[ProgressReport]] = defaultdict(list)
    for report in ProgressReport.objects.filter(milestone__in=rows).order_by("milestone", "-at", "-id"):
        found[report.milestone_id].append(report)
    return {milestone_id: reports[0] for milestone_id, reports in found.items()}


ORDER = (Lamp.OVERDUE, Lamp.SOON, Lamp.DOING, Lamp.TODO, Lamp.REVIEW)


def _pressing(card: Card) -> tuple[int, int, dt.date, str]:
    far = dt.date(9999, 1, 1)
    place = ORDER.index(Lamp(card.lamp))
    return (not card.milestone.is_returned, place, card.milestone.due_on or far, card.task.code)
