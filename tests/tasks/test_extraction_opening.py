"""Files a stranger sends: their text, or one sentence why not."""

import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from docx import Document

from campaign.problems import Refused
from tasks.extraction import read_document, read_plan

ROOT = Path(__file__).resolve().parents[2]
SAID = "区教委主责，9月底前要完成20个示范校建设。"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*paragraphs, tables=()):
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    for rows in tables:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(rows, table.rows, strict=True):
            for words, cell in zip(row, cells.cells, strict=True):
                cell.text = words
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_usual_encodings(encoding):
    assert SAID in read_document(SAID.encode(encoding), "讲话.txt")


def test_markdown_loses_its_marks():
    text = read_document("## 一、重点任务\n\n- **区教委**主责，每月开展1次检查。".encode(), "方案.md")
    assert text == "一、重点任务\n\n区教委主责，每月开展1次检查。"


def test_a_word_file_gives_its_paragraphs():
    assert SAID in read_document(docx("标题", SAID), "讲话.docx").splitlines()


def test_a_table_of_tasks_in_a_word_file_is_read_with_its_units():
    rows = [("序号", "工作任务", "责任单位", "完成时限"), ("1", "完成20条背街小巷整治", "区城管局、各街道", "9月底前")]
    row = read_plan(read_document(docx("方案", tables=[rows]), "方案.docx"), year=2020).rows[0]
    assert (row.responsible_units, row.due_date) == (("区城管局", "各街道"), "2020-09-30")
    assert [(target["value"], target["unit"]) for target in row.targets] == [(20, "条")]


def test_numbers_that_word_writes_itself_are_there():
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    item = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    )
    body = f'<w:document xmlns:w="{W}"><w:body>{item.format("总体要求")}{item.format("重点任务")}</w:body></w:document>'
    content = zipped(word__document_xml=body, word__numbering_xml=numbering)
    assert read_document(content, "方案.docx").splitlines() == ["一、总体要求", "二、重点任务"]


BOMB = (
    f'<!DOCTYPE w [<!ENTITY a "{"哈" * 1000}"><!ENTITY b "{"&a;" * 1000}">]>'
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
)
HOSTILE = {
    "empty": (b"", "空.txt"),
    "binary": (bytes(range(256)) * 4000, "讲话.txt"),
    "nulls": (b"\x00" * 100_000, "讲话.txt"),
    "huge": ("每".encode() * 1_500_000, "讲话.txt"),
    "too large": (b"a" * (10 * 1024 * 1024 + 1), "讲话.txt"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5000, "讲话.doc"),
    "pdf": (b"%PDF-1.7\n" + b"x" * 5000, "讲话.pdf"),
    "no word file": (SAID.encode(), "讲话.docx"),
    "workbook": (zipped(xl__workbook_xml="<a/>"), "讲话.docx"),
    "broken": (docx(SAID)[:-400], "讲话.docx"),
    "zip bomb": (zipped(word__document_xml="<a>" + "x" * 60_000_000), "讲话.docx"),
    "many parts": (zipped(word__document_xml="<a/>", **{f"p{i}": "" for i in range(2100)}), "讲话.docx"),
    "entity bomb": (zipped(word__document_xml=BOMB), "讲话.docx"),
    "no xml": (zipped(word__document_xml="<a><b>"), "讲话.docx"),
    "deep xml": (zipped(word__document_xml="<a>" * 100_000), "讲话.docx"),
    "macros": (zipped(word__document_xml="<a/>", **{"word/vbaProject.bin": "x"}), "讲话.docx"),
    "blank": (b" \n\n ", "讲话.txt"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_one_sentence(name):
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        read_document(*HOSTILE[name])
    assert time.process_time() - began < 2
    said = str(refused.value)
    assert said.endswith("。")
    assert "\n" not in said


def run(path, *options):
    command = [sys.executable, "manage.py", "extract_plan", str(path), "--year", "2020", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "讲话.txt").write_text(f"一、重点任务\n{SAID}", encoding="utf-8")
    return tmp_path


def test_the_command_prints_one_document(folder):
    said = json.loads(run(folder / "讲话.txt", "--json").stdout)
    assert said["rows"][0]["primary_units"] == ["区教委"]
    assert said["rows"][0]["due_date"] == "2020-09-30"


PEAK = """
import re, runpy, sys
from pathlib import Path
sys.argv = ["manage.py", "extract_plan", *sys.argv[1:]]
try:
    runpy.run_path("manage.py", run_name="__main__")
finally:
    print(re.search("VmHWM:(.*)kB", Path("/proc/self/status").read_text())[1].strip())
"""


@pytest.mark.parametrize("name", ["zip bomb", "entity bomb", "huge", "binary"])
def test_the_command_refuses_with_exit_2_and_little_memory(tmp_path, name):
    content, called = HOSTILE[name]
    (tmp_path / called).write_bytes(content)
    command = [sys.executable, "-c", PEAK, str(tmp_path / called), "--year", "2020", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().count("\n") == 0
    assert int(done.stdout) < 200 * 1024


def test_phrases_that_are_no_text_are_refused_with_one_sentence():
    command = [sys.executable, "manage.py", "read_phrases", "--year", "2020", "--json"]
    done = subprocess.run(command, cwd=ROOT, input=bytes(range(1, 256)), capture_output=True, timeout=300, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().strip().endswith("。")
