"""Who the units of a row are: each name against the campaign's directory, and the office's answers where it is asked."""

from collections.abc import Iterable, Mapping
from typing import Any

from tasks.importing.cells import Cell
from tasks.importing.rows import Row, RowProblem
from tasks.language.units import Directory, group_kind, guess_kind, is_open_group

#: 各窗口单位, 街道各办（所）, 沿街商户: everybody of a kind that the directory does not know as a kind.


def is_unit(name: str) -> bool:
    """Has the name a unit's form, or a group's?"""
    return bool(guess_kind(name) or group_kind(name))


def named(
    row: Row,
    directory: Directory,
    *,
    is_creating: bool,
    is_asking_near: bool = False,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Row:
    """The row with its units under the directory's names, and a problem for each name it does not hold.

    `is_creating`: names of a unit's form will be created; `is_asking_near`: but not one that is like a known name.
    `answers` maps a name as written to what the office said: {"use": name} or {"create": True}.
    """
    answers = answers or {}
    problems: list[RowProblem] = []
    units: dict[str, Any] = {}
    places = dict(row.unit_cells)
    for role, names in row.units.items():
        known: list[str] = []
        for name in names:
            answer = answers.get(name, {})
            found, problem = _known(
                str(answer.get("use") or name),
                row.unit_cells.get(name, ""),
                directory,
                is_creating=is_creating or bool(answer.get("create")),
                is_asking_near=is_asking_near and not answer.get("create"),
            )
            if problem and answer.get("create") and problem.level == "blocks":
                problem = _new(name, row.unit_cells.get(name, ""))
            if found not in known:
                known.append(found)
            if name in places:
                places.setdefault(found, places[name])
            if problem and problem not in problems:
                problems.append(problem)
        units[f"{role}_units"] = tuple(known)
    return row.but(problems=(*row.problems, *problems), unit_cells=places, **units)


def _known(
    name: str, cell: str, directory: Directory, *, is_creating: bool, is_asking_near: bool
) -> tuple[str, RowProblem | None]:
    column = Cell(cell).column
    if is_open_group(name):
        said = f"“{name}”没有写明是哪些，先按原文留在任务上。"
        return name, RowProblem("group_open", "warns", said, column, cell, text=name)
    if group_kind(name):
        return name, None
    match = directory.find(name)
    if match.name:
        return match.name, None
    is_form = guess_kind(name) is not None
    if is_creating and is_form and not (is_asking_near and match.near):
        return name, _new(name, cell, match.near)
    said = f"“{name}”不在单位名录里" + (
        f"，是不是“{match.near}”？" if match.near else "。" if is_form else "，也不像单位名称。"
    )
    return name, RowProblem("unit_unknown", "blocks", said, column, cell, match.near or "", name)


def _new(name: str, cell: str, near: str | None = None) -> RowProblem:
    said = f"“{name}”不在单位名录里，导入时新建。" + (f"如果就是“{near}”，请把它记作别名。" if near else "")
    return RowProblem("unit_new", "warns", said, Cell(cell).column, cell, near or "", name)


def new_units(rows: Iterable[Row]) -> dict[str, str]:
    """Units that committing these rows creates: name -> kind, in the order they are named."""
    names = dict.fromkeys(problem.text for row in rows for problem in row.problems if problem.code == "unit_new")
    return {name: guess_kind(name) or "other" for name in names}
