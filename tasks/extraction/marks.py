"""Marks beside a task: units and limits in brackets or behind a label, (责任单位:A、B;完成时限:9月底前), (A牵头,B配合,8月底前)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.extraction.doers import Unit, is_name
from tasks.extraction.subjects import Subject
from tasks.language.units import read_units

LABEL = re.compile(
    r"^ *[(【\[]?(?P<label>(?:总?牵头|主责|主办|责任|配合|协办|承办|实施|参与|参加|完成|负责|落实|主管|监管|指导)(?:单位|部门|科室|领导|人|时限|时间|主体)|"
    r"(?:整改|办结|工作)?(?:时限|期限)|时间(?:节点|要求|安排)?|分管领导)(?:[】\]] *:?|\)? *:)"
)
#: What is to be done stands behind it: 整改措施:清理垃圾;补植绿地。
TASK_LABEL = re.compile(
    r" {0,4}[(【\[]?(?:(?:整改|工作|具体|推进|治理|主要|下一?步|重点|落实|整治|提升)?(?:措施|举措)|工作(?:目标|任务|标准|内容|要求|重点|安排)|目标(?:任务|要求)|主要(?:任务|内容)|任务内容|整改(?:目标|内容|要求)|重点任务|创建任务)(?:[】\]] *:?| *:)"
)
#: How it stands is told behind it: 问题3:垃圾桶满溢。
PROBLEM_LABEL = re.compile(
    r" {0,4}[(【\[]?(?:(?:存在|主要|反馈|突出|具体|失分|发现)?(?:的)?问题(?:\d{1,3}|[一二三四五六七八九十]{1,3})?(?:描述|表现|情况|清单)?|失分(?:原因|点|项)|原因(?:分析)?|现状|整改情况|进展情况|完成情况|备注|说明|背景)(?:[】\]] *:?| *:)"
)
_TIME_LABEL = re.compile(
    r"^ *[(【\[]?(?:完成|整改|办结|工作|落实|解决)?(?:时限|时间|期限)(?:节点|要求|安排)?(?:[】\]] *:?| *:)"
)
_PERSON = re.compile(r"^ *[【\[]?(?:责任人|责任领导|分管领导|包抓领导|联系人|联系电话|联络员|电话)(?:[】\]] *:?| *:)")
_UNIT_LABEL = re.compile(
    r"^[^:]{0,3}(?:总?牵头|主责|主办|责任|配合|协办|承办|实施|参与|参加|负责|落实|主管|监管)(?:单位|部门|科室|主体)?:"
)
_MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])月"
_DAY = re.compile(
    rf"(?:于|到|至)?(?:20\d\d年|今年|明年|本年)?(?:{_MONTH}(?:\d{{1,2}}[日号]|份?(?:[底末初]|[上中下]旬))?份?|20\d\d[.\-/]\d{{1,2}}(?:[.\-/]\d{{1,2}})?|年?[底末内]|"
    r"全年|[上下]半年|第?[一二三四]季度[末底]?|(?:国庆|中秋|春节|五一|元旦|端午)节?)(?:之前|以前|前|内)?(?:全部|基本)?(?:完成|完工|办结|整改到位|到位)?"
    r"|长期(?:坚持)?|常年(?:坚持)?|持续(?:推进|开展|坚持)?|立行立改|立即整改|即知即改|常态化?"
)
_ROLE_TAIL = re.compile(r"(?:牵头|主责|主办|负责|落实|配合|协办|参与|协助)(?:单位|部门)?$")
_STRONG = re.compile(r"(?:局|委|办|街道|镇|乡|支队|大队|公司|集团|指挥部|办公室|部|工会|妇联|团[区县市工]委|中心)$")
_LONGEST = 26


@dataclass(frozen=True)
class Mark:
    """`limit`: where the words of the limit stand, None where the mark names none."""

    subject: Subject | None
    limit: tuple[int, int] | None
    is_labelled: bool


def read_mark(text: str, start: int, stop: int) -> Mark | None:
    """What a bracket or a labelled line says of the task before it; None where it says anything else."""
    start, stop = _inside(text, start, stop)
    cells: list[str] = []
    limit: tuple[int, int] | None = None
    is_labelled = bool(LABEL.match(text[start:stop]))
    for first, last in _segments(text, start, stop):
        words = text[first:last]
        if label := _TIME_LABEL.match(words):
            limit = first + label.end(), last
        elif _DAY.fullmatch(words.strip()):
            limit = limit or (first, last)
        elif not _PERSON.match(words):
            cells.append((";" if words[:1] in "【[" else text[first - 1] if cells else "") + words)
    subject = _units("".join(cells).strip(" ;"), text, start, stop) if cells else None
    if (cells and subject is None) or not (subject or limit):
        return None
    return Mark(subject, limit, is_labelled)


def is_trailing_mark(text: str, start: int, stop: int) -> bool:
    """A bracket that ends a clause names who does it, and not what it is called or where it stands."""
    if stop - start < 5 or not re.search(r"[局委办部队中心公司集团会镇乡道单位]", text[start:stop]):
        return False
    mark = read_mark(text, start, stop)
    if mark is None or mark.subject is None:
        return False
    inner = text[start + 1 : stop - 1]
    is_said = mark.is_labelled or bool(mark.limit) or any(_ROLE_TAIL.search(part) for part in re.split("[,;]", inner))
    return is_said or (
        not _STRONG.search(text[:start][-4:]) and all(_STRONG.search(unit.name) for unit in mark.subject.units)
    )


def _inside(text: str, start: int, stop: int) -> tuple[int, int]:
    while start < stop and text[start] == " ":
        start += 1
    while stop > start and text[stop - 1] in " 。;":
        stop -= 1
    is_closed = text[start : start + 1] in ("(", "【", "[") and text[stop - 1 : stop] in (")", "】", "]")
    return (start + 1, stop - 1) if is_closed else (start, stop)


def _segments(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Parts between commas and semicolons; those in inner brackets stay."""
    depth, first = 0, start
    for place in range(start, stop):
        depth += (text[place] == "(") - (text[place] == ")")
        if text[place] in ",;。" and depth <= 0:
            if text[first:place].strip():
                yield first, place
            first = place + 1
        elif place > first and text[place] in "【[" and LABEL.match(text[place:stop]):
            yield first, place  # 【牵头单位】A【完成时限】9月底
            first = place
    if text[first:stop].strip():
        yield first, stop


def _units(words: str, text: str, start: int, stop: int) -> Subject | None:
    cell = re.sub(r"】 *:?|\] *:?", ":", words.replace("【", "").replace("[", ""))
    read = read_units(cell)
    is_labelled = bool(_UNIT_LABEL.match(cell))
    by_role: dict[str, tuple[Unit, ...]] = {}
    for role, listed in read.by_role.items():
        units = tuple(
            _placed(text, name, start, stop) for name in listed if is_labelled or is_name(name) or read.is_role_written
        )
        if len(units) < len(listed) or any(len(unit.name) > _LONGEST for unit in units):
            return None
        by_role[role] = units
    if not by_role or not (is_labelled or all(is_name(unit.name) for units in by_role.values() for unit in units)):
        return None
    is_written = read.is_role_written and set(by_role) != {"responsible"}
    return Subject(by_role, start, stop, read.is_open_ended, is_written=is_written or is_labelled)


def _placed(text: str, name: str, start: int, stop: int) -> Unit:
    at = text.find(name, start, stop)
    return Unit(name, at, at + len(name)) if at >= 0 else Unit(name, start, stop)
