"""Reading a plan's workbook into rows with their problems. Writes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from campaign.problems import Problem, Refused
from tasks.importing import clauses
from tasks.importing.cells import in_one_line
from tasks.importing.columns import Wording
from tasks.importing.finding import tables_of
from tasks.importing.naming import named
from tasks.importing.opening import UPLOAD_LIMIT, Opened, Sheet, column_letter, open_workbook
from tasks.importing.review import Reviewer, compared
from tasks.importing.rows import Row, RowProblem
from tasks.importing.tables import Table
from tasks.language.units import Directory, Known

_SHOWN = 10


@dataclass(frozen=True)
class SheetReading:
    """Where a sheet's table is, and the rows of it that are no tasks. `header_row` is the last of the header's rows."""

    name: str
    title: str
    header_row: int
    columns: dict[str, int]
    headers: tuple[str, ...]
    skipped: tuple[tuple[int, str], ...]
    keys: tuple[str, ...] = ()
    """The words each column is known by, as the office can teach them."""
    last_row: int = 0
    """Where another table follows on the same sheet, the last row of this one; 0: it has the sheet to its end."""

    @classmethod
    def of(cls, table: Table) -> "SheetReading":
        last = table.header_row + table.header_rows - 1
        columns = {column.field: column.place for column in table.columns if column.field}
        headers = tuple(in_one_line(column.header) for column in table.columns)
        keys = tuple(column.key for column in table.columns)
        end = table.last_row if table.last_row < len(table.texts) else 0
        return cls(table.sheet.name, table.title, last, columns, headers, tuple(table.skipped), keys, end)

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
    layer_name: str = "", is_month_included: bool = False, learned: Mapping[str, str] | None = None,
) -> Reading:  # fmt: skip
    """Read every visible sheet that has a header row. Raises `Refused` with one sentence for unusable input.

    `known_units` None: no name is questioned. `is_creating_units`: names of a unit's form that the directory does not
    hold are only warned of, because committing will create them. `learned`: header -> field, as the office taught.
    """
    opened = open_workbook(file if isinstance(file, bytes) else file.read(UPLOAD_LIMIT + 1))
    wording = Wording(layer_name, learned or {})
    tables = [table for sheet in opened.sheets for table in tables_of(sheet, wording)]
    if not tables:
        raise Refused(_no_header(opened))
    reviewer = Reviewer(year=year, is_month_included=is_month_included)
    is_alone = len({table.sheet.name for table in tables}) == 1
    rows = [row for table in tables for row in _rows(table, reviewer, is_alone=is_alone)]
    if not rows:
        raise Refused(Problem("no_rows", f"工作表“{tables[0].sheet.name}”只有表头，没有任务。"))
    if known_units is not None:
        directory = Directory(list(known_units))
        rows = [named(row, directory, is_creating=is_creating_units) for row in rows]
    sheets = tuple(SheetReading.of(table) for table in tables)
    return Reading(tuple(compared(rows)), sheets, tuple(_notices(opened, tables, rows)))


def _rows(table: Table, reviewer: Reviewer, *, is_alone: bool) -> Iterator[Row]:
    name, unvalued = table.sheet.name, table.sheet.unvalued
    for record in table.records(is_alone=is_alone):
        parts = clauses.split(record.cells)
        for part, cells in enumerate(parts, 1):
            row = reviewer.read(cells, name, record.number, part if len(parts) > 1 else 0)
            problems = [_unvalued(c.place) for c in cells.values() if unvalued and c.place in unvalued]
            if record.is_hidden:
                problems.append(_HIDDEN)
            yield row.but(problems=(*row.problems, *problems)) if problems else row


_HIDDEN = RowProblem("row_hidden", "warns", "这一行在表里是隐藏的，也读了；不要的话请跳过。")


def _unvalued(place: str) -> RowProblem:
    said = "这一格是公式，文件里没有算出来的结果。请用 Excel 或 WPS 打开、保存一次再传，或把公式改成数值。"
    return RowProblem("formula_unvalued", "blocks", said, place.rstrip("0123456789"), place)


def _notices(opened: Opened, tables: list[Table], rows: list[Row]) -> Iterator[Problem]:
    """What a reader of the sheet could miss: hidden sheets, rows and columns, and sheets without a table."""
    for name in opened.hidden:
        yield Problem("hidden_sheet", f"工作表“{name}”是隐藏的，没有读。", level="warns")
    for table in tables:
        hidden = [row for row in rows if table.holds(row.sheet, row.row) and _HIDDEN in row.problems]
        if hidden:
            numbers = "、".join(dict.fromkeys(str(row.row) for row in hidden[:_SHOWN]))
            more = " 等" if len(hidden) > _SHOWN else ""
            said = (
                f"工作表“{table.sheet.name}”第 {numbers}{more} 行是隐藏的，也读了，共 {len(hidden)} 项；不要的请跳过。"
            )
            yield Problem("hidden_rows", said, level="warns")
        if table.beside:
            letter = column_letter(table.beside + 1)
            said = f"工作表“{table.sheet.name}”从 {letter} 列起，右边还有一张表，没有读。请把它移到左边这张的下面，或另放一张工作表。"
            yield Problem("table_beside", said, level="warns")
        read = [column.place for column in table.columns if column.field and column.place in table.sheet.hidden_columns]
        if read:
            letters = "、".join(map(column_letter, (place + 1 for place in read)))
            yield Problem(
                "hidden_columns", f"工作表“{table.sheet.name}”的 {letters} 列是隐藏的，也读了。", level="warns"
            )
    found = {table.sheet.name for table in tables}
    for sheet in opened.sheets:
        if sheet.name not in found and _is_written(sheet):
            yield Problem("no_table", f"工作表“{sheet.name}”里没有找到任务的表头，没有读。", level="warns")


def _is_written(sheet: Sheet) -> bool:
    return any(value not in ("", None) for row in sheet.cells for value in row)


def _no_header(opened: Opened) -> Problem:
    """Says which row looked most like a header, so that the office sees what it is called there."""
    rows = [row for sheet in opened.sheets for row in sheet.cells[:30]]
    widest = max(
        rows, key=lambda row: sum(isinstance(value, str) and 0 < len(value) <= 16 for value in row), default=[]
    )
    words = [in_one_line(value.strip()) for value in widest if isinstance(value, str) and value.strip()]
    seen = f"最像表头的一行是“{'、'.join(words[:8])[:60]}”。" if len(words) > 2 else ""
    said = (
        "没有找到表头。表头里要有“工作任务”，还要有单位或“完成时限”；"
        + seen
        + "可以下载模板对照，或在导入页补上列名的叫法。"
    )
    return Problem("no_header", said)
