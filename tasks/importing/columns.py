"""Which column is which: headers in any order and wording, in the words offices use for them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.language.text import even

#: The words of each column, exact after spaces, brackets and line breaks are gone. The first is what the template says.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("序号", "号", "项次", "NO", "No", "No.", "序列"),
    "code": ("编号", "任务编号", "任务代码", "代码", "编码"),
    "program": ("提升工程", "工程", "工程名称", "攻坚战", "战役", "大环境", "环境", "行动", "专项行动", "行动名称", "测评类别", "类别", "板块", "大类", "一级指标", "领域", "专题",
                "所属工程", "大项", "一级目录", "一级目标", "一级任务", "提升行动", "专项", "工作板块", "任务类别", "工作类别", "工作领域"),
    "project": ("项目", "项目名称", "重点项目", "子项", "分项", "测评项目", "测评内容", "测评指标", "二级指标", "工作项目", "小类", "项目类别", "测评要点", "任务分类", "指标名称",
                "指标内容", "小项", "二级目录", "子项目", "二级目标", "二级任务"),
    "title": ("工作任务", "任务", "任务名称", "任务内容", "工作内容", "具体任务", "主要任务", "重点任务", "重点工作", "工作事项", "工作项",
              "工作措施", "具体措施", "具体工作", "工作要求", "任务事项", "事项", "内容", "创建任务", "主要内容", "任务清单", "整改内容", "三级指标", "三级目标", "三级任务", "关键举措", "主要措施", "工作举措",
              "具体要求", "整治内容", "整治任务", "重点内容", "创建内容", "工作任务及措施", "任务要求", "工作安排", "具体内容", "整改措施", "推进措施", "测评要求", "议定事项", "交办事项",
              "督办事项", "承诺事项", "责任事项"),
    "lead": ("牵头单位", "牵头部门", "牵头领办单位", "牵头", "总牵头单位", "牵头责任单位", "牵头责任部门"),
    "primary": ("主责单位", "主责部门", "主责", "主办单位", "主办部门", "主要责任单位", "第一责任单位", "主办", "主要负责单位", "负责单位", "负责部门"),
    "responsible": ("责任单位", "责任部门", "承办单位", "承办部门", "落实单位", "实施单位", "完成单位", "承担单位", "责任科室", "单位", "部门", "涉及单位",
                    "责任主体", "具体责任单位", "责任分工", "分工", "任务分工", "责任", "承办", "职能部门", "单位名称", "执行单位", "责任单位名称"),
    "support": ("配合单位", "配合部门", "协办单位", "协办部门", "协助单位", "参与单位", "参加单位", "协同单位", "配合", "协办", "参与部门", "协同部门", "联动单位"),
    "deadline": ("完成时限", "完成时间", "时限", "完成期限", "截止时间", "截止日期", "完成日期", "时间节点", "时间要求", "办结时限", "拟办结时间", "进度要求",
                 "时间", "整改时限", "时限要求", "完成节点", "计划完成时间", "时间安排", "节点", "进度安排", "完成时序", "期限", "达标时间", "达标时限", "计划时间", "工作时限",
                 "推进节点", "进度计划", "节点要求", "工期", "月份", "月度", "时间进度", "时限清单"),
    "rhythm": ("频次", "频率", "工作频次", "周期", "开展频次", "工作频率", "次数要求"),
    "target": ("量化指标", "目标", "目标值", "工作目标", "指标", "指标要求", "目标任务", "年度目标", "目标要求", "数量", "任务数", "任务量", "指标值", "量化目标", "年度指标",
               "预期目标", "任务指标", "计划数", "目标清单", "目标完成率", "完成率目标", "完成率要求", "达标率要求", "目标比例"),
    "standard": ("工作标准", "标准", "测评标准", "验收标准", "完成标准", "达标标准", "创建标准", "评价标准"),
    "detail": ("工作说明", "任务说明", "详细内容", "任务描述", "工作描述", "详细要求", "建设内容", "实施内容", "建设规模", "建设内容及规模", "主要建设内容", "改造内容"),
    "problem": ("问题", "存在问题", "问题描述", "主要问题", "发现问题", "具体问题", "存在的问题", "问题内容", "失分原因", "反馈问题", "突出问题", "问题表现", "存在不足", "问题清单"),
    "place": ("点位", "点位名称", "地点", "位置", "具体位置", "问题位置", "问题地点", "问题点位", "路段", "检查点位", "测评点位", "所在位置"),
    "measure": ("计量单位", "单位(计量)"),
    "remark": ("备注", "说明", "其他", "备注说明"),
}  # fmt: skip
_EXACT = {word: field for field, words in SYNONYMS.items() for word in words}
_CONTAINED = (
    ("牵头", "lead"), ("配合", "support"), ("协办", "support"), ("协助", "support"), ("协同", "support"), ("协作", "support"), ("参与", "support"), ("联动", "support"), ("会办", "support"), ("会同", "support"), ("负责", "primary"), ("主责", "primary"), ("主办", "primary"),
    ("责任单位", "responsible"), ("责任部门", "responsible"), ("责任主体", "responsible"), ("承办", "responsible"), ("承担", "responsible"),
    ("落实单位", "responsible"), ("落实部门", "responsible"), ("实施单位", "responsible"),
    ("时限", "deadline"), ("期限", "deadline"), ("完成时间", "deadline"), ("完成节点", "deadline"), ("截止", "deadline"), ("完成日期", "deadline"),
    ("频次", "rhythm"), ("频率", "rhythm"), ("工程", "program"), ("攻坚战", "program"), ("专项行动", "program"),
    ("量化", "target"), ("标准", "standard"), ("任务数", "target"), ("目标", "target"), ("任务", "title"), ("工作内容", "title"), ("整治内容", "title"), ("措施", "title"), ("要求", "title"), ("举措", "title"),
    ("建设内容", "detail"), ("建设规模", "detail"), ("数量", "target"), ("节点", "deadline"), ("事项", "title"), ("时间", "deadline"), ("日期", "deadline"), ("行动", "program"), ("单位", "responsible"), ("部门", "responsible"), ("指标", "project"), ("项目", "project"), ("备注", "remark"), ("内容", "title"),
)  # fmt: skip
#: 责任社区, 整改单位, 责任2, 受检单位: who owes it, by whatever kind of unit the table is about.
_OWNER = re.compile(
    r"责任(?:单位|部门)?[\d一二三四五六]|(?:责任|承办|落实|实施|执行|整改|办理|承诺|承担|经办|完成|属地|包保|包抓|受检|被检查?)"
    r"(?:单位|部门|科室|处室|股室|社区|街道|乡镇|镇街|镇|村居?|县区|区县|县市区|市县|片区|园区|网格|站所|学校|企业|主体|机构|清单|方)[\d一二三四五六]?"
)
_NOT_READ = re.compile(
    r"责任人|负责人|(?:牵头|主办|承办|经办|创建|配合|协办|包保|督办|落实|报告)人|联系人|联络员|电话|手机|领导|签字|签名|进展|情况|完成率|是否|得分|分值|权重|方法|照片|附件|会议|注意事项|协调事项|"
    r"(?:当前|目前|完成|工作|形象|实际)进度|(?:一|二|三|四|[1-4])季度|^\d{1,2}月份?$|"
    r"开始|启动|起始|开工|下达|(?:发现|检查|上报|报送|更新|通报|巡查|督查|交办|受理|签收)(?:时间|日期)|填报|联系单位|监督单位|督办单位|督查单位|督导单位|验收单位|(?<!受)(?<!被)检查单位|考核(?:单位|部门)|交办单位|报送单位|指导单位|(?:初审|审核|复核|审批|把关)(?:单位|部门)|填表|制表|状态|地址|点位|来源|依据|资金|投资|金额"
)
_BEFORE, _NOW = (
    re.compile(r"原(?!因|则)|(?:调整|变更|修改)前"),
    re.compile(r"(?:调整|变更|修改)[后为]|现(?!状|场|有问题)|新(?:的|完成|责任|牵头)"),
)
_REPORT = re.compile(r"(?:材料)?(?:报送|上报|报出)(?:时间|日期)")
_START, _END = ("开始", "起", "启动", "起始"), ("完成", "结束", "止", "截止", "办结", "终")
#: 责任单位及责任人: the unit is read, the person is not.
_WITH_PERSONS = re.compile(
    r"(?<=单位|部门)[及和与、/,]*(?:责任人|负责人|联系人|联络员|责任领导|分管领导)(?:及?(?:联系)?电话)?$"
)
_BRACKETS = re.compile(r"\(([^)]*)\)")
#: 责任单位（牵头）: the role of a column of units, in brackets behind it.
_ROLE_IN_BRACKETS = (
    ("牵头", "lead"),
    ("主责", "primary"),
    ("主办", "primary"),
    ("配合", "support"),
    ("协办", "support"),
    ("协助", "support"),
)
#: A table in plain words: 干什么, 谁来干, 何时干成.
_PLAIN_WORDS = (
    (re.compile(r"(?:要?[干做抓办]|整治|整改)(?:些)?(?:什么|啥)(?:事|活)?(?:情)?"), "title"),
    (re.compile(r"(?:怎么|如何|怎样)(?:去|来)?[干做抓办改]"), "detail"),
    (re.compile(r"(?:由)?谁(?:来)?牵头"), "lead"),
    (re.compile(r"(?:由)?谁(?:来)?(?:主责|负责)"), "primary"),
    (re.compile(r"(?:由)?谁(?:来)?(?:配合|协助|参与|帮忙?)"), "support"),
    (re.compile(r"(?:由)?(?:谁|哪个(?:单位|部门)|哪家)(?:来|去)?(?:[干做抓办改管]|负责|落实|承办|承担)"), "responsible"),
    (re.compile(r"(?:何时|(?:什么|啥)时候|几时|哪天|多久)(?:前|能|要)?(?:[干做办]成|[干做办改]完|[干做办改]好|完成|办结|到位|见效)?"), "deadline"),
    (re.compile(r"[干做达办改](?:到|成)(?:什么|啥|何种)(?:程度|标准|效果|样子?|地步)"), "target"),
)  # fmt: skip
_NOISE = re.compile(r"[\s:*★、/和及与]")
UNIT_FIELDS = ("lead", "primary", "responsible", "support")
LONGEST_HEADER = 16
#: Columns that can speak of the task where no header calls itself that, the likeliest first.
STAND_INS = ("detail", "problem", "project", "standard", "target")
#: What the office can say of a column; "" = not read.
FIELD_WORDS = {
    "title": "工作任务", "detail": "工作内容（补充说明）", "program": "工程", "project": "项目", "lead": "牵头单位", "primary": "主责单位", "responsible": "责任单位",
    "support": "配合单位", "deadline": "完成时限", "rhythm": "频次", "target": "目标数量", "measure": "计量单位", "standard": "工作标准", "problem": "存在问题", "place": "点位",
    "code": "编号", "number": "序号", "remark": "备注", "": "不读这一列",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a table: where it stands, what its header says, the field it was taken for (None: not read)."""

    place: int
    header: str
    field: str | None
    measure: str = ""
    """The unit of measure a header carries: 任务数（个）."""
    key: str = ""
    """The words it is known by."""


