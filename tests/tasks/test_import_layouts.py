"""Tables of other layouts on the page: each row once, each table with its header, duties where they are marked."""

import io
import re

import openpyxl
import pytest

from tasks.models import ImportHabit, Task
from tests.tasks import offices
from tests.tasks.test_import_offices import layers, read, told
from tests.tasks.test_import_page import answer, desk, upload, words  # noqa: F401
from tests.tasks.workbooks import workbook


def address(page):
    return page.redirect_chain[-1][0]


def test_two_tables_of_a_sheet_are_shown_apart_and_each_row_once(upload):  # noqa: F811
    page = words(upload(offices.two_tables()))
    assert [page.count(said) for said in ("更换护栏", "补充近两年数据", "人民路", "护栏3处破损")] == [1] * 4
    assert "材料审核问题整改台账" in page


def test_both_tables_come_back_with_their_problems(desk, upload):  # noqa: F811
    content = desk.get(f"{address(upload(offices.two_tables()))}/returned").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [sheet.cell(row, 9).value for row in (3, 9)] == ["判断", "判断"]


def test_a_problem_and_its_place_are_kept_with_the_task(desk, upload):  # noqa: F811
    place = address(upload(offices.two_tables()))
    answer(desk, place, do="create_all")
    desk.post(f"{place}/commit", {"scope": "all"})
    assert Task.objects.get(title="更换护栏60米").description == "人民路，护栏3处破损。更换护栏60米"
    assert Task.objects.count() == 3


def test_a_matrix_shows_each_unit_in_its_column(upload):  # noqa: F811
    page = upload(offices.matrix()).content.decode()
    assert page.count('class="c-mark') == 3
    assert "牵头" in page


@pytest.mark.parametrize("field", ["responsible", ""])
def test_what_was_not_chosen_otherwise_is_not_remembered(desk, upload, field):  # noqa: F811
    rows = [("整治", "区城管局", "区环卫中心")]
    page = upload(workbook(rows, headers=("任务", "责任单位", "承办单位")))
    said = {"column-任务": "title", "column-责任单位": "responsible", "column-承办单位": field}
    answer(desk, address(page), do="columns", **said)
    assert list(ImportHabit.objects.values_list("words", flat=True)) == ([] if field else ["承办单位"])


def test_a_table_of_counts_by_unit_is_no_plan():
    book = openpyxl.Workbook()
    offices.sheet_of(
        [("单位", "任务数", "完成率"), ("区城管局", 12, "0%"), ("区住建局", "9项", "0%")], name="汇总", book=book
    )
    offices.sheet_of([("任务", "牵头单位"), ("清理河道", "区水务局")], name="明细", book=book)
    found = read(offices.saved(book))
    assert [row.title for row in found.rows] == ["清理河道"]
    assert [problem.code for problem in found.problems] == ["no_table"]


def test_chapters_in_the_column_of_numbers_are_headlines():
    rows = [
        ("一", "基础设施"),
        ("（一）", "道路"),
        (1, "装路灯", "县路灯所"),
        ("（二）", "公厕"),
        (2, "改旱厕", "县城管局"),
        ("二", "风尚"),
        (3, "评选", "县妇联"),
    ]
    content = workbook(rows, headers=("序号", "工作任务", "责任单位"))
    assert layers(content) == [("基础设施", "道路"), ("基础设施", "公厕"), ("风尚", "")]


def test_a_task_over_two_rows_has_the_units_of_both():
    rows = [
        (1, "规范停放点150处", "区城管局", "划定停放区", "6月底前"),
        (None, None, "区交警大队", "执法"),
        (2, "绿化", "区园林局", "植树", "5月"),
    ]
    heads, merges = ("序号", "任务", "责任单位", "分工", "时限"), ("A2:A3", "B2:B3", "E2:E3")
    first, second = read(workbook(rows, headers=heads, merges=merges)).rows
    assert told(first)[1:3] == ("r:区城管局、区交警大队", "2021-06-30")
    assert first.sentence == "规范停放点150处：划定停放区\n执法"
    assert (second.row, told(second)[1]) == (4, "r:区园林局")


def test_rows_of_a_merged_task_that_are_due_apart_stay_apart():
    rows = [("整治", "区城管局", "6月底前"), (None, "区住建局", "9月底前")]
    found = read(workbook(rows, headers=("任务", "责任单位", "时限"), merges=("A2:A3",))).rows
    assert [row.due_date for row in found] == ["2021-06-30", "2021-09-30"]


def test_a_merged_heading_that_begins_with_a_number_is_no_second_page():
    heads = ("项目名称", "主要建设内容及规模", "牵头部门", "2021年计划投资", "形象进度", None, "竣工时间")
    below = (None, None, None, None, "上半年", "下半年", None)
    row = ("菜场改造", "改造摊位120个", "市商务局", 800, "设计", "完工", "2021年9月")
    merges = [f"{letter}1:{letter}2" for letter in "ABCDG"] + ["E1:F1"]
    (found,) = read(workbook([below, row], headers=heads, merges=merges)).rows
    assert told(found) == ("菜场改造", "l:市商务局", "2021-09-30", "", "=120个")


