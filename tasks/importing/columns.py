"""Which column is which: headers in any order and wording, in the words offices use for them."""

import re
from collections.abc import Iterable, Sequence

from tasks.language.text import even

#: The words of each column, exact after spaces, brackets and line breaks are gone. The first is what the template says.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("序号", "号", "项次", "NO", "No"),
    "code": ("编号", "任务编号", "任务代码", "代码", "编码"),
    "program": ("提升工程", "工程", "工程名称", "攻坚战", "战役", "大环境", "环境", "行动", "专项行动", "测评类别", "类别", "板块", "大类", "一级指标", "领域", "专题"),
    "project": ("项目", "项目名称", "重点项目", "子项", "分项", "测评项目", "测评内容", "二级指标", "工作项目", "小类"),
    "title": ("工作任务", "任务", "任务名称", "任务内容", "工作内容", "具体任务", "主要任务", "重点任务", "重点工作", "工作事项", "工作项",
              "工作措施", "具体措施", "具体工作", "工作要求", "任务事项", "事项", "内容", "创建任务", "主要内容", "任务清单", "整改内容", "三级指标"),
    "lead": ("牵头单位", "牵头部门", "牵头领办单位", "牵头", "总牵头单位", "牵头责任单位", "牵头责任部门"),
    "primary": ("主责单位", "主责部门", "主责", "主办单位", "主办部门", "主要责任单位", "第一责任单位"),
    "responsible": ("责任单位", "责任部门", "承办单位", "落实单位", "实施单位", "完成单位", "承担单位", "责任科室", "单位", "部门", "涉及单位",
                    "责任主体", "具体责任单位", "责任分工", "分工", "任务分工"),
    "support": ("配合单位", "配合部门", "协办单位", "协办部门", "协助单位", "参与单位", "参加单位", "协同单位", "配合"),
    "deadline": ("完成时限", "完成时间", "时限", "完成期限", "截止时间", "截止日期", "完成日期", "时间节点", "时间要求", "办结时限", "拟办结时间", "进度要求",
                 "时间", "整改时限", "时限要求", "完成节点", "计划完成时间", "时间安排"),
    "rhythm": ("频次", "频率", "工作频次", "周期"),
    "target": ("量化指标", "目标", "目标值", "工作目标", "指标", "指标要求", "目标任务", "年度目标", "目标要求", "数量"),
    "standard": ("工作标准", "标准", "测评标准", "验收标准", "完成标准"),
    "remark": ("备注", "说明", "其他"),
}  # fmt: skip
_EXACT = {word: field for field, words in SYNONYMS.items() for word in words}
_CONTAINED = (
    ("牵头", "lead"), ("配合", "support"), ("协办", "support"), ("协助", "support"), ("主责", "primary"), ("主办", "primary"),
    ("责任单位", "responsible"), ("责任部门", "responsible"), ("承办", "responsible"), ("时限", "deadline"), ("期限", "deadline"),
    ("完成时间", "deadline"), ("截止", "deadline"), ("频次", "rhythm"), ("工程", "program"), ("攻坚战", "program"),
    ("任务", "title"), ("工作内容", "title"), ("措施", "title"), ("项目", "project"), ("备注", "remark"),
)  # fmt: skip
_PERSONS = re.compile(r"责任人|联系人|电话|领导|签字|进展|完成情况|是否|得分|分值|方法|照片|附件")
UNIT_FIELDS = ("lead", "primary", "responsible", "support")


def field_of(header: object, *, layer_name: str = "") -> str | None:
    """The field a header names; None for one that this reader does not need."""
    words = re.sub(r"\([^)]*\)|[\s:*★]", "", even(str(header or "")).text)
    if not words or len(words) > 16:
        return None
    if layer_name and words == layer_name:
        return "program"
    if words in _EXACT:
        return _EXACT[words]
    if _PERSONS.search(words):
        return None
    return next((field for part, field in _CONTAINED if part in words), None)


def map_columns(headers: Sequence[object], *, layer_name: str = "") -> dict[str, int]:
    """Field -> column, the leftmost winning; two task-like columns (工作任务, 工作措施) give the first."""
    columns: dict[str, int] = {}
    for place, header in enumerate(headers):
        field = field_of(header, layer_name=layer_name)
        if field and field not in columns:
            columns[field] = place
    return columns


def is_header(columns: dict[str, int]) -> bool:
    """A row of headers names the task and at least one thing more that only a task has."""
    return "title" in columns and bool(set(columns) & {*UNIT_FIELDS, "deadline"}) and len(columns) >= 2


def header_words() -> Iterable[str]:
    """The words of the template, in its order."""
    order = ("number", "program", "project", "title", "lead", "primary", "responsible", "support", "deadline", "remark")
    return [SYNONYMS[field][0] for field in order]
