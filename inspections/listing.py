"""Findings and rates as a table for Excel: exactly the rows of the page, in its order. No cell can become a formula."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from campaign.access import Actor
from inspections import board, rates
from inspections.address import TABS, State
from inspections.kinds import kind_of
from inspections.meeting import why_of
from tasks.exporting import FORMATS, Cell, Export, Heading, as_workbook

MOST = 20_000
FINDINGS = (
    Heading("编号", 10), Heading("状态", 9), Heading("点位编号", 10), Heading("地点", 26), Heading("问题", 44),
    Heading("类别", 12), Heading("点位类型", 14), Heading("片区", 14), Heading("责任单位", 18), Heading("来源", 10),
    Heading("轻重", 8), Heading("发现", 17), Heading("签发", 17), Heading("时限", 17), Heading("答复", 17),
    Heading("销号", 17), Heading("退回次数", 9), Heading("反弹", 7), Heading("立行立改", 9), Heading("重点难点", 9),
    Heading("成因", 30), Heading("治本措施", 30),
)  # fmt: skip


def export(actor: Actor, state: State, *, now: dt.datetime) -> Export:
    """What the list shows, all pages of it; of the board, everything open."""
    rows = list(_lines(rows_of(actor, state, now=now)[:MOST], actor, now=now))
    name = f"整改单-{_words(state)}-{actor.today:%Y%m%d}-{len(rows)}张.xlsx"
    return Export(name, as_workbook(list(FINDINGS), rows, "整改单"), FORMATS["xlsx"], len(rows))


def rows_of(actor: Actor, state: State, *, now: dt.datetime) -> QuerySet:
    """The page's rows in the page's order."""
    return board.listed(actor, state, now=now).order_by("-found_on", "-code")


def _words(state: State) -> str:
    return "筛选" if state.filters or state.kinds else TABS[state.tab]


def _lines(rows: QuerySet, actor: Actor, *, now: dt.datetime) -> Iterator[list[Cell]]:
    zone = actor.campaign.zone if actor.campaign else None
    for row in rows.select_related("unit", "place", "place_type", "area", "relapse_of"):
        times = (row.found_at, row.issued_at, row.due_at, row.answered_at, row.closed_at)
        yield [
            row.code,
            kind_of(row, now=now).label,
            row.place.code if row.place else "",
            row.place.name if row.place else row.where,
            row.text,
            row.tile,
            row.place_type.name if row.place_type else "",
            row.area.name if row.area else "",
            row.unit.name if row.unit else "",
            row.get_source_display(),
            row.get_severity_display(),
            *(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "" for at in times),
            row.returns,
            *("是" if is_so else "" for is_so in (row.is_relapse, row.is_on_spot, row.is_difficult)),
            why_of(row).cause,
            why_of(row).measure,
        ]


def export_rates(lines: Iterable[rates.Line], axis: rates.By, span: rates.Span, *, today: dt.date) -> Export:
    """The table of the page with its sum."""
    lines = list(lines)
    heads = [Heading(axis.label, 20), *(Heading(word, 10) for word in ("发现", "已销号", "未销号", "整改率", "治理率"))]
    whole = sum((line.rate for line in lines), rates.Rate())
    rows: list[Any] = [[line.name, *_figures(line.rate)] for line in lines]
    rows.append(["合计", *_figures(whole)])
    name = f"整改率-按{axis.label}-{span.first or ''}至{span.last or ''}.xlsx"
    return Export(name, as_workbook(heads, rows, f"{axis.label}整改率"), FORMATS["xlsx"], len(lines))


def _figures(rate: rates.Rate) -> list[Cell]:
    return [rate.found, rate.closed, rate.open, rate.words, rate.held_words]