def test_rules_of_assessment_are_tasks_by_their_content():
    heads = ("考核项目", "考核内容", "分值", "评分标准", "考核单位", "责任单位", "完成时限")
    rows = [
        ("环境卫生\n（30分）", "垃圾清运率达到100%", 10, "每低1%扣0.5分", "区督考办", "区环卫中心", "全年"),
        (None, "新建垃圾屋25座", 15, "少1座扣1分", "区督考办", "区城管局", "10月底前"),
    ]
    assert [told(row) for row in read(workbook(rows, headers=heads, merges=("A2:A3",))).rows] == [
        ("垃圾清运率达到100%", "r:区环卫中心", "2021-12-31", "", ">=100%"),
        ("新建垃圾屋25座", "r:区城管局", "2021-10-31", "", "=25座"),
    ]  # fmt: skip


def test_materials_are_due_when_they_are_to_be_handed_in():
    heads = ("指标名称", "测评标准", "申报材料要求", "责任单位", "报送时间", "审核单位")
    (row,) = read(
        workbook([("志愿服务", "制度健全", "文件2份", "区文明办", "9月10日前", "区创建办")], headers=heads)
    ).rows
    assert told(row)[1:3] == ("r:区文明办", "2021-09-10")
    (row,) = read(
        workbook([("整治", "区城管局", "6月底前", "每月5日")], headers=("任务", "责任单位", "时限", "报送时间"))
    ).rows
    assert row.due_date == "2021-06-30"


def test_who_leads_a_section_may_stand_behind_other_words_in_its_brackets():
    rows = [("市容整治组（组长：李某　牵头单位：区城管局）",), ("拆除违建45处", "各街道", "6月底前")]
    content = workbook(rows, headers=("工作任务", "责任单位", "时限"), merges=("A2:C2",))
    assert told(read(content).rows[0])[1] == "l:区城管局；r:各街道"
    assert layers(content)[0][0] == "市容整治组"


def test_a_header_under_a_long_foreword_is_found():
    above = [(f"{number}.本表由牵头单位填写，每月更新。",) for number in range(1, 41)]
    content = workbook([("整治", "区城管局", "6月底前")], headers=("工作任务", "责任单位", "完成时限"), above=above)
    assert [(row.title, row.row) for row in read(content).rows] == [("整治", 42)]


def test_what_holds_now_is_read_and_not_what_held_before():
    heads, below = (
        ("任务名称", "责任单位", None, "完成时限", None, "调整原因"),
        (None, "原责任单位", "调整后", "原定", "调整后", None),
    )
    row = ("改造口袋公园5个", "区住建局", "区园林局", "5月底", "8月底", "职责调整")
    merges = ("A1:A2", "B1:C1", "D1:E1", "F1:F2")
    (found,) = read(workbook([below, row], headers=heads, merges=merges)).rows
    assert told(found)[1:3] == ("r:区园林局", "2021-08-31")


def test_a_table_beside_the_table_is_said_and_not_mixed_in():
    heads = ("序号", "任务", "责任单位", "时限")
    found = read(
        workbook(
            [(1, "整治夜市", "县城管局", "5月底前", None, 1, "改厕", "各乡镇", "6月底前")],
            headers=(*heads, None, *heads),
        )
    )
    assert [told(row)[:3] for row in found.rows] == [("整治夜市", "r:县城管局", "2021-05-31")]
    assert [problem.code for problem in found.problems] == ["table_beside"]


def test_units_that_stand_in_no_column_of_units_are_shown(upload):  # noqa: F811
    cells = re.findall(r'<span class="us">(.*?)</span></td>', upload(offices.plain_words()).content.decode(), re.DOTALL)
    assert sum("街道城投公司" in cell for cell in cells) == 1
    assert words(upload(offices.by_department(), "部门.xlsx")).count("单位：区城市管理局") == 2


def test_a_unit_known_by_another_name_is_shown_in_the_cell_that_names_it(upload, make_unit):  # noqa: F811
    make_unit("区城市管理委", aliases=["城管委"])
    page = upload(workbook([("整治", "牵头：城管委；配合：各街道")], headers=("任务", "责任单位")))
    assert words(page).count("区城市管理委") == 1


def test_a_heading_merged_over_columns_takes_no_row_of_tasks_for_its_own():
    content = workbook(
        [("环境", "甲片", "清扫街巷", "区城管局", "9月"), ("秩序", "乙片", "整治停车", "区交警大队", "10月")],
        headers=("类别", None, "工作任务", "责任单位", "时限"), merges=("A1:B1",),
    )  # fmt: skip
    assert [row.title for row in read(content).rows] == ["清扫街巷", "整治停车"]


def test_months_under_a_heading_are_headers_and_no_tasks():
    heads, below = (
        ("项目", "任务清单", "责任清单", None, "进度清单", None),
        (None, None, "牵头领导", "责任科室", "6月底", "年底"),
    )
    merges = ("A1:A2", "B1:B2", "C1:D1", "E1:F1")
    content = workbook(
        [below, ("一、乡风", "建设文化礼堂6个", "陈某", "宣传办", "完成3个", "全部建成")], headers=heads, merges=merges
    )
    (row,) = read(content).rows
    assert (row.project, told(row)[1]) == ("乡风", "r:宣传办")
