"""The outline of a text: the page around it set aside, headings told from paragraphs, what each paragraph stands under."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tasks.extraction.doers import is_unit_list
from tasks.extraction.marks import LABEL, PROBLEM_LABEL, TASK_LABEL
from tasks.language.quantities import read_targets
from tasks.language.units import read_units

_NUMERAL = r"[一二三四五六七八九十]{1,3}"
ORDINAL = re.compile(
    rf"^ *(?:(?P<first>{_NUMERAL}、)|(?P<second>\({_NUMERAL}\)、?)|(?P<fourth>\(\d{{1,2}}\)|[①-⑳])|(?P<third>\d{{1,2}}(?:[.、．](?!\d)|\)))|"
    rf"第(?P<part>{_NUMERAL})(?:(?:章|部分|项任务|件事?|个?方面|点|场|仗|步)[,、:]?|[,、])|(?P<spoken>{_NUMERAL}(?:是|要(?=[^求点素件])|,(?=[^\d]))))"
)
_LEVELS = {"part": 1, "first": 1, "second": 2, "spoken": 3, "third": 4, "fourth": 5}
_CHROME = re.compile(
    r"本文(?:简介|关键词|标签|来源|地址|链接)|免责声明|版权(?:所有|声明|归)|相关(?:阅读|推荐|文章|链接)|最近更新|推荐(?:专题|阅读)|上一篇|下一篇|\d{4}年\d{1,2}月\d{1,2}日印发 *$|"
    r"责任编辑|转载(?:请|分享)|https?:|www\.|点击(?:数|次数|量|下载|查看)|浏览(?:次数|量)|打印本页|关闭窗口|字[体号]:|来源:|作者:|"
    r"^ *时间:\d{4}|^ *(?:地点|主持人?|出席|列席|参会人员|参加人员|记录人?|抄送|分送|主送|抄报|[发送]|请假|缺席|签发人?):|发布(?:时间|日期|者)|网站首页|当前位置|扫一扫|分享到|联系我们|ICP备|由互联网|素材库|字数:|阅读:\d"
)
_SALUTE = re.compile(
    r"^ *(?:\(?\d{4}年\d{1,2}月\d{1,2}日[^。;]{0,60}\)? *$|同志们|各位[^,。;]{1,12}|(?:各|区直|县直|市直)[^。;要]{1,60})[:,!]? *$"
)
_BODY_MARK = re.compile(r"本文(?:内容|正文)|正文:")
_PAST = re.compile(
    r"(?:取得|工作)(?:的|了)?[^,。]{0,6}(?:成绩|成效|进展|回顾)|成绩(?:与|和|来之不易)|回顾|形势|意义|必要性|紧迫性|(?:存在|面临|主要|突出|暴露)(?:出)?的?(?:问题|困难|不足)|"
    r"差距|不足|基本情况|(?:统一|提高)[^,。]{0,8}(?:思想|认识)|(?:清醒|深刻|充分)认识|指导思想|基本原则|背景|肯定成绩"
)
_NAMED = re.compile(
    r"(?P<name>(?:“[^“”]{1,20}”|[^,;。、:“”]){2,30}?(?:提升工程|工程|攻坚战|攻坚行动|专项行动|行动|战役))$"
)
_LEAD_WORDS = re.compile(
    r"^(?:要|将|会|切实|扎实|大力|全力|深入|持续|全面|着力|坚决|进一步|继续|认真|积极|加快|统筹|重点|打好打赢|打赢打好|坚持|抓好|抓实|做好|打好|打赢|推进|实施|开展|推动|落实|突出|完成|围绕|好|实)+"
)
HEADING_LENGTH = 48
#: The days of a phase, in brackets behind its heading: (4月10日-4月30日).
DAYS = r"(?P<days>[\d年月日号.至到底初末上中下旬前今明\-~ ]{2,40})"

#: 动员部署阶段(3月1日至3月31日)。 at the head of a line, without a number of its own.
_PHASE = re.compile(
    rf" {{0,4}}(?:第[一二三四五六]阶段[:,、]?[一-鿿、]{{0,12}}|[一-鿿、]{{2,12}}(?:阶段|环节|时期))\({DAYS}\)(?=[。:;\n]|$)"
)


#: Nothing but brackets that name units or a day: 2.拆除违建。(责任单位:A;完成时限:8月底前)
_ONLY_MARKS = re.compile(
    r"(?:[(【\[][^()【】\[\]\n]{0,200}(?:单位|部门|牵头|负责|配合|时限|[局委办])[^()【】\[\]\n]{0,200}[)】\]][。;]?){1,4}"
)
#: 问题:…。整改措施:… on one line: the second label begins a line of its own.
_LABELLED = re.compile(rf"(?<=[。;])(?=(?:{TASK_LABEL.pattern})|(?:{LABEL.pattern.lstrip('^')}))")


@dataclass(frozen=True)
class Line:
    """One line or part of a line, by its places in the evened text."""

    start: int
    end: int
    kind: str
    """heading / body / label / chrome / title"""
    level: int = 0
    ordinal_end: int = 0


@dataclass(frozen=True)
class Paragraph:
    """A body line with the headings above it. `level`: of its own ordinal, 0 where it has none."""

    start: int
    end: int
    headings: tuple[str, ...] = ()
    program: str = ""
    project: str = ""
    is_past: bool = False
    """Its headings tell of what has been done or why, not of what is to be done."""
    label: str = ""
    level: int = 0
    under: tuple[str, ...] = field(default=())
    """Units that stand in the heading above, where the heading is nothing but units."""
    units_at: int = -1
    heading_at: int = -1
    """Where the nearest heading begins."""


@dataclass(frozen=True)
class Outline:
    title: str
    paragraphs: tuple[Paragraph, ...]


def read_outline(text: str) -> Outline:
    lines = list(_lines(text))
    title = next((text[line.start : line.end].strip() for line in lines if line.kind == "title"), "")
    return Outline(title, tuple(_paragraphs(text, lines)))


def _lines(text: str) -> Iterator[Line]:
    spans = [match.span() for match in re.finditer(r"[^\n]+", text) if match[0].strip()]
    mark = max((i for i, (start, end) in enumerate(spans) if _BODY_MARK.search(text[start:end][:60])), default=-1)
    once: dict[str, int] = {}
    for i, (start, end) in enumerate(spans):
        once[text[start:end].strip()] = i
    is_begun = False
    for i, (start, end) in enumerate(spans):
        words = text[start:end].strip()
        if i <= mark or _CHROME.search(words[:200]) or _is_copy(words, i, once):
            yield Line(start, end, "chrome" if is_begun or i <= mark or _CHROME.search(words[:200]) else "title")
            continue
        if not is_begun and not ORDINAL.match(words) and (_SALUTE.match(words) or _is_title(words)):
            yield Line(start, end, "title" if not _SALUTE.match(words) else "chrome")
            continue
        if _SALUTE.match(words):
            yield Line(start, end, "chrome")
            continue
        is_begun = True
        yield from _parted(text, start, end)


def _is_copy(words: str, place: int, once: dict[str, int]) -> bool:
    return len(words) > 40 and once[words] != place and not LABEL.match(words)


def _is_title(words: str) -> bool:
    return len(words) <= 60 and not re.search(r"[。;,]", words) and not LABEL.match(words)


def _parted(text: str, start: int, end: int) -> Iterator[Line]:
    """A line, with the heading that runs into it parted from what follows."""
    label = LABEL.match(text[start:end])
    if label:
        yield Line(start, end, "label")
        return
    ordinal = ORDINAL.match(text[start:end])
    named = start + ordinal.end() if ordinal else start
    if PROBLEM_LABEL.match(text, named, end):
        told = _LABELLED.search(text, named + 2, end)
        yield Line(start, told.start() if told else end, "chrome")
        if told:
            yield from _parted(text, told.start(), end)
        return
    if task := TASK_LABEL.match(text, named, end):
        if text[task.end() : end].strip():
            yield Line(task.end(), end, "body")
        return
    if not ordinal:
        phase = _PHASE.match(text, start, end)
        if phase:
            yield Line(start, phase.end(), "heading", _LEVELS["spoken"], start)
        if phase is None or phase.end() + 1 < end:
            yield Line(phase.end() + 1 if phase else start, end, "body")
        return
    level = _LEVELS[next(name for name, found in ordinal.groupdict().items() if found)]
    after = start + ordinal.end()
    stop = re.compile("[。;:!]").search(text, after, end)
    first_end = stop.start() if stop else end
    is_marked = bool(_ONLY_MARKS.fullmatch(text[first_end + 1 : end].strip()))
    if _is_heading(text[after:first_end], is_ended=bool(stop)) and not (is_marked and level >= _LEVELS["third"]):
        yield Line(start, first_end, "heading", level, after)
        if first_end + 1 < end and text[first_end + 1 : end].strip():
            yield Line(first_end + 1, end, "body", 0)
        return
    yield Line(start, end, "body", level, after)


def _is_heading(words: str, *, is_ended: bool) -> bool:
    """Short, without a measure, a limit or a unit that is to do it; a phase may have its days in brackets."""
    words = re.sub(rf"\({DAYS}\)$", "", words.strip())
    if len(words) > HEADING_LENGTH or not words.strip() or words.count(",") > (2 if not is_ended else 1):
        return False
    if re.search(r"\d+ *(?:月|日|个|家|座|条|%)|每[天日周月季年]|年内|主责|牵头|负责|配合|会同", words) or read_targets(
        words
    ):
        return False
    return not re.search(
        r"(?:局|委|办|街道|镇|乡|支队|中心|单位|部门|公司)(?:等[^,]{0,8})?(?:要|应|须|于|在|必须)", words
    )


def _paragraphs(text: str, lines: Iterable[Line]) -> Iterator[Paragraph]:
    chain: dict[int, Line] = {}
    lines = [line for line in lines if line.kind not in ("chrome", "title")]
    for place, line in enumerate(lines):
        if line.kind == "heading":
            chain = {level: held for level, held in chain.items() if level < line.level} | {line.level: line}
            after = lines[place + 1] if place + 1 < len(lines) else None
            if not _is_task_alone(line, after):
                continue
        elif line.level:
            chain = {level: held for level, held in chain.items() if level < line.level}
        heads = [chain[level] for level in sorted(chain) if chain[level] is not line]
        yield _under(text, line, heads)


def _is_task_alone(line: Line, after: Line | None) -> bool:
    """1.制定分类实施方案 with nothing under it, or with its units named in the next line, is a task and no heading."""
    if line.level < _LEVELS["third"]:
        return False
    return (
        after is None or after.kind == "label" or (after.kind in ("heading", "body") and 0 < after.level <= line.level)
    )


def _under(text: str, line: Line, heads: list[Line]) -> Paragraph:
    names = [text[head.ordinal_end : head.end].strip(" 。:;") for head in heads]
    program, project = _layers(names)
    units, at = _heading_units(text, heads)
    label = LABEL.match(text[line.start : line.end])
    return Paragraph(
        line.ordinal_end or line.start, line.end, tuple(names), program, project,
        any(_PAST.search(name) for name in names), label["label"] if label and line.kind == "label" else "", line.level, units, at, heads[-1].start if heads else -1,
    )  # fmt: skip


def _layers(names: list[str]) -> tuple[str, str]:
    """Program and project: the heading with a proper name (…工程, …攻坚战) and the one under it, else the upper two."""
    for place, name in enumerate(names):
        named = _NAMED.search(name)
        if named:
            program = _LEAD_WORDS.sub("", named["name"]) or named["name"]
            return program, names[place + 1] if place + 1 < len(names) else ""
    return (names[0] if names else ""), (names[1] if len(names) > 1 else "")


def _heading_units(text: str, heads: list[Line]) -> tuple[tuple[str, ...], int]:
    for head in reversed(heads):
        words = text[head.ordinal_end : head.end].strip(" 。:;")
        if is_unit_list(words):
            return tuple(name for names in read_units(words).by_role.values() for name in names), head.ordinal_end
    return (), -1


def without_copies(paragraphs: Iterable[Paragraph], text: str) -> list[Paragraph]:
    """A summary that repeats the body's sentences word by word (an excerpt above the text) is left out."""
    kept = list(paragraphs)
    whole = [text[p.start : p.end].strip() for p in kept]
    return [
        replace(p) for p, words in zip(kept, whole, strict=True)
        if len(words) < 40 or p.label or not any(words[:40] in other and len(other) > len(words) for other in whole)
    ]  # fmt: skip
