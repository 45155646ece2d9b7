"""The reader against plans of districts that do not exist, in the styles offices write."""

from pathlib import Path

import pytest

from tasks.extraction import read_plan
from tests.tasks.plan_scoring import score
from tests.tasks.plans import wanted
from tests.tasks.plans.shelf import PLANS

DEMO = Path(__file__).resolve().parents[2] / "tasks" / "demo"


@pytest.mark.parametrize("written", PLANS, ids=lambda written: written.name)
def test_a_plan_is_read_as_a_clerk_reads_it(written):
    plan = read_plan(written.text, year=written.year)
    scored = score([row.as_dict() for row in plan.rows], wanted(written))
    rates = scored.rates()
    assert min(rates[name] for name in ("found", "units", "limits", "measures")) >= 0.95, "\n".join(scored.wrong)
    assert rates["invented"] <= 0.03, "\n".join(scored.wrong)


def test_the_demo_speech_is_read():
    text = (DEMO / "speech_2019.txt").read_text(encoding="utf-8")
    plan = read_plan(text, year=2019)
    assert {(total.value, total.counts) for total in plan.totals} >= {
        (10, "programs"),
        (35, "projects"),
        (171, "tasks"),
    }
    assert len(plan.rows) > 80
    assert sum(not any(row.units.values()) for row in plan.rows) == 0


@pytest.mark.parametrize("written", PLANS, ids=lambda written: written.name)
def test_every_place_leads_back_into_the_text(written):
    for row in read_plan(written.text, year=written.year).rows:
        start, end = row.span
        assert written.text[start:end] == row.sentence
        assert all(0 <= a < b <= len(written.text) for a, b in (*row.unit_spans, *row.limit_spans, *row.measure_spans))
