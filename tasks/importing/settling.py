"""Which of several columns that could be the task is the task, seen from what stands under them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tasks.importing.columns import STAND_INS, UNIT_FIELDS, Column
from tasks.importing.matrix import Body, marked
from tasks.importing.naming import is_unit

_FINE = 0.9
"""A column tells rows apart as well as the finest one does when it has this share of its different words."""
_COUNTED = 0.3
#: 测评项目 > 测评内容 > 测评标准: in a tree of indicators the standard is what has to be done.
_TREE = re.compile(r"测评|指标|考评|考核|检查")
_MEASURE_OF_DONE = re.compile(r"验收|完成|达标|评价|评分|计分|扣分")
_LAYERS = ("project", "program")
_DIVISION = ("分工", "职责", "责任")
#: How many columns of a field are read: 责任单位, 承办单位, 责任3; 3月 and 上旬.
_MOST = dict.fromkeys(UNIT_FIELDS, 9) | {"deadline": 2}


def settled(columns: Sequence[Column], body: Body) -> list[Column]:
    """One column for each field, unit columns apart. Of several that speak of the task, the finest names it.

    主要任务 merged over rows of 具体措施 is the project; 任务名称 beside its 工作内容 is the task, the other its detail.
    """
    columns = marked([_worded(column, body) for column in _divided(columns, body)], body)
    titles = [column for column in columns if column.field == "title"]
    roles = _among(titles, columns, body) if len(titles) > 1 else {} if titles else _stood_in(columns, body)
    taken = {column.field for column in columns}
    for column in columns:
        if column.field == "code" and "number" not in taken and _all_digits(column, body):
            roles[column.place] = "number"  # 编号 1, 2, 3 begins anew on every sheet
    return _first_only(_layered([replace(c, field=roles[c.place]) if c.place in roles else c for c in columns]))


def _worded(column: Column, body: Body) -> Column:
    """目标任务 over words is a task or the layer above it; over numbers it is a target."""
    if column.field != "target" or "任务" not in column.key:
        return column
    said = _said(column, body)
    counted = sum(any(letter.isdigit() for letter in text) for text in said)
    return replace(column, field="title") if said and counted < _COUNTED * len(said) else column


def _divided(columns: Sequence[Column], body: Body) -> list[Column]:
    """分工 beside 责任单位 says what each does; alone it says who."""
    owners = [column for column in columns if column.field in UNIT_FIELDS]
    named = [column for column in owners if column.key.endswith(_DIVISION) and not _names_units(column, body)]
    are_apart = len(named) < len(owners)
    return [replace(c, field="detail") if c in named and are_apart else c for c in columns]


def _names_units(column: Column, body: Body) -> bool:
    said = _said(column, body)
    named = sum(any(is_unit(word) for word in re.split(r"[、,，;；:：。\s（()）]", text)) for text in said)
    return 2 * named >= len(said)


def _among(titles: Sequence[Column], columns: Sequence[Column], body: Body) -> dict[int, str | None]:
    taken = {column.field for column in columns}
    kinds = {column.place: _kinds(column, body) for column in titles}
    finest = max(kinds.values())
    main = next(column for column in titles if kinds[column.place] >= _FINE * finest)
    roles: dict[int, str | None] = {}
    for column in titles:
        if column is not main:
            is_layer = column.place < main.place and kinds[column.place] < _FINE * finest
            layer = next((name for name in _LAYERS if name not in taken), None) if is_layer else None
            roles[column.place] = layer or "detail"
            taken.add(layer)
    return roles


def _stood_in(columns: Sequence[Column], body: Body) -> dict[int, str | None]:
    """The column that speaks of the task where no header says so."""
    by_field = {column.field: column for column in columns}
    project, standard, detail = (by_field.get(name) for name in ("project", "standard", "detail"))
    if project and detail and _kinds(project, body) >= _FINE * _kinds(detail, body):
        return {project.place: "title"}
    if standard and project and not detail and not _MEASURE_OF_DONE.search(standard.key):
        is_coarser = _kinds(project, body) < _FINE * _kinds(standard, body)
        if is_coarser or (_TREE.search(project.key) and _length(standard, body) > _length(project, body)):
            return {standard.place: "title"}
    stand_in = next((by_field[name] for name in STAND_INS if name in by_field), None)
    return {stand_in.place: "title"} if stand_in else {}


def _layered(columns: list[Column]) -> list[Column]:
    """Two columns of projects are two layers: the left one is the program, where no other is."""
    projects = [column for column in columns if column.field == "project"]
    if len(projects) > 1 and not any(column.field == "program" for column in columns):
        return [replace(c, field="program") if c is projects[0] else c for c in columns]
    programs = [column for column in columns if column.field == "program"]
    if len(programs) > 1 and not projects:
        return [replace(c, field="project") if c is programs[1] else c for c in columns]
    return columns


def _first_only(columns: Sequence[Column]) -> list[Column]:
    """The first column of a field speaks; further ones of units or limits are read beside it as `…2`, `…3`."""
    seen: Counter[str | None] = Counter()
    found = []
    for column in columns:
        name = column.field
        seen[name] += 1
        if seen[name] > 1 and name != "detail":
            is_more = seen[name] <= _MOST.get(name or "", 1) and "科室" not in column.header
            name = f"{name}{seen[name]}" if is_more else None
        found.append(replace(column, field=name))
    return found


def _said(column: Column, body: Body) -> list[str]:
    return [row[column.place] for row in body if row[column.place]]


def _kinds(column: Column, body: Body) -> int:
    return len(set(_said(column, body)))


def _length(column: Column, body: Body) -> float:
    said = _said(column, body)
    return sum(map(len, said)) / len(said) if said else 0


def _all_digits(column: Column, body: Body) -> bool:
    return all(text.isdigit() for text in _said(column, body))
