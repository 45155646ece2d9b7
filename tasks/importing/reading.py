"""Reading a plan's workbook into rows with their problems. Writes nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from campaign.problems import Problem, Refused
from tasks.importing import columns as header
from tasks.importing.cells import Cell, cell_text
from tasks.importing.naming import named
from tasks.importing.opening import UPLOAD_LIMIT, Sheet, column_letter, open_workbook
from tasks.importing.review import Reviewer, compared
from tasks.importing.rows import Row
from tasks.language.units import Directory, Known

_HEADER_DEPTH = 30
_TOTAL = re.compile(r"^(?:合计|小计|总计|共计|累计)")
_NOTE = re.compile(r"^(?:注|备注|说明|附注|填表人|制表人|审核人|联系人|填报单位|制表单位)\s*[:：]")
_SECTION_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|（[一二三四五六七八九十]+）|第[一二三四五六七八九十]+[章部分]+)\s*"
)
_PLAIN_SHEET = re.compile(r"^(?:sheet|工作表)\s*\d*$|分解表|任务表|台账|清单|汇总", re.IGNORECASE)


@dataclass(frozen=True)
class SheetReading:
    """Where a sheet's table is, and the rows of it that are no tasks."""

    name: str
    title: str
    header_row: int
    columns: dict[str, int]
    headers: tuple[str, ...]
    skipped: tuple[tuple[int, str], ...]

    def as_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)


@dataclass(frozen=True)
class Reading:
    rows: tuple[Row, ...]
    sheets: tuple[SheetReading, ...]
    problems: tuple[Problem, ...]
    """What is wrong with the whole file, rows apart."""

    @property
    def blocked_count(self) -> int:
        return sum(row.is_blocked for row in self.rows)


def read_workbook(
    file: BinaryIO | bytes, *, year: int, known_units: Iterable[Known] | None = None, is_creating_units: bool = True,
    layer_name: str = "", is_month_included: bool = False,
) -> Reading:  # fmt: skip
    """Read every visible sheet that has a header row. Raises `Refused` with one sentence for unusable input.

    `known_units` None: no name is questioned. `is_creating_units`: names of a unit's form that the directory does not
    hold are only warned of, because committing will create them.
    """
    opened = open_workbook(file if isinstance(file, bytes) else file.read(UPLOAD_LIMIT + 1))
    reviewer = Reviewer(year=year, is_month_included=is_month_included)
    tables = [table for sheet in opened.sheets if (table := _Table.find(sheet, layer_name))]
    if not tables:
        raise Refused(
            Problem("no_header", "没有找到表头。表头里要有“工作任务”，还要有单位或“完成时限”；可以下载模板对照。")
        )
    rows: list[Row] = []
    for table in tables:
        rows.extend(
            reviewer.read(row, table.sheet.name, number) for number, row in table.tasks(is_alone=len(tables) == 1)
        )
    if not rows:
        raise Refused(Problem("no_rows", f"工作表“{tables[0].sheet.name}”只有表头，没有任务。"))
    hidden = [Problem("hidden_sheet", f"工作表“{name}”是隐藏的，没有读。", level="warns") for name in opened.hidden]
    if known_units is not None:
        directory = Directory(list(known_units))
        rows = [named(row, directory, is_creating=is_creating_units) for row in rows]
    return Reading(tuple(compared(rows)), tuple(table.told() for table in tables), tuple(hidden))


@dataclass
class _Table:
    """A sheet whose header row was found, with merged cells filled."""

    sheet: Sheet
    cells: list[list[Any]]
    header_row: int
    columns: dict[str, int]
    skipped: list[tuple[int, str]] = field(default_factory=list)

    @classmethod
    def find(cls, sheet: Sheet, layer_name: str) -> "_Table | None":
        cells = _filled(sheet)
        best: tuple[int, dict[str, int]] | None = None
        for place, row in enumerate(cells[:_HEADER_DEPTH]):
            found = header.map_columns(row, layer_name=layer_name)
            if header.is_header(found) and (best is None or len(found) > len(best[1])):
                best = place, found
        return cls(sheet, cells, best[0] + 1, best[1]) if best else None

    def told(self) -> SheetReading:
        headers = tuple(cell_text(value) for value in self.cells[self.header_row - 1])
        above = [cell_text(row[0]) for row in self.cells[: self.header_row - 1] if row and cell_text(row[0])]
        return SheetReading(
            self.sheet.name, above[0] if above else "", self.header_row, self.columns, headers, tuple(self.skipped)
        )

    def tasks(self, *, is_alone: bool) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Rows of tasks with the upper layers carried down; title, note, total and section rows are set aside."""
        for number in range(1, self.header_row):
            self.skipped.append((number, "title"))
        self.skipped.append((self.header_row, "header"))
        program = "" if is_alone or _PLAIN_SHEET.search(self.sheet.name) else self.sheet.name
        project = ""
        for number in range(self.header_row + 1, len(self.cells) + 1):
            row = self.cells[number - 1]
            reason = self._set_aside(row)
            if reason == "section":
                section = _SECTION_NUMBER.sub("", next(text for value in row if (text := cell_text(value)))).strip()
                program, project = ("" if "program" in self.columns else section), ""
            if reason:
                self.skipped.append((number, reason))
                continue
            cells = {
                name: Cell(column_letter(place + 1) + str(number), value=row[place] if place < len(row) else None)
                for name, place in self.columns.items()
            }
            said = cells["program"].text if "program" in cells else ""
            if said and said != program:
                program, project = said, ""
            project = (cells["project"].text if "project" in cells else "") or project
            yield number, cells | {"program": Cell("", value=program), "project": Cell("", value=project)}

    def _set_aside(self, row: list[Any]) -> str | None:
        texts = [text for value in row if (text := cell_text(value))]
        if not texts:
            return "blank"
        if _TOTAL.match(texts[0]) or any(_TOTAL.match(text) for text in texts[:3]):
            return "total"
        if _NOTE.match(texts[0]):
            return "note"
        place = self.columns["title"]
        title = cell_text(row[place]) if place < len(row) else ""
        if header.field_of(title) == "title":
            return "header"
        is_headline = "program" not in self.columns and bool(_SECTION_NUMBER.match(texts[0]))
        if len(set(texts)) == 1 and (len(texts) > 2 or not title or is_headline):
            return "section"
        return None


def _filled(sheet: Sheet) -> list[list[Any]]:
    """The cells with every merged area filled from its first cell."""
    cells = [list(row) for row in sheet.cells]
    for (top, left), (bottom, right) in sheet.merges:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        for place in range(top, min(bottom, len(cells) - 1) + 1):
            row = cells[place]
            for column in range(left, min(right, len(row) - 1) + 1):
                row[column] = value
    return cells
