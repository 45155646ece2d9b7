"""Plans of districts that never saw our template: each its own words, layout and untidiness."""

import csv
import datetime as dt
import io

import openpyxl

from tests.tasks.workbooks import saved


def sheet_of(rows, *, book, name="Sheet1", merges=()):
    page = book.active if book.active.title == "Sheet" else book.create_sheet()
    page.title = name
    for row in rows:
        page.append(list(row))
    for area in merges:
        page.merge_cells(area)
    return page


def departments():
    """责任部门 / 配合部门 / 完成节点 under a title and a note; the project's cell merged; a subtotal and a grand total."""
    rows = [
        ("2021年东湖县创建文明县城重点任务责任清单",),
        ("填表单位：县文明办", None, None, None, None, "单位：项"),
        ("序号", "工作类别", "重点任务", "责任部门", "配合部门", "完成节点", "牵头领导"),
        (1, "环境整治", "清理背街小巷积存垃圾120处", "县城管局", "各镇（街道）", "6月底前", "张某某"),
        (2, None, "改造老旧小区8个", "县住建局", "县财政局、城关镇", "10月底前", "李某某"),
        ("小计", None, "2项", None, None, None, None),
        (3, "秩序整治", "新增机动车停车泊位不少于600个", "县公安局交警大队", "县城管局", "年底前", "王某某"),
        (4, None, "每月开展1次交通秩序集中整治", "县公安局交警大队", None, "每月1次", "王某某"),
        ("合计", None, 4, None, None, None, None),
        ("注：本清单由县文明办负责解释。",),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, name="责任清单", merges=("A1:G1", "B4:B5", "B7:B8"), book=book)
    return saved(book)


def split_duty():
    """责任分工 over 牵头单位 / 责任单位 / 配合单位, 完成时限 over 开始 / 完成, all in two rows of header."""
    head = ("序号", "测评项目", "工作要求", "责任分工", None, None, "完成时限", None, "责任人")
    below = (None, None, None, "牵头单位", "责任单位", "配合单位", "开始", "完成", None)
    rows = [
        ("西山区迎国检任务分解表（2021年）",),
        head,
        below,
        (1, "公益广告", "主干道公益广告覆盖率达到95%以上", "区委宣传部", "区城管局", "各街道", "3月", "5月底", "赵"),
        (2, "志愿服务", "每季度组织志愿服务活动不少于2次", "团区委", "各街道", None, "1月", "12月底", "钱"),
        (
            3,
            "窗口服务",
            "窗口单位群众满意度不低于90%",
            "区政务服务局",
            "区税务局、区人社局",
            None,
            "2月",
            dt.date(2021, 9, 30),
            "孙",
        ),
    ]
    merges = ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:H2", "I2:I3")
    book = openpyxl.Workbook()
    sheet_of(rows, name="分解表", merges=merges, book=book)
    return saved(book)


def by_program():
    """One sheet for each program, named by it; a directory sheet first; a hidden draft; hidden rows and a hidden column."""
    book = openpyxl.Workbook()
    sheet_of([("目录",), ("1", "市容环境提升行动"), ("2", "公共秩序提升行动")], name="目录", book=book)
    for name, tasks in (
        (
            "市容环境提升行动",
            [("清洗城市家具500处", "市城管局", "4月30日"), ("拆除违建3万平方米", "市执法局", "2021.8.31")],
        ),
        (
            "公共秩序提升行动",
            [("规范非机动车停放点200个", "市交警支队", "2021/7/31"), ("查处不文明行为", "市公安局", "长期")],
        ),
    ):
        rows = [(f"{name}任务清单",), ("编号", "工作内容", "承办单位", "办结时限", "联系电话")]
        rows += [(n, *task, "8650") for n, task in enumerate(tasks, 1)]
        page = sheet_of(rows, name=name, book=book)
        page.row_dimensions[4].hidden = name.startswith("市容")
        page.column_dimensions["D"].hidden = name.startswith("公共")
    book.create_sheet("底稿").append(["工作内容", "承办单位"])
    book["底稿"].sheet_state = "hidden"
    return saved(book)


