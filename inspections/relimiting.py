"""改时限 of several findings at once: those with the unit through the ledger, with their basis; drafts on the draft."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from campaign.models import User
from campaign.problems import Problem, Refused
from inspections import drafting
from inspections.models import Finding
from tasks import deadlines, notices
from tasks.models import Milestone

Stage = Finding.Stage


@dataclass(frozen=True)
class Moving:
    """What of the picked ones has a limit to move. `left` are answered, closed or revoked: their limit stays."""

    issued: tuple[tuple[Finding, Milestone], ...]
    pending: tuple[Finding, ...]
    left: tuple[Finding, ...]

    @property
    def count(self) -> int:
        return len(self.issued) + len(self.pending)


def sort_out(findings: Iterable[Finding]) -> Moving:
    rows = list(findings)
    steps = {
        step.task_id: step
        for step in Milestone.objects.open()
        .filter(task__in=[row.task_id for row in rows if row.task_id])
        .select_related("task", "campaign", "unit")
    }
    issued = [(row, steps[row.task_id]) for row in rows if row.stage == Stage.FIXING and row.task_id in steps]
    pending = [row for row in rows if row.stage == Stage.PENDING and row.joined_into_id is None]
    moved = {row.pk for row, _ in issued} | {row.pk for row in pending}
    return Moving(tuple(issued), tuple(pending), tuple(row for row in rows if row.pk not in moved))


def told(moving: Moving, *, today: dt.date) -> dict[UUID, list[User]]:
    """Who learns of it, by unit; of a draft nobody, its paper says the limit."""
    if not moving.issued:
        return {}
    units = {step.unit_id for _, step in moving.issued if step.unit_id}
    staff = notices.staff_of(moving.issued[0][0].campaign, units, today=today)
    return {unit: list(staff[unit].answering) for unit in units}


def change_limits(moving: Moving, *, to_on: dt.date, basis: str, by: User, now: dt.datetime) -> int:
    """All or none. Gives how many were moved; raises `Refused`, or `Conflict` when somebody was quicker."""
    if not moving.count:
        raise Refused(Problem("nothing", "没有可以改时限的：选中的都已答复、销号或撤销。", where="codes"))
    with transaction.atomic():
        if moving.issued:
            steps = [step for _, step in moving.issued]
            deadlines.change_deadlines(steps, to_on=to_on, basis=basis, by=by, now=now)
        for finding in moving.pending:
            wanted = drafting.Change(due_on=to_on)
            drafting.change(finding, wanted, by=by, now=now, version=finding.version)
    return moving.count
