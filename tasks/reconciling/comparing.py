"""Where a document and the ledger differ: not in it, another unit, another limit, another number; and what only the ledger has."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tasks.extraction import DraftRow
from tasks.importing.matching import Held
from tasks.importing.units import Roster
from tasks.language.units import is_open_group
from tasks.models import Role, SourceAnswer, SourceDocument, SourceDraft, Task
from tasks.reconciling.likeness import Pair
from tasks.reconciling.sides import ROLE_WORDS, Told, day_words, held_tasks, pairs, plain, rhythm_words, told_by

FIELDS = {"missing": "台账无", "units": "单位不同", "deadline": "时限不同", "targets": "数量不同"}
_MAIN = (Role.LEAD, Role.PRIMARY)


@dataclass(frozen=True)
class Difference:
    """One point in which a row and its task differ, in words a person reads.

    `said` and `held` are what the two sides say; `said_units` and `held_units` are (role, name, is it what differs).
    `near`: for a missing row the task most like it.
    """

    draft: SourceDraft
    row: DraftRow
    field: str
    said: str
    held: str
    why: str
    task: Task | None = None
    near: Task | None = None
    raw: str = ""
    said_units: tuple[tuple[str, str, bool], ...] = ()
    held_units: tuple[tuple[str, str, bool], ...] = ()
    answer: SourceAnswer | None = None

    @property
    def key(self) -> str:
        return f"{self.draft.pk}:{self.field}"

    @property
    def as_answered(self) -> dict[str, str]:
        """Kept with an answer: when either side speaks otherwise later, the answer no longer holds."""
        return {"document": self.said, "ledger": self.held}

    @property
    def is_settled(self) -> bool:
        return self.answer is not None and self.answer.applied_at is not None

    @property
    def choice(self) -> str:
        return self.answer.choice if self.answer else ""


@dataclass(frozen=True)
class Reconciliation:
    """A whole document beside the whole ledger. `same`: (draft, task); `unsaid`: open tasks no row speaks of."""

    told: Sequence[Told]
    pairs: Mapping[UUID, Pair]
    held: Mapping[UUID, Held]
    differences: Sequence[Difference]
    same: Sequence[tuple[SourceDraft, Task]]
    unsaid: Sequence[Task]

    @property
    def open_differences(self) -> list[Difference]:
        return [one for one in self.differences if not one.is_settled]

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.field for one in self.differences)

    @property
    def differing_rows(self) -> int:
        """A row that differs in two points is one row."""
        return len({one.draft.pk for one in self.differences})


def reconcile(document: SourceDocument) -> Reconciliation:
    """Compare; nothing is written. A constant number of queries."""
    roster = Roster.of(document.campaign)
    told, held = told_by(document, roster), held_tasks(document.campaign)
    made = pairs(told, held)
    answers = {(a.draft_id, a.field): a for a in SourceAnswer.objects.filter(document=document).select_related("task")}
    found: list[Difference] = []
    same: list[tuple[SourceDraft, Task]] = []
    for one in told:
        pair = made.get(one.draft.pk)
        task = held[pair.task] if pair and pair.is_sure else None
        points = list(_points(one, task, held[pair.task].task if pair else None, document.campaign.year))
        found += [_answered(point, answers.get((one.draft.pk, point.field))) for point in points]
        if task and not points:
            same.append((one.draft, task.task))
    spoken = {pair.task for pair in made.values() if pair.is_sure}
    unsaid = [one.task for pk, one in held.items() if pk not in spoken]
    return Reconciliation(told, made, held, found, same, unsaid)


def _answered(point: Difference, answer: SourceAnswer | None) -> Difference:
    if answer is None or answer.said != point.as_answered:
        return point
    return Difference(**point.__dict__ | {"answer": answer})


def _points(told: Told, held: Held | None, near: Task | None, year: int) -> Iterator[Difference]:
    if held is None:
        yield _missing(told, near, year)
        return
    for compare in (_units, _deadline, _targets):
        point = compare(told, held, year)
        if point:
            yield point


def _missing(told: Told, near: Task | None, year: int) -> Difference:
    why = f"相近：{near.code} {near.title}" if near else "没有相近的任务"
    units = tuple((role, name, False) for role, names in told.row.units.items() for name in names)
    limit = limit_words(told.row, year) or "未写期限"
    return Difference(told.draft, told.row, "missing", limit, "没有这一项", why, near=near, said_units=units)


def _units(told: Told, held: Held, year: int) -> Difference | None:
    """What is differing: a unit the ledger has not, one with another duty, a main one the text does not name.

    More units of lesser duty in the ledger contradict nothing: the plan's annex names more than a speech does. Nor does
    相关街道, which names nobody.
    """
    row = told.row
    said = [(role, name) for role, names in row.units.items() for name in names if not is_open_group(name)]
    if not said:
        return None
    in_ledger = {name: role for role, name in reversed(held.duties)}
    named = {name for _, name in said}
    more = [(role, name) for role, name in said if name not in in_ledger]
    other = [
        (role, name)
        for role, name in said
        if row.role_explicit and name in in_ledger and (role, name) not in held.duties
    ]
    unnamed = [
        (role, name) for role, name in held.duties if role in _MAIN and name not in named and not row.units_open_ended
    ]
    if not (more or other or unnamed):
        return None
    reasons = [f"台账没有{'、'.join(name for _, name in more)}"] if more else []
    reasons += [f"{name}：台账写{ROLE_WORDS[in_ledger[name]]}" for _, name in other]
    reasons += [f"台账另有{'、'.join(name for _, name in unnamed)}"] if unnamed else []
    marked = {*more, *other}
    return Difference(
        told.draft, row, "units", _unit_words(said), _unit_words(held.duties) or "未写单位", "；".join(reasons), task=held.task,
        said_units=tuple((*duty, duty in marked) for duty in said),
        held_units=tuple((*duty, duty in unnamed) for duty in held.duties),
    )  # fmt: skip


def _unit_words(duties: Sequence[tuple[str, str]]) -> str:
    return "；".join(f"{ROLE_WORDS[role]} {name}" for role, name in duties)


def _deadline(told: Told, held: Held, year: int) -> Difference | None:
    row, task = told.row, held.task
    said = limit_words(row, year)
    if not said or _is_same_limit(row, held):
        return None
    due_on = held.due_on
    written = rhythm_words(task.freq, task.freq_count, task.day_of_month) if task.freq else ""
    written = written or (day_words(due_on, year) if due_on else "未写期限")
    doubt = next((p for p in row.problems if p.code == "deadline_ambiguous"), None)
    if doubt and row.due_date:
        why = f"有两种读法，左边按 {said} 读"
    elif held.basis:
        why = f"台账依据：{held.basis}"
    elif not task.freq and due_on is None:
        why = "台账未写时限，暂按年底"
    else:
        why = "台账未写依据"
    raw = row.deadline_text if row.deadline_text != said else ""
    return Difference(told.draft, row, "deadline", said, written, why, task=task, raw=raw)


def limit_words(row: DraftRow, year: int) -> str:
    if row.recurrence:
        return rhythm_words(row.recurrence["freq"], row.recurrence["count"], row.recurrence["day_of_month"])
    return day_words(row.due_date, year) if row.due_date else ""


def _is_same_limit(row: DraftRow, held: Held) -> bool:
    task = held.task
    if row.recurrence:
        rhythm = row.recurrence
        day = rhythm["day_of_month"]
        return (
            bool(rhythm["freq"] == task.freq)
            and rhythm["count"] in (1, task.freq_count)
            and day in (None, task.day_of_month)
        )
    if task.freq:
        return row.deadline_kind == "year_end"
    return held.due_on == dt.date.fromisoformat(row.due_date or "")


def _targets(told: Told, held: Held, year: int) -> Difference | None:
    """Numbers the text writes and the ledger does not hold. What is implied (全覆盖) or masked says no number."""
    said = [
        (plain(t["value"]), t["unit"])
        for t in told.row.targets
        if t["value"] is not None and not t.get("implied") and not t.get("masked")
    ]
    written = [(plain(t.value), t.unit_of_measure) for t in held.targets if t.value is not None]
    more = [pair for pair in dict.fromkeys(said) if not any(_is_one_number(pair, other) for other in written)]
    if not more:
        return None
    measures = {measure for _, measure in more}
    other = [pair for pair in written if pair not in said and pair[1] in measures] or written
    why = _gap(more, other) if other else "台账没有写数量"
    return Difference(told.draft, told.row, "targets", _numbers(more), _numbers(other) or "未定量", why, task=held.task)


def _is_one_number(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """20 条 and 20 个 are one number: 个 counts anything."""
    return one[0] == other[0] and (one[1] == other[1] or "个" in (one[1], other[1]))


def _gap(said: Sequence[tuple[str, str]], held: Sequence[tuple[str, str]]) -> str:
    (first, measure), (other, held_measure) = said[0], held[0]
    if measure != held_measure and "个" not in (measure, held_measure):
        return "单位不同的两个数"
    gap = float(first) - float(other)
    return f"台账{'少' if gap > 0 else '多'} {abs(gap):g} {measure}".strip()


def _numbers(said: Sequence[tuple[str, str]]) -> str:
    return "、".join(f"{value} {measure}".strip() for value, measure in said)


def labels(document: SourceDocument) -> list[tuple[str, str, str]]:
    """(field, words of its tab, what it means), in the order of the page."""
    word = document.word
    return [
        ("missing", f"{word}有，台账无", f"{word}点到、台账里没列"),
        ("units", "单位不同", "同一件事，牵头或主责写法不一"),
        ("deadline", "时限不同", f"{word}的期限和台账的期限不在同一天"),
        ("targets", "数量不同", "目标数对不上"),
    ]
