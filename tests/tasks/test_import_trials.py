"""The import with real processes on a database of their own: twice at the same time, and killed in the middle (R9)."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.tasks.workbooks import PLAN, task, workbook

pytestmark = pytest.mark.trial
ROOT = PLAN.parent.parent.parent
KILLS = 12 if os.environ.get("CI") == "true" else 4
ROWS = 1_500
#: What every row tells, for checks outside the product.
CONTRACT = (
    "program project title sentence source_offset sheet row lead_units primary_units responsible_units support_units "
    "units_open_ended role_explicit deadline_text deadline_kind due_date recurrence targets soft problems"
)


class Office:
    """A database in a folder, and the command that imports into it."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = os.environ | {"CCGZT_DATA": str(folder / "data"), "DATABASE_URL": ""}
        self.run("migrate", "--verbosity", "0")
        self.run(
            "shell",
            "-v0",
            "-c",
            "from campaign.models import Campaign; Campaign.objects.create(code='t', district='甲区', year=2019)",
        )

    def start(self, *words):
        return subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words):
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out

    def importing(self, file):
        return self.start("import_tasks", str(file), "--campaign", "t", "--commit", "--json")

    def counts(self):
        with sqlite3.connect(self.folder / "data" / "ccgzt.sqlite3") as database:
            tables = (
                "tasks_task",
                "tasks_milestone",
                "tasks_assignment",
                "campaign_unit",
                "campaign_program",
                "campaign_logentry",
            )
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


@pytest.fixture
def house(tmp_path):
    return Office(tmp_path)


def test_the_same_file_twice_at_the_same_time_is_imported_once(house):
    processes = [house.importing(PLAN) for _ in range(3)]
    said = []
    for process in processes:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        said.append(json.loads(out))
    assert sorted(one["created"] for one in said) == [0, 0, 132]
    assert house.counts()["tasks_task"] == 132


def test_killed_in_the_middle_it_is_all_or_nothing(house):
    file = house.folder / "计划.xlsx"
    file.write_bytes(workbook([task(f"整治{n}号街巷", deadline="9月底前", number=n) for n in range(ROWS)]))
    rng, states = random.Random(7), set()
    whole = time.perf_counter()
    house.run("import_tasks", str(file), "--campaign", "t")
    span = time.perf_counter() - whole
    for _ in range(KILLS):
        process = house.importing(file)
        time.sleep(rng.uniform(0.5, 1.6) * span)
        process.kill()
        process.wait()
        states.add(house.counts()["tasks_task"])
        assert states <= {0, ROWS}
    house.importing(file).communicate(timeout=300)
    assert house.counts()["tasks_task"] == ROWS == house.counts()["tasks_milestone"]


def test_the_command_keeps_its_contract(house):
    said = json.loads(house.run("import_tasks", str(PLAN), "--campaign", "t", "--json"))
    assert (said["committed"], said["row_count"], said["problem_count"]) == (False, 132, 0)
    assert set(CONTRACT.split()) <= set(said["rows"][0])
    assert house.counts()["tasks_task"] == 0
    file = house.folder / "计划.xlsx"
    file.write_bytes(b"PK\x03\x04 no workbook")
    bad = house.start("import_tasks", str(file), "--campaign", "t", "--commit", "--json")
    out, err = bad.communicate(timeout=300)
    assert (bad.returncode, out) == (2, "")
    assert err.strip() == "文件不完整或被改动过，解不开。请重新从 Excel 或 WPS 另存一份再传。"
