"""One clause, several tasks: 20个…和40个…, 建成A路、B街, 每月有主题、每季度有测评.

A list is parted only where every item could be a task by itself; 水、电、气、热 or 街巷长、小巷管家 stay together.
"""

import itertools
import re
from dataclasses import dataclass

from tasks.language.phrase import Phrase
from tasks.language.quantities import Target

_MAKING = re.compile(
    r"(?P<verb>(?:高标准|全面|全力|大力|加快|统筹|稳步|有序|扎实|高质量|如期|基本|率先|进一步|要|着力|继续){0,4}"
    r"(?:新建成|建成|完成|新建|改建|扩建|建设|实施|推进|启动|强化|加强|健全|建立健全|编制|制定|出台))"
)
_JOIN = re.compile(r"、|以及|及|和|与")
_WORK = r"工程|项目|二期|一期|三期|公园|森林带|绿道|枢纽|大道|路|街|道|桥|隧道|[东西南北]段|段|水厂|处理厂|泵站|变电站|广场|体系|机制|制度|规划|方案|办法|条例|清单|台账|平台"
_CARE = r"治理|苫盖|防治|管控|整治|管理|改造|清理|保护|修复|监管|建设|排查|培训|宣传|创建|维护|养护|绿化|亮化|净化"
_OWN = re.compile(rf"(?:{_WORK}|{_CARE})$")
_TAIL = re.compile(
    r"(?P<tail>(?:等(?!级|候))?(?:(?:\d{1,6}|[一二三四五六七八九十]{1,4})[个项条座处])?(?:重点|市政|主要)?(?:工作|工程|项目|道路|任务|顶层设计|建设工程|建设|改造|整治|升级改造|整治提升|力争[^,]*|年内[^,]*|开工[^,]*|全部[^,]*)?)$"
)
_DONE = re.compile(rf"(?:{_CARE})$")
_WORK_WORDS = re.compile(r"建设|改造|整治|升级改造|整治提升")
_NOT_ALONE = re.compile(r"^(?:等|其|该|相关|有关|各|及时)|\d{1,6}[个项条座处家]|的$|[“”]$")


@dataclass(frozen=True)
class Part:
    """A stretch of a clause that is a task by itself; `words` is what it says when it stands alone."""

    start: int
    end: int
    words: str
    target: Target | None = None
    is_whole: bool = True
    """The sentence of the row is the whole clause; else only the part."""


def parts(words: str, phrase: Phrase) -> list[Part]:
    """The tasks of one clause, in its order; usually one."""
    return (
        _by_measure(words, phrase)
        or _by_rhythm(words, phrase)
        or _by_list(words, phrase)
        or [Part(0, len(words), words)]
    )


def _by_measure(words: str, phrase: Phrase) -> list[Part]:
    """完成20个A和40个B: two measures, two tasks. Rates that are told together stay together."""
    counted = [
        target for target in phrase.targets if target.unit != "%" and not target.is_implied and target.start >= 0
    ]
    if len(counted) < 2 or len(counted) != len(phrase.targets) or "明确" in words or "分别" in words or phrase.rhythms:
        return []
    found: list[Part] = []
    start = 0
    for before, after in zip(counted, [*counted[1:], None], strict=True):
        stop = len(words)
        if after is not None:
            joins = list(_JOIN.finditer(words, before.end, after.start))
            if not joins:
                return []
            stop = joins[-1].start()
        start += words.startswith("、", start)
        found.append(Part(start, stop, words[start:stop], before, is_whole=False))
        start = stop
    return found


def _by_rhythm(words: str, phrase: Phrase) -> list[Part]:
    """每月有主题、每季度有测评."""
    rhythms = phrase.rhythms
    if (
        len(rhythms) < 2
        or len({r.freq for r in rhythms}) < len(rhythms)
        or not all(words.startswith("每", r.start) for r in rhythms)
    ):
        return []
    cuts = [r.start for r in rhythms[1:]]
    if not all(words[cut - 1] in "、和及" for cut in cuts):
        return []
    edges = [0, *cuts, len(words)]
    return [Part(a, b, words[a:b].strip("、和及")) for a, b in itertools.pairwise(edges)]


def _by_list(words: str, phrase: Phrase) -> list[Part]:
    if phrase.targets or phrase.rhythms or len(words) > 160:
        return []
    making = None
    for match in _MAKING.finditer(words[:16]):
        making = match
        break
    shared, start = ("", 0) if making is None else (words[: making.end()], making.end())
    if making is None and not re.search(r"(?:开工|建成|完工|竣工|投用|通车)$", words):
        return []
    tail = _TAIL.search(words, start)
    end = tail.start() if tail and tail["tail"] else len(words)
    listed = words[start:end]
    after = words[end:]
    items = _items(listed, after)
    if len(items) < 2 or not all(_is_own(listed[a:b], after) for a, b in items):
        return []
    return [Part(start + a, start + b, shared + listed[a:b] + _own_tail(listed[a:b], after)) for a, b in items]


def _items(listed: str, after: str) -> list[tuple[int, int]]:
    """Places of the items: parted at 、, and at 和/及 where what stands on both sides is a task by itself."""
    flat = re.sub(r"“[^”]*”|《[^》]*》|\([^)]*\)", lambda m: "■" * len(m[0]), listed)
    found: list[tuple[int, int]] = []
    for piece in re.finditer(r"[^、]+", flat):
        start = piece.start()
        for join in re.finditer(r"以及|和|及|与", piece[0]):
            cut, rest = piece.start() + join.start(), piece.start() + join.end()
            if _is_own(listed[start:cut], after) and _is_own(listed[rest : piece.end()], after):
                found.append((start, cut))
                start = rest
        found.append((start, piece.end()))
    return found


def _is_own(item: str, after: str) -> bool:
    if len(item) < 3 or _NOT_ALONE.search(item):
        return False
    return bool(_OWN.search(item)) or (
        bool(re.match(r"建设|改造|工程|整治", after)) and bool(re.search(r"[园路街场馆站桥厂带区道]$", item))
    )


def _own_tail(item: str, after: str) -> str:
    """What stands after the list and belongs to each item, unless the item says it already."""
    own = re.sub(r"^等(?:重点|市政|主要)?(?:道路|工作|工程|项目|任务)?", "", after)
    if item.endswith(("工程", "项目")) and own in ("工程", "项目", "建设工程"):
        return ""
    return "" if _DONE.search(item) and _WORK_WORDS.fullmatch(own) else own
