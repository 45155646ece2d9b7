"""The reader against plans of districts that do not exist, in the styles offices write."""

import pytest

from tasks.extraction import read_plan
from tests.tasks.plan_scoring import score
from tests.tasks.plans import wanted
from tests.tasks.plans.campaign import CAMPAIGN
from tests.tasks.plans.county import COUNTY
from tests.tasks.plans.minutes import MINUTES
from tests.tasks.plans.notice import NOTICE
from tests.tasks.plans.numbered import NUMBERED
from tests.tasks.plans.town import TOWN

PLANS = [NUMBERED, CAMPAIGN, COUNTY, TOWN, MINUTES, NOTICE]


@pytest.mark.parametrize("written", PLANS, ids=lambda written: written.name)
def test_a_plan_is_read_as_a_clerk_reads_it(written):
    plan = read_plan(written.text, year=written.year)
    scored = score([row.as_dict() for row in plan.rows], wanted(written))
    rates = scored.rates()
    assert min(rates[name] for name in ("found", "units", "limits", "measures")) >= 0.95, "\n".join(scored.wrong)
    assert rates["invented"] <= 0.03, "\n".join(scored.wrong)


@pytest.mark.parametrize("written", PLANS, ids=lambda written: written.name)
def test_every_place_leads_back_into_the_text(written):
    for row in read_plan(written.text, year=written.year).rows:
        start, end = row.span
        assert written.text[start:end] == row.sentence
        assert all(0 <= a < b <= len(written.text) for a, b in (*row.unit_spans, *row.limit_spans, *row.measure_spans))
