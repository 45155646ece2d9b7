"""The reader against a real speech and rows made by hand from it."""

import pytest

from tasks.extraction import read_plan
from tests.tasks.plan_scoring import score
from tests.tasks.shared_data import load, load_text

BARS = {"found": 0.95, "units": 0.95, "limits": 0.97, "measures": 0.95}


@pytest.fixture(scope="module")
def scored():
    plan = read_plan(load_text("speech_2019.txt"), year=2019)
    return score([row.as_dict() for row in plan.rows], load("gold_000.json"))


@pytest.mark.parametrize(("name", "bar"), BARS.items())
def test_a_real_speech_is_read(scored, name, bar):
    print(scored)
    assert scored.rates()[name] >= bar, "\n".join(scored.wrong)


def test_nothing_is_invented(scored):
    assert scored.rates()["invented"] <= 0.03, "\n".join(scored.wrong)


def test_stated_totals_are_found_and_kept_apart():
    plan = read_plan(load_text("speech_2019.txt"), year=2019)
    stated = {(total.value, total.unit, total.what): total.counts for total in plan.totals}
    assert stated[35, "个", "项目"] == "projects"
    assert stated[171, "项", "工作任务"] == "tasks"
    assert stated[35, "项", "失分内容"] == ""
