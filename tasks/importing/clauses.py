"""Several numbered clauses in one cell: 1. …；2. … / （1）…（2）… / ①…②…, and what its neighbours say of each."""

import re
from dataclasses import dataclass

from tasks.importing.cells import Cell, in_one_line
from tasks.importing.columns import UNIT_FIELDS

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_CHINESE = "一二三四五六七八九十"
_STYLES = (
    re.compile(rf"(?P<circled>[{_CIRCLED}{_BRACKETED}{_DOTTED}])[.、．]?"),
    re.compile(r"[（(]\s*(?P<number>\d{1,2})\s*[)）][.、．]?"),
    re.compile(rf"[（(]\s*(?P<chinese>[{_CHINESE}])\s*[)）][.、．]?"),
    re.compile(rf"(?:^|(?<=[\s。；;，,：:]))(?:(?P<chinese>[{_CHINESE}])是要?|第(?P<ordinal>[{_CHINESE}])[，,、])"),
    re.compile(rf"(?:^|(?<=\n))\s*(?P<chinese>[{_CHINESE}])[、．.]"),
    re.compile(r"(?:^|(?<=[\s。；;，,：:、]))(?P<number>\d{1,2})\s*(?:[.．、](?!\d)|[)）])"),
    re.compile(r"(?:^|(?<=[\u4e00-\u9fff）)”]))(?P<number>\d{1,2})、(?=[\u4e00-\u9fff“《])"),
)
#: 1.5月底前；2.6月底前: in a column of limits the first number is the clause's.
_LOOSE = re.compile(r"(?:^|(?<=[\s；;，,。]))(?P<number>\d{1,2})\s*[.．、]")
_EDGE = " \n\t；;，,、。"
_LEAST, _LONGEST_PROJECT = 4, 40
#: Columns that may say something of each clause.
_NEIGHBOURS = (*UNIT_FIELDS, "deadline", "rhythm", "target", "standard", "detail", "remark")
_BY_LINE = ("deadline", "rhythm", "target")


@dataclass(frozen=True)
class Clauses:
    """`head`: the words before the first number; `parts`: number -> words."""

    head: str
    parts: dict[int, str]


def clauses_of(text: str, *, least: int = 1) -> Clauses | None:
    """The numbered clauses of a text, None where it has no row of numbers 1, 2, …"""
    return next((found for style in _STYLES if (found := _in_style(text, style, least))), None)


def _in_style(text: str, style: re.Pattern[str], least: int) -> Clauses | None:
    marks: list[re.Match[str]] = []
    for match in style.finditer(text):
        if _number(match) == len(marks) + 1:
            marks.append(match)
    if len(marks) < 2:
        return None
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    parts = {
        number: text[mark.end() : end].strip(_EDGE)
        for number, (mark, end) in enumerate(zip(marks, ends, strict=True), 1)
    }
    if any(len(part) < least for part in parts.values()):
        return None
    return Clauses(text[: marks[0].start()].strip(_EDGE + "：:"), parts)


def _number(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("circled"):
        return (
            next(row.index(groups["circled"]) for row in (_CIRCLED, _BRACKETED, _DOTTED) if groups["circled"] in row)
            + 1
        )
    if counted := groups.get("chinese") or groups.get("ordinal"):
        return _CHINESE.index(counted) + 1
    return int(groups["number"])


def split(cells: dict[str, Cell]) -> list[dict[str, Cell]]:
    """One row of cells for each clause of the task's cell, or of its detail; neighbours numbered to match are dealt out."""
    title = cells["title"]
    clauses = clauses_of(title.text, least=_LEAST) if len(title.text) > 2 * _LEAST else None
    if clauses:
        title = title.saying(clauses.head)
    elif "detail" in cells and (clauses := clauses_of(cells["detail"].text, least=_LEAST)):
        title = cells["detail"].saying(title.text)
        cells = {name: cell for name, cell in cells.items() if name != "detail"}
    else:
        return [cells]
    dealt = {name: _dealt(name, cells[name], clauses) for name in _NEIGHBOURS if name in cells}
    head = {"head": title} if title.text else {}
    if title.text and not cells["project"].text and len(title.text) <= _LONGEST_PROJECT:
        head["project"] = title.saying(in_one_line(title.text))
    return [
        cells | {name: parts[number] for name, parts in dealt.items()} | head | {"title": title.saying(part)}
        for number, part in clauses.parts.items()
    ]


def _dealt(name: str, cell: Cell, clauses: Clauses) -> dict[int, Cell]:
    own = clauses_of(cell.text) or (_in_style(cell.text, _LOOSE, 1) if name in _BY_LINE else None)
    if own and set(own.parts) <= set(clauses.parts):
        return {number: cell.saying(own.parts.get(number, own.head)) for number in clauses.parts}
    lines = [line for line in cell.text.split("\n") if line.strip()]
    if name in _BY_LINE and len(lines) == len(clauses.parts):
        return {number: cell.saying(line.strip()) for number, line in enumerate(lines, 1)}
    return dict.fromkeys(clauses.parts, cell)
