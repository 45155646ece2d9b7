"""Plans of ten districts in their own words and layout, read as a careful clerk reads them."""

import datetime as dt

import pytest

from campaign.problems import Refused
from tasks.importing.oldmarkings import old_markings
from tasks.importing.opening import open_workbook
from tasks.importing.reading import read_workbook
from tests.tasks import offices
from tests.tasks.oldbooks import old_workbook, saved_by_excel
from tests.tasks.workbooks import PLAN, task, with_part, workbook


def read(content, **more):
    return read_workbook(content, year=2021, **more)


def told(row):
    """(title, units by role, due, rhythm, targets) in few letters."""
    units = "；".join(f"{role[0]}:{'、'.join(names)}" for role, names in row.units.items() if names)
    rhythm = f"{row.recurrence['freq']}×{row.recurrence['count']}" if row.recurrence else ""
    targets = " ".join(f"{t['op']}{t['value']}{t['unit']}" for t in row.targets)
    return row.title, units, row.due_date or "", rhythm, targets


EXPECTED = {
    "departments": [
        ("清理背街小巷积存垃圾120处", "r:县城管局；s:各镇（街道）", "2021-06-30", "", "=120处"),
        ("改造老旧小区8个", "r:县住建局；s:县财政局、城关镇", "2021-10-31", "", "=8个"),
        ("新增机动车停车泊位不少于600个", "r:县公安局交警大队；s:县城管局", "2021-12-31", "", ">=600个"),
        ("每月开展1次交通秩序集中整治", "r:县公安局交警大队", "", "monthly×1", ""),
    ],
    "split_duty": [
        ("主干道公益广告覆盖率达到95%以上", "l:区委宣传部；r:区城管局；s:各街道", "2021-05-31", "", ">=95%"),
        ("每季度组织志愿服务活动不少于2次", "l:团区委；r:各街道", "2021-12-31", "quarterly×2", ""),
        ("窗口单位群众满意度不低于90%", "l:区政务服务局；r:区税务局、区人社局", "2021-09-30", "", ">=90%"),
    ],
    "by_program": [
        ("清洗城市家具500处", "r:市城管局", "2021-04-30", "", "=500处"),
        ("拆除违建3万平方米", "r:市执法局", "2021-08-31", "", "=30000平方米"),
        ("规范非机动车停放点200个", "r:市交警支队", "2021-07-31", "", "=200个"),
        ("查处不文明行为", "r:市公安局", "", "", ""),
    ],
    "sections": [
        ("改造提升农贸市场15家", "l:市城管局；r:市商务局", "2021-09-30", "", "=15家"),
        ("农贸市场每日消杀2次", "l:市城管局；r:市商务局", "2021-09-30", "daily×2", ""),
        ("早晚高峰路口文明劝导全覆盖", "r:市公安局交警支队", "2021-12-31", "", "=100%"),
    ],
    "clauses": [
        ("取缔校园周边流动摊贩", "r:区城管局", "2021-05-31", "", ""),
        ("排查校园周边网吧30家", "r:区文旅局", "2021-06-30", "", "=30家"),
        ("增设校门口减速带12处", "r:区交警大队", "2021-08-31", "", "=12处"),
        ("建成新时代文明实践站18个", "r:各街道", "2021-12-31", "", "=18个"),
        ("每月开展1次宣讲", "r:各街道", "", "monthly×1", ""),
        ("楼道革命", "r:各街道", "2021-07-31", "", ""),
    ],
    "narrow": [
        ("完成36条道路破损修复", "l:区城市管理局；s:区财政局、区审计局", "2021-09-30", "", "=36条"),
        ("维修更换路灯800盏", "l:区路灯管理所；s:各街道办事处", "2021-06-30", "", "=800盏"),
    ],
    "quantities": [
        ("新增绿地面积", "r:市园林局", "2021-10-31", "", "=12.5公顷"),
        ("生活垃圾无害化处理率", "r:市环卫处", "2021-12-31", "", ">=98%"),
        ("志愿者入户宣传", "r:各社区", "", "monthly×2", ""),
        ("公厕保洁", "r:市环卫处", "2021-11-30", "", "=43座"),
    ],
    "roles_in_one_cell": [
        ("整治占道经营", "l:区城管局；s:区市场监管局、各街道", "2021-03-31", "", ""),
        ("规范施工围挡", "l:区住建局；r:区交通局、区水务局", "2021-06-30", "", ""),
        ("治理飞线充电", "l:区消防救援大队；s:区住建局、各街道", "2021-06-30", "", ""),
        ("更新文明公约牌", "p:区委宣传部；s:各社区", "2021-09-30", "", ""),
        ("建立长效机制", "r:各单位", "", "", ""),
        ("报送指标材料", "r:各指标单位", "2021-09-30", "", ""),
    ],
    "as_csv": [
        ("“门前三包”责任制落实率达到100%", "p:区城管局；s:区市场监管局", "2021-06-30", "", ">=100%"),
        ("建成15分钟便民生活圈5个", "p:区商务局", "2021-12-31", "", "=5个"),
        ("红绿灯路口交通安全宣传", "p:交警大队；s:团区委、区教育局", "", "weekly×1", ""),
    ],
    "wide": [
        ("补种行道树40株", "r:园林中心", "2021-04-15", "", "=40株"),
        ("修复破损盲道2000米", "r:市政公司", "", "", "=2000米"),
    ],
    "layers": [
        ("开展干部培训4期", "r:市委组织部", "2021-10-31", "", "=4期"),
        ("政务公开率达到100%", "r:市政府办公室", "2021-10-31", "", ">=100%"),
        ("群众满意度不低于85%", "r:市纪委监委", "", "", ">=85%"),
    ],
    "index_tree": [
        ("主次干道清洁，无积存垃圾", "l:市城管局；s:市住建局、各县市区", "", "", ""),
        ("道路装灯率达到100%，亮灯率不低于96%", "l:市城管局；s:市住建局、各县市区", "", "", ">=100% >=96%"),
        ("公厕有专人管理，标识明显。", "l:市环卫处；s:市文旅局、市商务局", "", "", ""),
        ("车辆停放有序", "r:市直各窗口单位", "", "", ""),
        ("每年举办礼让斑马线活动4次以上", "r:市直各窗口单位", "", "yearly×4", ""),
    ],
    "two_tables": [
        ("更换护栏60米", "r:区城管局", "2021-07-01", "", "=60米"),
        ("增设公益广告", "r:区市场监管局、城南街道", "", "", ""),
        ("补充近两年数据", "l:区文明办；s:区统计局", "2021-07-10", "", ""),
    ],
    "plain_words": [
        ("清理杂物", "r:各社区、物业公司", "2021-04-30", "", ">=30处"),
        ("托管无物业小区", "l:街道城投公司；s:各社区", "2021-04-30", "", ">=100%"),
        ("治理油烟", "l:街道食药所；r:街道执法中队", "", "weekly×1", "=45台"),
    ],
    "groups": [
        ("新建公厕", "l:市环卫处；s:各建设单位", "2021-10-31", "", "=18座"),
        ("公厕保洁，每日巡查不少于3次", "l:市环卫处", "", "daily×3", ""),
        ("新增泊位1200个", "l:市交警支队；s:各区", "2021-12-31", "", "=1200个 =9处"),
    ],
    "decided": [
        ("制定工作方案，抽调不少于8人", "l:区创建办；r:各专项组", "2021-03-20", "", ">=8人"),
        ("整治共享单车停放", "r:区城管局、交警大队", "2021-04-30", "", ""),
    ],
    "matrix": [
        ("更新公益广告80块", "l:区委宣传部；s:区城管局", "2021-06-30", "", "=80块"),
        ("清理楼道", "l:各街道；s:区城管局", "2021-07-31", "", ""),
    ],
    "by_department": [
        ("新建公厕5座", "r:区城市管理局", "2021-09-30", "", "=5座"),
        ("规范户外广告", "r:区城市管理局", "", "", ""),
        ("入户宣传", "r:各街道办事处", "2021-08-31", "", ""),
    ],
    "calendar": [
        ("召开动员大会", "r:区创建办", "2021-03-10", "", ""),
        ("摸排点位300个", "r:区创建办", "2021-03-31", "", "=300个"),
        ("集中整治", "r:区创建办", "2021-04-30", "", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_districts_own_plan(name):
    rows = [told(row) for row in read(getattr(offices, name)()).rows]
    left_out = {"sections": ["新建二类以上公厕26座"]}.get(name, [])
    assert [row for row in rows if row[0] not in left_out] == EXPECTED[name]


def layers(content):
    return [(row.program, row.project) for row in read(content).rows]


def test_layers_come_from_columns_sections_or_sheets():
    assert layers(offices.departments()) == [("环境整治", "")] * 2 + [("秩序整治", "")] * 2
    assert layers(offices.by_program()) == [("市容环境提升行动", "")] * 2 + [("公共秩序提升行动", "")] * 2
    top, bottom = "环境卫生攻坚", "文明交通攻坚"
    assert layers(offices.sections()) == [(top, "农贸市场整治")] * 2 + [(top, "公厕革命"), (bottom, "")]
    assert layers(offices.narrow()) == [("基础设施", "")] * 2
    assert [project for _, project in layers(offices.groups())] == ["公厕提升", "公厕提升", "停车治理"]
    assert layers(offices.index_tree())[-1] == ("公共秩序", "交通秩序")


def test_each_table_of_a_sheet_has_its_own_title_header_and_rows():
    above, below = read(offices.two_tables()).sheets
    assert (above.title, above.header_row, above.last_row) == ("南溪区实地测评问题整改台账", 3, 6)
    assert (below.title, below.header_row, below.last_row) == ("材料审核问题整改台账", 9, 0)
    assert [reason for _, reason in above.skipped] == ["title", "title", "header", "total"]


def test_a_problem_and_its_place_stand_with_its_measure():
    first = read(offices.two_tables()).rows[0]
    assert first.sentence == "人民路，护栏3处破损。更换护栏60米"


@pytest.mark.parametrize("name", ["各窗口单位", "街道各办（所）", "市直各单位", "沿街商户", "各县市区", "各出租车公司"])
def test_everybody_of_a_kind_is_an_open_end_and_no_new_unit(name):
    (row,) = read(workbook([task("整治", primary=name)]), known_units=[]).rows
    assert [problem.code for problem in row.problems] == ["group_open"]


def test_a_title_over_everything_is_no_header():
    (sheet,) = read(offices.split_duty()).sheets
    assert (sheet.title, sheet.header_row) == ("西山区迎国检任务分解表（2021年）", 3)
    assert sheet.headers[2:5] == ("工作要求", "责任分工 牵头单位", "责任分工 责任单位")
    (sheet,) = read(PLAN.read_bytes()).sheets
    assert (sheet.title[:4], sheet.headers[:3]) == ("2019", ("序号", "提升工程", "项目"))


def test_what_is_hidden_is_said():
    found = read(offices.by_program())
    assert [problem.code for problem in found.problems] == ["hidden_sheet", "hidden_rows", "hidden_columns", "no_table"]
    assert [[p.code for p in row.problems] for row in found.rows][1] == ["row_hidden"]


def test_clauses_are_rows_of_their_own_under_one_number():
    rows = read(offices.clauses()).rows
    assert [row.key for row in rows[:4]] == ["Sheet1!2.1", "Sheet1!2.2", "Sheet1!2.3", "Sheet1!3.1"]
    assert {row.project for row in rows[:3]} == {"校园周边环境整治"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_tables_of_text_in_any_coding_with_any_comma(encoding, delimiter):
    content = offices.as_csv(encoding=encoding, delimiter=delimiter)
    assert [told(row) for row in read(content).rows] == EXPECTED["as_csv"]


def test_an_old_workbook_is_read_like_a_new_one():
    rows = [
        ("任务清单", None, None),
        ("工作任务", "责任单位", "完成时限"),
        ("整治校园周边3处", "区教委", "9月底前"),
        ("清扫街巷", "区环卫中心", 44469.0),
    ]
    content = old_workbook({"甲": rows, "底稿": [("整治", "区教委")]}, hidden=("底稿",), merges=[(0, 0, 0, 2)])
    found = read(content)
    assert [told(row)[1:3] for row in found.rows] == [("r:区教委", "2021-09-30"), ("r:区环卫中心", "2021-09-30")]
    assert found.problems[0].code == "hidden_sheet"


def old_plan():
    return saved_by_excel(
        [
            ("序号", "工作任务", "目标值", "责任单位", "完成时限"),
            (1, "礼让行人率", (0.95, "0%"), "区交警大队", (44440, "month")),
            (2, "新建公厕", 12, "区城管局", (44440, "day")),
        ],
        hidden_rows=(2,),
        hidden_columns=(0,),
    )


def test_an_old_workbook_shows_per_cent_months_and_days_as_excel_does():
    assert [told(row) for row in read(old_plan()).rows] == [
        ("礼让行人率", "r:区交警大队", "2021-09-30", "", ">=95%"),
        ("新建公厕", "r:区城管局", "2021-09-01", "", "=12"),
    ]


def test_what_is_hidden_in_an_old_workbook_is_said_too():
    found = read(old_plan())
    assert [problem.code for problem in found.problems] == ["hidden_rows", "hidden_columns"]
    assert [[p.code for p in row.problems] for row in found.rows] == [[], ["row_hidden"]]


@pytest.mark.parametrize("end", [600, 1100, 1600, 2400, 4000])
def test_an_old_workbook_cut_off_has_no_markings_and_no_trace(end):
    assert set(old_markings(old_plan()[:end])) <= {"清单"}


def test_an_old_workbook_that_asks_for_all_memory_is_refused():
    with pytest.raises(Refused, match="太大"):
        open_workbook(old_workbook({"甲": [("a",) * 250] + [()] * 60_000 + [("b",)]}))


def test_a_formula_is_read_by_its_value_and_asked_for_where_it_has_none():
    (row,) = read(workbook([task("整治", deadline='=TEXT(DATE(2021,9,30),"yyyy-mm-dd")')])).rows
    assert [(p.code, p.cell) for p in row.problems if p.level == "blocks"] == [("formula_unvalued", "H2")]
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    words = ("工作任务", "责任单位", "完成时限", "整治", "区教委")
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    first = "".join(cell.format(place, word) for place, word in zip(("A1", "B1", "C1"), words, strict=False))
    second = "".join(cell.format(place, word) for place, word in zip(("A2", "B2"), words[3:], strict=True))
    second += '<c r="C2" t="str"><f>A9</f><v>9月底前</v></c>'
    content = with_part(
        "xl/worksheets/sheet1.xml", sheet % f'<row r="1">{first}</row><row r="2">{second}</row>'.encode()
    )
    assert [(row.due_date, row.problems) for row in read(content).rows] == [("2021-09-30", ())]


@pytest.mark.parametrize(
    ("cell", "due"),
    [("2021.9.30", "2021-09-30"), ("2021/9/30", "2021-09-30"), ("9月30日", "2021-09-30"), (44469, "2021-09-30"), ("44469", "2021-09-30"),
     (dt.datetime(2021, 9, 30), "2021-09-30"), ("20210930", "2021-09-30"), ("2021年9月", "2021-09-30"), ("2021-09-30 00:00:00", "2021-09-30")],
)  # fmt: skip
def test_dates_as_offices_write_them(cell, due):
    assert read(workbook([task("整治", deadline=cell)])).rows[0].due_date == due


def test_a_task_that_begins_like_a_total_is_a_task():
    rows = [task("累计整治背街小巷100条"), task("合计改造公厕20座"), task("小计"), ("合计", None, None, "3项")]
    assert [row.title for row in read(workbook(rows)).rows] == ["累计整治背街小巷100条", "合计改造公厕20座", "小计"]


def test_the_office_teaches_a_columns_name():
    content = workbook([("整治背街小巷", "区城管局", "9月底前")], headers=("所办之事", "经办", "何时"))
    with pytest.raises(Refused, match="最像表头的一行是“所办之事、经办、何时”"):
        read(content)
    taught = {"所办之事": "title", "经办": "responsible", "何时": "deadline"}
    assert [told(row)[1:3] for row in read(content, learned=taught).rows] == [("r:区城管局", "2021-09-30")]


def test_two_columns_of_units_are_both_read():
    content = workbook([("整治", "区城管局", "区环卫中心")], headers=("任务", "责任单位", "承办单位"))
    assert told(read(content).rows[0])[1] == "r:区城管局、区环卫中心"


def test_units_in_as_many_columns_as_there_are():
    heads = ("任务", "牵头", "责任1", "责任2", "责任3", "协作部门", "完成时限")
    row = ("整治", "交警大队", "区住建局", "区城管局", "各街道", "区教育局", "年底")
    assert (
        told(read(workbook([row], headers=heads)).rows[0])[1] == "l:交警大队；r:区住建局、区城管局、各街道；s:区教育局"
    )


@pytest.mark.parametrize(
    ("cell", "units"),
    [("区城管局（张三）", "区城管局"), ("区城管局 李四", "区城管局"), ("区城管局\n王五六", "区城管局"), ("区教委（牵头）、区民政局", "区教委、区民政局"),
     ("区城管局：张三 13800000000", "区城管局"), ("区城管局、区住建局", "区城管局、区住建局")],
)  # fmt: skip
def test_a_person_beside_the_unit_is_no_unit(cell, units):
    (row,) = read(workbook([("整治", cell)], headers=("工作任务", "责任单位及责任人"))).rows
    assert [name for names in row.units.values() for name in names] == units.split("、")


def test_a_count_takes_its_unit_from_beside_it():
    rows = [("新建公共停车场（个）", 6, "区住建局", "12月"), ("建成口袋公园", "8座", "园林处", "12月")]
    content = workbook(rows, headers=("内容", "建设数量", "牵头实施单位", "建成时间"))
    assert [told(row)[1:] for row in read(content).rows] == [
        ("l:区住建局", "2021-12-31", "", "=6个"), ("l:园林处", "2021-12-31", "", "=8座"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "measure", "told_so"),
    [("2万", "份", "=20000份"), ("≤5", "分钟", "<=5分钟"), ("＜5分钟", None, "<=5分钟"), ("≥98%", None, ">=98%"), ("1,200", "个", "=1200个"),
     ("１万名", None, "=10000名"), (12.5, "公顷", "=12.5公顷"), ("500个以上", None, ">=500个"), ("—", None, ""), ("3,500,000", "元", "=3500000元")],
)  # fmt: skip
def test_a_number_in_its_column_however_it_is_written(number, measure, told_so):
    content = workbook([("整治", number, measure, "区城管局")], headers=("任务", "目标值", "计量单位", "责任单位"))
    assert told(read(content).rows[0])[4] == told_so
