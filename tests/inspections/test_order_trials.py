"""Orders issued by two processes at once, and by processes that are killed: each number once, each paper whole."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.trial
ROOT = Path(__file__).parent.parent.parent
UNITS, KILLS = 8, 3
#: Orders that are half issued: numbered without a paper, or with another number of duties than of lines.
HALF = """
SELECT COUNT(*) FROM inspections_order o WHERE o.state = 'issued' AND (o.number IS NULL OR o.paper_id IS NULL
OR (SELECT COUNT(*) FROM inspections_orderline l WHERE l.order_id = o.id) != (SELECT COUNT(*) FROM inspections_orderline l
    JOIN inspections_finding f ON f.id = l.finding_id JOIN tasks_milestone m ON m.task_id = f.task_id WHERE l.order_id = o.id))
"""
LOOSE = "SELECT COUNT(*) FROM inspections_finding WHERE (task_id IS NULL) != (stage = 'pending')"


class Office:
    def __init__(self, folder):
        self.folder = folder
        data = {"CCGZT_DATA": str(folder / "data"), "DATABASE_URL": "", "PYTHONPATH": str(ROOT)}
        self.environment = os.environ | data
        self.wait(self.start("manage.py", "migrate", "--verbosity", "0"))
        self.wait(self.start("-m", "tests.inspections.order_process", "seed"))

    def start(self, *words):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self.environment, **pipes)

    def wait(self, process):
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
        return out

    def issuing(self):
        return self.start("-m", "tests.inspections.order_process", "issue")

    def ask(self, question):
        with sqlite3.connect(self.folder / "data" / "ccgzt.sqlite3") as database:
            return [row[0] for row in database.execute(question)]

    @property
    def numbers(self):
        return self.ask("SELECT number FROM inspections_order WHERE number IS NOT NULL ORDER BY number")


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_two_who_issue_at_once_give_each_number_once(office):
    said = [office.wait(process) for process in [office.issuing(), office.issuing()]]
    assert sorted(int(word) for text in said for word in text.split()) == office.numbers
    assert office.numbers == list(range(1, UNITS + 1))
    assert (office.ask(HALF), office.ask(LOOSE)) == ([0], [0])


def test_killed_in_the_middle_it_is_whole_or_not_there(office):
    chance = random.Random(7)
    for _ in range(KILLS):
        process = office.issuing()
        process.stdout.readline()  # it has begun
        time.sleep(chance.random() * 0.2)
        process.kill()
        process.communicate()
        assert (office.ask(HALF), office.ask(LOOSE)) == ([0], [0])
        assert office.numbers == list(range(1, len(office.numbers) + 1))
    office.wait(office.issuing())
    assert office.numbers == list(range(1, UNITS + 1))
