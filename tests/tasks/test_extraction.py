"""The grammars of the speech reader: a table of examples for each."""

import pytest

from tasks.extraction import read_plan
from tasks.extraction.clauses import Kind, kind_of
from tasks.extraction.drafts import DraftRow
from tasks.extraction.merging import Merge, merge_of
from tasks.extraction.names import Names
from tasks.extraction.objects import parts
from tasks.extraction.outline import read_outline
from tasks.extraction.subjects import read_subject
from tasks.extraction.titles import title_of
from tasks.language.hygiene import tidy
from tasks.language.phrase import read_phrase
from tasks.language.units import Known

YEAR = 2020


def who(text):
    found = read_subject(text, 0, len(text), Names())
    return found and {role: "、".join(unit.name for unit in units) for role, units in found.by_role.items()}


SUBJECTS = [
    ("区教委主责", {"primary": "区教委"}),
    ("区城管局及各街道主责", {"primary": "区城管局、各街道"}),
    ("区住房和城乡建设局和区教委牵头", {"lead": "区住房和城乡建设局、区教委"}),
    ("由区妇联牵头", {"lead": "区妇联"}),
    ("此项工作由区民政局负责", {"primary": "区民政局"}),
    ("古桥镇负责清理垃圾", {"primary": "古桥镇"}),
    ("区交通委要实施缓堵工程", {"responsible": "区交通委"}),
    ("区城管局、区公安分局等部门要加强巡查", {"responsible": "区城管局、区公安分局"}),
    ("区教委、区文旅局等牵头部门要制定方案", {"lead": "区教委、区文旅局"}),
    ("区创城办会同区委宣传部要制定导则", {"responsible": "区创城办", "support": "区委宣传部"}),
    ("各街道、各有关单位配合", {"support": "各街道、各有关单位"}),
    ("各县（市、区）要制定办法".replace("（", "(").replace("）", ")"), {"responsible": "各县(市、区)"}),
    ("8个专项工作组每月要研究", {"responsible": "专项工作组"}),
    ("每季度由区委区政府主要领导研究1次", {"responsible": "区委区政府主要领导"}),
    ("城关、马庄、固城等沿线镇要清理垃圾", {"responsible": "城关镇、马庄镇、固城镇"}),
    ("公安、城管、交通等部门要联合执法", {"responsible": "公安、城管、交通"}),
    ("部门、街道和社区要良性互动", {"responsible": "部门、街道、社区"}),
    ("有家属院的单位要自筹资金", {"responsible": "有家属院的单位"}),
    ("XX街道牵头", {"lead": "XX街道"}),
    ("区委宣传部组织开展宣讲", {"responsible": "区委宣传部"}),
    ("区双创办要编印指南", {"responsible": "区双创办"}),
    ("区创建办负责日常督导", {"primary": "区创建办"}),
    ("创建全国文明城区指挥部办公室要每周通报", {"responsible": "创建全国文明城区指挥部办公室"}),
]  # fmt: skip
NOBODY = [
    "区文化中心建设年内完成", "加强社区治理", "实现街道全覆盖", "古城街道环境整治提升", "白石公园二期工程年内开工", "群众满意度要稳定在95%以上",
    "志愿服务要形成常态", "报区创建办备案", "社区卫生服务中心改造全部完成", "停车场建设要提速", "党员干部要带头", "促进当代商城提档升级", "利用信息化平台共享经验",
    "定期召开协调会", "轨道交通M11线西段(冬奥支线)工程开工", "用好青少年活动中心", "完善区、街道、社区三级网络", "举办培训班4期", "联合举办宣讲活动6场",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SUBJECTS, ids=lambda value: str(value)[:20])
def test_who_is_to_do_it(text, expected):
    assert who(text) == expected


@pytest.mark.parametrize("text", NOBODY)
def test_what_is_only_spoken_of_is_no_responsible_unit(text):
    assert who(text) is None


