"""The ledger's filters: what each parameter finds, what it is called, and what a wrong one says."""

import datetime as dt

import pytest

from tasks.filtering import FIELDS
from tasks.filters import Filters, LedgerFilter, only_filters
from tasks.models import Task


@pytest.fixture
def find(actor, office):
    """Codes that a query string finds."""

    def do(*, who=None, **params):
        data = {name if name == "q" else f"f.{name}": value for name, value in params.items()}
        found = Filters(data, actor(who or office))
        assert not found.mistakes
        rows = found.narrow(Task.objects.visible_to(actor(who or office)))
        return sorted(rows.values_list("code", flat=True))

    return do


@pytest.fixture
def ledger(make_task, city):
    """Late, soon, far, done-with-no-measure, orphan."""
    make_task("02-01-01", "逾期的事", due_on=dt.date(2019, 9, 20))
    make_task("02-01-02", "临期的事", due_on=dt.date(2019, 9, 30), unit=city, role="lead")
    make_task("02-01-03", "以后的事", due_on=dt.date(2019, 12, 1), goal=None, freq="monthly")
    make_task("02-01-04", "没有时限的事", due_on=None, goal=None)
    make_task("02-01-05", "没人管的事", unit=None, due_on=dt.date(2019, 10, 8))


@pytest.mark.parametrize(
    ("params", "codes"),
    [
        ({"lamp": "overdue"}, ["02-01-01"]),
        ({"lamp": "overdue,soon"}, ["02-01-01", "02-01-02"]),
        ({"lamp": "!overdue,soon"}, ["02-01-03", "02-01-04", "02-01-05"]),
        ({"due": "2019-09"}, ["02-01-01", "02-01-02"]),
        ({"due": "2019-09-25..,none"}, ["02-01-02", "02-01-03", "02-01-04", "02-01-05"]),
        ({"due": "this-month", "lamp": "soon"}, ["02-01-02"]),
        ({"unit": "区城市管理委"}, ["02-01-02"]),
        ({"unit": "区城市管理委", "role": "primary"}, []),
        ({"role": "lead"}, ["02-01-02"]),
        ({"orphan": "yes"}, ["02-01-05"]),
        ({"measure": "no"}, ["02-01-04"]),
        ({"assumed": "yes"}, ["02-01-04"]),
        ({"freq": "any"}, ["02-01-03"]),
        ({"milestone_due": "2019-10"}, ["02-01-05"]),
        ({"silent": "14", "due": "2019-09-20"}, ["02-01-01"]),
        ({"code": "02-01-04,02-01-01"}, ["02-01-01", "02-01-04"]),
        ({"program": "02", "project": "!02-02"}, []),
        ({"q": "临期 事"}, ["02-01-02"]),
        ({"state": "unclosed", "kind": "plan", "evidence": "yes"}, []),
    ],
)
def test_each_parameter_finds_its_tasks(find, ledger, params, codes):
    assert find(**params) == codes


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("f.due", "9月底", "筛选“时限”：“9月底”认不出是哪天，请写成"),
        ("f.due", "2019-09-30..2019-09-01", "认不出是哪天"),
        ("f.lamp", "red", "筛选“状态”：没有“red”这一项，可以用 todo、doing"),
        ("f.program", "99", "筛选“提升工程”：没有编号为“99”的提升工程"),
        ("f.unit", "无此单位", "筛选“单位”：没有找到单位“无此单位”"),
        ("f.silent", "many", "请写天数"),
        ("f.closed_from", "2019-09", "请写一天"),
        ("f.batch", "7", "没有这次导入"),
        ("f.orphan", "maybe", "没有“maybe”这一项"),
    ],
)
def test_a_wrong_value_gets_a_sentence_and_no_rows(actor, office, task, name, value, says):
    found = LedgerFilter({name: value}, Task.objects.visible_to(actor(office)), actor=actor(office))
    assert says in found.errors[name][0]
    assert says in found.reader.mistakes[name]
    assert list(found.filter_queryset(Task.objects.all())) == []


def test_chips_say_what_is_filtered_by(actor, office, police, task):
    params = {"f.program": "02", "f.lamp": "!done", "f.unit": f"mine,{police.pk}", "f.due": "..2019-09-30"}
    found = Filters(params, actor(office))
    assert [f"{chip.label} {chip.verb} {chip.words}" for chip in found.applied] == [
        "提升工程 是 文明素养",
        "单位 属于 本单位、交通支队",
        "状态 不是 已销号",
        "时限 在 9月30日以前",
    ]


def test_every_parameter_is_in_the_table_that_others_read():
    from tasks import filters

    assert all(f"\n{name} " in filters.__doc__ for name in FIELDS)


def test_a_null_character_is_left_out():
    assert only_filters({"f.unit": "区交通\x00支队", "f.lamp": "\x00"}) == {"f.unit": "区交通支队"}
