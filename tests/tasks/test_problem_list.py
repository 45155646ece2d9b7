"""A list of problems becomes tasks in one step: one row an item, with whom it names and until when."""

import pytest

from tasks.models import SourceDraft, Task
from tasks.reading import committing, deciding
from tests.tasks.reader_cast import *  # noqa: F403

LABELLED = """创城问题清单
一、背街小巷环境脏乱，责任单位：各街道，完成时限：9月底前。
二、老旧小区楼道堆物堆料（责任单位：区住房城市建设委；整改时限：10月15日前）
三、金桥市场周边乱停车（区交通支队）。
四、主次干道护栏破损12处。责任单位：区城市管理委
五、校园周边“三无”食品（夜间尤甚）。整改期限：立行立改
"""
NESTED = """暗访发现的问题
一、市容环境方面
1. 解放路车辆乱停放，牵头单位：区交通支队，配合单位：区城管执法监察局，8月底前整改。
2、宣传栏破损5块，
  其中建设街3块
二、公共秩序方面
1. 区公安分局负责，9月底前清理非法小广告。
请于9月1日前报送整改情况。
2019年8月20日
"""
BARE = """1.金桥市场门前占道经营；
2.古桥街道果皮箱满溢3处；
3.区医院无障碍通道被占用。"""
LINES = "市容问题\n门前三包不落实\n垃圾清运不及时，臭味扰民\n"


@pytest.fixture
def read(take):
    def do(text):
        return [draft.row for draft in take(text, kind="problems").drafts.order_by("number")]

    return do


def owners(row):
    return {
        role: row[f"{role}_units"] for role in ("lead", "primary", "responsible", "support") if row[f"{role}_units"]
    }


def test_each_item_is_one_row_with_whom_it_names_and_until_when(read):
    rows = read(LABELLED)
    assert [row["title"] for row in rows] == [
        "整改：背街小巷环境脏乱", "整改：老旧小区楼道堆物堆料", "整改：金桥市场周边乱停车", "整改：主次干道护栏破损12处",
        "整改：校园周边“三无”食品（夜间尤甚）",
    ]  # fmt: skip
    named = [names for row in rows for names in owners(row).values()]
    assert named == [["各街道"], ["区住房城市建设委"], ["区交通支队"], ["区城市管理委"]]
    assert [row["due_date"] for row in rows] == ["2019-09-30", "2019-10-15", None, None, None]
    assert [(t["value"], t["unit"]) for t in rows[3]["targets"]] == [(12, "处")]
    assert rows[4]["deadline_text"] == "立行立改"
    assert [problem["code"] for problem in rows[4]["problems"]][-1] == "unit_missing"


def test_the_place_is_said_and_what_is_aside_is_not(read):
    text = "1.问题描述：井盖缺失 问题点位：建设街 发现时间：2019.8.1 检查单位：区创城办 责任单位：区水务局 整改时限：9月底前 整改措施：更换"
    (row,) = read(text)
    assert (row["title"], row["due_date"], owners(row)) == (
        "整改：建设街井盖缺失",
        "2019-09-30",
        {"responsible": ["区水务局"]},
    )
    assert "更换" in row["sentence"]


def test_headlines_and_what_stands_below_the_list_are_no_items(read):
    rows = read(NESTED)
    assert [row["title"] for row in rows] == [
        "整改：解放路车辆乱停放",
        "整改：宣传栏破损5块， 其中建设街3块",
        "清理非法小广告",
    ]
    assert owners(rows[0]) == {"lead": ["区交通支队"], "support": ["区城管执法监察局"]}
    assert [row["due_date"] for row in rows] == ["2019-08-31", None, "2019-09-30"]


@pytest.mark.parametrize(("text", "count"), [(BARE, 3), (LINES, 2)])
def test_a_list_that_names_nobody_is_taken_in_one_step(take, office, now, text, count):
    document = take(text, kind="problems")
    assert deciding.accept_clear(document, by=office, now=now) == count
    assert committing.commit(document, by=office, now=now).created == count
    assert Task.objects.filter(title__startswith="整改：").count() == count
    for sentence in document.sentences.all():
        assert sentence.text == document.text[sentence.start : sentence.end]


def test_the_same_words_are_read_as_a_plan_where_they_are_no_list_of_problems(take):
    take(LABELLED, kind="minutes")
    assert not SourceDraft.objects.filter(row__title__startswith="整改：").exists()


@pytest.mark.parametrize(
    "text",
    [
        "一、",
        "1.\n2.\n3.",
        "（",
        "一、责任单位：",
        "问题：；；；；",
        "·" * 5000,
        "1." * 3000,
        "（" * 40_000,
        "1、" + "责任单位：" * 9_000,
        "1、问题：" + " " * 40_000,
        "一、X处X处破损",
    ],
)
def test_strange_lists_end_in_rows_or_none(take, text):
    for draft in take(text, kind="problems").drafts.all():
        assert draft.row["title"].removeprefix("整改：")
        assert draft.start <= draft.end <= len(text)
