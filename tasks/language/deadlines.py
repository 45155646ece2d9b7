"""Limits: 9月底前, 11月前, 年内, 第三季度, 10月中旬前, 2019.9.30, 测评前, 长期; every doubt said, nothing invented."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tasks.language import calendar
from tasks.language.text import HAN, NUMBER, clause_start, number

_YEAR = r"(?:(?P<year>\d{4})年|(?P<word>今年|明年|后年|本年度?|当年|次年))?"
_MONTH = r"(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月"
_BEFORE = r"(?P<before>之前|以前|前(?!后|景|提(?!交|出|供|升|高|报|请|前)|期(?=工作|准备))|止)?"
_CLOCK = r"(?:(?:上午|下午|中午|晚上?|下班|[一-鿿]{1,4}[节日]|开学|国庆|高考|\d{1,2}(?::\d{2}|[时点](?:整|\d{1,2}分?)?))+(?=之前|以前|前|止))?"
_NOT_RANK = r"(?![\d一二三四五六七八九十]+[名位])"
_DOING = "完成|建成|开展|举办|组织|举行|启动|开工|竣工|实现|印发|上线|报送|提交|投入|全部|全面|召开"
_EVENT = (
    "测评|迎检|迎检关键|检查|复检|复查|复审|评审|评估|验收|复评|初评|终评|考评|考核|国测|省测|市测|暗访|实地考察|总评|年检|开学|放假|汛期|入汛|"
    "供暖季?|采暖季?|入冬|高考|中考|两会|大会|会议|活动|创建周期结束|届满|暑期|寒暑假|暑假|寒假|节假日"
)
_VAGUE = (
    (r"及时|立即|尽快|尽早|立行立改|立整立改|即知即改|边查边改|马上|实时|第一时间|限时|限期|早日", "prompt"),
    (r"长期|常年|日常|随时|常态化?|持续|经常性|不间断", "standing"),
    (
        r"年初|(?:本|下)?周[一二三四五六日]前|待定|另行通知|视情|按需|据实|已完成|已办结|定期|不定期|适时|阶段性|分阶段|分批",
        "vague",
    ),
    (r"按(?:照)?(?:时间节点|时序进度|计划|进度|方案|上级|市里|省里|要求|规定)", "external_schedule"),
    (r"(?:分解|细化|落实|安排|排)到每", "method"),
    (r"达标|(?:达到|符合|满足)[^,;。]{0,30}(?:标准|要求)", "standard"),
    (r"新增|增加|增设|扩大", "uncounted"),
)
_VAGUE_FORMS = tuple((re.compile(pattern), subkind) for pattern, subkind in _VAGUE)
_SHORTENED = re.compile(
    r"(?:压缩?|缩短|压减|减少|控制|缩减|提速|降低?)(?:至|到|在|为)$|(?:时间|时长|用时|耗时|间隔)(?:为|在)?$"
)
_FORBIDDEN = re.compile(r"严禁|禁止|不得|杜绝|避免|防止|严防")
_GONE = re.compile(r"(?<![较比])(?:去年|前年|上年度?|往年|历年)的?$")
_LOOKED_AT = re.compile(
    r"份?(?:的)?[^,;。]{0,6}(?:测评|考核|检查|督查|暗访|评估|排名|通报|例会|会议|工作|学雷锋|活动月)(?:中|纪要|总结|简报|月|结果|情况|反馈|失分|成绩|发现|暴露|的?问题)"
)


@dataclass(frozen=True)
class Deadline:
    """One limit as written and as read. `kind`: fixed, year_end or none; `subkind` says why there is no date."""

    kind: str
    text: str
    start: int
    end: int
    due_on: date | None = None
    subkind: str | None = None
    start_on: date | None = None
    alternatives: tuple[date, ...] = ()
    event: str = ""
    relative: tuple[float, str, str | None] | None = None

    @property
    def is_ambiguous(self) -> bool:
        return bool(self.alternatives) and self.subkind != "impossible"


_Reader = Callable[[re.Match[str], int], Deadline | None]
_RULES: list[tuple[re.Pattern[str], frozenset[str], _Reader]] = []


def _rule(pattern: str, *, near: str) -> Callable[[_Reader], _Reader]:
    """`near`: characters one of which stands in all the pattern finds; a text without any need not be searched."""

    def register(reader: _Reader) -> _Reader:
        _RULES.append((re.compile(pattern), frozenset(near), reader))
        return reader

    return register


def read_deadlines(text: str, *, year: int, is_column: bool = False) -> list[Deadline]:
    """All limits of an evened text, in its order. `is_column`: the text stands where a limit is asked for, so a bare
    date (9月30日, 9.30) is one; in running text it may be any date."""
    taken: list[tuple[int, int]] = []
    found: list[Deadline] = []
    letters = set(text)
    for pattern, near, reader in _RULES:
        if near.isdisjoint(letters):
            continue
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken) or _is_forbidden(text, match):
                continue
            read = reader(match, year)
            if read:
                taken.append(match.span())
            if read and (is_column or not _is_bare_date(text, match, read)):
                found.append(read)
    if is_column and not found:
        found = list(_column_dates(text, year))
    return sorted(found, key=lambda d: d.start) or list(_vague(text))


def _is_forbidden(text: str, match: re.Match[str]) -> bool:
    """What must not be done by then; a day of last year; a month whose figures are looked back at."""
    start = clause_start(text, match.start())
    is_looked_at = match[0].endswith(("月", "份", "季度", "半年", "日")) and _LOOKED_AT.match(text, match.end())
    return (
        bool(is_looked_at or _FORBIDDEN.search(text, start, match.start()))
        or bool(_GONE.search(text[start : match.start()]))
        or text.startswith(("以来", "代"), match.end())
    )


_LED_TO = re.compile(r"(?:到|至|截[至止]|(?<!建|生|立|成)于|最[迟晚]|不[迟晚]于|赶在|截止(?:时间|日期)[为是:]?|限)$")


def _is_bare_date(text: str, match: re.Match[str], read: Deadline) -> bool:
    """3月6日 alone may be any day: a limit has a year, 前, 到/截至, or a deed right after it."""
    groups = match.groupdict()
    if not groups.get("day") or groups.get("before") or groups.get("year") or read.start_on:
        return False
    led = _LED_TO.search(text, 0, match.start())
    return not led and not re.match(rf"(?:{_DOING})(?!的)", text[match.end() :])


def _year_of(match: re.Match[str], year: int) -> int:
    if match["year"]:
        return int(match["year"])
    return year + {"明年": 1, "次年": 1, "后年": 2}.get(match["word"] or "", 0)


def _fixed(match: re.Match[str], due_on: date, *, other: date | None = None, start_on: date | None = None) -> Deadline:
    return Deadline(
        "fixed", match[0], *match.span(), due_on, "range" if start_on else None, start_on, (other,) if other else ()
    )


def _impossible(match: re.Match[str], year: int, month: int) -> Deadline:
    """A day that no calendar has. The nearest day there is stands by as the alternative."""
    near = (calendar.month_end(year, month),) if 1 <= month <= 12 else ()
    return Deadline("none", match[0], *match.span(), subkind="impossible", alternatives=near)


def _day(match: re.Match[str], year: int, month: int, day: int) -> Deadline:
    try:
        return _fixed(match, date(year, month, day))
    except ValueError:
        return _impossible(match, year, month)


@_rule(
    rf"(?:今年|本年度?|年内|\d{{4}}年)?(?:\d{{1,2}}月份?)?(?<![日号])(?P<event>[国省市区县全]{{0,2}}(?:{_EVENT}))(?:工作)?"
    rf"(?:(?:之前|以前|前){_NOT_RANK}|关键时期|期间|时期)",
    near="前期",
)
def _event(match: re.Match[str], _year: int) -> Deadline:
    return Deadline("none", match[0], *match.span(), subkind="event", event=match["event"])


@_rule(
    rf"(?:(?:自|从|在)?(?P<from>{HAN}{{2,10}}?)(?:之?后|之日起|以后|起))?(?<![每第\d])(?!20\d\d年)(?P<n>{NUMBER}|半)个?"
    r"(?P<unit>小时|分钟|工作日|日|天|周|月|年)(?:之内|以内|内)(?P<end>办结|处置|响应|答复|受理)?",
    near="内",
)
def _relative(match: re.Match[str], _year: int) -> Deadline | None:
    if _SHORTENED.search(match.string[: match.start("n")]):
        return None  # 时间压缩至4小时以内: a measure of the work, no day to be done by
    value = 0.5 if match["n"] == "半" else number(match["n"])
    origin = match["from"] or ("受理" if match["end"] else None)
    return Deadline("none", match[0], *match.span(), subkind="relative", relative=(value, match["unit"], origin))


@_rule(
    rf"(?:从|自)?{_YEAR}(?P<month>\d{{1,2}}|十[一二]?|[一二三四五六七八九])月?份?(?:(?P<day>\d{{1,2}})[日号])?(?:开始|起)?(?:至|到|-|~)+"
    r"(?:(?P<year2>\d{4})年|今年|(?P<next>明年|次年))?(?P<month2>\d{1,2}|十[一二]?|[一二三四五六七八九])月份?(?:(?P<day2>\d{1,2})[日号])?[底末]?(?:之前|以前|前|止)?",
    near="月",
)
def _range(match: re.Match[str], year: int) -> Deadline | None:
    first = _year_of(match, year)
    last = int(match["year2"]) if match["year2"] else first + (1 if match["next"] else 0)
    months = int(number(match["month"])), int(number(match["month2"]))
    if not all(1 <= month <= 12 for month in months):
        return None
    try:
        start_on = date(first, months[0], int(match["day"] or 1))
        due_on = date(last, months[1], int(match["day2"])) if match["day2"] else calendar.month_end(last, months[1])
    except ValueError:
        return _impossible(match, last, months[1])
    return _fixed(match, due_on, start_on=start_on)


@_rule(
    r"(?<!\d)(?P<year>20\d{2})[年.](?P<month>\d{1,2})(?P<word>)(?:\.(?P<day>\d{1,2}))?(?:至|到|-|~)+(?:(?P<year2>20\d{2})[年.])?"
    r"(?P<month2>\d{1,2})(?:\.(?P<day2>\d{1,2}))?(?![\d.月])(?:之前|以前|前|止)?(?P<next>)",
    near=".",
)
def _dotted_range(match: re.Match[str], year: int) -> Deadline | None:
    """2019.3-2019.9, 2019.3.1-2019.5.31, 2019.3-9."""
    return _range(match, year)


@_rule(
    rf"(?<![\d.、月]){_YEAR}(?P<month>\d{{1,2}})、(?P<month2>\d{{1,2}})月(?!\d)份?(?P<day>)(?P<year2>)(?P<next>)(?P<day2>)",
    near="月",
)
def _two_months(match: re.Match[str], year: int) -> Deadline | None:
    """7、8月份: both of them, so the end of the second."""
    return _range(match, year) if int(match["month2"]) == int(match["month"]) + 1 else None


@_rule(
    rf"(?:自|从)?{_YEAR}{_MONTH}份?(?:(?P<day>\d{{1,2}})[日号])?(?:开始|起(?!草|至|到)|以来)|即日起(?!至|到)|自?即日开始",
    near="月即",
)
def _start(match: re.Match[str], year: int) -> Deadline:
    month = int(number(match["month"])) if match["month"] else 0
    start_on = date(_year_of(match, year), month, int(match["day"] or 1)) if 1 <= month <= 12 else None
    return Deadline("none", match[0], *match.span(), subkind="start", start_on=start_on)


@_rule(
    rf"(?P<year>\d{{4}})(?P<word>)[年.\-/](?P<month>\d{{1,2}})[月.\-/](?P<day>\d{{1,2}})[日号]?{_CLOCK}(?P<before>之前|以前|前|止)?",
    near="年.-/",
)
def _full_date(match: re.Match[str], _year: int) -> Deadline:
    return _day(match, int(match["year"]), int(match["month"]), int(match["day"]))


@_rule(
    rf"{_YEAR}{_MONTH}(?P<day>\d{{1,2}}|[一二三]?十?[一二三四五六七八九]|[二三]?十)[日号]{_CLOCK}{_BEFORE}{_NOT_RANK}",
    near="月",
)
def _month_day(match: re.Match[str], year: int) -> Deadline:
    return _day(match, _year_of(match, year), int(number(match["month"])), int(number(match["day"])))


@_rule(
    rf"{_YEAR}{_MONTH}(?:份|份?(?P<third>[上中]?[上中下])旬|份?(?P<end>[底末])|份?(?P<early>初))?{_BEFORE}{_NOT_RANK}",
    near="月",
)
def _month(match: re.Match[str], year: int) -> Deadline:
    year, month = _year_of(match, year), int(number(match["month"]))
    if not 1 <= month <= 12:
        return _impossible(match, year, month)
    is_before = match["before"] in ("前", "之前", "以前")
    if match["third"] or match["early"]:
        third = (match["third"] or "上")[-1]
        last = calendar.third_of_month(year, month, third)
        return (
            _fixed(match, calendar.before_third(year, month, third), other=last) if is_before else _fixed(match, last)
        )
    last = calendar.month_end(year, month)
    if is_before and not match["end"]:
        return _fixed(match, calendar.before_month(year, month), other=last)
    return _fixed(match, last)


@_rule(rf"{_YEAR}第?(?P<quarter>[一二三四1-4])季度(?:末|底|内)?(?P<before>之前|以前|前)?(?!一次)", near="季")
def _quarter(match: re.Match[str], year: int) -> Deadline:
    last = 3 * int(number(match["quarter"]))
    year, end = _year_of(match, year), match[0].rstrip("之以前")
    if match["before"] and not end.endswith(("末", "底", "内")):
        return _fixed(match, calendar.before_month(year, last - 2), other=calendar.month_end(year, last))
    return _fixed(match, calendar.month_end(year, last))


@_rule(rf"{_YEAR}(?P<half>[上下])半年(?:末|底|内)?(?:之前|以前|前)?", near="半")
def _half(match: re.Match[str], year: int) -> Deadline:
    return _fixed(match, calendar.month_end(_year_of(match, year), 6 if match["half"] == "上" else 12))


@_rule(
    rf"{_YEAR}(?<![\d几每近往历多])年中(?:之前|以前|前|(?=$|[,;。]|完成|建成|竣工|投用))",
    near="年中",
)
def _mid_year(match: re.Match[str], year: int) -> Deadline:
    return _fixed(match, calendar.month_end(_year_of(match, year), 6))


@_rule(
    rf"{_YEAR}“?(?P<name>{'|'.join(calendar.FESTIVALS)})”?(?:假期|期间|当天)?(?:之前|以前|前)(?:夕)?{_NOT_RANK}",
    near="前",
)
def _festival(match: re.Match[str], year: int) -> Deadline:
    year = _year_of(match, year)
    if match["name"] == "元旦":
        last = date(year, 12, 31)
        return (
            _fixed(match, last, other=date(year - 1, 12, 31))
            if not match["year"]
            else _fixed(match, date(year - 1, 12, 31))
        )
    return _fixed(match, calendar.festival(match["name"], year) - timedelta(days=1))


@_rule(
    r"(?P<masked>X{1,4}年?X{0,2}月(?:份|[底末初]|[上中下]旬|X{1,2}日)?(?:之前|以前|前)?|X{2,4}年(?:底|末|内)(?:之前|前)?)",
    near="X",
)
def _masked(match: re.Match[str], _year: int) -> Deadline:
    return Deadline("none", match[0], *match.span(), subkind="masked")


@_rule(
    r"(?:从现在起|即日起|现在起)?(?:至|到)?(?:(?P<word>今年|明年|后年|本年度?|当年|次年)|(?P<year>\d{4})年?)(?:年?[底末]|[内终]|年?度内)(?:之前|以前|前)?"
    r"|(?:从现在起|即日起|现在起)?(?:至|到)?(?<![\d一二三四五六七八九十两几半每去往历上多X年])年(?:[底末内]|终(?!考|总|述|评|绩|奖|盘|决|督)|度内)(?:之前|以前|前)?(?![级代])|岁末(?:之?前)?",
    near="年底末内终",
)
def _year_end(match: re.Match[str], year: int) -> Deadline:
    return Deadline("year_end", match[0], *match.span(), due_on=date(_year_of(match, year), 12, 31))


@_rule(r"(?<![\d.])(?P<short>2\d)年(?:[底末内]|底内)(?:之前|以前|前)?", near="年")
def _short_year_end(match: re.Match[str], _year: int) -> Deadline:
    return Deadline("year_end", match[0], *match.span(), due_on=date(2000 + int(match["short"]), 12, 31))


@_rule(r"贯穿(?:于)?全年|全年(?:坚持|常态)|(?<![将对按把])全年(?!级|(?:工作)?总结|情况)", near="全")
def _whole_year(match: re.Match[str], year: int) -> Deadline:
    subkind = None if match[0] == "全年" else "standing"
    return Deadline("year_end", match[0], *match.span(), due_on=date(year, 12, 31), subkind=subkind)


@_rule(
    r"(?P<word>今年|明年|本年度|本年|当年(?=(?:内|全部|全面|基本|即)?(?:完成|建成|开工|竣工|投用|见效|启动)))(?P<year>)(?!以来|初|的|上半年|下半年|创建)",
    near="年",
)
def _this_year(match: re.Match[str], year: int) -> Deadline:
    return Deadline("year_end", match[0], *match.span(), due_on=date(_year_of(match, year), 12, 31))


@_rule(
    r"(?:^|(?<=[,;。\n]))(?:到|至|截至)?(?P<year>20\d{2})年度?(?=$|[,;。]|要|将|全面|力争|争取|确保|完成|建成|实现|启动|开工|新建|改造|组织|开展|举办|培训|安排|培育|评选|招募|发展|整治|拆除|清理|更换|安装|推进|实施|建设|创建|打造|计划|拟)",
    near="2",
)
def _bare_year(match: re.Match[str], _year: int) -> Deadline:
    return Deadline("year_end", match[0], *match.span(), due_on=date(int(match["year"]), 12, 31))


_SHORT_DATE = re.compile(r"^(?P<month>\d{1,2})[./\-](?P<day>\d{1,2})(?:日|前|之前)?$")
_YEAR_MONTH = re.compile(r"^(?P<year>20\d{2})[./\-](?P<month>\d{1,2})(?:月)?(?:底)?(?:前)?$")
_COMPACT = re.compile(r"^(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})$")
_ONLY_YEAR = re.compile(r"^(?P<year>20\d{2})$")


def _column_dates(text: str, year: int) -> Iterator[Deadline]:
    """Dates as they are typed where only a date can stand: 9.30, 2019.9, 20190930, 2019."""
    if match := _SHORT_DATE.match(text):
        yield _day(match, year, int(match["month"]), int(match["day"]))
    elif match := _YEAR_MONTH.match(text):
        month = int(match["month"])
        due = int(match["year"])
        yield _fixed(match, calendar.month_end(due, month)) if 1 <= month <= 12 else _impossible(match, due, month)
    elif match := _COMPACT.match(text):
        yield _day(match, int(match["year"]), int(match["month"]), int(match["day"]))
    elif match := _ONLY_YEAR.match(text):
        yield Deadline("year_end", match[0], *match.span(), due_on=date(int(match["year"]), 12, 31))


def _vague(text: str) -> Iterator[Deadline]:
    for pattern, subkind in _VAGUE_FORMS:
        if match := pattern.search(text):
            yield Deadline("none", match[0], *match.span(), subkind=subkind)
            return


def with_month_before(deadline: Deadline, *, is_month_included: bool) -> Deadline:
    """The office's own reading of N月前: up to the end of N, where it has said so."""
    if not is_month_included or not deadline.is_ambiguous:
        return deadline
    return replace(
        deadline, due_on=deadline.alternatives[0], alternatives=(deadline.due_on,) if deadline.due_on else ()
    )
