"""When two clauses are one task: the way and its result (推进整合建设,实现全覆盖), a deed and its last day, urging upon urging."""

import re
from enum import Enum

from tasks.extraction.clauses import is_general
from tasks.language.phrase import Phrase

#: A, B要联合执法,对…逐一检查: how, and then what.
_TOGETHER = re.compile(
    r"^(?:要)?(?:联合(?:执法|行动|发力)|密切(?:配合|协作)|通力(?:协作|配合)|主动作为|上下联动|协同作战|集中力量|统筹力量)$"
)
#: 参与率不低于95%: the rate of the deed just told, which it does not name again.
_OWN_RATE = re.compile(
    r"^(?:力争|确保|其中)?(?:参与|参加|完成|覆盖|合格|达标|整改|办结|普及|参训|到课|通过|回收|有效)率"
)
_DATED = re.compile(r"^[^,]{0,12}(?:前|底|内|末)(?=实现|做到|基本|全)")
_SIZE = re.compile(
    r"^(?:涉及|约(?=\d)|数量(?=不|达|超|在)|实施面积|总?建筑面积|总面积|面积|总投资|投资|总长度?|全长|长度)"
)
_LAST_DAY = re.compile(
    r"^(?:并|且)?(?:力争|争取|确保|务必|保证|要)?(?:于|在|到)?[^,]{0,14}(?:前|(?<=[月年度季])底|内|日|旬|月份?)(?:全部|全面|基本|如期|按期)?"
    r"(?:完成|完工|达标|[^,]{0,4}(?:到[位户人岗校村]|完毕)|整改|清理|出台|(?:正式)?印发(?:实施|执行)?|发布|上线|启用|拨付|投入(?:使用|运营|运行)|投用|建成投用|建成开放|对外开放|开放|建成|完成建设|完成任务|通过验收|办结|竣工)?$"
)
_ALL = re.compile(
    r"^(?:并|切实|基本)?(?:做到|实现|达到|确保)?(?:应[^,]{1,3}尽[^,]{1,2}$|(?:应[^,]{1,3}尽[^,]{1,2}、?)?(?:[^,、]{2,4}、){0,3}(?:全(?:面|部)?覆盖|(?:动态|全部|全面)?清零|100%))$"
)
_RATE = re.compile(r"率|覆盖|达标")
_PUSH = re.compile(
    r"^(?:要|并)?(?:进一步|大力|加快|深入|持续|全面|积极|着力)*(?:推进|推动|深化|强化|加强|加快|启动|实施|开展|完善|整合|搭建|构建)"
)
_HOW_OFTEN = re.compile(
    r"^(?:原则上|其中)?每(?:半)?个?(?:天|日|周|月|季度?|年|学期|半年)(?:要|应)?(?:至少|不少于|不低于)?\d*[一两二三四五六七八九十]*[次场期]?(?:以上)?$"
)
_REPORTED = re.compile(
    r"^(?:并|及时)?(?:(?:[一-鿿]{2,4})?(?:结果|情况|名单|材料|方案|台账)(?:及时)?)?(?:上?报|报送|抄送|抄报|呈报)(?!告)[^,]{2,24}(?:备案|审定|审核|审批|备查|同意|批准|办公室|创[建城文]办|文明办|指挥部|领导小组)?$"
)
_REPORTED_BY = re.compile(
    r"^(?:并|且)?(?:务必)?(?:(?:名单|方案|清单|台账|结果|总结|计划|材料)(?=于|在))?(?:于|在)?[^,]{0,16}(?:前|底|日|内)(?:上?报|报送|提交|反馈)(?:至|到|给)?[^,将把]{2,16}(?:\([^()]*\))?$"
)
_NOUN = re.compile(
    r"^(?:要|进一步|大力|加快|深入|持续|全面|积极|着力|推进|推动|深化|强化|加强|启动|实施|开展|完善|落实|整合|建设|搭建|构建)+|(?:工作|建设|系统|体系|管理|整合|等)+$"
)
_BACK = re.compile(
    r"^(?:并)?及时(?:推广|总结|共享|宣传)[^,\d]*(?:经验|做法|典型)|^(?:并|且|及时)?(?:发现(?:问题|隐患|情况)|(?:将|把|对)(?:发现|存在|检查|排查|巡查|梳理|收集|相关|有关|上述|[^,]{2,20}(?:分解|细化|落实)到))"
)
_SHORT = 6
_DEED = 5
_STRONG = re.compile(
    r"^(?:并|要)?(?:取缔|清理|清除|拆除|召开|印发|更换|修复|查处|关停|成立|制定|出台|建立|安装|增设|补植|粉刷|公示|设立|开辟|开设)"
)
_SHARE = 0.35


