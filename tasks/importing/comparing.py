"""A reading beside the ledger: which rows are new, which change a task and how, which it already holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from campaign.models import Campaign
from tasks.importing.matching import Held, Ledger, layers_of
from tasks.importing.origin import origin_of, told_before
from tasks.importing.rows import Row, RowProblem
from tasks.importing.units import Duties, Roster
from tasks.models import Task


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


@dataclass(frozen=True)
class Compared:
    """One verdict a row, in their order; `gone`: tasks of an earlier version that this one no longer names."""

    verdicts: list[Verdict]
    gone: list[Task]


def compare(campaign: Campaign, rows: Iterable[Row], *, sha256: str, roster: Roster | None = None) -> Compared:
    """A file's rows beside the ledger. A constant number of queries."""
    roster = roster or Roster.of(campaign)
    ledger = Ledger.of(campaign, sha256)
    rows = list(rows)
    found = ledger.find(rows)
    return Compared([_verdict(row, found.get(row.key), ledger, roster) for row in rows], ledger.gone(found))


def _verdict(row: Row, task: Task | None, ledger: Ledger, roster: Roster) -> Verdict:
    if row.is_blocked:
        return Verdict(row, "blocked", task)
    if task is None:
        return Verdict(row, "new")
    if ledger.is_in_place(row, task):
        return Verdict(row, "same", task)
    changes = tuple(differences(row, ledger.held[task.pk], roster))
    if any(change.field == "deadline" for change in changes) and _reshapes(row, task):
        said = f"这项任务（{task.code}）已有填报，不能用导入改成另一种节奏或分期。请在任务页上改时限，或跳过这一行。"
        row = row.but(problems=(*row.problems, RowProblem("rhythm_begun", "blocks", said)))
        return Verdict(row, "blocked", task, changes)
    return Verdict(row, "changed" if changes else "same", task, changes)


def _reshapes(row: Row, task: Task) -> bool:
    """Would the row's limit need other milestones than those somebody has already worked on?"""
    is_begun = task.has_begun or task.submitted_count or task.done_count
    return bool(is_begun and (row.recurrence or task.freq or len(row.limit.get("milestones", ())) > 1))


def differences(row: Row, held: Held, roster: Roster) -> Iterator[Change]:
    """Field by field. What the row said before changes nothing: the office's own words since then stay.

    Limits are compared as they were first brought in: a change of deadline the office granted stays.
    """
    task = held.task
    before = told_before(task.origin, origin_of(row))
    layers = layers_of(task)
    if (row.program[:80], row.project[:120]) != layers and row.program:
        yield Change("layers", " · ".join(filter(None, layers)), " · ".join(filter(None, (row.program, row.project))))
    if row.title[:200] != task.title and "title" not in before:
        yield Change("title", task.title, row.title[:200])
    if "units" not in before:
        yield from _unit_changes(held, roster.duties(row))
    if "deadline" not in before and (
        _rhythm(row) != (task.freq, task.freq_count, task.day_of_month)
        or row.deadline_kind != task.deadline_kind
        or _moved(row, held)
    ):
        yield Change("deadline", limit_words_of(held), limit_words(row))
    targets = tuple((t["op"], _plain(t["value"]), t["unit"]) for t in row.targets)
    held_targets = tuple((t.op, _plain(t.value), t.unit_of_measure) for t in held.targets)
    if targets != held_targets and "targets" not in before:
        yield Change("targets", _target_words(held_targets), _target_words(targets))
    if row.remark[:400] != task.remark and "remark" not in before:
        yield Change("remark", task.remark, row.remark[:400])
    if row.standard != task.standard and "standard" not in before:
        yield Change("standard", task.standard, row.standard)


def _unit_changes(held: Held, duties: Duties) -> Iterator[Change]:
    open_ends = "、".join(duties.open_ends)
    told = frozenset(held.duties)
    if duties.told != told or open_ends[:120] != held.task.open_ended_units:
        yield Change("units", _unit_words(told, held.task.open_ended_units), _unit_words(duties.told, open_ends))


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
