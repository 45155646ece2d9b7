"""Workbooks for the tests of the import: the plan of 2019, small ones made on the spot, and hostile ones."""

import io
import zipfile
from pathlib import Path

import openpyxl

PLAN = Path(__file__).resolve().parent.parent.parent / "tasks" / "demo" / "plan_2019.xlsx"
HEADERS = ("序号", "提升工程", "项目", "工作任务", "牵头单位", "主责单位", "责任单位", "完成时限", "备注")


def workbook(rows, *, headers=HEADERS, above=(), sheet="任务分解表", merges=()):
    """Bytes of an .xlsx with these rows under these headers."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in (*above, headers, *rows):
        page.append(list(row))
    for area in merges:
        page.merge_cells(area)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def task(
    title,
    *,
    primary="区教委",
    deadline=None,
    program="甲工程",
    project="子项",
    number=1,
    remark=None,
    lead=None,
    responsible=None,
):
    """A row under HEADERS."""
    return (number, program, project, title, lead, primary, responsible, deadline, remark)


def plan_with(**cells):
    """The plan of 2019 with some cells written over: plan_with(H32="6月31日前")."""
    book = openpyxl.load_workbook(PLAN)
    for place, value in cells.items():
        book.active[place] = value
    return saved(book)


def archive(parts, *, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return {name: made.read(name) for name in made.namelist()}


def with_part(name, content):
    """The small plan with one part put in or replaced."""
    return archive(parts_of(workbook([task("整治")])) | {name: content})
