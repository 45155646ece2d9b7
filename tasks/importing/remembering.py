"""What the office taught once and need not say again: what a column is called, how a limit is meant.

(What a unit is called is kept with the unit, as its aliases.)
"""

from collections.abc import Mapping
from typing import Any

from campaign.models import Campaign
from campaign.problems import Problem, Refused
from tasks.importing.columns import FIELD_WORDS, LONGEST_HEADER, squeezed
from tasks.importing.rows import Row
from tasks.models import ImportBatch, ImportHabit

_MOST = 300


def learned_columns(campaign: Campaign) -> dict[str, str]:
    """Header -> field ("" = not read)."""
    return dict(_habits(campaign, ImportHabit.Kind.COLUMN))


def learned_limits(campaign: Campaign) -> dict[str, str]:
    """A limit as it is written -> the limit that is meant ("" = none)."""
    return dict(_habits(campaign, ImportHabit.Kind.LIMIT))


def _habits(campaign: Campaign, kind: str) -> list[tuple[str, str]]:
    return list(ImportHabit.objects.filter(campaign=campaign, kind=kind).values_list("words", "meaning"))


def remember_column(campaign: Campaign, header: str, field: str) -> None:
    """From now on this header names this field. Raises `Refused` for what is no header or no field."""
    words = squeezed(header)
    if not words or len(words) > LONGEST_HEADER:
        raise Refused(Problem("no_header_words", f"列名要写 1 到 {LONGEST_HEADER} 个字。", where="header"))
    if field not in FIELD_WORDS:
        raise Refused(Problem("no_field", "请选这一列是什么。", where="field"))
    _remember(campaign, ImportHabit.Kind.COLUMN, words, field)


def remember_limits(batch: ImportBatch) -> None:
    """Readings the office chose for limits that could not be read, so that they are read so next time."""
    rows = {row.key: row for row in map(Row.from_dict, batch.reading["rows"])} if batch.choices.get("rows") else {}
    for key, said in batch.choices.get("rows", {}).items():
        if said.get("remember") and key in rows and rows[key].deadline_text:
            _remember(batch.campaign, ImportHabit.Kind.LIMIT, rows[key].deadline_text[:120], str(said["limit"]))


def _remember(campaign: Campaign, kind: str, words: str, meaning: str) -> None:
    habits = ImportHabit.objects.filter(campaign=campaign)
    if habits.count() >= _MOST and not habits.filter(kind=kind, words=words).exists():
        raise Refused(Problem("too_many", f"记住的叫法已有 {_MOST} 条，请先删去不用的。"))
    habits.update_or_create(kind=kind, words=words, defaults={"campaign": campaign, "meaning": meaning})


def forget(campaign: Campaign, kind: str, words: str) -> None:
    ImportHabit.objects.filter(campaign=campaign, kind=kind, words=words).delete()


def as_taught(row: Row, limits: Mapping[str, str]) -> str | None:
    """What a limit nobody could read was said to mean, None where nobody said."""
    is_asked = any(problem.code in _ASKED for problem in row.problems)
    return limits.get(row.deadline_text) if is_asked else None


_ASKED = {"date_impossible", "deadline_unread", "date_unclear", "deadline_ambiguous"}


def taught(campaign: Campaign) -> list[dict[str, Any]]:
    """Everything remembered, in words, for the page where it can be forgotten."""
    return [
        {
            "kind": habit.kind,
            "words": habit.words,
            "meaning": FIELD_WORDS.get(habit.meaning, "")
            if habit.kind == ImportHabit.Kind.COLUMN
            else habit.meaning or "不设期限",
        }
        for habit in ImportHabit.objects.filter(campaign=campaign).order_by("kind", "words")
    ]
