"""The grammars against phrases written by several hands: `phrases/README.md` says how a line is read."""

import re
from pathlib import Path

import pytest

from tasks.language.phrase import read_phrase
from tests.tasks.plans import limit_of

FOLDER = Path(__file__).parent / "phrases"
SAID = sorted(path.name for path in FOLDER.glob("*.txt") if not path.stem.endswith("_not"))
TOLD = sorted(path.name for path in FOLDER.glob("*_not.txt"))


def lines(name):
    head, *rest = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return int(head.split()[-1]), rest


def expected(limit, measures, year):
    said = limit_of(limit.lstrip("Y"), year) | ({"deadline_kind": "year_end"} if limit.startswith("Y") else {})
    numbers = re.findall(r"(>=|<=|=)([\d.]+)(\S*)", measures.replace("soft", ""))
    kind = "quantity" if said["deadline_kind"] == "none" and numbers else said["deadline_kind"]
    return kind, said["due_date"], said["recurrence"], measured(numbers), "soft" in measures


def measured(targets):
    """No unit is asked for where nothing is to be left."""
    return sorted((op, float(value), "" if float(value) == 0 else unit) for op, value, unit in targets)


def read(text, year):
    said = read_phrase(text, year=year).as_dict()
    targets = [(t["op"], t["value"], t["unit"]) for t in said["targets"] if t["value"] is not None]
    return said["kind"], said["due_date"], said["recurrence"], measured(targets), said["soft"]


@pytest.mark.parametrize("name", SAID)
def test_phrases_are_read_as_a_clerk_reads_them(name):
    year, rest = lines(name)
    parted = [[*line.split("|"), "", ""][:3] for line in rest]
    wrong = [text for text, limit, measures in parted if read(text, year) != expected(limit, measures, year)]
    assert len(wrong) <= 0.02 * len(rest), wrong


@pytest.mark.parametrize("name", TOLD)
def test_what_promises_nothing_is_read_as_nothing(name):
    year, rest = lines(name)
    assert [text for text in rest if read(text, year)[:4] != ("none", None, None, [])] == []
