"""The limit of requests holds over all processes, not in each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache

from campaign import throttling
from campaign.models import RequestCount

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
from django.db import connection
with connection.schema_editor() as editor:
    editor.create_model(RequestCount)
"""
ASK = "print(*[throttling.count('user', 7) for _ in range(60)])"
START = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "campaign.settings"
django.setup()
from campaign import throttling
from campaign.models import RequestCount
"""


def begun(code, folder):
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-c", START + code]
    return subprocess.Popen(command, cwd=ROOT, env=env | {"CCGZT_DATA": str(folder)}, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(throttling.Counted, "THROTTLE_RATES", {"user": "3/day", "anon": "3/day", "report": "1/day"})


def test_what_one_process_remembers_makes_no_difference(liaison, api, few):
    codes = []
    for _ in range(5):
        cache.clear()  # as the cache of another process
        codes.append(api(liaison).get("/api/v1/units").status_code)
    assert codes == [200, 200, 200, 429, 429]


def test_a_refusal_says_when_to_come_again(liaison, api, few):
    answers = [api(liaison).get("/api/v1/units") for _ in range(4)]
    assert 0 < int(answers[-1]["Retry-After"]) <= 86400
    assert answers[-1].json()["problems"]


def test_people_are_counted_apart(liaison, office, api, few):
    for _ in range(4):
        api(liaison).get("/api/v1/units")
    assert api(office).get("/api/v1/units").status_code == 200


def test_reports_have_a_limit_of_their_own(liaison, api, report, few):
    assert [report(api(liaison), key=f"key-0000000{n}").status_code for n in range(2)] == [201, 429]


def test_the_window_that_is_over_leaves_no_row(db):
    assert [throttling.count("k", window) for window in (1, 1, 2)] == [1, 2, 1]
    assert list(RequestCount.objects.values_list("key", "window", "count")) == [("k", 2, 1)]


def test_two_processes_count_together(tmp_path):
    assert begun(PREPARE, tmp_path).wait(120) == 0
    both = [begun(ASK, tmp_path) for _ in range(2)]
    said = [int(number) for process in both for number in process.communicate(timeout=300)[0].split()]
    assert max(said) == 120
    assert len(said) == 120
