"""From verdicts to rows of the ledger, made in memory first and then written in bulk."""

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from campaign import bulk, log
from campaign.models import Campaign, LogEntry, Unit, User
from campaign.pinyin import search_text
from tasks import summary
from tasks.importing.numbering import Numbering
from tasks.importing.origin import FIELDS as EVERY_FIELD
from tasks.importing.origin import origin_of
from tasks.importing.planning import Planner, Step
from tasks.importing.rows import Row
from tasks.importing.units import Duties, Roster
from tasks.models import Assignment, ImportBatch, Milestone, Target, Task

new_task = bulk.maker(Task)
new_assignment = bulk.maker(Assignment)
new_target = bulk.maker(Target)
new_milestone = bulk.maker(Milestone)


@dataclass
class Writer:
    """Collects what the new rows become; `save` writes it all, children after parents."""

    campaign: Campaign
    batch: ImportBatch
    roster: Roster
    numbering: Numbering
    planner: Planner
    by: User | None
    now: dt.datetime
    tasks: list[Task] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    entries: list[LogEntry] = field(default_factory=list)

    @cached_property
    def _today(self) -> dt.date:
        return self.now.astimezone(self.campaign.zone).date()

    def add(self, row: Row) -> Task:
        program = self.numbering.program(row.program)
        project = self.numbering.project(program, row.project)
        task = new_task(
            campaign=self.campaign, batch=self.batch, code=self.numbering.task_code(row.code, program, project), program=program,
            project=project, source_sheet=row.sheet[:80], source_row=row.row, created_at=self.now, updated_at=self.now,
        )  # fmt: skip
        duties = self.roster.duties(row)
        set_words(task, row, duties)
        assignments = assignments_of(task, duties)
        targets = targets_of(task, row)
        milestones = milestones_of(task, self.planner.steps(row), duties)
        set_aside_past(milestones, today=self._today)
        summary.summarise(task, summary.Facts(milestones, targets, assignments, 0))
        self.tasks.append(task)
        self.assignments += assignments
        self.targets += targets
        self.milestones += milestones
        source = {"file": self.batch.file_name, "sheet": row.sheet, "row": row.row}
        self.entries.append(log.entry_for(task, "import", by=self.by, now=self.now, task_id=task.pk, data=source))
        return task

    def save(self, new_units: Sequence[Unit]) -> None:
        numbering = self.numbering
        for rows in (
            new_units, numbering.new_programs, numbering.new_projects, self.tasks, self.assignments, self.targets,
            self.milestones, self.entries,
        ):  # fmt: skip
            bulk.insert(rows)
        summary.admit(self.tasks)


def set_words(task: Task, row: Row, duties: Duties, fields: Container[str] = EVERY_FIELD) -> None:
    """The task's own columns, as the row says them; `fields`: only what the row says otherwise than before."""
    task.origin = origin_of(row)
    if "title" in fields:
        task.title = row.title[:200]
        task.description = row.sentence if row.sentence != task.title else ""
        task.strength = Task.Strength.STRIVE if row.soft else row.strength or Task.Strength.ENSURE
    if "deadline" in fields:
        rhythm = row.recurrence or {}
        task.deadline_text = row.deadline_text[:120]
        task.deadline_kind = row.deadline_kind
        task.freq, task.freq_count = rhythm.get("freq", ""), rhythm.get("count", 1)
        task.day_of_month, task.is_at_least = rhythm.get("day_of_month"), rhythm.get("at_least", False)
        task.is_standing = row.limit.get("subkind") == "standing"
    if "units" in fields:
        task.open_ended_units = "、".join(duties.open_ends)[:120]
    if "standard" in fields:
        task.standard = row.standard
    if "remark" in fields:
        task.remark = row.remark[:400]
    names = dict.fromkeys(duty.group_text or duty.unit.name for duty in duties.duties)
    task.search_text = search_text(task.code, task.title, *names, limit=600)


def assignments_of(task: Task, duties: Duties) -> list[Assignment]:
    return [
        new_assignment(
            campaign_id=task.campaign_id,
            task=task,
            unit=duty.unit,
            role=duty.role,
            group_text=duty.group_text,
            order=place,
        )
        for place, duty in enumerate(duties.duties)
    ]


def targets_of(task: Task, row: Row) -> list[Target]:
    campaign_id, task_id = task.campaign_id, task.pk
    return [
        new_target(
            campaign_id=campaign_id,
            task_id=task_id,
            what=(said.get("what") or "")[:80],
            op=said["op"],
            value=None if said["value"] is None else Decimal(str(said["value"])),
            unit_of_measure=said["unit"][:12],
            is_implied=said.get("implied", False),
            is_masked=said.get("masked", False),
            order=place,
        )
        for place, said in enumerate(row.targets)
    ]


def milestones_of(task: Task, steps: Iterable[Step], duties: Duties) -> list[Milestone]:
    """One for each step and owner. Members of a group do not share one quantity."""
    owners = [owner and owner.pk for owner in duties.owners]
    campaign_id, task_id = task.campaign_id, task.pk
    return [
        new_milestone(
            campaign_id=campaign_id,
            task_id=task_id,
            unit_id=owner,
            label=step.label[:80],
            order=order,
            period_on=step.period_on,
            due_on=step.due_on,
            first_due_on=None if step.is_assumed else step.due_on,
            is_assumed=step.is_assumed,
            basis=step.basis[:200],
            event_id=step.event and step.event.pk,
            quantity=step.quantity if len(owners) == 1 or step.period_on else None,
        )
        for order, step in enumerate(steps)
        for owner in owners
    ]


def set_aside_past(milestones: Iterable[Milestone], *, today: dt.date) -> None:
    """Periods that were over before the ledger began are not owed: nobody could have reported on them."""
    for milestone in milestones:
        if milestone.period_on is not None and milestone.due_on is not None and milestone.due_on < today:
            milestone.state = Milestone.State.WAIVED
            milestone.waive_reason = "台账建立之前的周期，不计"
