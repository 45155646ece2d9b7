"""One briefing a week, whatever is killed (R2 of the reliability table). In CI 50 weeks and 20 kills, elsewhere a fifth."""

import os

import pytest

from tests.reports.issue_trial import READERS, killed_issuing

pytestmark = pytest.mark.trial
SCALE = 1 if os.environ.get("CI") == "true" else 5
WEEKS, KILLS = 50 // SCALE, 20 // SCALE


def test_killed_issuing_gives_each_week_one_issue_and_each_reader_one_mail(tmp_path):
    outcome = killed_issuing(tmp_path, weeks=WEEKS, kills=KILLS)
    assert outcome.interrupted
    assert outcome.briefings == len({week for week, *_ in outcome.issues}) == len(outcome.issues) == WEEKS
    assert [number for _, number, *_ in outcome.issues] == list(range(1, WEEKS + 1))
    assert outcome.is_whole
    assert outcome.mails == WEEKS * READERS