@dataclass(frozen=True)
class Wording:
    """How this campaign calls its columns, beside the words in the code."""

    layer_name: str = ""
    learned: Mapping[str, str] = field(default_factory=dict)

    def field_of(self, header: object) -> str | None:
        """The field a header names; None for one that this reader does not need."""
        words = squeezed(header)
        if words in self.learned:
            return self.learned[words] or None
        bare = _WITH_PERSONS.sub("", _BRACKETS.sub("", words))
        if not bare or len(bare) > LONGEST_HEADER:
            return None
        if self.layer_name and bare == self.layer_name:
            return "program"
        field = _EXACT.get(bare) or ("responsible" if _OWNER.fullmatch(bare) else None)
        field = field or next((field for form, field in _PLAIN_WORDS if form.fullmatch(bare)), None)
        if field is None:
            if _NOT_READ.search(bare):
                return None
            bare = _NOISE.sub("", bare)
            field = _EXACT.get(bare) or next((field for part, field in _CONTAINED if part in bare), None)
        return _role_in_brackets(words) or field if field == "responsible" else field

    def field_named(self, header: str) -> str | None:
        """The field, only where the words are known whole and not by a part of them."""
        words = squeezed(header)
        bare = _WITH_PERSONS.sub("", _BRACKETS.sub("", words))
        return self.field_of(header) if words in self.learned or bare in _EXACT else None

    def of_stack(self, stack: Sequence[str]) -> str | None:
        """The field of a column whose header stands in several rows: 责任分工 over 牵头单位."""
        lowest = stack[-1] if stack else ""
        above = stack[-2] if len(stack) > 1 else ""
        if above and self.field_of(above) == "deadline" and squeezed(lowest) in (*_START, *_END):
            return "deadline" if squeezed(lowest) in _END else None
        return self.field_of(lowest)


