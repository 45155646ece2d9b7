"""Six pages, three tables of 60 rows, two charts: set cold in a fresh process, and warm in this one."""

import resource
import statistics
import subprocess
import sys
import time

import pypdfium2

from reports import typesetting, wordfile
from reports.sheet import Bar, Bars, Column, Curve, Heading, Paragraph, Table
from tests.reports import paper

COLUMNS = (Column("编号", 1.6), Column("任务", 6, is_centred=False), Column("单位", 3), Column("时限", 1.6))
COLD = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "campaign.settings"
import django; django.setup()
began, spent = time.perf_counter(), time.process_time()
from tests.bench.bench_briefing import issue
from reports import typesetting
from tests.reports.paper import MOMENT
typesetting.pdf(issue(), now=MOMENT)
import resource
print(time.perf_counter() - began, time.process_time() - spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def issue():
    rows = tuple((f"02-02-{n:02d}", "创建文明交通示范道路", "区交通支队", "9月30日") for n in range(60))
    weeks = tuple(f"第{n}周" for n in range(1, 40))
    charts = (
        Bars("图1　各工程进展", tuple(Bar(f"第{n}项提升工程", n, n + 9, n % 3) for n in range(1, 11))),
        Curve("图2　应销号与已销号", weeks, tuple(range(39)), tuple(range(0, 78, 2))),
    )
    tables = [Table(f"表{n}　任务", COLUMNS, rows) for n in (1, 2, 3)]
    return paper.sheet(Heading("一、总体情况"), Paragraph(paper.WORDS * 3), *charts, *tables)


def run(report):
    pages = len(pypdfium2.PdfDocument(typesetting.pdf(issue(), now=paper.MOMENT)))
    report("briefing_pages", pages, "pages")
    cold = [
        subprocess.run([sys.executable, "-c", COLD], check=True, capture_output=True, text=True).stdout.split()
        for _ in range(3)
    ]
    report("briefing_pdf_cold", statistics.median(float(seconds) for seconds, _, _ in cold), "s")
    report("briefing_pdf_cold_cpu", statistics.median(float(spent) for _, spent, _ in cold), "s")
    report("briefing_pdf_peak", max(float(megabytes) for _, _, megabytes in cold), "MB")
    report("briefing_pdf_warm", _warm(typesetting.pdf), "s")
    report("briefing_docx_warm", _warm(wordfile.docx), "s")
    report("briefing_process_peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def _warm(make):
    """A sheet with another title each time, so that nothing is answered from memory."""
    taken = []
    for number in range(5):
        changed = paper.sheet(*issue().blocks, title=f"本周销号{number}项任务")
        began = time.perf_counter()
        make(changed, now=paper.MOMENT)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
