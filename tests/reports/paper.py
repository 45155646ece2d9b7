"""A sheet to set, and a ruler for what came out: millimetres from the edges of the page."""

import datetime as dt
import os
import shutil
import subprocess
from dataclasses import dataclass

import pypdfium2
import pytest

from reports.sheet import Bar, Bars, BriefingSheet, Column, Curve, Heading, Paragraph, Table, TailLine

MOMENT = dt.datetime(2019, 9, 27, 9, tzinfo=dt.UTC)
MM = 72 / 25.4
WORDS = "全区各部门各街道按照创建工作要求认真落实责任扎实推进各项任务取得阶段性成效"
COLUMNS = (Column("序号", 1), Column("编号", 1.8), Column("任务", 6.4, is_centred=False), Column("时限", 1.8))
#: What rare names, brackets, units and dashes of real papers need.
CHARACTERS = "珺镕堃喆玥翀赟曌〔2019〕18号“要紧盯不放”……——①℃％《》￥÷×≥"


def long_table(caption, rows=60):
    body = tuple((str(n), f"02-02-{n:02d}", "创建文明交通示范道路", "9月30日") for n in range(1, rows + 1))
    return Table(caption, COLUMNS, body)


def sheet(*blocks, **fields):
    """An issue with the given blocks; without any, a short one with everything in it."""
    rows = tuple(Bar(f"第{n}项提升工程", n, 12 + n, n % 3) for n in range(1, 11))
    whole = (
        Heading("一、总体情况"),
        Paragraph("本周，" + WORDS + "。"),
        Paragraph(CHARACTERS),
        Heading("（一）各工程进展", 2),
        Bars("图1　各工程进展", rows),
        Curve("图2　应销号与已销号", tuple(f"{m}月" for m in range(1, 10)), tuple(range(9)), tuple(range(0, 18, 2))),
        long_table("表1　本周销号", 4),
        Heading("1．古桥街道", 3),
        Paragraph(WORDS),
    )
    made = {
        "mark": "创城工作简报",
        "number": "第38期",
        "total": "（总第38期）",
        "issuer": "区创城办",
        "day": "2019年9月27日",
        "title": "本周销号7项任务",
        "blocks": blocks or whole,
        "tail": (TailLine("报", "区委、区政府主要领导"), TailLine("发", "各街道、各部门")),
        "printed_by": "区创城办",
        "printed": "2019年9月27日印发",
    }
    return BriefingSheet(**made | fields)


@dataclass(frozen=True)
class Character:
    """Millimetres from the left, right, top edge of the page to the box of the character."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def characters(pdf, page, *, is_loose=True):
    document = pypdfium2.PdfDocument(pdf)
    width, height = document[page].get_size()
    text = document[page].get_textpage()
    found = []
    for number in range(text.count_chars()):
        word = text.get_text_range(number, 1)
        if word.strip():
            left, low, right, high = (edge / MM for edge in text.get_charbox(number, loose=is_loose))
            found.append(Character(word, left, width / MM - right, height / MM - high, height / MM - low))
    return found


def lines(pdf, page):
    """The characters of each line of the type area, top down."""
    found = []
    for one in characters(pdf, page):
        if one.top < 260:
            if not found or abs(found[-1][0].top - one.top) > 2:
                found.append([])
            found[-1].append(one)
    return found


def page_number(pdf, page):
    """The two dashes of — 1 —, by their ink."""
    return [one for one in characters(pdf, page, is_loose=False) if one.text == "—" and one.top > 260]


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def rules(pdf, page):
    """(top, left, right) of each drawn line that is as wide as the type area."""
    document = pypdfium2.PdfDocument(pdf)
    width, height = document[page].get_size()
    boxes = [one.get_bounds() for one in document[page].get_objects() if one.type == 2]
    found = [(height / MM - (low + high) / 2 / MM, left / MM, (width - right) / MM) for left, low, right, high in boxes]
    return [box for box in found if box[1] < 30 and box[2] < 28]


def office_suite():
    """LibreOffice, or why the test is left out. On the build machine it must be there."""
    found = shutil.which("soffice")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("LibreOffice is missing on the build machine: install libreoffice-writer-nogui.")
    if found is None:
        pytest.skip("LibreOffice (soffice) is not installed here.")
    return found


def converted(docx, folder):
    """The PDF that LibreOffice makes of a Word file."""
    (folder / "paper.docx").write_bytes(docx)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office_suite(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), "paper.docx"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return (folder / "paper.pdf").read_bytes()