def _role_in_brackets(words: str) -> str | None:
    said = _BRACKETS.search(words)
    return next((role for word, role in _ROLE_IN_BRACKETS if said and word in said[1]), None)


def base(field: str) -> str:
    """The field of a further column of its kind: `responsible2` is one of responsible units."""
    return field.rstrip("0123456789")


def squeezed(header: object) -> str:
    """A header's words as they are compared: even width, no spaces, line breaks nor marks."""
    return re.sub(r"[\s:*★]", "", even(str(header or "")).text)


def field_of(header: object, *, layer_name: str = "") -> str | None:
    return Wording(layer_name).field_of(header)


def columns_of(stacks: Sequence[Sequence[str]], wording: Wording) -> list[Column]:
    """The columns under these headers; a heading over several columns stands in for one that says nothing itself."""
    fields = [wording.of_stack(stack) for stack in stacks]
    for place, stack in enumerate(stacks):
        is_silent = fields[place] is None and len(stack) > 1 and not _NOT_READ.search(squeezed(stack[-1]))
        if is_silent and (above := wording.field_of(stack[-2])) and above not in fields:
            fields[place] = above
    fields = _measured(stacks, _reported(stacks, _revised(stacks, fields, wording)))
    return [
        Column(
            place,
            " ".join(stack),
            name,
            _measure_of(stack) if name == "target" else "",
            squeezed(stack[-1]) if stack else "",
        )
        for place, (stack, name) in enumerate(zip(stacks, fields, strict=True))
    ]


