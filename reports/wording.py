"""How a briefing says its facts: sentences whose numbers are links on the page, tables and charts for the paper."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaign.models import Campaign
from reports.facts import Facts, Figure, Item
from reports.fieldwords import say_field, show_field
from reports.sentence import Piece, Sentence
from reports.sheet import Bar, Bars, Block, Column, Curve, Heading, Paragraph, Table

#: A paper is read, not searched: longer lists end with how many more the ledger holds.
MOST_ROWS = 60
TASK_COLUMNS = (Column("序号", 1.1), Column("编号", 1.8), Column("任务", 6, is_centred=False))


@dataclass(frozen=True)
class Part:
    """One kind of section: its title, what it says, what it shows under that."""

    key: str
    title: str
    say: Callable[[Any], list[Sentence]]
    show: Callable[[Any], list[Block]]
    note: str


def sentence(*pieces: str | Piece) -> Sentence:
    return Sentence(tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces))


def number(figure: Figure, measure: str = "项", tone: str = "") -> Piece:
    return Piece(f"{figure.value}{measure}", figure.url if figure.value else "", tone)


def day_of(text: str) -> str:
    day = dt.date.fromisoformat(text)
    return f"{day.month}月{day.day}日"


def span_of(facts: Facts) -> str:
    """9月23日至29日."""
    first, last = (dt.date.fromisoformat(text) for text in (facts.first_day, facts.last_day))
    return f"{day_of(facts.first_day)}至" + (day_of(facts.last_day) if first.month != last.month else f"{last.day}日")


def compared(here: int, before: int) -> str:
    if here == before:
        return "与上周持平"
    return f"比上周{'多' if here > before else '少'}{abs(here - before)}项"


def quoted(words: str) -> str:
    """Quotation marks within quotation marks are single ones."""
    return "“" + words.replace("“", "‘").replace("”", "’") + "”"


# ---------- 总体情况


def say_summary(facts: Facts) -> list[Sentence]:
    late = ("，没有逾期任务") if not facts.overdue.value else "；"
    pieces: list[str | Piece] = [
        f"截至{day_of(facts.as_of)}，全年",
        number(facts.total),
        "任务已销号",
        number(facts.done),
        f"。本周（{span_of(facts)}）销号",
        number(facts.closed),
        f"，{compared(facts.closed.value, facts.closed_before)}",
        late,
    ]
    if facts.overdue.value:
        pieces += [
            number(facts.overdue, tone="overdue"),
            "逾期，" + compared(facts.overdue.value, facts.overdue_before),
        ]
    if facts.review.value:
        pieces += ["；", number(facts.review), "待核验"]
    if not facts.due_next.value:
        return [sentence(*pieces, "。下周没有到期的任务。")]
    return [sentence(*pieces, "。下周有", number(facts.due_next), "任务到期。")]


def show_summary(facts: Facts) -> list[Block]:
    if not facts.programs:
        return []
    columns = (
        Column(facts.layer, 5, is_centred=False),
        *(Column(words, 1.4) for words in ("任务", "已销号", "本周销号", "逾期")),
    )
    rows = [
        (line.name, *(str(figure.value) for figure in (line.total, line.done, line.closed, line.overdue)))
        for line in facts.programs
    ]
    total = ("合计", *(str(each.value) for each in (facts.total, facts.done, facts.closed, facts.overdue)))
    bars = tuple(Bar(line.name, line.done.value, line.total.value, line.overdue.value) for line in facts.programs)
    return [
        Table(f"表1　各{facts.layer}进度（项）", columns, (*rows, total), last_is_total=True),
        Bars(f"图1　各{facts.layer}进度", bars),
        Curve("图2　应销号节点与已销号节点（累计）", facts.weeks, facts.due_by_week, facts.done_by_week),
    ]


# ---------- 本周销号


def say_closed(facts: Facts) -> list[Sentence]:
    if not facts.closed_items:
        return [sentence("本周没有销号的节点。")]
    late = sum(item.days > 0 for item in facts.closed_items)
    tail = f"，其中{late}个晚于时限" if late else "，均按时完成"
    return [sentence("本周销号任务", number(facts.closed), f"，销号节点{len(facts.closed_items)}个{tail}。")]


def show_closed(facts: Facts) -> list[Block]:
    columns = (*TASK_COLUMNS, Column("单位", 3, is_centred=False), Column("销号", 1.8), Column("超期", 1.2))
    return _listed("表2　本周销号节点", columns, facts.closed_items, lambda item: f"{item.days}天" if item.days else "")


# ---------- 逾期


def say_late(facts: Facts) -> list[Sentence]:
    if not facts.late_items:
        return [sentence("没有逾期任务。")]
    pieces: list[str | Piece] = [
        "逾期任务",
        number(facts.overdue, tone="overdue"),
        "，涉及",
        f"{len(facts.late_units)}个单位：",
    ]
    for place, unit in enumerate(facts.late_units):
        pieces += ["、" if place else "", f"{unit.name}", number(unit.tasks)]
    first = facts.late_items[0]
    worst = f"时间最长的是{first.unit}{quoted(first.title)}，已逾期{first.days}天。"
    return [sentence(*pieces, "。", worst, "请有关单位抓紧办理，尽快补报。")]


def show_late(facts: Facts) -> list[Block]:
    columns = (*TASK_COLUMNS, Column("单位", 3, is_centred=False), Column("时限", 1.8), Column("逾期", 1.4))
    return _listed("表3　逾期任务", columns, facts.late_items, lambda item: f"{item.days}天")


# ---------- 下周到期


def say_next(facts: Facts) -> list[Sentence]:
    if not facts.next_items:
        return [sentence("下周没有到期的任务。")]
    return [sentence("下周有", number(facts.due_next), "任务到期，请有关单位对照时限，按时提请销号。")]


def show_next(facts: Facts) -> list[Block]:
    columns = (*TASK_COLUMNS, Column("单位", 3, is_centred=False), Column("时限", 1.8))
    return _listed("表4　下周到期任务", columns, facts.next_items, None)


# ---------- 存在问题, 典型做法


def say_problems(facts: Facts) -> list[Sentence]:
    if not facts.troubles:
        return [sentence("本周没有单位反映问题。")]
    head = sentence("本周各单位在", number(facts.troubled), "任务中反映了问题。")
    return [head, *(_trouble(place, facts) for place in range(len(facts.troubles)))]


def _trouble(place: int, facts: Facts) -> Sentence:
    trouble = facts.troubles[place]
    measures = f"推进措施：{closed_sentence(trouble.measures)}" if trouble.measures else ""
    link = Piece(trouble.title, trouble.url)
    return sentence(f"{place + 1}．{trouble.unit}（", link, f"）：{closed_sentence(trouble.problems)}{measures}")


def closed_sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"


def say_practice(facts: Facts) -> list[Sentence]:
    return [
        sentence(f"{practice.unit}：{practice.title}。{closed_sentence(practice.body)}") for practice in facts.practices
    ]


def nothing(facts: Facts) -> list[Block]:
    return []


def say_nothing(facts: Facts) -> list[Sentence]:
    return []


def _listed(
    caption: str, columns: tuple[Column, ...], items: tuple[Item, ...], last: Callable[[Item], str] | None
) -> list[Block]:
    if not items:
        return []
    lines = _merged(items)
    rows = []
    for place, (item, units) in enumerate(lines[:MOST_ROWS], 1):
        title = f"{item.title}（{item.label}）" if item.label else item.title
        row = (str(place), item.code, title, units, day_of(item.on))
        rows.append((*row, last(item)) if last else row)
    blocks: list[Block] = [Table(caption, columns, tuple(rows))]
    if len(lines) > MOST_ROWS:
        blocks.append(Paragraph(f"（以上为前{MOST_ROWS}项，另有{len(lines) - MOST_ROWS}项见台账。）"))
    return blocks


def _merged(items: tuple[Item, ...]) -> list[tuple[Item, str]]:
    """What many units owe alike is one line: 古桥街道等10个单位."""
    found: dict[tuple[str, str, str, int], list[Item]] = {}
    for item in items:
        found.setdefault((item.code, item.label, item.on, item.days), []).append(item)
    return [(alike[0], _units(list(dict.fromkeys(item.unit for item in alike)))) for alike in found.values()]


def _units(names: list[str]) -> str:
    return "、".join(names) if len(names) <= 2 else f"{names[0]}等{len(names)}个单位"


PARTS = (
    Part("summary", "总体情况", say_summary, show_summary, "一句话、进度表和两张图"),
    Part("closed", "本周销号", say_closed, show_closed, "本周销号的节点"),
    Part("late", "逾期情况", say_late, show_late, "逾期任务，按单位"),
    Part("next", "下周到期", say_next, show_next, "下周到期的节点"),
    Part("field", "巡查整改", say_field, show_field, "巡查发现的问题、整改率和治理率"),
    Part("problems", "存在问题", say_problems, nothing, "各单位本周填报的“存在问题”"),
    Part("practice", "典型做法", say_practice, nothing, "选用的单位来稿"),
)
#: A section the office adds: only its own words.
OWN = Part("own", "", say_nothing, nothing, "自己写的内容")


def title_of(campaign: Campaign, facts: Facts) -> str:
    """The week in one line."""
    closed = f"本周销号{facts.closed.value}项任务" if facts.closed.value else f"本周销号{len(facts.closed_items)}个节点"
    return closed + (f"，{facts.overdue.value}项逾期任务须加快办理" if facts.overdue.value else "，没有逾期任务")


CHINESE = "〇一二三四五六七八九十"


def in_chinese(place: int) -> str:
    """1..99 -> 一 … 九十九, as 一、 of a heading."""
    tens, ones = divmod(place, 10)
    return ("" if not tens else ("" if tens == 1 else CHINESE[tens]) + "十") + (
        CHINESE[ones] if ones or not tens else ""
    )


def heading(place: int, title: str) -> Heading:
    return Heading(f"{in_chinese(place)}、{title}")
