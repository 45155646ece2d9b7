"""The language of plans: a table of examples for each grammar, its base year 2020."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.language.phrase import read_phrase
from tasks.language.strength import read_strength
from tasks.language.text import even, number
from tasks.language.units import Directory, Known, group_kind, guess_kind, is_vague_group, read_units, says_open_end

YEAR = 2020

LIMITS = [
    ("10月底前完成", "fixed", "2020-10-31"),
    ("2月底前", "fixed", "2020-02-29"),
    ("9月份", "fixed", "2020-09-30"),
    ("四月底前", "fixed", "2020-04-30"),
    ("十二月中旬", "fixed", "2020-12-20"),
    ("2020.10.31", "fixed", "2020-10-31"),
    ("２０２０年６月３０日前", "fixed", "2020-06-30"),
    ("于8月20日前报送", "fixed", "2020-08-20"),
    ("到2021年底，完成", "year_end", "2021-12-31"),
    ("明年3月底前", "fixed", "2021-03-31"),
    ("三季度末完成", "fixed", "2020-09-30"),
    ("上半年完成", "fixed", "2020-06-30"),
    ("5-6月开展专项整治", "fixed", "2020-06-30"),
    ("从3月1日到9月30日", "fixed", "2020-09-30"),
    ("国庆节前完成亮化", "fixed", "2020-09-30"),
    ("端午节前", "fixed", "2020-06-24"),
    ("春节前慰问", "fixed", "2020-01-24"),
    ("清明节前", "fixed", "2020-04-03"),
    ("年内开工", "year_end", "2020-12-31"),
    ("今年要建成", "year_end", "2020-12-31"),
    ("今年年底前", "year_end", "2020-12-31"),
    ("到2021年，建成示范区", "year_end", "2021-12-31"),
    ("从现在起到年底", "year_end", "2020-12-31"),
    ("贯穿全年", "year_end", "2020-12-31"),
    ("2020.3-2020.9", "fixed", "2020-09-30"),
    ("2020.3.1-2020.5.31", "fixed", "2020-05-31"),
    ("7、8月份集中整治", "fixed", "2020-08-31"),
    ("5月中下旬", "fixed", "2020-05-31"),
    ("6月上中旬", "fixed", "2020-06-20"),
    ("9月15日17:30前", "fixed", "2020-09-15"),
    ("9月15日下班前上传", "fixed", "2020-09-15"),
    ("“七一”前更换到位", "fixed", "2020-06-30"),
    ("年中前完成", "fixed", "2020-06-30"),
    ("当年完成", "year_end", "2020-12-31"),
]
NO_LIMITS = [
    ("测评前达标", "event"),
    ("今年测评前全面达标", "event"),
    ("9月开学前完成", "event"),
    ("3个工作日内反馈", "relative"),
    ("接到交办单后2小时内到场", "relative"),
    ("长期坚持", "standing"),
    ("暑假期间", "event"),
    ("尽快办理", "prompt"),
    ("定期研究", "vague"),
    ("自5月份开始", "start"),
    ("XX月底前", "masked"),
    ("6月31日前", "impossible"),
    ("按时间节点推进", "external_schedule"),
]
RHYTHMS = [
    ("每月11日", ("monthly", 1, 11, False)),
    ("每月10日前报送进展", ("monthly", 1, 10, False)),
    ("每月底前", ("monthly", 1, 31, False)),
    ("每月5日、20日", ("monthly", 2, 5, False)),
    ("每周不少于2次入户宣传", ("weekly", 2, None, True)),
    ("每季度至少开展1次评比", ("quarterly", 1, None, True)),
    ("每半年组织1次模拟测评", ("halfyear", 1, None, False)),
    ("每半月督查一次、通报一次", ("semimonthly", 1, None, False)),
    ("每学期至少召开1次会议", ("semester", 1, None, True)),
    ("天天有人管", ("daily", 1, None, False)),
    ("每周对各街道至少督查一次", ("weekly", 1, None, True)),
    ("每周一、三、五开展", ("weekly", 3, None, False)),
    ("每旬调度1次", ("monthly", 3, None, False)),
    ("每个工作日", ("daily", 1, None, False)),
    ("春秋两季各组织1次灭鼠", ("yearly", 2, None, False)),
    ("做到每日一清洗", ("daily", 1, None, False)),
    ("上下半年各开展一次", ("halfyear", 1, None, False)),
    ("一周一调度、一月一考核", ("weekly", 1, None, False)),
    ("日检查、周通报、月排名", ("daily", 1, None, False)),
    ("按季度考核", ("quarterly", 1, None, False)),
    ("不少于2场/月", ("monthly", 2, None, True)),
    ("逢周六开放", ("weekly", 1, None, False)),
    ("每年9月底前完成", ("yearly", 1, None, False)),
    ("每周二、周五开展", ("weekly", 2, None, False)),
    ("每周一至周五值守", ("weekly", 5, None, False)),
    ("每逢周二、周六上岗", ("weekly", 2, None, False)),
    ("每两周开一次例会", ("semimonthly", 1, None, False)),
    ("每两个月开展1次模拟测评", ("yearly", 6, None, False)),
    ("每十天调度一次", ("monthly", 3, None, False)),
    ("每天推送信息不少于3条", ("daily", 3, None, True)),
    ("每周夜查至少两个晚上", ("weekly", 2, None, True)),
    ("每年冬春两季集中清理", ("yearly", 2, None, False)),
    ("建立月通报制度", ("monthly", 1, None, False)),
]
TARGETS = [
    ("完成120个背街小巷整治提升", [("背街小巷整治提升", "=", 120, "个")]),
    ("新建改建公厕不少于35座", [("公厕", ">=", 35, "座")]),
    ("新增停车位1,200个", [("停车位", "=", 1200, "个")]),
    ("服务群众3万人次以上", [("群众", ">=", 30000, "人次")]),
    ("打造5个示范社区、10条示范街", [("示范社区", "=", 5, "个"), ("示范街", "=", 10, "条")]),
    ("评选文明家庭100户、身边好人20名", [("文明家庭", "=", 100, "户"), ("身边好人", "=", 20, "名")]),
    ("问题整改率不低于95%，群众满意率达90%以上", [("问题整改率", ">=", 95, "%"), ("群众满意率", ">=", 90, "%")]),
    ("建设24小时自助图书馆3个", [("24小时自助图书馆", "=", 3, "个")]),
    ("百分之八十五以上", [(None, ">=", 85, "%")]),
    ("七成以上", [(None, ">=", 70, "%")]),
    ("建成3-5个示范点", [("示范点", ">=", 3, "个")]),
    ("知晓率达90%、参与率达85%", [("知晓率", ">=", 90, "%"), ("参与率", ">=", 85, "%")]),
    ("得分不低于92分", [("得分", ">=", 92, "分")]),
    ("进入全省前6名", [("排名", "<=", 6, "名")]),
    ("不达标点位动态清零", [("不达标点位", "=", 0, "个")]),
    ("社区图书室全覆盖", [("社区图书室覆盖率", "=", 100, "%")]),
    ("做到应改尽改、应建尽建", [("改率", "=", 100, "%")]),
    ("企业开办时间压缩至4小时以内", [("企业开办时间", "<=", 4, "小时")]),
    ("健康教育开课率应达尽达", [("健康教育开课率", "=", 100, "%")]),
    ("清扫率由78%提高到85%", [("清扫率", ">=", 85, "%")]),
    ("举办宣讲活动，不少于10场", [("宣讲活动", ">=", 10, "场")]),
    ("每周开放56小时以上", [("每周开放", ">=", 56, "小时/周")]),
    ("不少于X场", [(None, ">=", None, "场")]),
    ("每个社区至少建1支志愿服务队", [("志愿服务队", ">=", 1, "支")]),
    ("开展“我们的节日”主题活动6次以上", [("“我们的节日”主题活动", ">=", 6, "次")]),
    ("全年4次", [(None, "=", 4, "次")]),
    ("举办讲座二十期以上", [("讲座", ">=", 20, "期")]),
    ("公益广告占比不少于三分之一", [("公益广告占比", ">=", 33.3, "%")]),
    ("半数以上社区", [(None, ">=", 50, "%")]),
    ("满意度较上年提高3个百分点", [("满意度", ">=", 3, "个百分点")]),
    ("志愿者人数翻一番", [("志愿者人数", ">=", 2, "倍")]),
    ("指定2名联络员", [("联络员", "=", 2, "名")]),
]
NOTHING = [
    "3月6日", "35个项目、171项工作任务", "庆祝建党百年", "110kV变电站", "三年行动计划", "24小时书店", "500米服务半径", "“12345”热线",
    "90年代前建成小区", "轨道交通M11线", "8个专项工作组", "严禁年底突击申报", "“四有”", "七个方面", "第七届全国文明城市", "做到一街一策",
    "森林公园二期", "二类以上公厕", "去年10月召开的会议", "5月份测评中失分的点位", "以来，我区共创建了26个文明单位", "已完成改造12个", "细化分解到每一个月", "五年规划",
]  # fmt: skip


def read(text):
    return read_phrase(text, year=YEAR).as_dict()


@pytest.mark.parametrize(("text", "kind", "due"), LIMITS, ids=str)
def test_limit(text, kind, due):
    said = read(text)
    assert (said["kind"], said["due_date"]) == (kind, due)


@pytest.mark.parametrize(("text", "subkind"), NO_LIMITS, ids=str)
def test_words_that_set_no_day(text, subkind):
    said = read(text)
    assert (said["due_date"], said["subkind"]) == (None, subkind)


@pytest.mark.parametrize(
    ("text", "other"), [("11月前", "2020-11-30"), ("10月中旬前", "2020-10-20"), ("元旦前", "2019-12-31")]
)
def test_doubt_is_said(text, other):
    said = read(text)
    assert said["ambiguous"] is True
    assert said["alternatives"] == [other]


def test_a_campaign_may_read_before_november_as_its_end():
    read_so = read_phrase("11月前", year=YEAR, is_month_included=True)
    assert read_so.due_on == dt.date(2020, 11, 30)


def test_phases_are_milestones():
    said = read("6月底前完成50%，12月底前全部完成")
    assert said["milestones"] == ["2020-06-30", "2020-12-31"]
    assert [(t["value"], t["by"]) for t in said["targets"]] == [(50, "2020-06-30"), (100, "2020-12-31")]


@pytest.mark.parametrize(("text", "rhythm"), RHYTHMS, ids=str)
def test_rhythm(text, rhythm):
    said = read(text)
    assert said["kind"] == "recurring"
    assert tuple(said["recurrence"].values()) == rhythm
    assert said["targets"] == []


@pytest.mark.parametrize(("text", "targets"), TARGETS, ids=lambda value: str(value)[:20])
def test_targets(text, targets):
    assert [(t["what"], t["op"], t["value"], t["unit"]) for t in read(text)["targets"]] == targets


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_in_names_are_neither_limit_nor_target(text):
    said = read(text)
    assert (said["kind"], said["due_date"], said["targets"]) == ("none", None, [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9.30", "2020-09-30"),
        ("2020.9", "2020-09-30"),
        ("20200930", "2020-09-30"),
        ("9月30日", "2020-09-30"),
        ("2020", "2020-12-31"),
    ],
)
def test_a_column_of_limits_holds_bare_dates(text, day):
    assert read_phrase(text, year=YEAR, is_column=True).as_dict()["due_date"] == day


@pytest.mark.parametrize(
    ("text", "word", "step"),
    [
        ("力争年内开工", "soft", "begun"),
        ("确保主体完工", "firm", "main_body"),
        ("推进治理", "push", ""),
        ("建成公园", "plain", "built"),
    ],
)
def test_strength(text, word, step):
    strength = read_strength(text)
    assert (strength.word, strength.step, strength.is_soft) == (word, step, word == "soft")


def test_even_text_keeps_its_places():
    found = even("完成 ３ ５ 项，共1,200个")
    assert found.text == "完成35项,共1200个"
    assert found.original(2, 4) == "３ ５"
    assert number("三十五") == 35
    assert number("两") == 2
    assert number("1.5万") == 15000


UNITS = [
    ("区教委、区民政局", {"responsible": ("区教委", "区民政局")}, False),
    ("区住房和城乡建设局和区教委及各街道", {"responsible": ("区住房和城乡建设局", "区教委", "各街道")}, False),
    ("区农业农村和水利局", {"responsible": ("区农业农村和水利局",)}, False),
    ("区卫健委 区教育局", {"responsible": ("区卫健委", "区教育局")}, False),
    ("区 教 委", {"responsible": ("区教委",)}, False),
    ("区城管局等相关部门", {"responsible": ("区城管局",)}, True),
    ("区教委(牵头)、区民政局、团区委（配合）", {"lead": ("区教委",), "responsible": ("区民政局",), "support": ("团区委",)}, False),
    ("牵头：区教委；配合：区民政局、各街道", {"lead": ("区教委",), "support": ("区民政局", "各街道")}, False),
    ("由区教委牵头，区民政局、团区委配合", {"lead": ("区教委",), "support": ("区民政局", "团区委")}, False),
    ("县城管局负责，各乡镇配合", {"primary": ("县城管局",), "support": ("各乡镇",)}, False),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "by_role", "is_open"), UNITS, ids=lambda value: str(value)[:24])
def test_unit_list(cell, by_role, is_open):
    found = read_units(cell)
    assert (found.by_role, found.is_open_ended) == (by_role, is_open)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("市水务局", "department"), ("城关镇", "street"), ("八角街道办事处", "street"), ("团县委", "department"), ("第三中学", "school"),
     ("供电公司", "enterprise"), ("马庄社区", "community"), ("宣传工作组", "group"), ("随便写的话", None)],
)  # fmt: skip
def test_units_are_known_by_their_form(name, kind):
    assert guess_kind(name) == kind


def test_group_words():
    assert group_kind("各街道") == "street"
    assert group_kind("各有关单位") == "any"
    assert group_kind("区教委") is None
    assert is_vague_group("相关街道")
    assert not is_vague_group("各街道")
    assert says_open_end("牵头另含相关部门")


def test_directory_knows_short_forms_and_asks_about_near_ones():
    known = Directory([Known("区教委"), Known("区城市管理委", aliases=("区城管委",)), Known("古桥街道")])
    assert known.find("教委").name == "区教委"
    assert known.find("区城管委").name == "区城市管理委"
    assert known.find("古桥街道办事处").name == "古桥街道"
    assert (known.find("区城市管埋委").name, known.find("区城市管埋委").near) == (None, "区城市管理委")


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet="每月年底前至少不于12 39个座次%第一二三十、，。；（）“”X万区委局街道各相关等和及牵头配合完成全覆盖日周季度\n",
        max_size=60,
    )
)
def test_any_text_is_answered(text):
    said = read(text)
    assert said["kind"] in {"recurring", "fixed", "year_end", "quantity", "none"}
    read_units(text)
    names = [name for names in read_units(text).by_role.values() for name in names]
    assert all(names)


@settings(max_examples=60, deadline=None)
@given(month=st.integers(1, 12), count=st.integers(2, 900), unit=st.sampled_from("个座条处家"))
def test_what_is_written_is_read_back(month, count, unit):
    said = read(f"{month}月底前完成{count}{unit}示范点建设")
    assert said["due_date"] == (dt.date(YEAR + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).isoformat()
    assert [(t["value"], t["unit"]) for t in said["targets"]] == [(count, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "每" * 3000,
        "1" * 3000 + "个",
        "一" * 3000,
        "、".join(["区教委"] * 3000),
        "（" * 3000,
        "完成" * 3000,
        "全" * 3000 + "覆盖",
    ],
)
def test_long_nonsense_takes_no_time(text):
    started = dt.datetime.now(dt.UTC)
    read_phrase(text, year=YEAR)
    read_units(text)
    assert (dt.datetime.now(dt.UTC) - started).total_seconds() < 2
