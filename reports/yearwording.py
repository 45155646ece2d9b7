"""How the yearly summary says its facts: quantities first, each a link; what was late is said as it was."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from campaign.models import Campaign
from reports.sentence import Piece, Sentence
from reports.sheet import Bar, Bars, Block, Column, Paragraph, Table
from reports.wording import (
    MOST_ROWS,
    TASK_COLUMNS,
    Part,
    closed_sentence,
    day_of,
    nothing,
    number,
    quoted,
    sentence,
)
from reports.yearfacts import Group, YearFacts

MOST_NAMED = 5


def title_of(campaign: Campaign, facts: YearFacts) -> str:
    return f"{facts.year}年{campaign.name}工作总结"


def share(part: int, whole: int) -> str:
    """64, 132 -> 48.5%; never said without its quantities beside it."""
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if whole else "—"


def is_over(facts: YearFacts) -> bool:
    return facts.as_of == facts.last_day


# ---------- 总体情况


def say_whole(facts: YearFacts) -> list[Sentence]:
    if not facts.total.value:
        return [sentence("全年没有安排任务。")]
    pieces: list[str | Piece] = [f"{facts.year}年，全年共安排任务", number(facts.total), "。"]
    pieces += [f"截至{day_of(facts.as_of)}，已销号", number(facts.done)]
    if facts.waived.value:
        pieces += [
            "，免办",
            number(facts.waived),
            f"，除免办外{facts.owed}项的完成率为{share(facts.done.value, facts.owed)}",
        ]
    else:
        pieces += [f"，完成率{share(facts.done.value, facts.owed)}"]
    if facts.open.value:
        pieces += ["；未销号", number(facts.open)]
        inside = [row for row in (("待核验", facts.review, ""), ("逾期", facts.overdue, "overdue")) if row[1].value]
        for place, (word, figure, tone) in enumerate(inside):
            pieces += ["、" if place else "，其中", word, number(figure, tone=tone)]
    return [sentence(*pieces, "。"), _work(facts)]


def _work(facts: YearFacts) -> Sentence:
    if not facts.reports:
        return sentence("全年没有单位填报进展。")
    told = f"{facts.reporters}个单位就"
    papers = f"创建工作简报印发{facts.papers}期。" if facts.papers else ""
    return sentence(
        told, number(facts.reported), f"任务填报进展{facts.reports}次，提交佐证{facts.evidence}件。", papers
    )


def show_whole(facts: YearFacts) -> list[Block]:
    if not facts.programs:
        return []
    bars = tuple(Bar(group.name, group.done, group.total, group.overdue) for group in facts.programs)
    return [
        _groups(f"表1　各{facts.layer}完成情况（项）", facts.layer, facts.programs),
        Bars(f"图1　各{facts.layer}完成情况", bars),
    ]


def _groups(caption: str, what: str, groups: tuple[Group, ...]) -> Table:
    words = ("任务", "已销号", "完成率", "超期节点", "逾期")
    columns = (Column(what, 5, is_centred=False), *(Column(word, 1.4) for word in words))
    rows = [_row(group) for group in groups]
    whole = Group(
        "合计",
        sum(group.total for group in groups),
        sum(group.done for group in groups),
        sum(group.closed_late for group in groups),
        sum(group.overdue for group in groups),
    )
    return Table(caption, columns, (*rows, _row(whole)), last_is_total=True)


def _row(group: Group) -> tuple[str, ...]:
    counts = (str(group.total), str(group.done), share(group.done, group.total))
    return (group.name, *counts, str(group.closed_late), str(group.overdue))


# ---------- 主要指标


def say_measures(facts: YearFacts) -> list[Sentence]:
    """已经写明数量的任务 ..., by measure; sums only within one."""
    if not facts.measures:
        return []
    tasks = sum(row.tasks.value for row in facts.measures)
    met = sum(row.reached for row in facts.measures)
    pieces: list[str | Piece] = [f"写明数量的任务{tasks}项，已达到目标数量{met}项。按计量单位汇总："]
    for place, row in enumerate(facts.measures[:MOST_NAMED]):
        things = f"（{'、'.join(row.things)}{'等' if row.tasks.value > len(row.things) else ''}）" if row.things else ""
        pieces += ["；" if place else "", f"以“{row.measure}”计的", number(row.tasks), f"{things}完成{row.done}"]
        pieces.append(f"{row.measure}，计划{row.goal}{row.measure}")
    return [sentence(*pieces, "。")]


def show_measures(facts: YearFacts) -> list[Block]:
    columns = (
        Column("计量单位", 1.6),
        Column("主要内容", 6, is_centred=False),
        *(Column(word, 1.4) for word in ("任务", "计划", "完成", "达标")),
    )
    rows = [
        (row.measure, "、".join(row.things), str(row.tasks.value), row.goal, row.done, str(row.reached))
        for row in facts.measures[:MOST_ROWS]
    ]
    return [Table("表2　主要指标完成情况", columns, tuple(rows))] if rows else []


# ---------- 按时完成


def say_time(facts: YearFacts) -> list[Sentence]:
    time = facts.time
    if not time.due:
        return [sentence("还没有到期的节点。")]
    pieces: list[str | Piece] = [f"写明时限并已到期的节点{time.due}个，按时完成{time.on_time}个"]
    if time.late.value:
        pieces += [
            "，超期完成",
            number(time.late, "个"),
            f"（平均晚{time.average_days}天，最长晚{time.longest_days}天）",
        ]
    if time.waiting:
        pieces.append(f"，已提请、待核验{time.waiting}个")
    if time.open.value:
        pieces += ["，仍逾期未完成", number(time.open, "个", "overdue")]
    pieces.append(f"，按时完成率{share(time.on_time, time.due)}。")
    if time.moved.value:
        pieces += ["年内时限有过调整的任务", number(time.moved), "，均留有依据。"]
    return [sentence(*pieces), *_slow_units(facts)]


def _slow_units(facts: YearFacts) -> list[Sentence]:
    slow = sorted((unit for unit in facts.units if unit.overdue), key=lambda unit: (-unit.overdue, unit.name))
    if not slow:
        return []
    names = "、".join(f"{unit.name}{unit.overdue}项" for unit in slow[:MOST_NAMED])
    return [sentence(f"逾期任务涉及{len(slow)}个单位，较多的是{names}。")]


def show_time(facts: YearFacts) -> list[Block]:
    return [_groups("表3　各单位完成情况（项）", "单位", facts.units[:MOST_ROWS])] if facts.units else []


# ---------- 核验, 巡查整改


def say_verdicts(facts: YearFacts) -> list[Sentence]:
    found = facts.verdicts
    if not found.passed and not found.returned:
        return []
    pieces: list[str | Piece] = [f"{facts.office}核验通过{found.passed}件次"]
    if found.returned:
        pieces += [f"，退回补正{found.returned}件次，涉及任务", number(found.tasks)]
    return [sentence(*pieces, "。")]


def say_field(facts: YearFacts) -> list[Sentence]:
    field = facts.field
    if not field.visits and not field.rate.found:
        return []
    seen = f"全年巡查点位{field.places}处、{field.visits}次，" if field.visits else "全年"
    orders = f"，下发督察单、整改单{field.orders}份" if field.orders else ""
    if not field.rate.found:
        return [sentence(f"{seen}没有发现问题。")]
    pieces: list[str | Piece] = [f"{seen}发现问题", Piece(f"{field.rate.found}处", field.url), orders, "；已销号"]
    pieces += [Piece(f"{field.rate.closed}处", f"{field.url}&kind=done"), f"，整改率{field.rate.words}"]
    pieces.append(f"，治理率{field.rate.held_words}。")
    back = f"销号后再次出现的（反弹）{field.relapses}处，须建立长效管理。" if field.relapses else ""
    return [sentence(*pieces, back)]


# ---------- 典型做法, 结转


def say_practice(facts: YearFacts) -> list[Sentence]:
    if not facts.practices:
        return []
    head = f"全年各单位报来做法{facts.practices_sent}篇，选用{len(facts.practices)}篇。"
    told = [sentence(f"{row.unit}：{row.title}。{closed_sentence(row.body)}") for row in facts.practices]
    return [sentence(head), *told]


def say_carried(facts: YearFacts) -> list[Sentence]:
    if not facts.carried:
        return [sentence("没有结转的任务。")]
    words = "未销号、结转下年" if is_over(facts) else f"截至{day_of(facts.as_of)}未销号"
    pieces: list[str | Piece] = [f"{words}的任务", number(facts.open)]
    assumed = sum(not item.on for item in facts.carried)
    if assumed:
        pieces.append(f"，其中{assumed}项没有写明时限")
    first = next((item for item in facts.carried if item.on and item.on < facts.as_of), None)
    if first is not None:
        pieces.append(f"。时限最早的是{first.unit}{quoted(first.title)}，应于{full_day(first.on)}前完成")
    return [sentence(*pieces, "。请各责任单位逐项明确措施和时限，接续办理。")]


def full_day(text: str) -> str:
    day = dt.date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def show_carried(facts: YearFacts) -> list[Block]:
    if not facts.carried:
        return []
    columns = (*TASK_COLUMNS, Column("单位", 3, is_centred=False), Column("时限", 1.8))
    rows = [
        (str(place), item.code, item.title, item.unit, day_of(item.on) if item.on else "未写")
        for place, item in enumerate(facts.carried[:MOST_ROWS], 1)
    ]
    blocks: list[Block] = [Table("表4　结转任务", columns, tuple(rows))]
    if len(facts.carried) > MOST_ROWS:
        rest = len(facts.carried) - MOST_ROWS
        blocks.append(Paragraph(f"（以上为前{MOST_ROWS}项，另有{rest}项见台账。）"))
    return blocks


PARTS = (
    Part("year_whole", "总体情况", say_whole, show_whole, "任务总数、完成率和各工程进度"),
    Part("year_measures", "主要指标", say_measures, show_measures, "写明数量的任务，按计量单位汇总"),
    Part("year_time", "按时完成情况", say_time, show_time, "按时、超期、逾期，按单位"),
    Part("year_verdicts", "核验情况", say_verdicts, nothing, "核验通过和退回"),
    Part("year_field", "巡查整改", say_field, nothing, "巡查发现的问题、整改率和治理率"),
    Part("year_practice", "典型做法", say_practice, nothing, "选用的单位来稿"),
    Part("year_carried", "结转任务", say_carried, show_carried, "年底没有销号的任务"),
)
