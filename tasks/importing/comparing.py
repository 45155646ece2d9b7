"""A reading beside the ledger: which rows are new, which change a task and how, which it already holds."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from campaign.models import Campaign
from tasks.importing.rows import Row, RowProblem
from tasks.importing.units import Roster
from tasks.models import Assignment, ImportBatch, Milestone, Target, Task

_DIGITS = re.compile(r"[\d\s“”\"]+")


@dataclass(frozen=True)
class Change:
    """One field of one task: as the ledger holds it and as the row says, in words a person reads."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Verdict:
    """`kind`: new, changed, same or blocked."""

    row: Row
    kind: str
    task: Task | None = None
    changes: tuple[Change, ...] = ()


@dataclass
class Held:
    """One task of the ledger with what hangs on it."""

    task: Task
    assignments: list[Assignment] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)


def compare(campaign: Campaign, rows: Iterable[Row], *, sha256: str, roster: Roster | None = None) -> list[Verdict]:
    """One verdict a row, in their order. A constant number of queries."""
    roster = roster or Roster.of(campaign)
    ledger = _Ledger.of(campaign, sha256)
    return [_verdict(row, ledger, roster) for row in rows]


def _verdict(row: Row, ledger: "_Ledger", roster: Roster) -> Verdict:
    if row.is_blocked:
        return Verdict(row, "blocked", ledger.by_place.get((row.sheet, row.row)))
    placed = ledger.by_place.get((row.sheet, row.row))
    if placed:
        return Verdict(row, "same", placed)
    task = ledger.take(row)
    if task is None:
        return Verdict(row, "new")
    changes = tuple(differences(row, ledger.held[task.pk], roster))
    if any(change.field == "deadline" for change in changes) and _reshapes(row, task):
        said = f"这项任务（{task.code}）已有填报，不能用导入改成另一种节奏或分期。请在任务页上改时限，或跳过这一行。"
        row = replace(row, problems=(*row.problems, RowProblem("rhythm_begun", "blocks", said)))
        return Verdict(row, "blocked", task, changes)
    return Verdict(row, "changed" if changes else "same", task, changes)


def _reshapes(row: Row, task: Task) -> bool:
    """Would the row's limit need other milestones than those somebody has already worked on?"""
    is_begun = task.has_begun or task.submitted_count or task.done_count
    return bool(is_begun and (row.recurrence or task.freq or len(row.limit.get("milestones", ())) > 1))


def differences(row: Row, held: Held, roster: Roster) -> Iterator[Change]:
    """Field by field. Limits are compared as they were first brought in: a change of deadline the office granted stays."""
    task = held.task
    if row.title[:200] != task.title:
        yield Change("title", task.title, row.title[:200])
    duties = roster.duties(row)
    before = frozenset((a.role, a.group_text or a.unit.name) for a in held.assignments)
    if duties.told != before or "、".join(duties.open_ends)[:120] != task.open_ended_units:
        yield Change(
            "units", _unit_words(before, task.open_ended_units), _unit_words(duties.told, "、".join(duties.open_ends))
        )
    if (
        _rhythm(row) != (task.freq, task.freq_count, task.day_of_month)
        or row.deadline_kind != task.deadline_kind
        or _moved(row, held)
    ):
        yield Change("deadline", limit_words_of(held), limit_words(row))
    targets = tuple((t["op"], _plain(t["value"]), t["unit"]) for t in row.targets)
    held_targets = tuple((t.op, _plain(t.value), t.unit_of_measure) for t in held.targets)
    if targets != held_targets:
        yield Change("targets", _target_words(held_targets), _target_words(targets))
    if row.remark[:400] != task.remark:
        yield Change("remark", task.remark, row.remark[:400])


def _moved(row: Row, held: Held) -> bool:
    if row.deadline_kind == "recurring" or not row.due_date:
        return False
    days = {m.first_due_on.isoformat() for m in held.milestones if m.first_due_on}
    wanted = set(row.limit.get("milestones") or [row.due_date])
    return days != wanted


def _rhythm(row: Row) -> tuple[str, int, int | None]:
    rhythm = row.recurrence or {}
    return rhythm.get("freq", ""), rhythm.get("count", 1), rhythm.get("day_of_month")


def limit_words(row: Row) -> str:
    return row.deadline_text or row.due_date or "不设期限"


def limit_words_of(held: Held) -> str:
    if held.task.deadline_text:
        return held.task.deadline_text
    days = [m.first_due_on for m in held.milestones if m.first_due_on and not m.is_assumed]
    return days[-1].isoformat() if days else "不设期限"


def _unit_words(told: Iterable[tuple[str, str]], open_ends: str) -> str:
    names = "、".join(name for _, name in sorted(told))
    return names + (f"（{open_ends}）" if open_ends else "") or "未写单位"


def _target_words(targets: Iterable[tuple[str, str, str]]) -> str:
    return "、".join(f"{'' if op == '=' else op}{value}{unit}" for op, value, unit in targets) or "未定量"


def _plain(value: Any) -> str:
    return "X" if value is None else f"{float(value):g}"


@dataclass
class _Ledger:
    """The campaign's plan tasks, found by place in this very file, by code, or by what they say."""

    held: dict[UUID, Held]
    by_place: dict[tuple[str, int], Task]
    by_code: dict[str, Task]
    by_words: dict[tuple[str, str, str], list[Task]]

    @classmethod
    def of(cls, campaign: Campaign, sha256: str) -> "_Ledger":
        tasks = list(Task.objects.filter(campaign=campaign, kind=Task.Kind.PLAN).select_related("program", "project"))
        this_file = set(ImportBatch.objects.filter(campaign=campaign, sha256=sha256).values_list("pk", flat=True))
        held = {task.pk: Held(task) for task in tasks}
        if held:
            _hang(campaign, held)
        by_words: dict[tuple[str, str, str], list[Task]] = defaultdict(list)
        places = {}
        for task in tasks:
            if task.batch_id in this_file and task.source_row:
                places[task.source_sheet, task.source_row] = task
            program, project = task.program.name if task.program else "", task.project.name if task.project else ""
            by_words[program, project, words_of(task.title)].append(task)
        return cls(held, places, {task.code: task for task in tasks}, by_words)

    def take(self, row: Row) -> Task | None:
        """The task a row speaks of. Each task is taken once, so that two like rows stay two tasks."""
        if row.code and row.code in self.by_code:
            return self.by_code[row.code]
        like = self.by_words.get((row.program, row.project, words_of(row.title[:200])))
        return like.pop(0) if like else None


def words_of(title: str) -> str:
    """The title without its numbers, so that 示范道路18个 and 示范道路20个 are one task with another target."""
    return _DIGITS.sub("", title)


def _hang(campaign: Campaign, held: dict[UUID, Held]) -> None:
    plan = {"campaign": campaign, "task__kind": Task.Kind.PLAN}
    for assignment in Assignment.objects.filter(**plan).select_related("unit").order_by("order"):
        held[assignment.task_id].assignments.append(assignment)
    for target in Target.objects.filter(**plan).order_by("order"):
        held[target.task_id].targets.append(target)
    columns = ("id", "task_id", "first_due_on", "is_assumed", "state", "has_begun", "period_on")
    for milestone in Milestone.objects.filter(**plan, period_on=None).only(*columns).order_by("due_on"):
        held[milestone.task_id].milestones.append(milestone)
