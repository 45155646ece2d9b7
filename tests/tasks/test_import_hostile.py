"""Files made to hurt: each refused by one Chinese sentence in little time and memory, measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tasks.oldbooks import container, old_workbook
from tests.tasks.workbooks import archive, task, with_part, workbook

ROOT = Path(__file__).resolve().parent.parent.parent
MEASURED = """
import json, os, pathlib, resource, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from campaign.problems import Refused
from tasks.importing.reading import read_workbook

def spent():
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime

def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024

for name in sys.argv[1:]:
    content = pathlib.Path(name).read_bytes()
    open("/proc/self/clear_refs", "w").write("5")
    began = spent()
    try:
        said = [["read", str(len(read_workbook(content, year=2021).rows))]]
    except Refused as refused:
        said = [[p.code, p.message] for p in refused.problems]
    print(json.dumps([pathlib.Path(name).name, said, spent() - began, peak()]))
"""
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s<sheetData>%s</sheetData></worksheet>'
ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
PART = "xl/worksheets/sheet1.xml"
CELL = b'<row r="%d"><c r="%s" t="inlineStr"><is><t>x</t></is></c></row>'
ROWS = b"".join(b'<row r="%d"/>' % number for number in range(1, 60_000))

HOSTILE = {
    "bomb": lambda: with_part(PART, SHEET % (b"", b" " * 219_000_000)),
    "bomb-nested": lambda: with_part("xl/sharedStrings.xml", b"<sst>" + b"<si><t>x</t></si>" * 4_000_000),
    "entities": lambda: with_part(PART, ENTITIES + SHEET % (b"", b"<row><c><v>&c;</v></c></row>")),
    "entities-strings": lambda: with_part("xl/sharedStrings.xml", ENTITIES + b"<sst><si><t>&c;</t></si></sst>"),
    "too_big_sheet": lambda: with_part(PART, SHEET % (b'<dimension ref="A1:I1048576"/>', CELL % (1, b"A1"))),
    "too_big_sheet-far": lambda: with_part(PART, SHEET % (b"", CELL % (1048576, b"XFD1048576"))),
    "too_big_sheet-many": lambda: with_part(PART, SHEET % (b"", b"<row><c><v>1</v></c></row>" * 60_000)),
    "too_long_cell": lambda: workbook([task("长" * 32_767) for _ in range(3)]),
    "too_long_cell-header": lambda: workbook([task("整治")], headers=("工" * 32_767, "任务", "责任单位")),
    "macros": lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 100),
    "encrypted": lambda: container("EncryptedPackage", b"\0" * 8_000),
    "broken": lambda: workbook([task("整治")])[:-300],
    "broken-old": lambda: old_workbook({"甲": [("任务", "单位")]})[:1_600],
    "not_workbook": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000,
    "not_workbook-zip": lambda: archive({"readme.txt": "x" * 2_000}),
    "too_big_sheet-old": lambda: old_workbook({"甲": [("a",) * 256] + [()] * 65_000 + [("b",)]}),
}  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Name -> (problems, seconds of CPU, peak in MB), all measured by one process."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    words = [sys.executable, "-c", MEASURED, *(str(folder / name) for name in HOSTILE)]
    done = subprocess.run(words, capture_output=True, cwd=ROOT, timeout=600, check=True)
    return {name: figures for name, *figures in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_no_time_and_little_memory(measured, name):
    ((code, sentence),), seconds, megabytes = measured[name]
    assert code == name.split("-")[0]
    assert sentence.endswith("。")
    assert seconds < 2
    assert megabytes < 200
