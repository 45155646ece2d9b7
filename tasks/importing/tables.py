"""Where a sheet's table is, and which of its rows are tasks: titles, headers, sections, totals and notes set aside."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from tasks.importing.cells import Cell, in_one_line
from tasks.importing.columns import LONGEST_HEADER, UNIT_FIELDS, Column, base, squeezed
from tasks.importing.matrix import legend_of, role_of
from tasks.importing.naming import is_unit
from tasks.importing.opening import Sheet, column_letter
from tasks.importing.wrapping import both_limits, joined_rows, without_persons

_TOTAL = re.compile(
    r"(?:.{0,20}(?:[合小总共]\s*计|汇\s*总)|本页[小合]计|总[数量])[:：]?(?:[(（]?\d+(?:\.\d+)?\s*[项条个件万元处]*[)）]?)?"
)
_COUNT = re.compile(r"[\d.,，]+\s*[%\u4e00-\u9fff]{0,2}|[-—/]+")
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注|填表说明|填报说明|填表人|制表人?|审核人?|审批人?|联系人|填报单位|填表单位|制表单位|填报时间|填报人|单位盖章|主要领导签字)\s*(?:\d|[:：(（]|$)"
    r"|^第\s*\d+\s*页"
)
_NUMERALS = "一二三四五六七八九十"
_TOP = re.compile(rf"^(?:[{_NUMERALS}]+[、.．]|第[{_NUMERALS}]+[章部分节项类][、:： ]?|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[、.．])\s*")
_SECOND = re.compile(rf"^(?:[(（][{_NUMERALS}]+[)）][、.．]?|\d{{1,2}}(?:\.\d{{1,2}})?[、.．]?(?=[^\d.、．]))\s*")
#: 一 or （一） alone in the column of numbers: the row is a headline.
_CHAPTER = re.compile(rf"[{_NUMERALS}]{{1,3}}[、.．]?|[(（][{_NUMERALS}]{{1,3}}[)）]")
_ORDINAL = re.compile(rf"^(?:[{_NUMERALS}]{{1,3}}[、.．]|[(（][{_NUMERALS}]{{1,3}}[)）])\s*(?=\S)")
_SECTION_UNITS = re.compile(r"[(（](?:[^()（）]*?[\s，,；;、])?((?:牵头|责任|主责|主办|配合)[^()（）]*)[)）]$")
_SECTION_COUNT = re.compile(r"[(（]\s*共?\s*\d+\s*[项个条件类]\s*[)）]$")
_PLAIN_SHEET = re.compile(
    r"^(?:sheet|工作表|表)\s*[\d一二三四五六七八九十]*$|分解表|任务表|台账|清单|汇总|总表|附件|一览表", re.IGNORECASE
)
_PROGRAM_IN_TITLE = re.compile(
    r"[“\"「]?([\u4e00-\u9fff]{2,14}?(?:提升|创建|整治|攻坚|优化|培育|建设|治理)[\u4e00-\u9fff]{0,4}?(?:工程|行动|攻坚战))[”\"」]?"
)
#: 责任单位：区城管局 above a table without a column of units.
_OWNER = re.compile(r"(?:责任|承办|主责|牵头|承担|落实)(?:单位|部门)\s*[:：]\s*([\u4e00-\u9fff、（）()]{2,40})")
_FOOT = 10
_DITTO = ("同上", "〃", "″", '"', "“", "”", "''", "同 上", "同左")


@dataclass(frozen=True)
class Record:
    """One row of a table that is a task."""

    number: int
    cells: dict[str, Cell]
    is_hidden: bool = False


@dataclass
class Table:
    """A part of a sheet under a header that was found, with merged cells filled."""

    sheet: Sheet
    texts: list[list[str]]
    header_row: int
    header_rows: int
    columns: list[Column]
    first_row: int
    """The first row of what stands over the header; rows count from 1."""
    last_row: int
    beside: int = 0
    """Where another table begins beside this one, which is not read; 0: there is none."""
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def holds(self, sheet: str, row: int) -> bool:
        return sheet == self.sheet.name and self.first_row <= row <= self.last_row

    @property
    def fields(self) -> dict[str, int]:
        return {column.field: column.place for column in self.columns if column.field and column.field != "detail"}

    @property
    def has_words(self) -> bool:
        """Does the column of tasks say anything in words? A table of counts by unit has none to say."""
        place = self.fields.get("title")
        if place is None:
            return True
        said = [
            text
            for row in self.texts[self.header_row + self.header_rows - 1 : self.last_row]
            for text in row[place : place + 1]
            if text
        ]
        return not said or any(not _COUNT.fullmatch(in_one_line(text)) for text in said)

    @property
    def title(self) -> str:
        above = [
            in_one_line(text) for row in self.texts[self.first_row - 1 : self.header_row - 1] for text in row if text
        ]
        return above[0] if above else ""

    def program(self, *, is_alone: bool) -> str:
        """What the sheet as a whole is about, where neither a column nor a section says it."""
        name = self.sheet.name.strip()
        if not is_alone and not _PLAIN_SHEET.search(name):
            return _TOP.sub("", re.sub(r"^\d{1,2}[.、．\s-]*(?=\D)", "", name))
        named = (
            _PROGRAM_IN_TITLE.search(re.sub(r"^.*?(?:[市县区旗州]|20\d\d年)", "", self.title)) if not is_alone else None
        )
        return named[1] if named else ""

    def records(self, *, is_alone: bool) -> Iterator[Record]:
        """Rows of tasks with the upper layers carried down; title, note, total and section rows are set aside."""
        last = self.header_row + self.header_rows - 1
        self.skipped += [(number, "title") for number in range(self.first_row, self.header_row)]
        self.skipped += [(number, "header") for number in range(self.header_row, last + 1)]
        owner = self._owner(is_alone=is_alone)
        program = self.program(is_alone=is_alone)
        carried = _Carried(set(self.fields), "" if program == owner else program, units=owner)
        held: Record | None = None
        for number in range(last + 1, self.last_row + 1):
            texts = self.texts[number - 1]
            reason = self._set_aside(texts)
            if reason == "section":
                carried.begin(self._headline(texts))
            if reason:
                self.skipped.append((number, reason))
                continue
            record = Record(number, carried.complete(self._cells(number)), number in self.sheet.hidden_rows)
            if held and number in self._continued and (joined := joined_rows(held.cells, record.cells)):
                held = replace(held, cells=joined)
                self.skipped.append((number, "continued"))
                continue
            if held:
                yield held
            held = record
        if held:
            yield held

    @cached_property
    def _read(self) -> list[tuple[str, int, str, str, bool]]:
        """Of each column that is read: field, place, letter, unit of measure, and whether persons stand in it too."""
        return [
            (name, column.place, column_letter(column.place + 1), column.measure if name == "target" else "",
             "人" in column.header and base(name) in UNIT_FIELDS)
            for column in self.columns if (name := column.field)
        ]  # fmt: skip

    def _cells(self, number: int) -> dict[str, Cell]:
        values, texts, row = self.sheet.cells[number - 1], self.texts[number - 1], str(number)
        cells: dict[str, Cell] = {}
        for name, place, letter, measure, has_persons in self._read:
            if place >= len(values):
                continue
            cell = Cell(letter + row, values[place], texts[place])
            if measure and cell.is_number:
                cell = cell.saying(cell.text + measure)
            if has_persons:
                cell = cell.saying(without_persons(cell.text))
            if name.startswith("mark"):
                cell = Cell(
                    cell.place, cell.text and role_of(cell.text, self._legend), cell.text and self._heads[place]
                )
            if name == "detail" and "detail" in cells and cells["detail"].text:
                cell = cells["detail"].saying("；".join(filter(None, (cells["detail"].text, cell.text))))
            cells[name] = cell
        if "deadline2" in cells:
            cells["deadline"] = both_limits(cells["deadline"], cells.pop("deadline2"))
        cells.setdefault("title", Cell(""))
        return cells

    @cached_property
    def _heads(self) -> list[str]:
        return [column.key for column in self.columns]

    @cached_property
    def _legend(self) -> dict[str, str]:
        above = self.texts[self.first_row - 1 : self.header_row - 1]
        below = self.texts[max(self.header_row, self.last_row - _FOOT) : self.last_row]
        return legend_of((text for row in (*above, *below) for text in row if text), self.columns)

    def _owner(self, *, is_alone: bool) -> str:
        """The unit that owes everything in a table without a column of units: in a line above it, or its sheet's name."""
        if any(name in UNIT_FIELDS or name.startswith("mark") for name in self.fields):
            return ""
        above = (text for row in self.texts[self.first_row - 1 : self.header_row - 1] for text in row if text)
        named = next((found[1] for text in above if (found := _OWNER.search(text))), "")
        name = re.sub(r"^\d{1,2}[.、．\s-]*", "", self.sheet.name.strip())
        return named or (name if not is_alone and is_unit(name) else "")

    @cached_property
    def _continued(self) -> set[int]:
        """Rows, counted from 1, whose task is merged with the one above."""
        place = self.fields.get("title", -1)
        return {
            row + 1
            for (top, left), (bottom, right) in self.sheet.merges
            if left <= place <= right
            for row in range(top + 1, min(bottom, len(self.texts)) + 1)
        }

    def _headline(self, row: Sequence[str]) -> str:
        """The words of a section's row, after its number where that stands in a cell of its own."""
        said = list(dict.fromkeys(text for text in row if text))
        return f"{said[0]}、{said[1]}" if len(said) == 2 and _CHAPTER.fullmatch(said[0]) else said[0]

    @cached_property
    def _places(self) -> dict[str, int]:
        return self.fields

    def _set_aside(self, row: Sequence[str]) -> str | None:
        texts = [text for text in row if text]
        if not texts:
            return "blank"
        places = self._places
        said = {name: row[place] for name, place in places.items() if place < len(row)}
        owed = (said.get(name, "") for name in (*UNIT_FIELDS, "deadline"))
        has_units = any(text and text != texts[0] and not _COUNT.fullmatch(text) for text in owed)
        if not has_units and any(_TOTAL.fullmatch(in_one_line(text)) for text in texts[:3]):
            return "total"
        if _NOTE.match(texts[0]):
            return "note"
        title = said.get("title", "")
        if len(title) <= LONGEST_HEADER and "".join(title.split()) in self._header_words and self._is_header_again(row):
            return "header"
        if len(set(texts)) == 2 and _CHAPTER.fullmatch(texts[0]) and title in texts[1:] and "program" not in places:
            return "section"
        if len(set(texts)) > 1:
            return None
        if in_one_line(texts[0]) == self.title:
            return "title"
        is_headline = "program" not in places and bool(_TOP.match(texts[0]) or _SECOND.match(texts[0]))
        return "section" if len(texts) > 2 or not title or is_headline else None

    @cached_property
    def _header_words(self) -> set[str]:
        start = self.header_row - 1
        return {"".join(text.split()) for row in self.texts[start : start + self.header_rows] for text in row if text}

    def _is_header_again(self, row: Sequence[str]) -> bool:
        """A header that is printed again on the next page."""
        texts = {squeezed(text) for text in row if text}
        start = self.header_row - 1
        return any(
            texts <= {squeezed(text) for text in self.texts[place]} for place in range(start, start + self.header_rows)
        )