def sections():
    """Headlines over the rows: 一、 the program with its 牵头单位 in brackets, （一） the project; 同上 in the cells."""
    rows = [
        ("附件2",),
        ("南岭市2021年文明城市创建攻坚任务台账",),
        ("序号", "具体任务", "落实单位", "完成期限", "备注"),
        ("一、环境卫生攻坚（牵头单位：市城管局）",),
        ("（一）农贸市场整治",),
        (1, "改造提升农贸市场15家", "市商务局", "9月底前", None),
        (2, "农贸市场每日消杀2次", "同上", "同上", None),
        ("（二）公厕革命",),
        (3, "新建二类以上公厕26座", "市城管局、市住建局", "11月中旬前", "力争10月完成"),
        ("二、文明交通攻坚",),
        (4, "早晚高峰路口文明劝导全覆盖", "市公安局交警支队等相关部门", "全年", None),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, name="台账", merges=("A2:E2", "A4:E4", "A5:E5", "A8:E8", "A10:E10"), book=book)
    return saved(book)


def clauses():
    """Several numbered clauses in a cell, the units and limits numbered to match."""
    rows = [
        ("重点工作", "主要措施", "责任单位", "完成时间"),
        (
            "校园周边环境整治",
            "1.取缔校园周边流动摊贩；\n2.排查校园周边网吧30家；\n3.增设校门口减速带12处。",
            "1.区城管局；2.区文旅局；3.区交警大队",
            "1.5月底前；2.6月底前；3.8月底前",
        ),
        ("社区阵地建设", "①建成新时代文明实践站18个②每月开展1次宣讲", "各街道", "年内"),
        ("楼道革命", "清理楼道堆积物", "各街道", "7月底前"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, book=book)
    return saved(book)


def narrow():
    """Narrow columns: names broken in the middle, a program written down the cell, spaces between characters."""
    rows = [
        ("序\n号", "类\n别", "工 作 任 务", "牵头\n单位", "配合\n单位", "完成\n时限"),
        (1, "基\n础\n设\n施", "完成36条道路\n破损修复", "区城市管\n理局", "区财政局\n区审计局", "9月\n底前"),
        (2, None, "维修更换路灯800盏", "区路灯管\n理所", "各街道办\n事处", "2021年\n6月"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("B2:B3",), book=book)
    return saved(book)


def quantities():
    """A number with its unit of measure in columns of their own, shares shown in per cent, dates shown as months."""
    rows = [
        ("指标名称", "任务数", "单位", "责任单位", "达标时限", "工作频次"),
        ("新增绿地面积", 12.5, "公顷", "市园林局", dt.date(2021, 10, 1), None),
        ("生活垃圾无害化处理率", 0.98, None, "市环卫处", dt.date(2021, 12, 1), None),
        ("志愿者入户宣传", None, None, "各社区", None, "每月2次"),
        ("公厕保洁", 43, "座", "市环卫处", 44530, None),
    ]
    book = openpyxl.Workbook()
    page = sheet_of(rows, book=book)
    page["E2"].number_format = page["E3"].number_format = 'yyyy"年"m"月"'
    page["B3"].number_format = "0%"
    return saved(book)


def roles_in_one_cell():
    """Who leads and who helps in one cell, with labels, marks or words."""
    rows = [
        ("工作事项", "责任单位及分工", "时间要求"),
        ("整治占道经营", "牵头单位：区城管局；配合单位：区市场监管局、各街道", "3月底前完成"),
        ("规范施工围挡", "区住建局（牵头）、区交通局、区水务局", "第二季度"),
        ("治理飞线充电", "区消防救援大队牵头，区住建局、各街道配合", "上半年"),
        ("更新文明公约牌", "由区委宣传部负责，各社区配合", "国庆节前"),
        ("建立长效机制", "各责任单位", "持续推进"),
        ("报送指标材料", "各指标责任单位", "三季度末"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, book=book)
    return saved(book)


def as_csv(*, encoding="gb18030", delimiter=","):
    """What a web system exports: a table of text, a line break in a cell, quotation marks."""
    rows = [
        ("任务编号", "任务名称", "主办单位", "协办单位", "截止日期", "任务说明"),
        ("T-001", "“门前三包”责任制落实率达到100%", "区城管局", "区市场监管局", "2021-06-30", "沿街商户\n全覆盖签约"),
        ("T-002", "建成15分钟便民生活圈5个", "区商务局", "", "2021/12/31", ""),
        ("T-003", "红绿灯路口交通安全宣传", "交警大队", "团区委;区教育局", "每周1次", ""),
    ]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def wide():
    """Thirty columns of which few matter: figures, signatures, photos; the task far to the right; the header printed twice."""
    head = [None] * 14
    for place, word in {
        0: "序号",
        1: "领域",
        2: "发现时间",
        3: "点位",
        5: "得分",
        6: "整改内容",
        7: "整改时限",
        8: "整改责任单位",
        9: "责任人",
        10: "整改情况",
        11: "照片",
        13: "备注",
    }.items():
        head[place] = word

    def row(number, area, what, limit, unit, remark=None):
        return [
            number,
            area,
            dt.date(2021, 3, 1),
            "中山路",
            None,
            0.5,
            what,
            limit,
            unit,
            "周某",
            "未整改",
            None,
            None,
            remark,
        ]

    rows = [
        ["问题整改清单"],
        [],
        head,
        row(1, "环境", "补种行道树40株", "4月15日前", "园林中心"),
        head,
        row(2, "设施", "修复破损盲道2000米", "立行立改", "市政公司", "已报价"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A1:N1",), book=book)
    return saved(book)


def layers():
    """三级指标 with merged cells in every layer and the limits merged over rows that share them."""
    rows = [
        ("一级指标", "二级指标", "三级指标", "测评标准", "责任单位", "完成时间"),
        ("廉洁高效的政务环境", "政务行为规范", "开展干部培训4期", "查阅资料", "市委组织部", "10月底前"),
        (None, None, "政务公开率达到100%", "网上抽查", "市政府办公室", None),
        (None, "政务廉洁", "群众满意度不低于85%", "问卷调查", "市纪委监委", "长期坚持"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A2:A4", "B2:B3", "F2:F3"), book=book)
    return saved(book)


def index_tree():
    """测评项目 > 测评内容 > 测评标准 without a column of tasks: each numbered clause of the standard is one."""
    rows = [
        ("北湖市测评体系任务分解（2021年）",),
        ("测评\n项目", "测评\n内容", "测评标准", "测评方法", "责任单位"),
        (
            "Ⅱ-1\n公\n共\n环\n境",
            "市容环境",
            "1）主次干道清洁，无积存垃圾；\n2）道路装灯率达到100%，亮灯率不低于96%。",
            "1）实地考察\n2）实地考察、材料审核",
            "牵头：市城管局\n配合：市住建局、各县（市、区）",
        ),
        (None, "公共设施", "公厕有专人管理，标识明显。", "实地考察", "市环卫处（牵头），市文旅局、市商务局配合"),
        ("公共秩序", "交通秩序", "①车辆停放有序；②每年举办礼让斑马线活动4次以上。", "实地考察", "市直各窗口单位"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A1:E1", "A3:A4"), book=book)
    return saved(book)


def two_tables():
    """A ledger of problems over another one with other columns, each with its title, on one sheet."""
    rows = [
        ("南溪区实地测评问题整改台账",),
        ("单位（盖章）：区创建办", None, None, "截至6月20日"),
        ("序号", "点位名称", "存在问题", "整改措施", "责任单位", "责任人", "整改时限", "整改情况"),
        (1, "人民路", "护栏3处破损", "更换护栏60米", "区城管局", "周某", dt.date(2021, 7, 1), "正在整改"),
        (2, "南门市场", "无公益广告", "增设公益广告", "区市场监管局、城南街道", "吴某", "立行立改", "已完成"),
        ("小计", None, "2个"),
        (),
        ("材料审核问题整改台账",),
        ("序号", "存在问题", "整改要求", "牵头单位", "配合单位", "完成时限"),
        (1, "说明报告无数据", "补充近两年数据", "区文明办", "区统计局", "7月10日前"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A1:H1", "A8:H8"), book=book)
    return saved(book)


def plain_words():
    """A street's table in everyday words; who does it stands once in the words of how."""
    rows = [
        ("梧桐街道创建攻坚任务表",),
        ("序", "项目", "干什么", "怎么干", "干到什么程度", "谁来干", "何时干成", "督办领导"),
        (1, "楼院", "清理杂物", "逐栋排查", "不少于30处", "各社区  物业公司", "4月底", "郑某"),
        (2, None, "托管无物业小区", "由街道城投公司牵头，各社区配合", "托管率达到100%", None, "同上", "郑某"),
        (3, "商户", "治理油烟", "加装净化器45台", None, "街道食药所（牵头） 街道执法中队", "每周一", "高某"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A1:H1", "B3:B4"), book=book)
    return saved(book)


def groups():
    """目标任务 merged over 具体举措, the role in brackets behind 责任单位, quantities with their unit under one heading."""
    rows = [
        (
            "序号",
            "目标任务",
            "具体举措",
            "责任单位\n（牵头）",
            "配合单位",
            "目标值",
            None,
            "完成时限",
            "分季度计划",
            None,
        ),
        (None, None, None, None, None, "数量", "单位", None, "上半年", "四季度"),
        (1, "公厕提升", "新建公厕", "市环卫处", "各建设单位", 18, "座", "10月底前", 8, 18),
        (2, None, "公厕保洁，每日巡查不少于3次", "市环卫处", None, None, None, "每日", None, None),
        (3, "停车治理", "新增泊位1200个", "市交警支队", "各区", 9, "处", "年底", 3, 9),
    ]
    merges = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:G1", "H1:H2", "I1:J1", "B3:B4")
    book = openpyxl.Workbook()
    sheet_of(rows, merges=merges, book=book)
    return saved(book)


def decided():
    """What meetings decided, a sheet a month with the same columns."""
    book = openpyxl.Workbook()
    for name, row in (
        ("3月", ("3月6日", "制定工作方案，抽调不少于8人", "区创建办（牵头）、各专项组", "3月20日前")),
        ("4月", ("4月10日", "整治共享单车停放", "区城管局、交警大队等部门", "4月底前")),
    ):
        head = ("序号", "会议时间", "议定事项", "责任单位", "完成时限", "办理情况")
        sheet_of([(f"调度会议定事项（{name}）",), (), head, (1, *row, "已完成")], name=name, book=book)
    return saved(book)


def matrix():
    """A column for each unit with marks in the cells, explained above."""
    rows = [
        ("责任矩阵表",),
        ("注：★为牵头单位，△为配合单位",),
        ("序号", "工作任务", "区委宣传部", "区城管局", "各街道", "完成时限"),
        (1, "更新公益广告80块", "★", "△", None, "6月底前"),
        (2, "清理楼道", None, "△", "★", "7月底前"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A1:F1", "A2:F2"), book=book)
    return saved(book)


def by_department():
    """A list by departments: the row across the sheet is the unit that owes the rows below it."""
    rows = [
        ("部门任务清单",),
        ("序号", "任务内容", "具体标准", "完成时限"),
        ("一、区城市管理局（2项）",),
        (1, "新建公厕5座", "二类以上", "9月底前"),
        (2, "规范户外广告", "无破损", "长期坚持"),
        ("二、各街道办事处（1项）",),
        (3, "入户宣传", "户户到", "8月底前"),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A1:D1", "A3:D3", "A6:D6"), book=book)
    return saved(book)


def calendar():
    """Months and their thirds in two columns under one heading; the unit in a line above the table."""
    rows = [
        ("创建工作推进计划",),
        ("责任单位：区创建办",),
        ("时间", None, "工作任务", "备注"),
        ("3月", "上旬", "召开动员大会", None),
        (None, "下旬", "摸排点位300个", None),
        ("4月", "全月", "集中整治", None),
    ]
    book = openpyxl.Workbook()
    sheet_of(rows, merges=("A1:D1", "A2:D2", "A3:B3", "A4:A5"), book=book)
    return saved(book)
