"""The text of a Word document: paragraphs with the numbers Word writes before them, table rows as sentences."""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from campaign.problems import Problem, Refused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "零一二三四五六七八九十"
_ROLE_HEADER = re.compile(r"牵头|主责|主办|责任|配合|协办|承办|实施单位|落实单位")
_LIMIT_HEADER = re.compile(r"时限|完成时间|时间节点|时间要求|进度")
_TASK_HEADER = re.compile(r"任务|内容|措施|事项|标准|要求|目标")


def text_of_document(document: bytes, numbering: bytes | None) -> str:
    try:
        body = fromstring(document).find(f"{_W}body")
        numbers = _Numbers(fromstring(numbering) if numbering else None)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise Refused(Problem("broken", "Word 文件已损坏，读不出来。请用 Word 或 WPS 打开后另存一份再传。")) from error
    said = io.StringIO()
    for line in _lines(body, numbers) if body is not None else ():
        said.write(line + "\n")
    return said.getvalue()


def _lines(body: Element, numbers: "_Numbers") -> Iterator[str]:
    for child in body:
        if child.tag == f"{_W}p":
            yield numbers.before(child) + _words(child)
        elif child.tag == f"{_W}tbl":
            yield from _table(child)
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _lines(content, numbers)


def _words(paragraph: Element) -> str:
    """What is written, without what was struck out while changes were tracked."""
    said: list[str] = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t":
            said.append(element.text or "")
        elif element.tag in (f"{_W}tab", f"{_W}cr"):
            said.append(" ")
        elif element.tag == f"{_W}br":
            said.append("\n")
    return "".join(said)


def _table(table: Element) -> Iterator[str]:
    """A table with a column of tasks is read row by row: 任务。(责任单位:…)(完成时限:…); any other line by line."""
    rows = [
        ["".join(_words(p) for p in cell.iter(f"{_W}p")).strip() for cell in row.iter(f"{_W}tc")]
        for row in table.iter(f"{_W}tr")
    ]
    header = next(
        (
            i
            for i, row in enumerate(rows[:4])
            if any(_ROLE_HEADER.search(c) for c in row) and any(_TASK_HEADER.search(c) for c in row)
        ),
        None,
    )
    if header is None:
        yield from ("。".join(dict.fromkeys(cell for cell in row if cell)) for row in rows)
        return
    names = rows[header]
    for row in rows[header + 1 :]:
        yield _row(names, row)


def _row(names: list[str], row: list[str]) -> str:
    tasks, marks = [], []
    for name, cell in zip(names, row, strict=False):
        if not cell or cell in ("/", "无", "-"):
            continue
        if _ROLE_HEADER.search(name):
            marks.append(f"{name}：{cell.rstrip('。')}")
        elif _LIMIT_HEADER.search(name):
            marks.append(f"完成时限：{cell.rstrip('。')}")
        elif _TASK_HEADER.search(name):
            tasks.append(cell.rstrip("。"))
    said = tasks[-1] if tasks else ""
    return f"{said}。" + "".join(f"（{mark}）" for mark in marks) if said else ""


class _Numbers:
    """Numbers that Word writes by itself (一、 （一） 1.): without them a list's headings could not be told."""

    def __init__(self, numbering: Element | None) -> None:
        self._formats: dict[str, dict[str, tuple[str, str]]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        if numbering is None:
            return
        kinds = {of.get(f"{_W}abstractNumId", ""): dict(_levels(of)) for of in numbering.iter(f"{_W}abstractNum")}
        for number in numbering.iter(f"{_W}num"):
            of = number.find(f"{_W}abstractNumId")
            self._formats[number.get(f"{_W}numId", "")] = kinds.get(
                of.get(f"{_W}val", "") if of is not None else "", {}
            )

    def before(self, paragraph: Element) -> str:
        held = paragraph.find(f"{_W}pPr/{_W}numPr")
        if held is None:
            return ""
        number, level = (_value(held.find(f"{_W}{name}")) for name in ("numId", "ilvl"))
        form, pattern = self._formats.get(number, {}).get(level or "0", ("", ""))
        if not pattern or form in ("bullet", "none"):
            return ""
        key = number, level or "0"
        self._counts[key] = self._counts.get(key, 0) + 1
        for deeper in [k for k in self._counts if k[0] == number and k[1] > key[1]]:
            del self._counts[deeper]
        count = (
            _han(self._counts[key])
            if "hinese" in form or "ideograph" in form.lower() or form == "japaneseCounting"
            else str(self._counts[key])
        )
        return re.sub(r"%\d", count, re.sub(r"(?:%\d\.)+(?=%\d)", "", pattern))


def _levels(kind: Element) -> Iterator[tuple[str, tuple[str, str]]]:
    for level in kind.iter(f"{_W}lvl"):
        yield level.get(f"{_W}ilvl", "0"), (_value(level.find(f"{_W}numFmt")), _value(level.find(f"{_W}lvlText")))


def _value(element: Element | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


def _han(number: int) -> str:
    if number <= 10:
        return _HAN[number]
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _HAN[tens]) + "十" if tens < 10 else str(number)) + (
        _HAN[ones] if ones and tens < 10 else ""
    )
