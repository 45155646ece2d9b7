"""The units of one row: what the columns of units say, in every way a cell says who leads and who helps."""

import re
from functools import lru_cache
from typing import Any

from tasks.importing.cells import BLANK, NOTHING, Cell
from tasks.importing.columns import UNIT_FIELDS, base
from tasks.importing.rows import RowProblem
from tasks.importing.wrapping import unit_lines
from tasks.language.units import group_kind, guess_kind, read_units, says_open_end

_NUMBERED_NAME = re.compile(
    r"(?:^|(?<=[；;，,、。\s]))(?:\d{1,2}\s*[.、．]|[(（]\d{1,2}[)）]|[①-⑳])\s*(?=[\u4e00-\u9fff])"
)
_EVERY_ROLE = re.compile(r"各([\u4e00-\u9fff]{0,6}?)(?:牵头|责任|主责|主办|承办|配合|协办)(单位|部门)")
#: 由城投公司牵头，各社区配合
_BY_WHOM = re.compile(
    r"由[^，。；,;]{2,30}?(?:牵头|负责|主办|承办)(?:[，,、][^，。；,;]{2,30}?(?:配合|协办|协助|参与)(?=[，。；,;]|$))?"
)
_MARKED = re.compile(r"[（(](?:总?牵头|主责|主办|责任|配合|协办)(?:单位|部门)?[)）]")
_TAILED = re.compile(r"[^（(](?:牵头|主办|主责|负责|配合|协办|协助|参与)(?:实施|落实|推进)?$")
_CLAUSE = re.compile(r"[，,；;。\n]")
#: 各县（市、区） is one group.
_LISTED_GROUP = re.compile(r"(各[\u4e00-\u9fff]{1,3})[（(]([\u4e00-\u9fff]{1,4}(?:、[\u4e00-\u9fff]{1,4})+)[)）]")
_AFTER_MARK = re.compile(r"((?:牵头|主责|主办|责任|配合|协办)(?:单位|部门)?[)）])[ \u3000]+(?=[\u4e00-\u9fff])")


def units_of(cells: dict[str, Cell]) -> tuple[dict[str, Any], list[RowProblem]]:
    by_role: dict[str, list[str]] = {role: [] for role in UNIT_FIELDS}
    places: dict[str, str] = {}
    is_open = says_open_end(cells.get("remark", NOTHING).text)
    for name, cell in cells.items():
        if base(name) not in UNIT_FIELDS or cell.text in BLANK:
            continue
        for piece in _pieces(_bare_units(cell.text)):
            read = read_units(piece, role=base(name))
            is_open = is_open or read.is_open_ended
            for written, names in read.by_role.items():
                by_role[written].extend(name for name in names if name not in by_role[written])
                places.update({name: cell.place for name in names if name not in places})
    for name, cell in cells.items():
        if name.startswith("mark") and cell.text:
            by_role[cell.value].append(cell.text)
            places[cell.text] = cell.place
    if not places:
        by_role, places = _said_units(cells)
    problems = []
    if not places:
        problems.append(RowProblem("unit_missing", "warns", "这一行没有写单位，导入后会列入“没有责任单位”的任务。"))
    if is_open:
        problems.append(RowProblem("units_open", "warns", "“等相关部门”待明确是哪些。"))
    units: dict[str, Any] = {f"{role}_units": tuple(names) for role, names in by_role.items()}
    return units | {"units_open_ended": is_open, "unit_cells": places}, problems


def _said_units(cells: dict[str, Cell]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Units that only the task's own words name: 由城投公司牵头，各社区配合，…"""
    by_role: dict[str, list[str]] = {role: [] for role in UNIT_FIELDS}
    places: dict[str, str] = {}
    for name in ("title", "detail"):
        cell = cells.get(name, NOTHING)
        for said in _BY_WHOM.finditer(cell.text) if "由" in cell.text else ():
            for role, names in read_units(said[0]).by_role.items():
                found = [n for n in names if guess_kind(n) or group_kind(n)]
                by_role[role].extend(n for n in found if n not in places)
                places.update(dict.fromkeys(found, cell.place))
    return by_role, places


@lru_cache(maxsize=4096)
def _pieces(text: str) -> list[str]:
    """A（牵头），B、C配合: marks in brackets and roles behind the names are two ways to write, read apart."""
    if not _MARKED.search(text):
        return [text]
    pieces = [piece for piece in _CLAUSE.split(text) if piece]
    return pieces if any(_TAILED.search(piece) for piece in pieces) else [text]


@lru_cache(maxsize=4096)
def _bare_units(text: str) -> str:
    """A cell of units without the numbers before its names, and with 各责任单位 as the group it is."""
    text = _EVERY_ROLE.sub(r"各\1\2", _NUMBERED_NAME.sub("", unit_lines(text)))
    text = _LISTED_GROUP.sub(lambda group: group[1] + group[2].replace("、", ""), text)
    return _AFTER_MARK.sub(r"\1、", text)
