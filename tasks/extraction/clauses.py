"""A paragraph parted into sentences and clauses, and what each clause is: a duty, a lead-in, or words that only say why.

Marks inside quotes, brackets and book titles part nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tasks.extraction.deeds import says_deed
from tasks.extraction.marks import LABEL, TASK_LABEL, is_trailing_mark
from tasks.extraction.urging import is_urging
from tasks.language.telling import looks_back
from tasks.language.text import DID, WILL

_OPENING = {"“": "”", "(": ")", "《": "》", "【": "】", "‘": "’"}
_STOPS = "。!?"
_FAR = 80

ENUMERATOR = re.compile(
    r" {0,4}(?:[一二三四五六七八九十]{1,3}(?:是|要(?=[^求点素件])|、)|第[一二三四五六七八九十]{1,2}[,、]|\([一二三四五六七八九十\d]{1,3}\)、?|\d{1,2}(?:[.、](?!\d)|\))|[①-⑳]|另一个是|一个是)"
)
_INTRO = re.compile(
    r"^(?:要|并|且|同时|一方面|另一方面)?(?:"
    r"以(?!及|上|下|内)[^,]{1,60}为(?:[^,]{0,10})$|(?:紧紧|紧密|紧扣)?(?:围绕|聚焦|针对|结合|立足|紧扣|紧盯|瞄准|对标|按照|根据|依据|遵循|本着|鉴于|为了?|随着|在[^,]{1,40}(?:中|上|下|时|后|前|期间|过程中|基础上|方面)$|对于?|对照|着眼|"
    r"依托|通过|利用|用好|借助|抓住|坚持以|除[^,]*外$|经[^,]*(?:同意|批准|审定|审核)后?(?:组织|印发)?(?:实施|印发|发布|执行)?$|自[^,]*起$|从[^,]*起$|就[^,]*(?:工作|问题)$|关于|充分利用|充分发挥))"
)
_FELT = re.compile(r"获得感|幸福感|安全感")
_CREW = re.compile(
    r"^(?:要)?(?:广泛|充分|积极)?(?:组织|发动|动员|号召|引导|鼓励|带领|抽调)[^,]{0,12}(?:志愿者|党员|干部|群众|学生|网格员|居民|商户|人员|力量|队伍|职工|师生|[^,]{0,10}队)$"
)
_CASE = re.compile(
    r"^(?:对于?|凡是?)(?!照|标)[^,]{4,40}的(?:单位|街道|[乡镇]|镇街|部门|个人|干部|人员|企业|商户|经营户|责任人|点位)?$"
)
_BY_ORDER = re.compile(r"^(?:根据|按照|依据|遵照)[^,]*(?:要求|精神|部署|安排|规定|通知|意见)$")
_BOOK = re.compile(r"《[^》]*》|\([^)]*\)")
_GROUND = re.compile(r"(?:问题|方面|环节|短板|实际|契机|重点|抓手|目标|主题|主线|导向|基础|精神|情况|需求|特点|不足)$")
#: 逐条认领问题: the matter is named by the deed itself.
_TAKEN_UP = re.compile(r"(?:认领|整改|解决|梳理|排查|查找|反馈|交办|督办|化解)[^,]{0,6}(?:问题|情况)$")
_PLAYED = re.compile(r"^(?:要)?(?:充分|积极|有效)?发挥好?[^,]*作用$")
_PART = re.compile(
    r"^(?:要)?(?:充分|切实|积极)?发挥好?[^,]{0,10}(?:参谋|助手|表率|模范|带头|主力军|生力军|先锋|主体|职能|桥梁|纽带)[^,]{0,4}作用$"
)
_MEANS = re.compile(
    r"^(?:要|应|须)?(?:充分|积极|善于)?(?:利用|依托|借助|用好|运用|通过|发挥)[^,]*"
    r"(?:公司|机构|公众号|设备|系统|阵地|载体|平台|渠道|资源|媒体|媒介|形式|方式|手段|作用|优势|契机|机会|时机)$"
)
_DEED_WITHIN = re.compile(
    r"(?:开展|组织|举办|召开|制定|制订|出台|印发|建立|健全|完善|推进|推动|加强|加大|强化|落实|实施|启动|完成|做好|抓好|打造|搭建|共享|发布|公布|解决|办理|创建|建设|整治|整改|排查|检查|督查|报送|上报|清理|拆除|提升|改造|进行|推行|实行|规范|开辟|培训|宣传|共享|考核|通报|统筹起来|作为|一[人户店路街村校]一[策档案册]|要(?!求))"
)
_PAST = re.compile(
    rf"^(?:今天|本次|这次|此次|日前)[^,]{{0,10}}(?:会议|召开)|主持召开|听取了?|(?:参加|出席|列席)(?:了)?(?:会议|今天)|^(?:出席|列席|主持|记录|参会)[:人]?|^现将|{DID}|去年(?!底前)|前年|以来|近年来|近几年|(?:过去|上)一年|一年来|两年来|三年来|(?:截至|截止)(?:目前|现在|\d)|目前|累计|先后|刚才|已经?(?=[^,]{{0,8}}[一-鿿])(?!具备|达标的|建成的|列入)|同比|荣获|获评|被(?:评为|授予|命名|列为)|取得[^,]{{0,14}}(?:成绩|成效|进展|成果)|"
    r"(?:提升|提高|上升|下降|增长|增加)了|由[^,]{1,12}(?:提升|提高|下降|上升|增加|增长)(?:至|到|为)|仍然?(?:存在|有|是)|还存在|还不|不够|不到位|较为?突出|问题突出|滞后|排名?第|共有|总共|位列|位居|居全|失分|丢分|扣分|得分(?:只有|仅|偏低|不高)|低于\d+(?:\.\d+)?分|有近[一二三四五六七八九两]成|差距|得到(?:明显|进一步|有效)|明显(?:改善|提升|增强|好转|提高)|有效(?:改善|提升|遏制|解决)|成效显著|创历史|不到(?=[\d一二三四五六七八九十半])|不足(?=\d)|没人|(?:抽查|暗访|检查|测评|走访|调查)的\d|就有|就要(?!求)|即将|将要|还有(?=[\d一二三四五六七八九十近多])|直到|^(?:但|而|特别是)?(?:个别|有的|有些|一些|少数)|缺口|引发|的(?:还|仅|只|就)?有[\d两三几十]+|(?<![没具拥所要应各还设务必须持只])有[一-鿿]{1,12}\d+(?:个|家|处|座|条|名|人|起|辆)$|无人(?!机)|(?:工作|成效|形势|成绩)(?:是有|总体|整体|呈现)|(?<![公一总])共计?(?:暗访|检查|发现|抽查|反馈|受理|收到|接到|测评|排查出|查处|办理)|(?:仅|只)(?:为|有|占|剩)"
)
_MODAL = re.compile(
    rf"每[天日周月季年半]|{WILL}|必须|力争|争取|务必|应当?(?!急|用|邀)|须(?!知)|确保|需要|抓紧|底前|日前|年内|月前|将(?=[^,]{{0,20}}(?:作为|列入|纳入|统一|分解))|严格|下一步"
)


_PUSH = re.compile(
    r"^(?:要|并|还|也|须)?(?:进一步|大力|加快|深入|持续|全面|积极|着力|切实|不断|始终|扎实|认真|严格|全力|统筹|密切|努力|继续|广泛|坚决|狠抓|主动)*"
    r"(?:推进|推动|深化|强化|加强|加快|提升|加大|落实|学习|培育|践行|坚持|关注|研究|盘活|整治|督导|整改|优化|破解|细化|抓好|注重|重视|策划|规范|提高|改进|夯实|破除|巩固|拓展|做好|对标|凝聚|弘扬|贯彻|宣传|完善|健全|把握|深挖|抓实|抓住)"
)
_THING = re.compile(
    r"“|《|\d|机制|制度|方案|清单|台账|体系|活动|平台|会议|规划|工程|项目|专班|队伍|档案|名单|手册|导则|简报|纪要|中心|基地|园|路|街|小区|台帐|讲座|培训|评比|评选|行动|计划|节点|办法|规定|标准|系统|书店|设施|评价|测评"
)
_THEME = re.compile(r"^(?:要|必须|应)?[^,]{2,24}$")


_TELLING = re.compile(
    r"^[^每]*主持召开|听取了|会议(?:指出|认为|听取)|^ *(?:本轮|此轮|本次|此次)(?:测评|检查|督查|考核|暗访)|^ *(?:去年以来|今年以来|近年来|一年来|过去(?:的)?[一几两三五]年|回顾|回首|年初以来|据统计|刚才)[,，]?[^。]*|召开(?:了|这次|本次|此次|今天|今年)[^,。]{0,20}(?:会议|大会|会)|主要(?:目的|任务|议题)是|^[^。]{0,8}[距离][^,。]{2,24}(?:只有|还有|仅有|仅剩|只剩|不到|不足)[^,。]{0,4}\d+[多余]?[天个]|^ *(?:刚才|下面|接下来|最后,我)|(?:我|再)(?:先|再|就|着重|主要)?(?:讲|谈|强调)[^,]{0,6}点|讲得(?:都)?很|作(?:了)?(?:表态|交流|典型|经验)?发言|表示(?:衷心|诚挚|热烈)|请(?:大家|同志们|各位)|今天(?:开|召开|的会|这)|^ *(?:希望|让我们|愿|相信|我(?:们)?(?:相信|坚信|希望))[^。\d]*$|"
    r"^(?:从)?(?:去年|上半年|今年以来|一年来|近年来)[^。]{0,40}(?:来看|看,)|^ *(?:去年|前年)(?![^。]*(?:底前|日前|月前|年内|今年))|^ *(?:我|全)[区县市]现有"
)


#: A clause that starts with whom or what a deed is done to, or where.
_DONE = re.compile(
    rf"去年|前年|以来|年来|累计|先后|过去|{DID}|同比|被(?:评|授|命名|列)|荣获|获评|一年|截[至止]|刚才|^[^,目]*已经?"
)
_TO_DO = re.compile(
    r"下一?步|确保|力争|争取|务必|牵头|主责|负责|配合|[月日]底?前|年内|[季年]度?[末底]前|每[天日周月季年个]|不少于|不低于|达到|针对|由[^,]{2,12}(?:局|委|办)"
)
_MANNER = re.compile(r"^(?:要|继续|坚持|应|须){0,3}(?!负责)[一-鿿]{4}$")
_OBJECT = re.compile(
    r"^(?:对|针对|(?:还|尚|仍)?(?:没有|未)|剩[下余]|其余|涉及)[^,]{0,24}?的?\d+(?:个|处|条|家|座|项|件|户|名|所|栋)[一-鿿]{2,6}$"
)
_DONE_TO = ("对", "把", "将", "在", "向", "给")
#: What a clause starts with that only leads to a deed.
_LED = re.compile(
    r"(?:要|并|同时|继续|全面)?(?:针对|围绕|对照|结合|根据|按照|聚焦|对|把|将|在|以|从|参照|借鉴|学习|巩固|凡)"
)
#: From here on it is said what is to be done.
_TURN = re.compile(r"下一?步|下一?阶段|接下来|今后|为此|从现在起|即日起")
_ORDER = re.compile(rf"(?<!就是)(?<![就快越只想])(?<!目的是){WILL}|必须|务必")


class Kind(StrEnum):
    DUTY = "duty"
    INTRO = "intro"
    PURPOSE = "purpose"
    PAST = "past"


@dataclass(frozen=True)
class Clause:
    """One clause by its places; `mark` is the sign that ends it. `head` is where its words begin after 一是, (1), 并."""

    start: int
    end: int
    head: int
    mark: str

    def words(self, text: str) -> str:
        return text[self.head : self.end]


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    clauses: tuple[Clause, ...]


def read_sentences(text: str, start: int, end: int) -> Iterator[Sentence]:
    first, clauses = start, []
    for clause in _clauses(text, start, end):
        clauses.append(clause)
        if clause.mark and clause.mark in _STOPS:
            yield Sentence(first, clause.end, tuple(clauses))
            first, clauses = clause.end + 1, []
    if clauses:
        yield Sentence(first, clauses[-1].end, tuple(clauses))


def _clauses(text: str, start: int, end: int) -> Iterator[Clause]:
    first = start
    place = start
    while place < end:
        mark = text[place]
        if mark in _OPENING:
            close = text.find(_OPENING[mark], place + 1, min(end, place + _FAR if mark != "(" else place + 4 * _FAR))
            if mark == "(" and place == first and close > 0 and close - place > 5:
                yield _clause(text, place, close + 1, "")  # brackets of their own: (责任单位:A;配合单位:B)
                first = place = close + 1
                continue
            if (
                mark == "("
                and 0 < close < end
                and _ends_clause(text, close + 1, end)
                and is_trailing_mark(text, place, close + 1)
            ):
                yield _clause(text, first, place, "")  # …改造(责任单位:A;时限:8月底前)
                yield _clause(text, place, close + 1, "")
                first = place = close + 1
                continue
            place = close + 1 if close > 0 else place + 1
            continue
        if place == first and (task := TASK_LABEL.match(text, place, end)):
            first = place = task.end()
            continue
        if place == first and (label := LABEL.match(text[place:end])) and mark not in _STOPS:
            place += label.end()  # …改造,责任单位:A,完成时限:8月底前;
            continue
        if mark == ":" and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit():
            place += 1  # 17:00
            continue
        if mark in ",;。!?:\n":
            if text[first:place].strip():
                yield _clause(text, first, place, mark)
            first = place + 1
        place += 1
    if text[first:end].strip():
        yield _clause(text, first, end, "")


def _ends_clause(text: str, at: int, end: int) -> bool:
    return at >= end or text[at] in ",;。!?\n"


def _clause(text: str, start: int, end: int, mark: str) -> Clause:
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    ordinal = ENUMERATOR.match(text, start, end)
    head = ordinal.end() if ordinal else start
    return Clause(start, end, head if head < end else start, mark)


def kind_of(words: str, *, is_measured: bool, is_past_section: bool = False) -> Kind:
    """What a clause is, by its words alone. `is_measured`: a target, a day or a rhythm was read in it."""
    words = words.strip()
    if _CASE.match(words):
        return Kind.INTRO
    if words.endswith(("是", "如下", "方面", "要求")) and len(words) < 24 and not re.search(r"\d|达到", words):
        return Kind.INTRO
    if _PAST.search(words) and not (_MODAL.search(words) or _is_done_to(words)):
        return Kind.PAST
    if is_past_section and not _MODAL.search(words):
        return Kind.PAST
    if is_measured:
        return Kind.DUTY
    if _FELT.search(words) or _PART.match(words):
        return Kind.PURPOSE
    if _PLAYED.match(words) or _MEANS.match(words) or _CREW.match(words):
        return Kind.INTRO
    words = _BOOK.sub("", words)
    if _BY_ORDER.match(words):
        return Kind.INTRO
    intro = None if words.startswith(_DONE_TO) and says_deed(words) else _INTRO.match(words)
    if intro and (_GROUND.search(words) or not _DEED_WITHIN.search(words, min(len(words), intro.end()))):
        return Kind.INTRO
    if is_urging(words):
        return Kind.PURPOSE
    return Kind.DUTY


def is_telling(words: str) -> bool:
    """A sentence about the meeting itself, or about what was heard there."""
    return bool(_TELLING.search(words[:120]))


def is_looking_back(words: str, year: int) -> bool:
    """It tells what was or how things stand, and is no ground for a deed (针对去年失分的问题) nor the thing one is done to."""
    return bool(_PAST.search(words) or looks_back(words, year)) and not (_MODAL.search(words) or _LED.match(words))


def _is_done_to(words: str) -> bool:
    """对去年遗留的29件问题逐件督办: what is past is the thing, not the deed."""
    return words.startswith(_DONE_TO) and "了" not in words and says_deed(words)


def is_object(words: str) -> bool:
    """对没有物业的63个小区,: the things that the next clause does something with."""
    return bool(_OBJECT.match(words))


def is_manner(words: str) -> bool:
    """要挖潜增效, 继续坚持明察暗访: four characters that only say how."""
    return bool(_MANNER.match(words)) and not says_deed(words)


def is_done(words: str, year: int) -> bool:
    """It tells of deeds done: the verbs after it tell of them too. What only says how things stand does not."""
    is_so = re.search("目前|现[有已]|[^没]有", words)
    return bool(_DONE.search(words)) or (looks_back(words, year) and not is_so)


def is_to_do(words: str) -> bool:
    """Somewhere in it somebody is ordered, named with a role, or given a day or a rhythm."""
    return has_order(words) or bool(_TO_DO.search(words))


def is_means(words: str) -> bool:
    """要利用宣传栏,: with what, or with whom, the next clause is done."""
    return bool(_MEANS.match(words) or _CREW.match(words))


def is_case(words: str) -> bool:
    """对6月底仍未整改的,: whom the next clause is about; its day is no limit."""
    return bool(_CASE.match(words.strip()))


def is_turn(words: str) -> bool:
    """下一步, 为此: what comes after is said of what is to be done."""
    return bool(_TURN.search(words))


def has_order(words: str) -> bool:
    """It says 要, 必须 and the like."""
    return bool(_ORDER.search(words))


def is_general(words: str) -> bool:
    """Urging without a thing that could be shown: 加强静态交通管理, 盘活存量停车资源."""
    return bool(_PUSH.match(words.strip())) and not _THING.search(words)


def is_theme(words: str) -> bool:
    """Short and without a proper name: it may only announce what the next clause is about."""
    return bool(_THEME.match(words.strip())) and not re.search(r"《", words)


def is_ground(words: str) -> bool:
    """A clause that ends by naming a matter (…方面的问题): what is to be done about it comes after."""
    if _TAKEN_UP.search(words.strip()):
        return False
    return bool(_GROUND.search(words.strip())) or words.strip().endswith(("如下", "是", "要求"))