def _revised(stacks: Sequence[Sequence[str]], fields: list[str | None], wording: Wording) -> list[str | None]:
    """原定 beside 调整后: what holds now is read, what held before is not."""
    lowest = [squeezed(stack[-1]) if stack else "" for stack in stacks]
    if not any(map(_NOW.match, lowest)) or not any(map(_BEFORE.match, lowest)):
        return fields
    found: list[str | None] = []
    for name, stack, words in zip(fields, stacks, lowest, strict=True):
        above = wording.field_of(stack[-2]) if len(stack) > 1 else None
        found.append(None if _BEFORE.match(words) else name or above if _NOW.match(words) else name)
    return found


def _reported(stacks: Sequence[Sequence[str]], fields: list[str | None]) -> list[str | None]:
    """报送时间 is a limit where no other column is one: of materials that are to be handed in."""
    if "deadline" in fields:
        return fields
    return [
        "deadline" if stack and name is None and _REPORT.fullmatch(squeezed(stack[-1])) else name
        for stack, name in zip(stacks, fields, strict=True)
    ]


def _measured(stacks: Sequence[Sequence[str]], fields: list[str | None]) -> list[str | None]:
    """单位 beside a number is its unit of measure where another column names who is responsible."""
    named = [place for place, stack in enumerate(stacks) if stack and squeezed(stack[-1]) == "单位"]
    others = any(name in UNIT_FIELDS for place, name in enumerate(fields) if place not in named)
    beside = [place for place in named if {"target"} & set(fields[max(0, place - 1) : place + 2])]
    return [("measure" if place in beside and others else name) for place, name in enumerate(fields)]


def _measure_of(stack: Sequence[str]) -> str:
    found = _BRACKETS.search(squeezed(stack[-1])) if stack else None
    said = found[1].removeprefix("单位") if found else ""
    return said if 0 < len(said) <= 5 and not re.search(r"\d|年|必填|选填", said) else ""


def is_header(columns: Iterable[Column]) -> bool:
    """A row of headers names the task, or what can stand in for it, and at least one thing more that only a task has."""
    fields = {column.field for column in columns} - {None}
    return bool(fields & {"title", *STAND_INS}) and bool(fields & {*UNIT_FIELDS, "deadline"}) and len(fields) >= 2


def header_words() -> Iterable[str]:
    """The words of the template, in its order."""
    order = ("number", "program", "project", "title", "lead", "primary", "responsible", "support", "deadline", "remark")
    return [SYNONYMS[field][0] for field in order]
