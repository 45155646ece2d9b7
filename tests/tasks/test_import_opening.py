"""Files that are no workbook, or no honest one: one Chinese sentence each, in no time, and nothing unpacked."""

import contextlib
import random
import time
import tracemalloc

import pytest

from campaign.problems import Refused
from tasks.importing.opening import column_letter, open_workbook
from tasks.importing.reading import read_workbook
from tests.tasks.workbooks import archive, parts_of, task, with_part, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
CELL = b'<row r="%d"><c r="%s" t="inlineStr"><is><t>x</t></is></c></row>'


def forged():
    """The declared size of a part says less than it holds."""
    content = bytearray(with_part("xl/worksheets/sheet1.xml", SHEET % (CELL % (1, b"A1")) + b" " * 50_000))
    place = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    return bytes(content)


BAD = {
    "empty_file": lambda: b"",
    "too_large": lambda: b"PK\x03\x04" + b"\0" * (10 * 1024 * 1024),
    "not_workbook": "一份写成文字的计划".encode,
    "not_workbook-page": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
    "not_workbook-bytes": lambda: bytes(range(256)) * 9,
    "no_header-text": "序号,任务\n1,整治".encode,
    "broken-old": lambda: OLE + "Workbook".encode("utf-16-le"),
    "macros-old": lambda: OLE + "Workbook_VBA_PROJECT".encode("utf-16-le"),
    "not_workbook-doc": lambda: OLE + "WordDocument".encode("utf-16-le"),
    "too_long_cell": lambda: workbook([task("长" * 32_767)]),
    "too_big_sheet-declared": lambda: with_part("xl/worksheets/sheet1.xml", SHEET.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>') % (CELL % (1, b"A1"))),
    "encrypted": lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
    "not_workbook-word": lambda: archive({"word/document.xml": "<w/>"}),
    "not_workbook-zip": lambda: archive({"a.txt": "x"}),
    "broken": lambda: workbook([task("整治")])[:900],
    "broken-forged": forged,
    "broken-xml": lambda: with_part("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row"),
    "bomb": lambda: with_part("xl/worksheets/sheet2.xml", b" " * (120 * 1024 * 1024)),
    "bomb-ratio": lambda: with_part("xl/worksheets/sheet2.xml", b" " * (20 * 1024 * 1024)),
    "too_many_parts": lambda: archive({f"xl/{n}.xml": "" for n in range(2_100)} | {"xl/workbook.xml": ""}),
    "macros": lambda: with_part("xl/vbaProject.bin", b"x"),
    "entities": lambda: with_part("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET % b""),
    "too_big_sheet": lambda: with_part("xl/worksheets/sheet1.xml", SHEET % (CELL % (1048576, b"A1048576"))),
    "too_big_sheet-wide": lambda: with_part("xl/worksheets/sheet1.xml", SHEET % (CELL % (1, b"XFD1"))),
    "empty_sheet": lambda: workbook([], headers=()),
    "no_header": lambda: workbook([("整治背街小巷", "区教委")], headers=("甲", "乙")),
    "no_rows": lambda: workbook([]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_unusable_file_gets_one_sentence(name):
    content = BAD[name]()
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(Refused) as refused:
        read_workbook(content, year=2019)
    spent, peak = time.perf_counter() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (problem,) = refused.value.problems
    assert problem.code == name.split("-")[0]
    assert problem.message.endswith(("。", "？"))
    assert spent < 2
    assert peak < 200 * 1024 * 1024


def test_styled_but_empty_cells_far_below_do_not_count():
    honest = parts_of(workbook([task("整治")]))["xl/worksheets/sheet1.xml"]
    far = honest.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert len(read_workbook(with_part("xl/worksheets/sheet1.xml", far), year=2019).rows) == 1


def test_column_letters():
    assert [column_letter(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_mutated_workbooks_end_in_an_answer_or_a_sentence():
    rng = random.Random(20190924)
    content = workbook([task(f"整治背街小巷{n}条", deadline="9月底前") for n in range(12)])
    for _ in range(300):
        broken = bytearray(content)
        for _ in range(rng.randrange(1, 12)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        answer(bytes(broken))


def test_mutated_parts_end_in_an_answer_or_a_sentence():
    rng = random.Random(20190925)
    parts = parts_of(workbook([task(f"整治背街小巷{n}条") for n in range(6)]))
    for _ in range(200):
        name = rng.choice(sorted(parts))
        part = bytearray(parts[name])
        for _ in range(rng.randrange(1, 20)):
            place = rng.randrange(len(part))
            part[place : place + rng.randrange(3)] = rng.choice([b"", b"<", b">", b'"', b"99999", b"\xff", b"</c>"])
        answer(archive(parts | {name: bytes(part)}))


def answer(content):
    """A trace would fail the test."""
    with contextlib.suppress(Refused):
        assert read_workbook(content, year=2019).rows


def test_open_workbook_skips_hidden_sheets():
    import openpyxl

    from tests.tasks.workbooks import saved

    book = openpyxl.Workbook()
    book.active.append(["看得见"])
    hidden = book.create_sheet("底稿")
    hidden.append(["看不见"])
    hidden.sheet_state = "hidden"
    opened = open_workbook(saved(book))
    assert ([sheet.name for sheet in opened.sheets], opened.hidden) == (["Sheet"], ("底稿",))
