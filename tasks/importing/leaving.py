"""Tasks an earlier version of the plan named and this one does not: kept as they are, or waived with a reason."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from campaign.models import User
from campaign.problems import Problem, Refused
from tasks import closing
from tasks.importing.changing import snapshot
from tasks.models import ImportBatch, Milestone, Task


def answer_gone(batch: ImportBatch, task: str, *, reason: str | None) -> None:
    """`reason` None: the task stays as it is; else it is waived for this reason when the batch is written."""
    if reason is not None and not reason.strip():
        raise Refused(Problem("no_reason", "免办要写理由。请写明依据，例如哪次会议同意。", where="reason"))
    if reason is not None and not Task.objects.filter(campaign=batch.campaign_id, pk=task).exists():
        raise Refused(Problem("no_task", "没有这项任务。请刷新页面。", where="task"))
    gone = batch.choices.setdefault("gone", {})
    gone.pop(task, None)
    if reason is not None:
        gone[task] = reason.strip()[:200]
    batch.save(update_fields=["choices"])


def waive_gone(batch: ImportBatch, gone: Iterable[Task], *, by: User | None, now: dt.datetime) -> list[dict[str, Any]]:
    """Waive what the office chose to. Gives what was there before, task by task, for undoing."""
    asked = batch.choices.get("gone", {})
    before = []
    for task in gone:
        reason = asked.get(str(task.pk))
        if reason and by is not None:
            before.append({"task": str(task.pk), "row": "", "version": task.version, "before": snapshot(task)})
            open_states = (Milestone.State.OPEN, Milestone.State.SUBMITTED)
            for milestone in task.milestones.filter(state__in=open_states).select_related("task").order_by("due_on"):
                closing.waive(milestone, reason=reason, by=by, now=now, version=milestone.version)
    return before
