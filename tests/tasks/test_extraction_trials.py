"""Trials of the readers: random plans read back, any text answered, no pattern slow on hostile text."""

import datetime as dt
import importlib
import os
import pkgutil
import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tasks.extraction
import tasks.language
from tasks.extraction import Plan, read_plan
from tasks.language.phrase import read_phrase

CASES = int(os.environ.get("CASES", "60"))
UNITS = [
    "区教委",
    "区城管局",
    "区住房和城乡建设局",
    "古桥街道",
    "白石镇",
    "区疾控中心",
    "区公安分局",
    "区文联",
    "区水务集团",
]
THINGS = [
    ("条", "背街小巷整治"),
    ("座", "公厕改造"),
    ("家", "农贸市场升级"),
    ("个", "示范小区创建"),
    ("处", "卫生死角清理"),
]
RHYTHMS = [
    ("每月", "monthly"),
    ("每周", "weekly"),
    ("每季度", "quarterly"),
    ("每半年", "halfyear"),
    ("每学期", "semester"),
]
ROLES = [("主责", "primary"), ("牵头", "lead"), ("负责", "primary")]

task = st.one_of(
    st.tuples(st.just("count"), st.integers(1, 12), st.integers(2, 900), st.sampled_from(THINGS)),
    st.tuples(st.just("rhythm"), st.sampled_from(RHYTHMS), st.integers(1, 9), st.booleans()),
    st.tuples(st.just("rate"), st.integers(1, 100), st.sampled_from(["道路清扫率", "群众满意率", "垃圾分类覆盖率"])),
)
plans = st.lists(
    st.tuples(st.sampled_from(UNITS), st.sampled_from(ROLES), st.lists(task, min_size=1, max_size=4)),
    min_size=1,
    max_size=6,
)


def written(kind, *of):
    if kind == "count":
        return f"{of[0]}月底前完成{of[1]}{of[2][0]}{of[2][1]}工作"
    if kind == "rhythm":
        return f"{of[0][0]}{'至少' if of[2] else ''}开展{of[1]}次集中检查"
    return f"{of[1]}要达到{of[0]}%以上"


def prose(plan):
    sentences = [
        f"{unit}{role}，{'，'.join(written(*one) for one in tasks_of)}。" for unit, (role, _name), tasks_of in plan
    ]
    return "白鹭区创建工作安排\n\n一、重点任务\n" + "".join(sentences)


@settings(max_examples=CASES, deadline=None)
@given(plans)
def test_a_random_plan_is_read_back(plan):
    rows = read_plan(prose(plan), year=2020).rows
    expected = [(unit, name, one) for unit, (_role, name), tasks_of in plan for one in tasks_of]
    assert [(row.units[name], one[0]) for row, (_unit, name, one) in zip(rows, expected, strict=True)] == [
        ((unit,), one[0]) for unit, _name, one in expected
    ]
    assert all(is_as_written(row, one) for row, (_unit, _name, one) in zip(rows, expected, strict=True))


def is_as_written(row, one):
    if one[0] == "count":
        due = dt.date(2020 + one[1] // 12, one[1] % 12 + 1, 1) - dt.timedelta(days=1)
        return row.due_date == due.isoformat() and [(t["value"], t["unit"]) for t in row.targets] == [
            (one[2], one[3][0])
        ]
    if one[0] == "rhythm":
        return (row.recurrence["freq"], row.recurrence["count"], row.recurrence["at_least"]) == (
            one[1][1],
            one[2],
            one[3],
        )
    return [(t["op"], t["value"], t["unit"]) for t in row.targets] == [(">=", one[1], "%")]


SCRAPS = [
    "区教委", "各街道", "牵头", "主责", "负责", "配合", "要", "由", "会同", "等相关部门", "9月底前", "11月前", "每月", "每季度", "至少", "1次", "20个", "90%", "以上",
    "完成", "开展", "建立", "“", "”", "(", ")", "（", "）", "《", "》", "，", "。", "；", "、", "：", "\n", "一、", "（一）", "1.", "一是", "责任单位：", "完成时限：", "XX",
    "※", "全覆盖", "消除", "年内", "力争", "创建(chuàngjiàn)", "關於", "９", " ", "\u200b", "\x00", "\U0001f600", "的", "和", "及", "35个项目", "Ａ", "第", "了",
]  # fmt: skip
text = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(SCRAPS), max_size=60).map("".join))


@settings(max_examples=CASES, deadline=None)
@given(text)
def test_any_text_gives_a_plan(said):
    plan = read_plan(said, year=2020)
    assert isinstance(plan, Plan)
    for row in plan.rows:
        start, end = row.span
        assert 0 <= start < end <= len(said)
        assert said[start:end] == row.sentence
        assert row.title
    assert plan.as_dict()["row_count"] == len(plan.rows)


@settings(max_examples=CASES, deadline=None)
@given(text)
def test_any_phrase_is_answered(said):
    assert read_phrase(said, year=2020).as_dict()["kind"] in {"recurring", "fixed", "year_end", "quantity", "none"}


def patterns():
    """Every compiled pattern of the grammars; a name that ends in _HERE is only ever matched at one place."""
    for package in (tasks.language, tasks.extraction):
        for info in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for name, value in vars(importlib.import_module(info.name)).items():
                found = [p for p in _flat(value) if isinstance(p, re.Pattern) and isinstance(p.pattern, str)]
                if not name.endswith("_HERE"):
                    yield from (
                        pytest.param(p, id=f"{info.name.removeprefix('tasks.')}.{name}.{i}")
                        for i, p in enumerate(found)
                    )


def _flat(value, depth=0):
    if isinstance(value, (tuple, list)) and depth < 3:
        for one in value:
            yield from _flat(one, depth + 1)
    else:
        yield value


LONG, GIVEN = 20_000, 4_000
LINES = [
    "每",
    "一",
    "1",
    "区",
    "的",
    "、",
    "(",
    "“",
    "全",
    "不少于",
    "区委、",
    "完成和",
    "一、",
    "a ",
    " ",
    "各",
    "要",
    "1.",
    "第一",
    "等",
]


@pytest.mark.parametrize("pattern", list(patterns()))
def test_no_pattern_is_slow_on_hostile_text(pattern):
    """50 ms on the longest text a grammar is given, and no more than in proportion on a far longer one."""
    random.seed(3)
    for scrap in [*LINES, "".join(random.choices("区局委要由每月年1一、的(完成9底前至少次个%X“”全覆盖", k=50))]:
        for length, bearable in ((GIVEN, 0.05), (LONG, 0.4)):
            assert spent(pattern, (scrap * length)[:length]) < bearable, (scrap, length)


def spent(pattern, hostile):
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        pattern.match(hostile)
        pattern.search(hostile)
        best = min(best, time.process_time() - began)
        if best < 0.05:
            break
    return best


@pytest.mark.parametrize(
    "scrap", [*LINES, "区教委主责，", "完成20个和", "每月1次", "区教委、", "（责任单位：区教委）", "11月前"]
)
def test_no_text_is_slow(scrap):
    hostile = (scrap * LONG)[:LONG]
    began = time.process_time()
    read_plan(hostile, year=2020)
    assert time.process_time() - began < 3
