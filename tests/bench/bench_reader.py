"""The speech reader: a whole speech, 10,000 phrases, a text of 100,000 hostile characters; and, where it is, a real speech's figures."""

import io
import sys
from pathlib import Path

from django.core.management import call_command

from tasks.extraction import read_plan
from tests.bench.measure import cpu_ms
from tests.tasks import shared_data
from tests.tasks.plan_scoring import score
from tests.tasks.plans import wanted
from tests.tasks.plans.shelf import PLANS

SPEECH = Path(__file__).resolve().parents[2] / "tasks" / "demo" / "speech_2019.txt"
PHRASES = [
    "9月底前完成{}个示范点建设",
    "每月至少开展{}次检查",
    "群众满意度不低于{}%",
    "年内全面消除{}处积水点",
    "11月前确保{}家市场达标",
]


def run(report):
    text = SPEECH.read_text(encoding="utf-8")
    report("reader_speech_demo_cpu", cpu_ms(lambda: read_plan(text, year=2019)), "ms")
    every = "\n\n".join([text, *(written.text for written in PLANS)])
    report("reader_all_plans_cpu", cpu_ms(lambda: read_plan(every, year=2019)), "ms")
    report("reader_all_plans_characters", len(every), "characters")
    lines = "\n".join(PHRASES[i % 5].format(i % 97 + 2) for i in range(10_000))
    report("reader_10000_phrases_cpu", cpu_ms(lambda: read_phrases(lines), seconds=0, least=1) / 1000, "s")
    report(
        "reader_hostile_100000_characters_cpu",
        cpu_ms(lambda: read_plan("1.完成20个\n" * 14_300, year=2019), least=1) / 1000,
        "s",
    )
    for written in PLANS:
        told(
            report,
            written.name,
            score([row.as_dict() for row in read_plan(written.text, year=written.year).rows], wanted(written)),
        )
    if shared_data.has("gold_000.json"):
        rows = read_plan(shared_data.load_text("speech_2019.txt"), year=2019).rows
        told(report, "real", score([row.as_dict() for row in rows], shared_data.load("gold_000.json")))


def told(report, name, scored):
    for figure, rate in scored.rates().items():
        report(
            f"reader_{name}_{figure}",
            rate,
            f"of_{scored.drafted if figure in ('invented', 'doubled') else scored.wanted}",
        )


def read_phrases(lines):
    before, sys.stdin = sys.stdin, io.StringIO(lines)
    try:
        call_command("read_phrases", year=2019, json=True, stdout=io.StringIO())
    finally:
        sys.stdin = before
