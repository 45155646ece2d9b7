"""Many people at once, on a real SQLite file and on PostgreSQL (R7, R8): nothing doubled, nobody overwritten."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.trial
ROOT = Path(__file__).resolve().parents[2]
IS_CI = os.environ.get("CI") == "true"


@pytest.fixture(params=["sqlite", "postgresql"])
def crowd(request, tmp_path):
    environment = os.environ | {"CCGZT_DATA": str(tmp_path / "data"), "DATABASE_URL": "", "BROKER_URL": "memory://"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    if request.param == "postgresql":
        name = f"crowd_{tmp_path.name}".lower().replace("-", "_")[-60:]
        environment["DATABASE_URL"] = request.getfixturevalue("postgresql").make_database(name)

    def run(*words):
        words = [sys.executable, "-m", "tests.tasks.crowd", *map(str, words)]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_a_form_that_arrives_five_times_is_one_report(crowd):
    found = crowd("doubled", 100)
    assert (found["answers"], found["different"], found["reports"], found["history"]) == (500, 100, 100, 100)
    assert found["other_body"] == {"conflict token_reused": 100}
    assert (found["overwritten"], found["versions"], found["tallied"]) == (0, [2], 0)


def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(crowd):
    number = 1000 if IS_CI else 50
    found = crowd("pairs", number)
    assert found["outcomes"] == {"conflict changed + won": number}
    assert (found["reports"], found["history"], found["overwritten"]) == (number, number, 0)