NAMES = [
    "县人力资源和社会保障局",
    "市文化广电和旅游局",
    "区大数据局",
    "县消防救援大队",
    "区机关事务服务中心",
    "国网白石供电公司",
    "白石城投集团",
    "区创文办",
    "团区委",
    "县红十字会",
    "区残联",
    "市生态环境局海棠分局",
    "高新区管委会",
    "经开区",
    "白石农商银行",
    "区人大常委会办公室",
    "区政协办",
    "区法院",
    "县检察院",
    "白石乡",
    "柳林街道办事处",
    "海棠社区",
    "区房屋管理中心",
    "市政工程管理处",
    "市公安局交警支队",
    "区供销社",
    "白石火车站",
    "区第一人民医院",
    "县一中",
    "环境整治专班",
    "区委老干部局",
    "市规划和自然资源局白石分局",
    "区农业农村和水利局",
    "区直各部门",
    "各镇(街道)",
    "各村(社区)",
    "各级各部门",
    "各窗口单位",
    "相关职能部门",
    "各银行网点",
    "区级领导",
    "各街道主要负责人",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_known_by_their_form(name):
    assert {who(name + said)["responsible"] for said in ("要加强管理", "于6月底前完成", "开展专项整治")} == {name}


KINDS = [
    ("完善网格化管理机制", Kind.DUTY), ("形成工作合力", Kind.PURPOSE), ("形成问题清单", Kind.DUTY), ("围绕服务保障冬奥", Kind.INTRO),
    ("以老旧小区为重点", Kind.INTRO), ("针对实地考察方面的问题", Kind.INTRO), ("按照“六好”标准开展创建活动", Kind.DUTY), ("不断提升城市文明程度", Kind.PURPOSE),
    ("确保取得实效", Kind.PURPOSE), ("去年完成了20条道路改造", Kind.PAST), ("累计清理垃圾", Kind.PAST), ("切实把好事办好", Kind.PURPOSE), ("必须闻风而动", Kind.PURPOSE),
    ("充分发挥专业团队作用", Kind.INTRO), ("促进商圈提档升级", Kind.PURPOSE), ("制定专项工作方案", Kind.DUTY),
]  # fmt: skip


@pytest.mark.parametrize(("words", "kind"), KINDS, ids=str)
def test_what_a_clause_is(words, kind):
    assert kind_of(words, is_measured=False) is kind


PARTS = [
    ("完成20个示范道路和40个示范路口创建工作", ["完成20个示范道路", "和40个示范路口创建工作"]),
    ("建成永安南路、XX南街等道路", ["建成永安南路", "建成XX南街"]),
    (
        "东河路、西河路南段、北山路东段力争年内开工",
        ["东河路力争年内开工", "西河路南段力争年内开工", "北山路东段力争年内开工"],
    ),
    ("完成东水厂主体建设和西河污水处理厂二期改造", ["完成东水厂主体建设", "完成西河污水处理厂二期改造"]),
    ("每月有主题、每季度有测评", ["每月有主题", "每季度有测评"]),
    ("统筹推进水、电、气、热等市政配套设施", None),
    ("加快完善街巷长、小巷管家工作", None),
    ("完成刘家府110kV等5个输变电工程", None),
    ("知晓率和参与率分别达到98%和92%", None),
]


@pytest.mark.parametrize(("words", "expected"), PARTS, ids=lambda value: str(value)[:20])
def test_one_clause_may_be_several_tasks(words, expected):
    assert [part.words for part in parts(words, read_phrase(words, year=YEAR))] == (expected or [words])


MERGES = [
    ("加快推动视频监控整合建设", "实现工地视频监控全覆盖", Merge.JOIN),
    ("深化河长制工作", "街道级河长巡河率要达到100%", Merge.JOIN),
    ("启动东山公园建设", "实施面积20公顷", Merge.JOIN),
    ("推进雨污分流改造", "8月底前全部完工", Merge.JOIN),
    ("加强静态交通管理", "盘活存量停车资源", Merge.JOIN),
    ("制定整治清单", "报指挥部办公室备案", Merge.JOIN),
    ("区级领导定期到镇街督导", "每月不少于2次", Merge.JOIN),
    ("推进“厕所革命”", "提升改造10座公厕", Merge.NO),
    ("完成19家示范单位创建", "每月开展1次宣传教育", Merge.NO),
]


@pytest.mark.parametrize(("before", "words", "expected"), MERGES, ids=str)
def test_two_clauses_may_be_one_task(before, words, expected):
    read = read_phrase(words, year=YEAR)
    is_limited = any(d.due_on for d in read.deadlines) or bool(read.rhythms)
    assert merge_of(before, read_phrase(before, year=YEAR), words, read, is_limited=is_limited) is expected


def rows(text, **options):
    return read_plan(f"关于创建工作的安排\n\n一、重点任务\n{text}", year=YEAR, **options).rows


def test_units_hold_until_others_are_named_and_a_paragraph_ends():
    found = rows("区教委主责，制定校园方案。每月开展1次检查。区妇联要建立家长学校。\n每季度开展1次评比。")
    assert [(row.primary_units + row.responsible_units, row.carried_over) for row in found] == [
        (("区教委",), True) if "检查" in row.title else (("区教委",), False) if "方案" in row.title else
        (("区妇联",), False) if "家长" in row.title else ((), False) for row in found
    ]  # fmt: skip
    assert len(found) == 4


def test_a_limit_governs_what_comes_after_it_in_its_sentence():
    found = rows("区城管局主责，制定整治方案，9月底前完成20条道路整治，新建公厕5座。每月开展1次检查。")
    assert [row.due_date for row in found] == [None, "2020-09-30", "2020-09-30", None]
    assert [row.inherited for row in found] == [(), ("units",), ("units", "deadline"), ("units",)]


def test_a_limit_of_one_unit_does_not_bind_the_next():
    found = rows(
        "各单位于7月20日前将材料报区创城办，区创城办要逐项审核材料。7月底前，区教委要完成自查，区卫健委要完成复核。"
    )
    assert [row.due_date for row in found] == ["2020-07-20", None, "2020-07-31", "2020-07-31"]


def test_receivers_are_not_responsible():
    (row,) = rows("各街道每月25日前将进展情况报区创城办。")
    assert row.responsible_units == ("各街道",)


def test_doubts_are_said():
    found = rows("区城管局、区教委等部门要建立台账。相关街道要在11月前完成X个点位整治。")
    assert [[problem.code for problem in row.problems] for row in found] == [
        ["units_open"], ["group_open", "deadline_ambiguous", "number_masked"],
    ]  # fmt: skip
    assert all(row.is_doubtful for row in found)


def test_short_names_are_named_in_full_by_the_directory():
    (row,) = rows("教委牵头，城关配合，每月开展1次检查。", units=[Known("区教委"), Known("城关镇", aliases=("城关",))])
    assert (row.lead_units, row.support_units) == (("区教委",), ("城关镇",))


def test_a_heading_of_units_speaks_for_what_is_under_it():
    text = "任务分工\n\n一、区教委\n1.每月开展1次校园检查。\n二、区民政局、各街道\n1.建立志愿服务队伍36支。"
    found = read_plan(text, year=YEAR).rows
    assert [row.responsible_units for row in found] == [("区教委",), ("区民政局", "各街道")]


def test_headings_name_program_and_project():
    text = "讲话\n一、突出重点\n一是要切实抓好绿色生态提升工程。区园林局主责，完成绿道建设14公里。"
    (row,) = read_plan(text, year=YEAR).rows
    assert row.program == "绿色生态提升工程"
    outline = read_outline(tidy("方案\n一、重点任务\n（一）道路整治\n1.完成20条道路整治。").text)
    assert (outline.paragraphs[0].program, outline.paragraphs[0].project) == ("重点任务", "道路整治")


def test_the_page_around_a_speech_is_not_read():
    text = "素材库 首页\n讲话 本文简介：区教委主责，每月开展1次检查\n\n讲话 本文内容：\n\n一、任务\n区教委主责，每月开展1次检查。\n\n来源：网络 免责声明：每月更新1次。"
    assert len(read_plan(text, year=YEAR).rows) == 1


TITLES = [
    ("要进一步加快推进绿道建设工作", "加快推进绿道建设"),
    ("大力推进公园建设", "推进公园建设"),
    ("全力以赴组织攻坚", "全力以赴组织攻坚"),
]


@pytest.mark.parametrize(("words", "title"), TITLES, ids=str)
def test_title(words, title):
    assert title_of(words, []) == title


DAMAGED = [
    ("创建(chuàngjiàn)文明城区", "创建文明城区"), ("創建（chuang jian）全國城區", "创建全国城区"), ("各街道辦事處", "各街道办事处"), ("(A类)标准", "(A类)标准"),
    ("９月底前完成１ ２个", "9月底前完成12个"), ("乾县", "乾县"), ("完\u200b成", "完成"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "text"), DAMAGED, ids=str)
def test_damaged_text_is_mended_and_its_places_kept(raw, text):
    mended = tidy(raw)
    assert mended.text == text
    assert len(mended.offsets) == len(text) + 1


def test_a_row_is_kept_as_json_and_comes_back():
    for row in rows("区教委主责，9月底前完成20个示范校创建，每月开展1次检查。"):
        assert DraftRow.from_dict(row.as_dict()) == row


def test_a_numbered_program_in_mid_paragraph_lets_go_of_the_units_above_it():
    text = "一是抓好礼仪行动。区教委主责，开展礼仪课20场。二是抓好绿化行动。全面整治荒地，新增绿地20公顷。"
    assert [row.primary_units for row in read_plan(text, year=YEAR).rows] == [("区教委",), ()]


def test_the_days_of_a_phase_without_a_number_hold_for_its_tasks():
    text = "动员部署阶段（3月1日至3月31日）。各单位要召开动员会。\n第二阶段：集中整治（4月至8月）。区城管局要拆除违建。"
    assert [row.due_date for row in read_plan(text, year=YEAR).rows] == ["2020-03-31", "2020-08-31"]