@dataclass
class _Carried:
    """What rows above say for the rows below: the layers, a section's units, and what 同上 means."""

    fields: set[str]
    program: str
    project: str = ""
    units: str = ""
    _above: dict[str, Cell] = field(default_factory=dict)
    _has_top: bool = False

    def begin(self, headline: str) -> None:
        """A row that is a headline over the rows below: 一、… the program, （一）… the project."""
        words = in_one_line(headline)
        units = _SECTION_UNITS.search(words)
        is_second = bool(_SECOND.match(words)) and not _TOP.match(words)
        name = _SECOND.sub("", _TOP.sub("", words))
        name = _SECTION_COUNT.sub("", _SECTION_UNITS.sub("", name)).strip(" ：:")
        if is_unit(name) and not self.fields & set(UNIT_FIELDS):
            self.units = name  # 一、区城管局（4项）: a list by departments
            return
        self.units = units[1] if units else "" if not is_second else self.units
        if "program" not in self.fields and not (is_second and self._has_top):
            self.program, self.project, self._has_top = name, "", self._has_top or not is_second
        elif "project" not in self.fields:
            self.project = name

    def complete(self, cells: dict[str, Cell]) -> dict[str, Cell]:
        for name, cell in cells.items():
            if cell.text in _DITTO and name in self._above:
                cells[name] = Cell(cell.place, self._above[name].value, self._above[name].text)
        self._above = cells
        said = _ORDINAL.sub("", in_one_line(cells["program"].text)) if "program" in cells else ""
        if said and said != self.program:
            self.program, self.project = said, "" if "project" in self.fields else self.project
        if "project" in cells and cells["project"].text:
            self.project = _ORDINAL.sub("", in_one_line(cells["project"].text))
        more = {"program": Cell("", self.program, self.program), "project": Cell("", self.project, self.project)}
        if self.units.startswith("牵头") and "lead" not in self.fields:
            more["lead"] = Cell(cells["title"].place, self.units, self.units)
        elif self.units and not any(cells[name].text for name in UNIT_FIELDS if name in cells):
            more["responsible"] = Cell(cells["title"].place, self.units, self.units)
        return cells | more


def filled(sheet: Sheet) -> Sheet:
    """The sheet with every merged area filled from its first cell."""
    cells = [list(row) for row in sheet.cells]
    for (top, left), (bottom, right) in sheet.merges:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        for place in range(top, min(bottom, len(cells) - 1) + 1):
            row = cells[place]
            for column in range(left, min(right, len(row) - 1) + 1):
                row[column] = value
    return Sheet(sheet.name, cells, sheet.merges, sheet.hidden_rows, sheet.hidden_columns, sheet.unvalued)


def hidden_letters(sheet: Sheet) -> list[str]:
    return [column_letter(place + 1) for place in sorted(sheet.hidden_columns)]
