"""Rhythms: 每月11日, 每季度至少1次, 每半月, 天天, 一月一调度, 日巡查、周调度."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasks.language.text import NUMBER, clause_end, number

FREQUENCIES = {
    "天": "daily", "日": "daily", "晚": "daily", "夜": "daily", "周": "weekly", "星期": "weekly", "礼拜": "weekly", "半月": "semimonthly",
    "半个月": "semimonthly", "月": "monthly", "季": "quarterly", "季度": "quarterly", "学期": "semester",
    "半年": "halfyear", "年": "yearly", "年度": "yearly", "学年": "yearly", "年终": "yearly",
}  # fmt: skip
_LONGER = {
    "daily": ("monthly", 30),
    "weekly": ("monthly", 4),
    "monthly": ("yearly", 12),
    "quarterly": ("yearly", 4),
    "yearly": ("yearly", 1),
}
_SPACED = {
    ("weekly", 2): ("semimonthly", 1),
    ("daily", 15): ("semimonthly", 1),
    ("daily", 7): ("weekly", 1),
    ("monthly", 3): ("quarterly", 1),
    ("monthly", 6): ("halfyear", 1),
    ("quarterly", 2): ("halfyear", 1),
}
_PERIOD = r"(?P<period>半个?月|半年|学期|学年|季度|季|星期|礼拜|周|月|日|天|晚|夜|年度|年)"
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日", 1)} | {"天": 7}
_DEED = (
    "巡查|调度|点评|研究|研判|报告|通报|评比|总结|考核|排名|检查|督查|督办|督导|汇报|例会|分析|会商|小结|盘点|上报|晾晒|"
    "评议|评价|反馈|公示|推进|讲评|测评|清零|清扫|清理|排查|观摩|复盘|冲洗|清洗|保洁|晒单|亮灯|自查|互查|例会|报送|碰头|抽查|暗访|培训|宣讲|活动|主题|评|报|督|查|结|晒"
)
_ONE_DAY = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_DAYS = rf"(?P<days>{_ONE_DAY}(?:[、和及,]{_ONE_DAY})*)"
_EACH = re.compile(
    rf"(?P<least>至少|不少于|最少)?(?:(?<![到至])|(?<=做到))每(?:一(?![天日年](?:$|[,;。、])))?(?:个)?{_PERIOD}(?![一-鿿]?代)"
    rf"(?:{_DAYS}|月?(?P<end>[底末])|(?P<third>[上中下])旬|(?<=[周期])(?P<weekday>[一二三四五六日天](?:[、和及至](?:周|星期)?[一二三四五六日天])*)(?![次期场轮篇演课映])|"
    rf"(?<=年)(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:\d{{1,2}}[日号]|份?[底初末]?))?(?:之前|以前|前)?"
)
_INTERVAL = re.compile(
    r"(?:每隔?(?P<n>[1-9]\d|[2-9]|十五|[两二三四五六七八九十])个?|(?P<alternate>隔|双))(?P<period>周|星期|月|季度|年|天|日)(?!内)"
)
_BY = re.compile(r"(?:按|逐|分)(?P<period>季度|季|半年|学期|周|月|旬|日|年度|年)(?=[一-鿿]|$)(?!份|度)")
_DOUBLED = re.compile(r"(?P<period>天天|日日|周周|月月|季季|(?<![\d今去明后本全往近历前])年年(?![底末内初]))")
_TENTHS = re.compile(r"每(?:个)?旬")
_HALVES = re.compile(r"上(?:半年)?[、和]?下半年(?=各|分别)")
_WORKDAY = re.compile(r"每(?:个)?工作日")
_ONE_ONE = re.compile(
    rf"(?P<period>(?<![一-鿿])半年|(?<![一-鿿])半月|一(?:日|天|周|月|季度?|年|学期))(?P<n>[一两二三]|[1-9])(?:次|{_DEED}|(?<=日一|天一|周一|月一|季一|年一)[一-鿿]{{2}}(?=$|[,;。、]))"
)
_MEETING = re.compile(
    r"(?:逢|每逢)(?:周|星期)(?P<weekday>[一二三四五六日天](?:[、和及至](?:周|星期)?[一二三四五六日天])*)"
)
_SLASHED = re.compile(
    rf"(?P<least>至少|不少于|不低于)?(?P<n>{NUMBER})(?:场次|次|期|场|轮|回|篇|件)(?P<above>以上)?/(?:每)?(?P<period>季度|季|学期|半年|天|日|周|月|年)"
)
_BEAT = rf"(?:半年|年终|日|周|月|季|年)(?:{_DEED})"
_BEATS = re.compile(rf"{_BEAT}(?:[、,]{_BEAT})+")
_BEAT_ALONE = re.compile(
    rf"(?<![每本上下逐按一双今明后当同去近半\d])(?P<period>半年|日|周|月|季)(?:{_DEED})(?:工作)?(?:制度|机制|制(?![定订作约]))"
)
_SEASONS = re.compile(r"[春夏秋冬][、和]?[春夏秋冬]两?季")
_BEAT_WORD = re.compile(rf"(?P<period>半年|年终|日|周|月|季|年)(?:{_DEED})")
_COUNT_HERE = re.compile(
    rf"(?P<least>至少|不少于|不低于|不得少于|最少)?(?P<gap>[^,;。!?\n:■]{{0,30}}?)(?P<least2>(?:至少|不少于|不低于|不得少于)(?:开展|组织|督查|检查|巡查|召开|通报|报送|排查|举办|调度|研究)?)?(?<![第\d.A-Za-z])"
    rf"(?P<n>{NUMBER})(?:[-~至](?P<upper>\d+))?(?:场次|次|期|场|轮|回|遍|趟|篇|批|堂|节|份|个?(?:晚上|夜晚|半天|上午|下午)|天(?!内))(?P<above>以上)?"
)
_ISSUED = "播发|刊发|刊播|刊登|发布|报送|推送|上报|报道|编发|采写|转发|发送|信息|稿件|新闻|消息|短视频|动态|曝光"
#: What is sent out is counted by the rhythm (每天播发稿件不少于2条); what is built is a target (每月整治背街小巷2条).
_ISSUED_HERE = re.compile(
    rf"(?=[^,;。!?\n:■]{{0,30}}(?:{_ISSUED}))(?P<least>至少|不少于|不低于|不得少于|最少)?(?P<gap>[^,;。!?\n:■]{{0,24}}?)(?P<least2>至少|不少于|不低于|不得少于)?"
    rf"(?:{_ISSUED})?(?<![第\d.A-Za-z])(?P<n>{NUMBER})(?:条|则|部|例|起)(?P<above>以上)?"
)
_COUNT_AFTER_COMMA = re.compile(rf",(?:原则上)?(?P<least>至少|不少于|不低于)(?P<n>{NUMBER})(?:次|期|场|轮|回|篇)")
#: 每周不少于2条, and nothing more: of what, the words before the rhythm say.
_COUNT_BARE = re.compile(rf"(?P<least>至少|不少于|不低于)(?P<gap>)(?P<n>{NUMBER})(?:条|则|件|份)(?=$|[,;。])")
_RATE = re.compile(rf"{NUMBER}个?(?:小时|分钟|学时|课时)")
_DAY_PARTS = re.compile(r"(?:早中晚|早晚|上、?下午|上午、?下午)(?:各|分别)")
#: 群众天天看: what people do is no duty.
_PEOPLE = re.compile(r"(?:群众|百姓|大家|人们|居民|市民)$")
_BANNED = re.compile(r"分解到$|细化到$|落实到$|安排到$")


@dataclass(frozen=True)
class Rhythm:
    """A duty that comes back: `count` times each `freq`; day 31 means the last day of the month."""

    freq: str
    count: int
    start: int
    end: int
    day_of_month: int | None = None
    at_least: bool = False
    weekday: int | None = None
    interval: int = 1

    def as_dict(self) -> dict[str, object]:
        return {"freq": self.freq, "count": self.count, "day_of_month": self.day_of_month, "at_least": self.at_least}


def read_rhythms(text: str) -> list[Rhythm]:
    """All rhythms of an evened text, in its order. A rate (每周开放56小时) is none."""
    found: list[Rhythm] = []
    for rhythm in sorted(_candidates(text), key=lambda r: (r.start, -r.end)):
        if not found or rhythm.start >= found[-1].end:
            found.append(rhythm)
    return found


def _candidates(text: str) -> Iterator[Rhythm]:
    """Every form has a character it cannot do without; where that is missing the form is not looked for."""
    for match in _EACH.finditer(text) if "每" in text else ():
        yield from _each(text, match)
    for match in _INTERVAL.finditer(text) if "每" in text or "隔" in text or "双" in text else ():
        interval = int(number(match["n"])) if match["n"] else 2
        yield _spaced(_counted(text, match, FREQUENCIES[match["period"]]), interval)
    for match in _BY.finditer(text):
        if match["period"] != "旬":
            yield _counted(text, match, FREQUENCIES[match["period"]])
    yield from _worded(text)
    for match in _ONE_ONE.finditer(text) if "一" in text or "半" in text else ():
        freq = FREQUENCIES[match["period"].removeprefix("一")]
        yield Rhythm(freq, int(number(match["n"])), *match.span())
    for match in _MEETING.finditer(text):
        yield Rhythm("weekly", _days_of_week(match["weekday"]), *match.span(), weekday=_WEEKDAYS[match["weekday"][0]])
    for match in _SLASHED.finditer(text) if "/" in text else ():
        least = bool(match["least"] or match["above"])
        yield Rhythm(FREQUENCIES[match["period"]], int(number(match["n"])), *match.span(), at_least=least)
    for match in _BEATS.finditer(text) if "、" in text or "," in text else ():
        for beat in _BEAT_WORD.finditer(text, *match.span()):
            yield Rhythm(FREQUENCIES[beat["period"]], 1, *beat.span())
    for match in _BEAT_ALONE.finditer(text) if "制" in text else ():
        yield Rhythm(FREQUENCIES[match["period"]], 1, *match.span())


def _worded(text: str) -> Iterator[Rhythm]:
    """每旬, 每个工作日, 上下半年各, 春秋两季各, 天天."""
    for match in _TENTHS.finditer(text) if "每" in text else ():
        yield Rhythm("monthly", 3, *match.span())
    for match in _WORKDAY.finditer(text) if "每" in text else ():
        yield _counted(text, match, "daily")
    for match in _HALVES.finditer(text) if "下半年" in text else ():
        yield _counted(text, match, "halfyear")
    for match in _SEASONS.finditer(text) if "季" in text else ():
        if text.startswith(("各", "分别"), match.end()):
            each = _counted(text, match, "yearly")
            yield replace(each, count=2 * each.count)
    for match in _DOUBLED.finditer(text):
        if not _PEOPLE.search(text[: match.start()]):
            yield _counted(text, match, FREQUENCIES[match["period"][0]])


def _each(text: str, match: re.Match[str]) -> Iterator[Rhythm]:
    if _BANNED.search(text[: match.start()]) or _is_rate(text, match.end()):
        return
    freq = FREQUENCIES[match["period"]]
    weekday = _WEEKDAYS[match["weekday"][0]] if match["weekday"] else None
    if match["weekday"] and len(match["weekday"]) > 2:
        yield Rhythm(freq, _days_of_week(match["weekday"]), *match.span(), weekday=weekday)
        return
    if freq == "yearly" and _SEASONS.match(text, match.end()):
        yield Rhythm(freq, 2, *match.span())
        return
    days = _days(match) if freq == "monthly" else []
    if len(days) > 1:
        places = [match.start() + i for i in range(len(days))]
        for place, day in zip(places, days, strict=True):
            yield Rhythm(freq, 1, place, match.end() if day == days[-1] else place + 1, day_of_month=day)
        return
    yield _counted(text, match, freq, day=days[0] if days else None, weekday=weekday, at_least=bool(match["least"]))


def _days_of_week(words: str) -> int:
    """一、三、五 -> 3; 一至周五 -> 5."""
    said = [_WEEKDAYS[c] for c in re.findall(r"[一二三四五六日天]", words)]
    return max(1, said[-1] - said[0] + 1) if "至" in words else len(said)


def _spaced(rhythm: Rhythm, interval: int) -> Rhythm:
    """Every so many weeks, months or days, said in the next longer period that a ledger keeps: 每两周 is twice a month,
    每两个月 six times a year, 每十天 three times a month. 每两年 stays yearly, with its interval beside it."""
    longer, in_longer = _LONGER[rhythm.freq]
    freq, times = _SPACED.get((rhythm.freq, interval), (longer, max(1, in_longer // interval)))
    return replace(rhythm, freq=freq, count=rhythm.count * times, interval=interval if in_longer == 1 else 1)


def _days(match: re.Match[str]) -> list[int]:
    if match["end"]:
        return [31]
    if match["third"]:
        return [{"上": 10, "中": 20, "下": 31}[match["third"]]]
    words = re.findall(r"\d+|[一二三四五六七八九十]+", match["days"] or "")
    return [day for word in words if 1 <= (day := int(number(word))) <= 31]


def _is_rate(text: str, at: int) -> bool:
    tail = text[at : clause_end(text, at)]
    return bool(_RATE.search(tail)) and not _COUNT_HERE.match(tail)


def _counted(
    text: str, match: re.Match[str], freq: str, *, day: int | None = None, weekday: int | None = None,
    interval: int = 1, at_least: bool = False,
) -> Rhythm:  # fmt: skip
    """The rhythm with the count written after it in its clause; no count written is 1."""
    stop = clause_end(text, match.end())
    following = _EACH.search(text, match.end())
    if following:
        stop = min(stop, following.start())
    count = _count_after(text, match.end(), stop)
    least = at_least
    if count:
        groups = count.groupdict()
        least = at_least or any(groups.get(key) for key in ("least", "least2", "above", "upper"))
    times = int(number(count["n"])) if count else 1
    if parts := _DAY_PARTS.match(text, match.end()):
        times *= 3 if parts[0].startswith("早中") else 2
    return Rhythm(freq, times, *match.span(), day_of_month=day, at_least=least, weekday=weekday, interval=interval)


def _count_after(text: str, at: int, stop: int) -> re.Match[str] | None:
    return (
        _COUNT_HERE.match(text, at, stop)
        or _COUNT_BARE.match(text, at, stop)
        or _ISSUED_HERE.match(text, at, stop)
        or _COUNT_AFTER_COMMA.match(text, stop)
    )


def count_spans(text: str, rhythms: list[Rhythm]) -> list[tuple[int, int]]:
    """Where the counts of the rhythms stand: a rhythm's count is not a target as well."""
    spans = []
    for rhythm in rhythms:
        stop = clause_end(text, rhythm.end)
        count = _count_after(text, rhythm.end, stop)
        if count:
            spans.append((count.start("n"), count.end()))
    return spans
