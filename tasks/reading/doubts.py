"""What a drafted row leaves open, the answers a person may give, and the row each answer makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from campaign.models import Campaign
from campaign.problems import Problem, Refused
from tasks.extraction.drafts import DOUBTS, DraftRow
from tasks.importing.review import with_limit
from tasks.reconciling.sides import day_words

NEW_UNIT = "new:"
#: The fields of a row that tell its limit.
LIMIT = ("deadline_text", "deadline_kind", "due_date", "recurrence", "limit", "problems")


@dataclass(frozen=True)
class Answer:
    """One way to settle a doubt. `value` goes into the form; the first answer is the row as it was read."""

    value: str
    label: str


@dataclass(frozen=True)
class Doubt:
    """`asks_for`: edit where nothing but writing it out helps, day where another date may be written."""

    code: str
    word: str
    message: str
    answers: tuple[Answer, ...]
    asks_for: str = ""


def doubts_of(row: DraftRow, year: int) -> list[Doubt]:
    """The open doubts of a row, one for each code."""
    found: dict[str, Doubt] = {}
    for problem in row.problems:
        if problem.code in DOUBTS and problem.code not in found:
            answers, asks_for = _answers(row, problem.code, year)
            found[problem.code] = Doubt(problem.code, DOUBTS[problem.code], problem.message, answers, asks_for)
    return list(found.values())


def _answers(row: DraftRow, code: str, year: int) -> tuple[tuple[Answer, ...], str]:
    if code == "deadline_ambiguous":
        days = [day for day in (_asked_day(row), *row.limit.get("alternatives", ())) if day]
        return tuple(Answer(day, f"{day_words(day, year)}止") for day in dict.fromkeys(days)), "day"
    if code in ("deadline_masked", "date_impossible"):
        near = tuple(Answer(day, f"{day_words(day, year)}止") for day in row.limit.get("alternatives", ()))
        return (*near, Answer("none", "不设期限")), "day"
    if code == "units_open":
        return (Answer("keep", "留作待明确"), Answer("named", "只记点名的")), "units"
    if code == "unit_near":
        return _near_answers(row), "units"
    if code == "number_masked":
        return (Answer("keep", "目标值先空着"),), "targets"
    if code in ("unit_missing", "unit_masked"):
        return (Answer("keep", "单位先空着"),), "units"
    if code == "group_open":
        return (Answer("keep", "留作待明确"),), "units"
    return (Answer("keep", "就是这些单位"),), "units"


def _near_answers(row: DraftRow) -> tuple[Answer, ...]:
    problem = next(problem for problem in row.problems if problem.code == "unit_near")
    new = Answer(f"{NEW_UNIT}{problem.text}", f"是另一个单位“{problem.text}”")
    return (Answer(f"use:{problem.near}", f"就是{problem.near}"), new) if problem.near else (new,)


def settled(row: DraftRow, code: str, value: str, campaign: Campaign) -> DraftRow:
    """The row as answered, without the doubt. Raises `Refused` for an answer nobody offered."""
    doubt = next((doubt for doubt in doubts_of(row, campaign.year) if doubt.code == code), None)
    if doubt is None:
        raise Refused(Problem("no_doubt", "这一处已经定过了。请刷新页面。"))
    if value.startswith("day:"):
        return _dated(row, value.removeprefix("day:"), campaign)
    if value not in {answer.value for answer in doubt.answers}:
        raise Refused(Problem("no_answer", "没有这种读法。请从列出的里面选，或者另写。"))
    changed = _changed(row, code, value)
    if code != "unit_near":
        return without(changed, code)
    asked = next(problem for problem in row.problems if problem.code == code)
    return replace(changed, problems=tuple(problem for problem in changed.problems if problem != asked))


def _changed(row: DraftRow, code: str, value: str) -> DraftRow:
    if code in ("deadline_ambiguous", "deadline_masked", "date_impossible"):
        if value == "none":
            return replace(row, deadline_kind="none", due_date=None, limit={})
        return _read_as(row, value)
    if code == "units_open" and value == "named":
        return replace(row, units_open_ended=False)
    if value.startswith("use:"):
        problem = next(problem for problem in row.problems if problem.code == code)
        return _renamed(row, problem.text, value.removeprefix("use:"))
    return row


def _read_as(row: DraftRow, day: str) -> DraftRow:
    """The limit ends on this day; a step or a target that was to end with it ends with it still."""
    limit = {key: said for key, said in row.limit.items() if key not in ("ambiguous", "alternatives")}
    asked = _asked_day(row)
    if "milestones" in limit:
        limit["milestones"] = sorted({day if step == asked else step for step in limit["milestones"]})
    targets = tuple({**said, "by": day} if asked and said.get("by") == asked else said for said in row.targets)
    due_date = day if asked == row.due_date or row.due_date is None else max(day, row.due_date)
    return replace(row, due_date=due_date, deadline_kind="fixed", limit=limit, targets=targets)


def _asked_day(row: DraftRow) -> str | None:
    """The day that has two readings: of several, the one a month from the other reading."""
    steps = row.limit.get("milestones", ())
    other = next(iter(row.limit.get("alternatives", ())), None)
    if not steps or other is None:
        return row.due_date
    near = (step for step in steps if abs(_months(step) - _months(other)) == 1)
    return next(near, row.due_date)


def _months(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])


def _renamed(row: DraftRow, old: str, new: str) -> DraftRow:
    units: dict[str, Any] = {
        f"{role}_units": tuple(dict.fromkeys(new if name == old else name for name in names))
        for role, names in row.units.items()
    }
    return replace(row, **units)


def _dated(row: DraftRow, text: str, campaign: Campaign) -> DraftRow:
    """Another limit, written by hand: a date or words like 9月底前, 每月1次."""
    limited = with_limit(
        row, text.strip()[:120], year=campaign.year, is_month_included=campaign.is_month_before_read_as_end
    )
    unread = next((problem for problem in limited.problems if problem.level == "blocks"), None)
    if unread is not None:
        raise Refused(Problem(unread.code, unread.message, where="limit"))
    return replace(row, **{name: getattr(limited, name) for name in LIMIT})


def without(row: DraftRow, *codes: str) -> DraftRow:
    return replace(row, problems=tuple(problem for problem in row.problems if problem.code not in codes))


def settled_as_read(row: DraftRow) -> DraftRow:
    """Taking a row takes its readings as they stand."""
    return without(row, *DOUBTS)


def counted(rows: Iterable[DraftRow]) -> list[tuple[str, int]]:
    """(word, rows) of each kind of doubt, the most frequent first."""
    counts: dict[str, int] = {}
    for row in rows:
        for code in {problem.code for problem in row.problems if problem.code in DOUBTS}:
            counts[code] = counts.get(code, 0) + 1
    return sorted(((DOUBTS[code], count) for code, count in counts.items()), key=lambda pair: (-pair[1], pair[0]))
