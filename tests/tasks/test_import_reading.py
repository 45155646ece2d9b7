"""Reading workbooks: the plan of 2019 whole, and sheets as untidy offices make them."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.importing.columns import field_of
from tasks.importing.reading import read_workbook
from tasks.importing.rows import Row
from tasks.language.units import Known
from tests.tasks.shared_data import load
from tests.tasks.workbooks import HEADERS, PLAN, task, workbook


def read(content, **options):
    return read_workbook(content, year=2019, **options)


def only(content, **options):
    (row,) = read(content, **options).rows
    return row


def codes(row):
    return [problem.code for problem in row.problems]


@pytest.fixture(scope="module")
def plan():
    return read(PLAN.read_bytes())


def test_the_plan_of_2019_is_read_whole(plan):
    assert len(plan.rows) == 132
    assert len({row.program for row in plan.rows}) == 10
    assert len({(row.program, row.project) for row in plan.rows}) == 35
    assert plan.blocked_count == 0
    assert (plan.sheets[0].header_row, plan.sheets[0].name) == (2, "任务分解表")


PLAN_FACTS = {
    5: ("全年", "year_end", "2019-12-31", None, [(">=", 10, "场")]),
    10: ("每月11日", "recurring", None, ("monthly", 1, 11, False), []),
    11: ("每季度1次", "recurring", None, ("quarterly", 1, None, False), []),
    13: ("9月底前", "fixed", "2019-09-30", None, [("=", 20, "个")]),
    23: ("每学期至少1次", "recurring", None, ("semester", 1, None, True), []),
    25: ("11月前", "fixed", "2019-10-31", None, [(">=", 90, "%")]),
    32: ("6月底前", "fixed", "2019-06-30", None, []),
    45: ("年内", "year_end", "2019-12-31", None, [("=", 0, "座")]),
    98: ("年内", "year_end", "2019-12-31", None, [("=", 143.4, "公顷")]),
    122: ("", "none", None, None, [("=", 18, "个")]),
    128: ("", "none", None, None, [(">=", 56, "小时/周")]),
}


@pytest.mark.parametrize("number", PLAN_FACTS)
def test_limits_and_targets_of_the_plan(plan, number):
    row = next(row for row in plan.rows if row.row == number)
    rhythm = tuple(row.recurrence.values()) if row.recurrence else None
    targets = [(t["op"], t["value"], t["unit"]) for t in row.targets]
    assert (row.deadline_text, row.deadline_kind, row.due_date, rhythm, targets) == PLAN_FACTS[number]


def test_units_and_doubts_of_the_plan(plan):
    rows = {row.row: row for row in plan.rows}
    assert rows[18].primary_units == ("区城管执法监察局", "各街道")
    assert rows[30].lead_units == ("区城市管理委", "区住房城市建设委")
    assert rows[30].units_open_ended
    assert rows[35].soft
    assert codes(rows[25]) == ["deadline_ambiguous"]
    assert rows[133].responsible_units == ("各部门", "各街道")


def test_the_plan_agrees_with_its_reading_by_hand(plan):
    expected = load("sample_task_breakdown.expected.json")["rows"]
    keys = (
        "row",
        "program",
        "project",
        "lead_units",
        "primary_units",
        "responsible_units",
        "deadline_text",
        "deadline_kind",
    )
    keys += ("due_date", "recurrence", "soft", "remark")
    wrong = []
    for row, by_hand in zip(plan.rows, expected, strict=True):
        said = row.as_dict()
        wrong += [(row.row, key) for key in keys if _plain(said[key]) != by_hand[key]]
    assert wrong == []


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


def test_a_reading_survives_being_kept(plan):
    assert [Row.from_dict(row.as_dict()) for row in plan.rows] == list(plan.rows)


@pytest.mark.parametrize(
    ("header", "field"),
    [("工 作\n任 务", "title"), ("完成时限（2019年）", "deadline"), ("牵头领办单位", "lead"), ("协办单位", "support"), ("责任人", None),
     ("进展情况", None), ("攻坚战名称", "program"), ("主要任务", "title"), ("联系电话", None), ("责任单位（牵头）", "lead"), ("协作部门", "support"),
     ("责任2", "responsible"), ("责任社区", "responsible"), ("整改单位", "responsible"), ("检查单位", None), ("受检单位", "responsible"), ("牵头人", None),
     ("谁来干", "responsible"), ("何时干成", "deadline"), ("干什么", "title"), ("怎么干", "detail"), ("谁来牵头", "lead"), ("干到什么程度", "target"),
     ("问题清单", "problem"), ("检查点位", "place"), ("责任清单", "responsible"), ("时限清单", "deadline"), ("议定事项", "title"), ("办理情况", None),
     ("负责部门", "primary"), ("主要负责部门", "primary"), ("会办部门", "support"), ("责任县区", "responsible"), ("攻坚行动", "program"), ("谁负责", "primary"), ("量化标准", "target"), ("一级目标", "program"), ("二级目标", "project"),
     ("会议时间", None), ("目前进度", None), ("二季度", None), ("开工时间", None)],
)  # fmt: skip
def test_headers_in_any_wording(header, field):
    assert field_of(header) == field


@pytest.mark.parametrize("number", ["1.", "12、", "（3）", "④", "1.2 ", "2-1 ", "一、", "（二）"])
def test_the_number_of_a_task_is_not_its_name(number):
    assert only(workbook([task(f"{number}整治背街小巷")])).title == "整治背街小巷"


@pytest.mark.parametrize(
    ("cell", "count"),
    [("一是清理死角12处；二是新增果皮箱300个；三是每月检查1次。", 3), ("第一，建立台账；第二，逐项销号", 2), ("⑴整治乱停乱放⑵清理僵尸车", 2), ("一、加强巡查\n二、健全机制", 2),
     ("1、清理垃圾死角2、补种树木", 2), ("⒈增设标线⒉更换标牌", 2), ("推进“三是三不”活动，一是一、二是二", 1), ("整治1.5公里道路；2.6公里河道", 1), ("1、清理2、3号楼杂物", 1)],
)  # fmt: skip
def test_clauses_however_they_are_numbered(cell, count):
    assert len(read(workbook([task(cell)])).rows) == count


def test_columns_in_any_order_under_notes():
    content = workbook(
        [("9月底前", "区教委", "整治校园周边", "文明校园")],
        headers=("完成时间", "牵头部门", "主要任务", "项目名称"),
        above=[("某县创建任务表",), ("说明：按月报送",)],
    )
    row = only(content)
    assert (row.title, row.project, row.lead_units, row.due_date, row.row) == (
        "整治校园周边",
        "文明校园",
        ("区教委",),
        "2019-09-30",
        4,
    )


def test_two_header_rows_and_merged_cells():
    rows = [
        (None, None, "牵头单位", "配合单位", None),
        ("甲工程", "整治一", "区教委", "区民政局", "年内"),
        (None, "整治二", "区教委", None, "年内"),
    ]
    content = workbook(
        rows,
        headers=("工程", "工作任务", "责任分工", None, "时限"),
        merges=("A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:A4"),
    )
    found = read(content)
    assert [(row.program, row.title, row.lead_units, row.support_units) for row in found.rows] == [
        ("甲工程", "整治一", ("区教委",), ("区民政局",)),
        ("甲工程", "整治二", ("区教委",), ()),
    ]


def test_totals_notes_blanks_and_repeated_headers_are_no_tasks():
    rows = [
        task("整治一"),
        (),
        ("合计", None, None, "1 项"),
        ("注：以上按季报送",),
        HEADERS,
        task("整治二"),
    ]
    found = read(workbook(rows))
    assert [row.title for row in found.rows] == ["整治一", "整治二"]
    assert [reason for _, reason in found.sheets[0].skipped] == ["header", "blank", "total", "note", "header"]


def test_section_rows_name_the_program_where_no_column_does():
    rows = [
        ("一、市容提升工程", None, None),
        ("清扫街巷", "区环卫中心", "年内"),
        ("二、秩序提升工程", None, None),
        ("整治停车", "区交警大队", "年内"),
    ]
    found = read(workbook(rows, headers=("工作任务", "责任单位", "时限")))
    assert [(row.program, row.title) for row in found.rows] == [
        ("市容提升工程", "清扫街巷"),
        ("秩序提升工程", "整治停车"),
    ]


def test_a_group_written_once_counts_for_the_rows_below():
    rows = [
        task("整治一", program="甲工程", project="子一"),
        task("整治二", program=None, project=None),
        task("整治三", program="乙工程", project=None),
    ]
    assert [(row.program, row.project) for row in read(workbook(rows)).rows] == [
        ("甲工程", "子一"),
        ("甲工程", "子一"),
        ("乙工程", ""),
    ]


def test_real_dates_text_dates_and_lost_formats():
    rows = [task("一", deadline=dt.date(2019, 9, 30)), task("二", deadline="2019-09-30"), task("三", deadline=43738)]
    assert [row.due_date for row in read(workbook(rows)).rows] == ["2019-09-30"] * 3


@pytest.mark.parametrize(
    ("title", "count", "targets"),
    [("开展志愿服务活动不少于3次", 3, 0), ("检查商户不少于20家", 1, 1), ("召开例会", 1, 0)],
)
def test_a_rhythm_in_its_column_takes_the_count_from_the_task(title, count, targets):
    row = only(workbook([task(title, deadline="每季度")]))
    assert (row.recurrence["freq"], row.recurrence["count"], len(row.targets)) == ("quarterly", count, targets)


def test_the_task_speaks_where_the_limit_column_is_silent():
    assert only(workbook([task("10月底前完成改造5处")])).due_date == "2019-10-31"
    assert only(workbook([task("每月检查1次", deadline="年内")])).recurrence["freq"] == "monthly"


@pytest.mark.parametrize(
    ("cells", "code", "place"),
    [({"deadline": "6月31日前"}, "date_impossible", "H2"), ({"deadline": "看情况办"}, "deadline_unread", "H2"), ({"deadline": 9.3}, "date_unclear", "H2"),
     ({"title": None}, "title_missing", "D2"), ({"title": "长" * 2001}, "title_too_long", "D2"), ({"primary": "老李他们"}, "unit_unknown", "F2"),
     ({"title": "新建99999999999999个"}, "number_too_large", "D2")],
)  # fmt: skip
def test_what_blocks_a_row(cells, code, place):
    values = {"title": "整治"} | cells
    row = only(workbook([task(values.pop("title"), **values)]), known_units=[])
    (problem,) = [problem for problem in row.problems if problem.level == "blocks"]
    assert (problem.code, problem.cell) == (code, place)


def test_an_impossible_day_offers_the_nearest():
    (problem,) = only(workbook([task("整治", deadline="6月31日前")])).problems
    assert problem.message == "“6月31日前”没有这一天，是不是 6月30日？"
    assert problem.near == "2019-06-30"


def test_names_against_the_directory():
    known = [Known("区教委"), Known("区城市管理委", aliases=("区城管委",))]
    row = only(
        workbook([task("整治", primary="教委、区城管委、区水务局、区市政管委")]),
        known_units=known,
        is_creating_units=False,
    )
    assert row.primary_units == ("区教委", "区城市管理委", "区水务局", "区市政管委")
    asked = {problem.text: problem.near for problem in row.problems}
    assert asked == {"区水务局": "", "区市政管委": "区城市管理委"}


def test_twins_are_pointed_out():
    rows = read(workbook([task("整治"), task("整治")])).rows
    assert [codes(row) for row in rows] == [[], ["task_twice"]]


titles = st.tuples(
    st.sampled_from(["整治背街小巷", "新建公厕", "举办宣讲活动"]),
    st.integers(2, 999),
    st.sampled_from(["条", "座", "场"]),
)
unit_names = st.lists(
    st.sampled_from(["区教委", "区民政局", "区住房和城乡建设局", "各街道", "城关镇"]),
    min_size=1,
    max_size=3,
    unique=True,
)
limits = st.sampled_from(
    [
        ("9月底前", "2019-09-30"),
        ("年内", "2019-12-31"),
        ("第三季度", "2019-09-30"),
        ("2019.6.1", "2019-06-01"),
        ("", None),
    ]
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(titles, unit_names, limits), min_size=1, max_size=8),
    st.permutations(range(4)),
    st.sampled_from("、，; "),
)
def test_a_random_plan_is_read_back(tasks, order, comma):
    headers = [("任务", "责任单位", "完成时限", "项目")[place] for place in order]
    rows = []
    for (what, count, unit), units, (limit, _) in tasks:
        cells = (f"{what}{count}{unit}", comma.join(units), limit, "子项")
        rows.append([cells[place] for place in order])
    found = read(workbook(rows, headers=headers, above=[("某区计划",)])).rows
    for row, ((_, count, unit), units, (_, due)) in zip(found, tasks, strict=True):
        assert [(t["value"], t["unit"]) for t in row.targets] == [(count, unit)]
        assert row.responsible_units == tuple(units)
        assert row.due_date == due
