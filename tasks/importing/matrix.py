"""A matrix of duties: a column for each unit, and a mark in the cell that says which part it has in the row's task."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tasks.importing.columns import Column
from tasks.language.units import group_kind, guess_kind

Body = Sequence[Sequence[str]]
_LEAST = 2
_SOLID, _HOLLOW, _TICKS = "★●▲■◆", "☆○△□◇◎", "√✓✔∨V"
_MARK = re.compile(rf"[{_SOLID}{_HOLLOW}{_TICKS}]|牵头|主责|主办|责任|负责|配合|协办|协助|参与|[主牵责配协]")
_LEGEND = re.compile(
    rf"([{_SOLID}{_HOLLOW}{_TICKS}])[”\"]?\s*(?:为|是|表示|代表|指|[:：\-—])?\s*[“\"]?(牵头|主责|主办|责任|负责|配合|协办|协助|参与)"
)
_ROLES = (
    ("牵", "lead"),
    ("主", "primary"),
    ("负", "primary"),
    ("配", "support"),
    ("协", "support"),
    ("参", "support"),
    ("责", "responsible"),
)


def marked(columns: Sequence[Column], body: Body) -> list[Column]:
    """The columns, those of a matrix with the field `mark` and their place."""
    found = {column.place for column in columns if column.field is None and _is_marked(column, body)}
    if len(found) < _LEAST:
        return list(columns)
    return [replace(c, field=f"mark{c.place}") if c.place in found else c for c in columns]


def _is_marked(column: Column, body: Body) -> bool:
    if not (guess_kind(column.key) or group_kind(column.key)):
        return False
    said = [row[column.place] for row in body if row[column.place]]
    return bool(said) and all(_MARK.fullmatch(text) for text in said)


def legend_of(texts: Iterable[str], columns: Iterable[Column]) -> dict[str, str]:
    """Mark -> role, as the sheet explains its marks; a solid one leads and a hollow one helps where it does not."""
    if not any((column.field or "").startswith("mark") for column in columns):
        return {}
    roles = dict.fromkeys(_SOLID, "lead") | dict.fromkeys(_HOLLOW, "support") | dict.fromkeys(_TICKS, "responsible")
    for text in texts:
        roles.update({mark: _role(word) for mark, word in _LEGEND.findall(text)})
    return roles


def role_of(mark: str, legend: dict[str, str]) -> str:
    return legend.get(mark) or _role(mark)


def _role(word: str) -> str:
    return next((role for letter, role in _ROLES if word.startswith(letter)), "responsible")
