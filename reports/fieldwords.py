"""How a briefing says what was found in the street: quantities first, each number a link to its findings."""

from inspections.kinds import Kind
from inspections.rates import Rate
from reports.facts import Facts
from reports.fieldfacts import FieldFacts, kind_url
from reports.sentence import Piece, Sentence
from reports.sheet import Block, Column, Table

MOST_UNITS = 40


def say_field(facts: Facts) -> list[Sentence]:
    """本周巡查点位 96 处，发现问题 52 处，已销号 31 处，整改率 59.6%。"""
    field = facts.field
    if field is None or field.is_empty:
        return []
    said = [_week(field), _month(field)]
    if field.worst:
        names = "、".join(f"{place.name}（{place.unit}）{place.found}处" for place in field.worst)
        said.append(Sentence.of(f"问题反复较多的是{names}。"))
    return said


def _week(field: FieldFacts) -> Sentence:
    seen = f"本周巡查点位{field.places}处、{field.visits}次" if field.visits else "本周"
    if not field.week.found:
        return Sentence.of(
            f"{seen}，没有发现新的问题" if field.visits else "本周没有发现新的问题", _closed(field), "。"
        )
    return Sentence.of(
        f"{seen}，" if field.visits else seen,
        "发现问题",
        Piece(f"{field.week.found}处", field.week_url()),
        "，其中已销号",
        Piece(f"{field.week.closed}处", field.week_url(kind=Kind.DONE.value) if field.week.closed else ""),
        _rate(field.week),
        _closed(field),
        "。",
    )


def _rate(rate: Rate) -> str:
    return f"，整改率{rate.words}" if rate.percent is not None else ""


def _closed(field: FieldFacts) -> str:
    return f"；连同以前发现的，本周共销号{field.closed}处" if field.closed > field.week.closed else ""


def _month(field: FieldFacts) -> Sentence:
    pieces: list[str | Piece] = []
    if field.month.found:
        pieces += [
            "本月累计发现",
            Piece(f"{field.month.found}处", field.month_url()),
            "，已销号",
            Piece(f"{field.month.closed}处", field.month_url(kind=Kind.DONE.value) if field.month.closed else ""),
            f"，整改率{field.month.words}，治理率{field.month.held_words}。",
        ]
    if not field.open:
        return Sentence.of(*pieces, "目前没有未销号的问题。")
    kinds = ",".join(kind.value for kind in Kind if kind != Kind.DONE)
    pieces += ["目前未销号", Piece(f"{field.open}处", f"/orders?kind={kinds}")]
    late = [(Kind.OVERDUE, field.overdue, "overdue"), (Kind.RELAPSE, field.relapses, "")]
    for place, (kind, number, tone) in enumerate(one for one in late if one[1]):
        pieces += ["、" if place else "，其中", Piece(f"{kind.label}{number}处", kind_url(kind), tone)]
    return Sentence.of(*pieces, "。", "请有关单位抓紧整改，防止反弹。")


def show_field(facts: Facts) -> list[Block]:
    field = facts.field
    if field is None or not field.units:
        return []
    columns = (
        Column("责任单位", 5, is_centred=False),
        *(Column(word, 1.5) for word in ("发现", "已销号", "整改率", "治理率")),
    )
    rows = [(line.name, *_cells(line.rate)) for line in field.units[:MOST_UNITS]]
    return [
        Table("表5　本月各单位整改情况（处）", columns, (*rows, ("合计", *_cells(field.month))), last_is_total=True)
    ]


def _cells(rate: Rate) -> tuple[str, ...]:
    return str(rate.found), str(rate.closed), rate.words, rate.held_words
