"""Random plans of a small grammar, written as untidy workbooks in random words and layouts, are read back as they were."""

import os
from dataclasses import dataclass

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.importing.reading import read_workbook
from tests.tasks.workbooks import saved

WORDS = {
    "program": ("提升工程", "工程名称", "攻坚战", "专 项 行 动", "领域"),
    "project": ("项目", "项目名称", "测评项目", "子项"),
    "title": ("工作任务", "重点任务", "工作\n内容", "主要任务", "具体措施", "工作要求", "任务（2019年）"),
    "lead": ("牵头单位", "牵头部门", "牵头领办单位"),
    "primary": ("主责单位", "主办单位", "主责部门"),
    "responsible": ("责任单位", "责任部门", "承办单位", "落实\n单位", "承办部门"),
    "support": ("配合单位", "配合部门", "协办单位", "参与单位"),
    "deadline": ("完成时限", "完成节点", "办结时限", "时间要求", "截止日期", "完成\n时间"),
    "number": ("序号", "号"),
    "remark": ("备注", "说明"),
    None: ("责任人", "联系电话", "牵头领导", "完成情况", "得分"),
}
ROLES = ("lead", "primary", "responsible", "support")
UNITS = (
    "区教委",
    "区民政局",
    "区住房和城乡建设局",
    "区交通支队",
    "城关镇",
    "区文明办",
    "老街街道",
    "各街道",
    "区城管执法局",
    "团区委",
    "市自来水公司",
)
PROGRAMS = ("市容环境提升工程", "公共秩序提升工程", "市民素质提升工程")
PROJECTS = ("背街小巷", "农贸市场", "窗口服务")
DEEDS = (
    "整治背街小巷{}条",
    "新建公厕{}座",
    "举办宣讲活动{}场",
    "改造老旧小区{}个",
    "修补破损路面{}平方米",
    "增设停车泊位{}个",
)
AIMS = (("满意度不低于{}%", ">="), ("覆盖率达到{}%以上", ">="), ("投诉量下降{}%", None))
LIMITS = {
    "9月底前": ("2019-09-30", None), "2019.6.1": ("2019-06-01", None), "2019/11/30": ("2019-11-30", None), "10月15日前": ("2019-10-15", None),
    "第三季度": ("2019-09-30", None), "年内": ("2019-12-31", None), "": (None, None), "6月中旬": ("2019-06-20", None), "上半年": ("2019-06-30", None),
    "每月1次": (None, ("monthly", 1)), "每季度至少2次": (None, ("quarterly", 2)), "每周1次": (None, ("weekly", 1)), "每半年1次": (None, ("halfyear", 1)),
}  # fmt: skip
JOINTS = ("、", "，", "；", "\n", "、 ")


@dataclass(frozen=True)
class Task:
    program: str
    project: str
    title: str
    targets: tuple
    units: dict
    limit: str

    @property
    def told(self):
        due, rhythm = LIMITS[self.limit]
        return (self.program, self.project, self.title, self.targets, self.units, due, rhythm)


@st.composite
def task(draw):
    number = draw(st.integers(2, 99))
    if draw(st.booleans()):
        deed = draw(st.sampled_from(DEEDS))
        title, targets = deed.format(number), ((number, deed.split("{}")[1], "="),)
    else:
        aim, op = draw(st.sampled_from(AIMS[:2]))
        title, targets = aim.format(number), ((number, "%", op),)
    names = draw(st.permutations(UNITS))
    shares = draw(st.lists(st.integers(0, 2), min_size=4, max_size=4).filter(any))
    units = {}
    for role, share in zip(ROLES, shares, strict=True):
        units[role], names = tuple(names[:share]), names[share:]
    area = draw(st.sampled_from("甲乙丙丁戊己庚辛")) + draw(st.sampled_from("东西南北"))
    limit = draw(st.sampled_from(sorted(LIMITS)))
    return Task(
        draw(st.sampled_from(PROGRAMS)), draw(st.sampled_from(PROJECTS)), f"{area}片{title}", targets, units, limit
    )


@dataclass(frozen=True)
class Layout:
    order: tuple
    words: dict
    joint: str
    titles: int
    is_by_sheet: bool
    is_merged: bool
    blank_every: int
    total_every: int


@st.composite
def layout(draw):
    fields = [
        "program",
        "project",
        "title",
        *ROLES,
        "deadline",
        *draw(st.sets(st.sampled_from(["number", "remark", None]))),
    ]
    return Layout(
        tuple(draw(st.permutations(fields))), {name: draw(st.sampled_from(words)) for name, words in WORDS.items()}, draw(st.sampled_from(JOINTS)),
        draw(st.integers(0, 3)), draw(st.booleans()), draw(st.booleans()), draw(st.integers(2, 9)), draw(st.integers(2, 9)),
    )  # fmt: skip


def written(tasks, plan):
    """The plan as an untidy workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    names = [p for p in PROGRAMS if any(t.program == p for t in tasks)] if plan.is_by_sheet else [None]
    for name in names:
        page = book.create_sheet(name or "任务分解表")
        order = [field for field in plan.order if not (name and len(names) > 1 and field == "program")]
        for number in range(plan.titles):
            page.append([("某区创建文明城区计划", "填表单位：区文明办", "2019年3月")[number]])
        page.append([plan.words[field] for field in order])
        _rows(page, [t for t in tasks if name in (None, t.program)], order, plan)
    return saved(book)


def _rows(page, tasks, order, plan):
    start = {}
    for number, one in enumerate(tasks, 1):
        cells = {
            "program": one.program,
            "project": one.project,
            "title": one.title,
            "deadline": one.limit,
            "number": number,
            None: "周某",
        }
        cells |= {role: plan.joint.join(names) for role, names in one.units.items()}
        page.append([cells.get(field) or None for field in order])
        for field in ("program", "project") if plan.is_merged and number > 1 else ():
            before = tasks[number - 2]
            if field in order and (one.program, one.project) == (before.program, before.project):
                column = order.index(field) + 1
                first = start.setdefault((field, page.max_row - 1), page.max_row - 1)
                page.cell(page.max_row, column).value = None
                start[field, page.max_row] = first
        if number % plan.blank_every == 0 and not plan.is_merged:
            page.append([])
        if number % plan.total_every == 0 and not plan.is_merged:
            page.append(["小计", None, f"{number}项"])
    _merge(page, start, order)


def _merge(page, start, order):
    last = {}
    for (field, row), first in start.items():
        last[field, first] = max(row, last.get((field, first), 0))
    for (field, first), row in last.items():
        if row > first:
            column = order.index(field) + 1
            page.merge_cells(start_row=first, end_row=row, start_column=column, end_column=column)


def told(row):
    targets = tuple((t["value"], t["unit"], t["op"]) for t in row.targets)
    rhythm = (row.recurrence["freq"], row.recurrence["count"]) if row.recurrence else None
    return row.program, row.project, row.title, targets, row.units, row.due_date, rhythm


@settings(max_examples=60 * max(1, int(os.environ.get("CASES", "0")) // 1_000), deadline=None)
@given(st.lists(task(), min_size=1, max_size=9), layout())
def test_a_random_plan_in_an_untidy_workbook_is_read_back(tasks, plan):
    if plan.is_by_sheet:
        tasks = [t for name in PROGRAMS for t in tasks if t.program == name]
    found = read_workbook(written(tasks, plan), year=2019).rows
    assert [told(row) for row in found] == [t.told for t in tasks]