class Merge(Enum):
    NO = "a task of its own"
    JOIN = "one task with the clause before"


def merge_of(
    before: str, before_read: Phrase, words: str, read: Phrase, *, is_limited: bool, is_before_limited: bool = False
) -> Merge:
    """Whether the clause says only how much, by when or to what end the clause before it is done."""
    if _SIZE.match(words) or _TOGETHER.match(before):
        return Merge.JOIN
    if is_limited and is_last_day(words) and not read.rhythms and all(t.is_implied for t in read.targets):
        return Merge.NO if is_before_limited else Merge.JOIN
    is_counted = bool(before_read.targets or before_read.rhythms)
    if _is_extent(words, read, before_read, is_limited=is_limited) or (
        read.targets and not is_counted and (_OWN_RATE.match(words) or _is_rate_of(before, words))
    ):
        return Merge.JOIN
    if _is_report(words, read, is_limited=is_limited, is_before_limited=is_before_limited):
        return Merge.JOIN
    if is_counted or any(d.due_on for d in before_read.deadlines):
        return Merge.NO
    return Merge.JOIN if _is_one_deed(before, words, read, is_limited=is_limited) else Merge.NO


def _is_extent(words: str, read: Phrase, before_read: Phrase, *, is_limited: bool) -> bool:
    """实现全覆盖, 每月不少于2次: of what, the clause before says."""
    is_for_all_of_it = _ALL.match(words) or (is_limited and _ALL.match(_DATED.sub("", words)))
    return bool((is_for_all_of_it and not before_read.targets) or (read.rhythms and _HOW_OFTEN.match(words)))


def _is_rate_of(before: str, words: str) -> bool:
    """与商户签订责任书,签订率达到100%: the rate is called after the deed."""
    rate = re.match(r"^[^,]{0,12}?([一-鿿]{2})(?:覆盖)?(?:率|面)(?:[^,]{0,8})(?:达到?|不低于|保持|\d)", words)
    return bool(rate and rate[1] in before and rate[1] not in ("覆盖", "工作"))


def _is_report(words: str, read: Phrase, *, is_limited: bool, is_before_limited: bool) -> bool:
    """结果报区创建办, 将发现的问题…; or a few words that say nothing by themselves."""
    if read.targets or read.rhythms or is_limited:
        is_by_day = is_limited and not (read.targets or read.rhythms or is_before_limited)
        return bool(is_by_day and _REPORTED_BY.match(words))
    is_short = len(words.strip()) <= _SHORT and not _is_strong(words)
    return bool(_REPORTED.match(words) or _BACK.match(words) or is_short)


def _is_one_deed(before: str, words: str, read: Phrase, *, is_limited: bool) -> bool:
    """A few words and a few more, urging upon urging, or a push and its rate."""
    is_measured = bool(read.targets or read.rhythms or is_limited)
    is_brief = len(before.strip()) <= _SHORT and len(words.strip()) <= 2 * _SHORT
    if is_brief and not read.rhythms and not _is_strong(words) and (is_limited or not is_measured):
        return is_general(words) or len(words.strip()) <= _SHORT
    if not is_measured and is_general(before) and is_general(words) and not words.startswith("要"):
        return True
    return bool(read.targets and _RATE.search(words) and _PUSH.match(before) and _is_same_thing(before, words))


def _is_strong(words: str) -> bool:
    return len(words.strip()) >= _DEED and bool(_STRONG.match(words))


def is_last_day(words: str) -> bool:
    """Only by when: 二季度末前完成."""
    return bool(_LAST_DAY.match(words))


def is_how_often(words: str) -> bool:
    """Only a rhythm: 每月不少于2次."""
    return bool(_HOW_OFTEN.match(words))


def is_for_all(words: str) -> bool:
    """国庆节前全部完成: all that the sentence names, not only the last of it."""
    return is_last_day(words) and bool(re.search(r"全部(?!通过)|均(?=完成|投)", words))


def _is_same_thing(before: str, words: str) -> bool:
    noun = _NOUN.sub("", before)[:40]
    sizes = range(min(len(noun), len(words)), 1, -1)
    longest = next((n for n in sizes if any(noun[at : at + n] in words for at in range(len(noun) - n + 1))), 0)
    return longest >= 2 and longest / len(noun) >= _SHARE
