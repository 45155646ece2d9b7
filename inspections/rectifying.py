"""From a finding to a duty of the ledger: one task, one duty, one milestone. Limits and verdicts then exist once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from campaign import bulk
from campaign.pinyin import search_text
from inspections.models import Finding
from tasks import summary
from tasks.models import Assignment, Milestone, Role, Task
from tasks.models.ledger import RECTIFICATION

new_task = bulk.maker(Task)
new_assignment = bulk.maker(Assignment)
new_milestone = bulk.maker(Milestone)


@dataclass
class Duties:
    """Rows of the ledger, made in memory."""

    tasks: list[Task] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)


def title_of(finding: Finding) -> str:
    """金桥市场中通道：果筐占用通道约12米."""
    place = finding.place.name if finding.place else ""
    where = finding.where if not place or finding.where.startswith(place) else f"{place}{finding.where}"
    head = where or place
    return (f"{head}：{finding.text}" if head else finding.text)[:200]


def make_tasks(findings: Sequence[Finding], *, basis: str, now: dt.datetime) -> list[Task]:
    """Write the duties of findings that have unit and `due_at`, in the caller's transaction; sets `finding.task`."""
    made = Duties()
    for finding in findings:
        _add(made, finding, basis=basis, now=now)
    Task.objects.bulk_create(made.tasks, batch_size=100)
    Assignment.objects.bulk_create(made.assignments, batch_size=200)
    Milestone.objects.bulk_create(made.milestones, batch_size=100)
    summary.admit(made.tasks)
    return made.tasks


def _add(made: Duties, finding: Finding, *, basis: str, now: dt.datetime) -> None:
    unit, due_at, campaign = finding.unit, finding.due_at, finding.campaign
    if unit is None or due_at is None:
        raise ValueError(f"finding {finding.code} has no unit or no limit yet")
    title = title_of(finding)
    task = new_task(
        campaign=campaign,
        kind=Task.Kind.RECTIFICATION,
        code=f"{RECTIFICATION}{finding.code}",
        title=title,
        description=finding.text,
        program=None,
        project=None,
        deadline_kind=Task.DeadlineKind.FIXED,
        created_at=now,
        updated_at=now,
        search_text=search_text(f"整改{finding.code}", title, unit.name, limit=600),
    )
    duty = new_assignment(campaign=campaign, task=task, unit=unit, role=Role.PRIMARY)
    due_on = due_at.astimezone(campaign.zone).date()
    step = new_milestone(
        campaign=campaign,
        task=task,
        kind=task.kind,
        unit=unit,
        label="整改",
        due_on=due_on,
        first_due_on=due_on,
        basis=basis[:200],
    )
    summary.summarise(task, summary.Facts([step], [], [duty], 0))
    made.tasks.append(task)
    made.assignments.append(duty)
    made.milestones.append(step)
    finding.task = task
