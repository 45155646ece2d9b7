"""A row that changes a task the ledger holds: its words, units, targets and limit, with what was there before kept."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import serializers
from django.db.models import F

from campaign import bulk, log
from tasks import summary
from tasks.importing.comparing import Verdict
from tasks.importing.units import Duties
from tasks.importing.writing import assignments_of, milestones_of, set_words, targets_of
from tasks.models import Assignment, DeadlineChange, Evidence, Milestone, Notice, Request, Target, Task

if TYPE_CHECKING:
    from tasks.importing.rows import Row
    from tasks.importing.writing import Writer

_PARTS = (Assignment, Target, Milestone)


def apply_change(verdict: Verdict, writer: "Writer") -> dict[str, Any]:
    """Bring one task to what its row says. Gives what was there before, for the batch's record."""
    task, row = verdict.task, verdict.row
    if task is None:
        raise ValueError("a changed row names its task")
    fields = {change.field for change in verdict.changes}
    kept = snapshot(task)
    duties = writer.roster.duties(row)
    set_words(task, row, duties, fields)
    if "layers" in fields:
        task.program = writer.numbering.program(row.program)
        task.project = writer.numbering.project(task.program, row.project)
    task.updated_at = writer.now
    task.version += 1
    task.save()
    if "units" in fields:
        Assignment.objects.filter(task=task).delete()
        bulk.insert(assignments_of(task, duties))
    if "targets" in fields:
        _retarget(task, row)
    if fields & {"units", "deadline", "targets"}:
        _replan(task, row, duties, fields, writer)
    told = {change.field: [change.before, change.after] for change in verdict.changes}
    reason = f"导入“{writer.batch.file_name}”第 {row.row} 行"
    log.write(task, "change_by_import", by=writer.by, now=writer.now, task_id=task.pk, data=told, reason=reason)
    summary.refresh([task.pk])
    return {"task": str(task.pk), "row": row.key, "version": task.version, "before": kept}


def snapshot(task: Task) -> str:
    """A task and what hangs on it, as it is now, for undoing."""
    rows: list[Any] = [Task.objects.get(pk=task.pk)]
    for model in _PARTS:
        rows += list(model.objects.filter(task=task))
    return serializers.serialize("json", rows)


def restore(kept: str) -> UUID:
    """Put a task back to what `snapshot` kept. Gives its id; its summary is the caller's to refresh."""
    kept_rows = list(serializers.deserialize("json", kept))
    rows = [row.object for row in kept_rows]
    task = next(row for row in rows if isinstance(row, Task))
    version = Task.objects.values_list("version", flat=True).get(pk=task.pk)
    for model in _PARTS:
        pks = [row.pk for row in rows if isinstance(row, model)]
        model.objects.filter(task=task.pk).exclude(pk__in=pks).delete()
    for row in kept_rows:
        row.save()
    Task.objects.filter(pk=task.pk).update(version=version + 1)
    return task.pk


def _retarget(task: Task, row: "Row") -> None:
    """Targets keep what was done towards them, place by place."""
    held = list(Target.objects.filter(task=task).order_by("order"))
    fresh = targets_of(task, row)
    for old, new in zip(held, fresh, strict=False):
        new.value_done, new.numerator, new.denominator, new.measured_on = (
            old.value_done,
            old.numerator,
            old.denominator,
            old.measured_on,
        )
    Target.objects.filter(task=task).delete()
    bulk.insert(fresh)


def _replan(task: Task, row: "Row", duties: Duties, fields: set[str], writer: "Writer") -> None:
    """Milestones nobody has touched are made anew; where work was reported, only open ones move."""
    steps = writer.planner.steps(row)
    milestones = list(Milestone.objects.filter(task=task).order_by("due_on"))
    reason = f"导入“{writer.batch.file_name}”第 {row.row} 行"
    if not _is_touched(task):
        if fields & {"units", "deadline"}:
            Milestone.objects.filter(task=task).delete()
            bulk.insert(milestones_of(task, steps, duties))
        else:
            Milestone.objects.filter(task=task).update(quantity=steps[-1].quantity)
        return
    still = [milestone for milestone in milestones if milestone.state == Milestone.State.OPEN]
    if "units" in fields and len(duties.owners) == 1:
        Milestone.objects.filter(pk__in=[m.pk for m in still]).update(unit=duties.owners[0], version=F("version") + 1)
    if "targets" in fields and len(steps) == 1:
        Milestone.objects.filter(pk__in=[m.pk for m in still]).update(
            quantity=steps[0].quantity, version=F("version") + 1
        )
    if "deadline" in fields and len(steps) == 1:
        _move(still, steps[0].due_on, reason, writer)


def _move(milestones: list[Milestone], to_on: Any, reason: str, writer: "Writer") -> None:
    for milestone in milestones:
        DeadlineChange.objects.create(
            campaign_id=milestone.campaign_id, task_id=milestone.task_id, milestone=milestone, from_on=milestone.due_on,
            to_on=to_on, basis=reason[:200], by=writer.by, at=writer.now,
        )  # fmt: skip
    Milestone.objects.filter(pk__in=[m.pk for m in milestones]).update(
        due_on=to_on, first_due_on=to_on, is_assumed=False, basis=reason[:200], version=F("version") + 1
    )


def _is_touched(task: Task) -> bool:
    """Somebody has reported on the task or was told of it, or the office has decided about it or moved its limit."""
    if task.has_begun or task.submitted_count or task.done_count or task.last_report_at:
        return True
    if Milestone.objects.filter(task=task, version__gt=1).exists():
        return True
    return any(model.objects.filter(task=task).exists() for model in (DeadlineChange, Request, Evidence, Notice))
