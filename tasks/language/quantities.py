"""Targets in things: 不少于10场, 97%, 20个…和40个…, 七成以上, 全覆盖, 消除, 前6名; never the numbers inside a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.language import nouns
from tasks.language.text import NUMBER, WILL, clause_end, clause_start, number

_THINGS = (
    "人次|户次|车次|条次|件次|场次|批次|个百分点|处|个|家|座|条|项|场|次|所|名|户|栋|幢|块|面|台|辆|套|件|份|篇|期|支|部|本|册|棵|株|"
    "间|张|盏|根|组|对|例|起|宗|只|段|门|类|种|轮|班|节|堂|字(?=以[内上下])|扇|艘|片|盆|幅|口|道|人|泊位|床位|床|届|批|倍|分(?![钟类之区局支])|"
    "万元|亿元|元"
)
_MEASURES = "微克/立方米|毫克/升|万?平方公里|万?平方米|万?平米|万?立方米|㎡|公顷|亩|公里|千米|延米|米|吨|公斤|兆瓦|千瓦"
_TIMES = "个小时|个工作日|小时|分钟|学时|课时|天|工作日"
_AT_LEAST = "≥|>=?|≧|不少于|不低于|不得少于|不得低于|不小于|至少|最少|达到|达|超过|突破|高于|多于|大于|提高到|提升到|提高至|提升至|增至|增加到|保持在"
_AT_MOST = "≤|<=?|≦|不超过|不得超过|不多于|不高于|不大于|低于|少于|小于|控制在|降至|降到|压减到|压减至|压缩到|压缩至|减少到|缩短到|缩短至"
_ABOUT = "近|约|大约|大概"
_LEAD = rf"(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})|(?P<about>{_ABOUT}))?(?:要)?"
_AFTER = r"(?:(?P<above>及?以上|之上)|(?P<below>及?以内|及?以下|之内)|(?P<more>余|多)|左右)?"
_NOT_IN_NAME = r"(?<![一二三四五六七八九十百千零\dA-WYZa-z.第+/\-月])(?:(?<!年)|(?<=[少青成老]年))"
_COUNT = re.compile(
    rf"{_LEAD}{_NOT_IN_NAME}(?:(?P<low>\d{{1,6}})(?:-|~|至|到))?(?P<n>{NUMBER})(?P<more0>余|多)?(?P<unit>个工作日|个小时|{_THINGS}|{_MEASURES}|{_TIMES})(?!年代)(?![一二三四五六七八九十])(?:(?<![一二三四五六七八九十]期)|(?=及?以上))"
)
_LEAST_BEFORE = re.compile(r"(?:至少|最少|不少于)[^,;。\d]{0,6}$")
_COUNT_TAIL = re.compile(_AFTER)
_RATE = re.compile(
    rf"{_LEAD}(?:(?P<n>{_NOT_IN_NAME}\d+(?:\.\d+)?)[%‰]|百分之(?P<n2>{NUMBER})|{_NOT_IN_NAME}(?P<tenths>[一二三四五六七八九]|\d)成"
    r"|(?P<under>[二三四五六七八九十]|\d{1,2})分之(?P<over>[一二两三四五六七八九]|\d{1,2})|(?P<half>过半数?|半数(?=以上|[,;。]|$)|一半(?=以上|[,;。]|$)))(?![立为])"
)
_RANK = re.compile(
    rf"(?P<lead>[一-鿿]{{0,6}})(?:前(?P<n>{NUMBER})(?:名|位|(?=$|[,;。\n]))|第(?P<n2>{NUMBER})(?:名|位)?(?:以内|以上|之前))"
)
_MASKED = re.compile(
    rf"(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST}))X{{1,4}}(?P<unit>%|{_THINGS}|{_MEASURES})|(?:{nouns.VERB.pattern})[^,;。\dX]{{0,8}}X{{1,4}}(?P<unit2>个(?!人|性|体|别)|处(?!理|长|置)|家(?!园|庄|属|长|具|村)|座(?!谈)|条(?!例|件)|项(?!目)|场(?!镇|地|所|馆)|所(?!有)|名(?!单)|人(?!大|民|行)|万元|亿元)"
)
_COVER = re.compile(r"(?P<what>[^,;。:\n■]{0,24}?)(?:实现|做到|达到|基本)?全(?:面|部)?覆盖(?!率)")
_CLEAR = re.compile(r"(?P<what>[^,;。:\n■]{0,24}?)(?:实现|做到|保持|达到)?(?:动态|全部|全面)?清零(?!行动|工程|攻坚)")
_REMOVE = re.compile(
    r"(?:(?:全面|彻底|基本|全部)?消除(?!率|比例)(?P<what>[^,;。:\n■、]{2,16})|(?P<what2>[^,;。:\n■]{2,16}?)(?:全部|全面|彻底|基本)?消除(?=$|[,;。\n]))"
)
_ZERO = re.compile(
    r"(?:实现|做到|保持|确保)?(?P<what>[^,;。:\n■零]{0,10}?)(?<![一二三四五六七八九十\d])零(?P<thing>投诉|事故|伤亡|死亡|上访|非访|发生|失误|差错|积压|违规|违建|火灾|案件|超标|复发|反弹|舆情|扣分|失分|增长|新增)"
)
_ALL = re.compile(
    r"(?P<what>[^,;。:\n■]{0,20}?)全部(?P<deed>完成|完工|交付|通过验收|建成|整改到位|整改完毕|整改|达标|落实到位|办结|改造到位|投用|投入使用|关停|取缔|纳管|销号|建立|设立|安装|配备|开放|启用|签订|签约|拆除|清理|清除|修复|更换|更新|亮化|上墙|张贴|公示|归档|上传|接入|通车|开工|竣工|验收|[一-鿿A-Z“”]{2,9}(?<!任务)(?<!工作)(?<!目标)(?<!内容)(?<!项目)(?<!问题)(?<!要求)(?<!指标)(?<!力量)(?<!精力)(?<!人员)(?<!过程)(?<!环节)(?<!责任)(?<!材料)(?<!资料)(?<!点位)(?<!学校)(?<!单位)(?<!部门)(?<!社区)(?<!小区)(?<!力度)(?=$|[,;。]))"
)
_ALL_OF = re.compile(
    r"全部(?P<what>[一-鿿]{2,14}?)(?P<deed>完成|安装|改造|建设|整治|治理|整改|达标|拆除|清理|更换|更新|修复|配备|设置|验收|建成|开放)(?=到位|完毕|工作|任务|$|[,;。])"
)
_TREATING = re.compile(
    r"实行|推行|推广|落实|管好|抓好|逐[一项条个户家处]|过一?遍|挂牌|建账|引导|分类|执勤|值守|监管|负责|签订|签约|配齐|配足|护航|包保"
)
_NAUGHT = re.compile(
    r"(?P<what>[^,;。:\n零]{0,12}?)(?:(?:实现|做到|保持|确保)(?=零)|(?:实现|做到|保持|确保)?“)零(?P<thing>(?!距离|散|售|碎|星|时差|门槛|跑腿|容忍|基础|报告|接触|上门)[一-鿿]{2})”?(?=$|[,;。、])"
)
_RISES = re.compile(r"[^,\d]{0,6}(?:至|到|为)")
_FROM = re.compile(r"[由从](?:现在|目前|原来|去年|上年|当前|现有|年初)?的?\d[\d.]{0,5}%[^,\d]{0,4}$")
_RISEN = re.compile(r"[由从](?:现在|目前|原来|去年|上年|当前|现有|年初)?的?$")
_AS_MUCH = re.compile(
    r"(?P<what>[^,;。:\n■、]{0,24}?)应(?P<may>[一-鿿]{1,2})尽(?P<done>[一-鿿]{1,2}?)(?:、应[一-鿿]{1,2}尽[一-鿿]{1,2}?)*(?=$|[^一-鿿]|的?(?:目标|要求|原则))"
)
_QUOTED_COUNT = re.compile(
    r"(?:办好|办|举办|建成|建好|打造|开设|建立|成立|组建|搭建)“(?P<n>[一二两三四五六七八九十]|\d+)(?P<unit>个|场|支|家|座|处|条)(?P<what>[一-鿿]{1,4})”(?=$|[,;。\n])"
)
_ONLY_TIMES, _ONLY_MEASURES = re.compile(_TIMES), re.compile(_MEASURES)
_PER_PERIOD = re.compile(r"每(?:个)?(?P<period>天|日|周|星期|月|季度|学期|年)(?P<gap>[^,;。\n]{0,10})$")
_ENUMERATED = re.compile(rf"(?<![\dA-Za-z.])\d+(?:{_THINGS})[^,;。、\d]{{1,10}}、\d+(?:{_THINGS})")
_TREATED = re.compile(r"(?:对|将|把|为|给|向)[^,]{0,4}$")
_PLACED = re.compile(r"^(?:要|并)?(?:在|于)(?:全[区市县])?$")
_PUT_THERE = re.compile(r"设立|设置|安装|增设|安排|设(?!施|备|计)|布设|开设|建立")
_ONE_BY_ONE = re.compile(r"逐[一个项条户家处]")
_HAS_BEEN = re.compile(
    r"(?<![较比])(?<![将把对])(?:去年|前年|上年)(?!底前|[^,]{0,4}基础上)|已(?!列入)[^,]{0,8}$|(?:共|累计|先后|以来)[^,]*了$|(?:决战|奋战|大干|苦战|鏖战|冲刺)$"
)
#: What is counted is told by a noun right after the number, and something is to be done to it.
_OBJECT = re.compile(r"[一-鿿“]{2}")
_ORDERED = re.compile(rf"{WILL}|必须|务必|应(?!急|用|届)|由(?!于|此)")
_MAKING = re.compile(r"完成|建成|实施|推进")
_SPREAD = re.compile(r"(?:推广|送|发|扩大|延伸|扩展|拓展|覆盖|增加|提高)[到至]$")
_DOUBLED = re.compile(r"(?P<what>[^,;。:\n■]{0,20}?)(?:实现|力争|争取|达到|要|将|再){0,3}翻(?P<times>[一两二三])番")
_PLAN_LAYERS = re.compile(r"^(?:(?:提升)?工程|项目|(?:重点|具体)?工作任务|(?:重点)?任务清单)(?=$|[,;。、])")
_BODIES = re.compile(
    r"^[^,;。、及和与的]{0,8}(?:工作组|专班|小组|方面|阶段|步骤|环节|意识|自信|维护|责任(?!单位|人)|原则|坚持|字方针)"
)


@dataclass(frozen=True)
class Target:
    """`op` is one of >=, <=, =; `value` None where the number is masked; `is_implied`: said in a word (全覆盖, 消除)."""

    what: str | None
    op: str
    value: float | int | None
    unit: str
    start: int
    end: int
    is_implied: bool = False
    is_masked: bool = False
    is_about: bool = False

    def as_dict(self) -> dict[str, object]:
        said: dict[str, object] = {"what": self.what, "op": self.op, "value": self.value, "unit": self.unit}
        flags = (("implied", self.is_implied), ("masked", self.is_masked), ("approx", self.is_about))
        return said | {name: True for name, is_so in flags if is_so}


def read_targets(text: str) -> list[Target]:
    """All targets of an evened text whose limits and rhythms are already blotted out, in its order."""
    open_text = nouns.veil_names(text)
    readers = (
        _quoted(text),
        _masked(open_text),
        _implied(open_text),
        _naught(text),
        _ranks(open_text),
        _rates(open_text, text),
        _counts(open_text, text),
    )
    taken: list[Target] = []
    for reader in readers:
        for target in reader:
            if not any(target.start < other.end and other.start < target.end for other in taken):
                taken.append(target)
    return sorted(taken, key=lambda t: t.start)


def _op(match: re.Match[str], tail: re.Match[str] | None, *, default: str) -> str:
    after = tail.groupdict() if tail else {}
    if match["most"] or after.get("below"):
        return "<="
    before = match.string[max(0, match.start() - 8) : match.start()]
    if (
        match["least"]
        or _LEAST_BEFORE.search(before)
        or after.get("above")
        or after.get("more")
        or match.groupdict().get("more0")
        or match.groupdict().get("low")
        or match.groupdict().get("unit") in ("个百分点", "倍")
    ):
        return ">="
    return default


def _counts(text: str, full: str) -> Iterator[Target]:
    listed = [match.span() for match in _ENUMERATED.finditer(text)] if "、" in text else []
    for match in _COUNT.finditer(text):
        tail = _COUNT_TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        is_led = _LEAST_BEFORE.search(text[max(0, match.start() - 8) : match.start()])
        is_compared = bool(match["least"] or match["most"] or match["about"] or is_led or (tail and tail[0]))
        is_listed = any(start <= match.start("n") < stop + 1 for start, stop in listed)
        if not (is_compared or _is_counted(text, match, end, is_listed=is_listed)):
            continue
        if match["n"] == "一" and not is_compared:
            continue
        unit, value = match["unit"], number(match["low"] or match["n"])
        if unit == "类" and not match["least"] and tail and tail["above"]:
            continue  # 二类以上公厕: a class, not a number of them
        if unit in ("名", "位") and text[: match.start("n")].endswith(("前", "第")):
            continue
        yield Target(
            _what(text, full, match, end, unit), _op(match, tail, default="="), value, _unit(text, match), match.start(), end,
            is_about=bool(match["about"]),
        )  # fmt: skip


def _is_counted(text: str, match: re.Match[str], end: int, *, is_listed: bool) -> bool:
    """A number without a comparison is a target where something is done to what it counts."""
    after = text[end : clause_end(text, end)]
    before = text[clause_start(text, match.start()) : match.start()]
    if _HAS_BEEN.search(before):
        return False
    if _PLAN_LAYERS.match(after) or _BODIES.match(after):
        return False
    is_last = not after or after[0] in "、和及与(（■"
    if _ONLY_TIMES.fullmatch(match["unit"]):
        return is_last and bool(before)
    if _ONLY_MEASURES.fullmatch(match["unit"]):
        is_made = nouns.VERB_AT_END.search(before) or (_MAKING.search(before) and nouns.RESULT.search(after))
        return bool(before) if is_last else bool(is_made)
    if not match["n"][0].isdigit() and len(match["n"]) == 1 and not nouns.VERB_AT_END.search(before):
        return is_last and bool(nouns.VERB.search(before))
    if is_last and before:
        return not before.endswith(("等", "第"))
    if _SPREAD.search(before):
        return True
    if (
        _OBJECT.match(after)
        and (nouns.VERB.search(after) or _TREATING.search(before + after) or _ORDERED.search(after))
        and match["unit"] != "人"
    ):
        return True
    if _TREATED.search(before) and (nouns.VERB.search(after) or "提供" in after or _ONE_BY_ONE.search(after)):
        return True
    if _PLACED.match(before) and _PUT_THERE.search(after):
        return True
    return (
        is_listed or bool(nouns.VERB.search(before)) or (bool(nouns.RESULT.search(after)) and not after.startswith("“"))
    )


def _unit(text: str, match: re.Match[str]) -> str:
    unit = match["unit"].replace("㎡", "平方米").replace("平米", "平方米")
    each = _PER_PERIOD.search(text, clause_start(text, match.start()), match.start()) if "每" in text else None
    if each and _ONLY_TIMES.fullmatch(match["unit"]):
        return f"{unit}/{each['period']}"
    return unit


def _what(text: str, full: str, match: re.Match[str], end: int, unit: str) -> str | None:
    after = full[end : clause_end(full, end)]
    before = full[clause_start(text, match.start()) : match.start()]
    if _ONLY_TIMES.fullmatch(unit):
        return nouns.subject(before) or None
    here = nouns.counted(after) or nouns.subject(before) or nouns.deed(before)
    return here or nouns.subject(_clause_before(full, match.start()))


def _clause_before(full: str, at: int) -> str:
    """举办宣讲活动,全年不少于10场: what is counted stands in the clause before."""
    stop = clause_start(full, at) - 1
    return full[clause_start(full, stop) : stop] if stop > 0 else ""


def _rates(text: str, full: str) -> Iterator[Target]:
    for match in _RATE.finditer(text):
        tail = _COUNT_TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        value = _share(match)
        before = full[clause_start(text, match.start()) : match.start()]
        after = full[end : clause_end(full, end)]
        if _RISEN.search(before) and _RISES.match(after):
            continue  # 由78%提高到85%
        yield Target(
            nouns.rate(_FROM.sub("", before), after),
            _op(match, tail, default=">="),
            value,
            "‰" if "‰" in match[0] else "%",
            match.start(),
            end,
            is_about=bool(match["about"]),
        )


def _share(match: re.Match[str]) -> float | int:
    """As percent: 97%, 百分之八十, 七成, 三分之二, 半数以上."""
    if match["half"]:
        return 50
    if match["under"]:
        return (
            int(share)
            if (share := round(100 * number(match["over"]) / number(match["under"]), 1)).is_integer()
            else share
        )
    return number(match["n"] or match["n2"] or match["tenths"]) * (10 if match["tenths"] else 1)


def _ranks(text: str) -> Iterator[Target]:
    for match in _RANK.finditer(text) if "前" in text or ("第" in text and "以" in text) else ():
        if re.search(
            r"进入|挤进|进|位居|位列|保持|排名|名列|争|居|全[国省市区]|达到|确保",
            text[clause_start(text, match.start()) : match.end()],
        ):
            yield Target("排名", "<=", number(match["n"] or match["n2"]), "名", match.start(), match.end())


def _masked(text: str) -> Iterator[Target]:
    for match in _MASKED.finditer(text) if "X" in text else ():
        before = text[clause_start(text, match.start()) : match.start()]
        after = text[match.end() : clause_end(text, match.end())]
        op = ">=" if match["least"] else "<=" if match["most"] else "="
        what = nouns.counted(after) or nouns.subject(before)
        yield Target(what, op, None, match["unit"] or match["unit2"], *match.span(), is_masked=True)


def _quoted(text: str) -> Iterator[Target]:
    for match in _QUOTED_COUNT.finditer(text) if "“" in text else ():
        yield Target(match["what"], "=", number(match["n"]), match["unit"], *match.span(), is_implied=True)


def _naught(text: str) -> Iterator[Target]:
    """做到“零接纳”, 新增违法建设“零增长”."""
    for match in _NAUGHT.finditer(text) if "零" in text else ():
        op = "<=" if match["thing"] in ("增长", "新增") else "="
        what = (nouns.subject(match["what"]) or "") + match["thing"]
        yield Target(what, op, 0, nouns.unit_of(match["thing"]), *match.span(), is_implied=True)


def _implied(text: str) -> Iterator[Target]:
    """Each form begins with any words at all, so it is only tried where its own word stands."""
    for match in _COVER.finditer(text) if "覆盖" in text else ():
        what = nouns.subject(match["what"])
        yield Target(f"{what}覆盖率" if what else None, "=", 100, "%", *match.span(), is_implied=True)
    for match in _CLEAR.finditer(text) if "清零" in text else ():
        what = nouns.subject(match["what"])
        yield Target(what, "=", 0, nouns.unit_of(what), *match.span(), is_implied=True)
    for match in _REMOVE.finditer(text) if "消除" in text else ():
        what = nouns.subject(match["what"] or match["what2"])
        yield Target(what, "=", 0, nouns.unit_of(what), *match.span(), is_implied=True)
    for match in _ZERO.finditer(text) if "零" in text else ():
        op = "<=" if match["thing"] in ("增长", "新增") else "="
        what = (nouns.subject(match["what"]) or "") + ("" if match["thing"] == "发生" else match["thing"])
        yield Target(what or None, op, 0, nouns.unit_of(match["thing"]), *match.span(), is_implied=True)
    for match in _DOUBLED.finditer(text) if "翻" in text else ():
        times = 2 ** int(number(match["times"]))
        yield Target(match["what"] or None, ">=", times, "倍", *match.span(), is_implied=True)
    for match in _ALL.finditer(text) if "全部" in text else ():
        what = nouns.subject(match["what"])
        yield Target(f"{what or ''}{match['deed'][:2]}率", "=", 100, "%", *match.span(), is_implied=True)
    for match in _ALL_OF.finditer(text) if "全部" in text else ():
        yield Target(f"{match['what']}{match['deed']}率", "=", 100, "%", *match.span(), is_implied=True)
    for match in _AS_MUCH.finditer(text) if "尽" in text else ():
        what = nouns.subject(re.sub(r"(?:实现|做到|确保|达到|力争)$", "", match["what"]))
        yield Target(what or f"{match['done']}率", "=", 100, "%", *match.span(), is_implied=True)
