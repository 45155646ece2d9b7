"""Whatever bytes come: an answer or a sentence, never a trace. CASES=10000 for the long run."""

import contextlib
import os
import random

import pytest

from campaign.problems import Refused
from tasks.importing.reading import read_workbook
from tests.tasks import offices
from tests.tasks.oldbooks import old_workbook, saved_by_excel
from tests.tasks.workbooks import archive, parts_of, task, workbook

CASES = int(os.environ.get("CASES", "300"))
PIECES = (
    b"",
    b"<",
    b">",
    b'"',
    b"99999",
    b"\xff",
    b"</c>",
    b"<f>",
    b"&#0;",
    b"-1",
    b'r="ZZ9"',
    b"<row ",
    b"1E999",
    "月".encode(),
)
WORDS = (
    "9月底前", "2019.2.30", "1.", "（2）", "①", "\n", "牵头：", "、", "同上", "合计", "一、", "9999999999999999", "=1+1", "\x01", "�", "每", "%", "X", "序号", "工作任务", "责任单位", "小计", "各街道",
    "2019-13-45", "等部门", "(", "）", "“", "0.5", "-", "万", "二〇一九年", "*" * 50, "单" * 300,
)  # fmt: skip


def answer(content):
    """A trace fails the test; a sentence ends like one."""
    with contextlib.suppress(Refused):
        for row in read_workbook(content, year=2019).rows:
            assert row.as_dict()


def mutated(rng, content, most):
    broken = bytearray(content)
    for _ in range(rng.randrange(1, most)):
        place = rng.randrange(len(broken))
        broken[place : place + rng.randrange(4)] = rng.choice([*PIECES, bytes([rng.randrange(256)])])
    return bytes(broken)


def noise(rng):
    start = rng.choice(
        [
            b"",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            "任务,单位\n".encode(),
        ]
    )
    return start + rng.randbytes(rng.randrange(2_000))


def broken_file(rng):
    return mutated(rng, rng.choice(_seeds()), 12)


def broken_part(rng):
    parts = rng.choice(_parts())
    name = rng.choice([name for name in sorted(parts) if parts[name]])
    return archive(parts | {name: mutated(rng, parts[name], 20)})


def odd_cells(rng):
    """A sound table of text full of odd words."""
    width = rng.randrange(2, 9)
    rows = [
        [rng.choice(WORDS) * rng.randrange(3) + rng.choice(WORDS) for _ in range(width)]
        for _ in range(rng.randrange(12))
    ]
    head = rng.sample(
        ["序号", "工程", "项目", "工作任务", "责任单位", "牵头单位", "完成时限", "数量", "单位", "备注", "工作要求"],
        width,
    )
    return "\n".join("\t".join(cell.replace("\n", "；") for cell in row) for row in [head, *rows]).encode()


KINDS = {"noise": (noise, 0.2), "file": (broken_file, 0.2), "part": (broken_part, 0.3), "cells": (odd_cells, 0.3)}
_made = {}


def _seeds():
    if "seeds" not in _made:
        rows = [("任务", "责任单位", "完成时限"), ("整治", "区教委", "9月底前")]
        _made["seeds"] = [
            workbook([task(f"整治{n}条", deadline="9月底前") for n in range(6)]),
            offices.split_duty(),
            offices.two_tables(),
            old_workbook({"甲": rows}),
            saved_by_excel(rows),
            offices.as_csv(),
        ]
    return _made["seeds"]


def _parts():
    if "parts" not in _made:
        _made["parts"] = [
            parts_of(make())
            for make in (
                offices.split_duty,
                offices.clauses,
                offices.by_program,
                offices.quantities,
                offices.two_tables,
                offices.matrix,
            )
        ]
    return _made["parts"]


@pytest.mark.parametrize("kind", KINDS)
def test_any_bytes_end_in_an_answer_or_a_sentence(kind):
    make, share = KINDS[kind]
    for number in range(max(1, int(CASES * share))):
        content = make(random.Random(f"{kind} {number}"))
        try:
            answer(content)
        except Exception as error:
            error.add_note(f"case {kind} {number}, {len(content)} bytes")
            raise
