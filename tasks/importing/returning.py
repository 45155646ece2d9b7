"""Workbooks given back: the template to fill in, and a file with its problems written beside each row."""

import io
from collections.abc import Iterable
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tasks.importing.columns import header_words
from tasks.importing.comparing import Verdict
from tasks.importing.opening import Opened, open_workbook
from tasks.importing.showing import VERDICTS

WIDTHS = (7, 20, 18, 48, 18, 18, 18, 18, 16, 20)
NOTES = (
    "填写说明：每行一项任务。单位之间用顿号隔开，可以写“各街道”“区教委等相关部门”。",
    "完成时限可以写：2019-09-30、9月底前、11月前、年内、第三季度、每月11日、每季度至少1次；没有时限就空着。",
)
_ASK = PatternFill("solid", fgColor="FEF3DD")
_HEAD = PatternFill("solid", fgColor="EFF1F4")


def template(layer_name: str) -> bytes:
    """An empty plan with the columns the reader knows and one example row under two lines of notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "任务分解表"
    for note in NOTES:
        sheet.append([note])
    words = [layer_name if word == "提升工程" and layer_name else word for word in header_words()]
    sheet.append(words)
    for cell in sheet[len(NOTES) + 1]:
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center")
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in range(1, len(NOTES) + 1):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(words))
    sheet.freeze_panes = sheet.cell(len(NOTES) + 2, 1)
    return _bytes(book)


def with_problems(content: bytes, verdicts: Iterable[Verdict], sheets: Iterable[dict[str, Any]]) -> bytes:
    """The office's workbook with two more columns, 判断 and 错误说明, and every cell in question tinted.

    Values only: no formula of the sender comes back, and text that looks like one stays text.
    """
    opened = open_workbook(content)
    if content.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    else:
        book = _as_xlsx(opened)
    heads: dict[str, list[int]] = {}
    for sheet in sheets:
        heads.setdefault(sheet["name"], []).append(sheet["header_row"])
    by_sheet: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_sheet.setdefault(verdict.row.sheet, []).append(verdict)
    for name, found in by_sheet.items():
        _annotate(book[name], found, heads[name])
    for sheet in book.worksheets:
        _disarm(sheet)
    return _bytes(book)


def _as_xlsx(opened: Opened) -> openpyxl.Workbook:
    """An old workbook or a table of text, cell by cell in a new one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in opened.sheets:
        page = book.create_sheet(sheet.name)
        for row in sheet.cells:
            page.append([value if value != "" else None for value in row])
        for (top, left), (bottom, right) in sheet.merges:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return book


def _annotate(sheet: Worksheet, verdicts: Iterable[Verdict], header_rows: Iterable[int]) -> None:
    first, header_rows = sheet.max_column + 1, list(header_rows)
    for place, (word, width) in enumerate((("判断", 10), ("错误说明", 60)), first):
        for number in header_rows:
            cell = sheet.cell(number, place, word)
            cell.font, cell.fill = Font(bold=True), _HEAD
        sheet.column_dimensions[get_column_letter(place)].width = width
    for verdict in verdicts:
        row = verdict.row
        sheet.cell(row.row, first, VERDICTS[verdict.kind])
        cell = sheet.cell(row.row, first + 1)
        said = [f"{problem.cell} {problem.message}".strip() for problem in row.problems]
        cell.value = "\n".join(dict.fromkeys([*str(cell.value or "").split("\n"), *said])).strip()
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        for problem in row.problems:
            if problem.level == "blocks" and problem.cell:
                sheet[problem.cell].fill = _ASK
                cell.fill = _ASK


def _disarm(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" or (isinstance(cell.value, str) and cell.value.startswith("=")):
                cell.data_type = "s"


def _bytes(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
