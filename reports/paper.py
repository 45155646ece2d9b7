"""A briefing's sheet: its head in the campaign's words, its sections in order, its tail from the distribution list."""

import datetime as dt
from typing import Any

from reports import kinds, wording
from reports.kinds import Facts
from reports.models import Briefing, Distribution, Section
from reports.sentence import Sentence
from reports.sheet import (
    Bar,
    Bars,
    Block,
    BriefingSheet,
    Column,
    Curve,
    Heading,
    Paragraph,
    Table,
    TailLine,
)


def title_of(briefing: Briefing, facts: Facts) -> str:
    """The office's own, else what the facts make of it."""
    return briefing.title or kinds.of(briefing).title(briefing.campaign, facts)


def sentences(section: Section, facts: Facts) -> list[Sentence]:
    """The office's own words, else what the facts say."""
    if section.body is None:
        return kinds.part_of(section.kind).say(facts)
    return [wording.sentence(line.strip()) for line in section.body.splitlines() if line.strip()]


def blocks_of(section: Section, facts: Facts) -> list[Block]:
    said: list[Block] = [Paragraph(sentence.text) for sentence in sentences(section, facts)]
    return [*said, *kinds.part_of(section.kind).show(facts)]


def body(briefing: Briefing, facts: Facts) -> tuple[Block, ...]:
    """Sections in order, numbered 一、二、; one that has nothing to say is left out."""
    found: list[Block] = []
    place = 0
    for section in briefing.sections.filter(is_included=True):
        blocks = blocks_of(section, facts)
        if blocks:
            place += 1
            found += [wording.heading(place, section.title), *blocks]
    return tuple(found)


def words_of_day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def sheet_of(briefing: Briefing, facts: Facts, *, day: dt.date, number: int, total: int | None = None) -> BriefingSheet:
    campaign = briefing.campaign
    corrected = briefing.corrects.document if briefing.corrects else None
    return BriefingSheet(
        mark=f"{campaign.short_name}{kinds.of(briefing).mark}",
        number=f"第{number}期",
        total=f"（总第{total}期）" if total and total != number else "",
        issuer=campaign.office_full_name or campaign.office_name,
        day=words_of_day(day),
        title=title_of(briefing, facts),
        note=f"更正{corrected.year}年第{corrected.number}期：{briefing.correction_note}" if corrected else "",
        blocks=body(briefing, facts),
        tail=_tail(briefing),
        printed_by=campaign.office_full_name or campaign.office_name,
        printed=f"{words_of_day(day)}印发",
    )


def _tail(briefing: Briefing) -> tuple[TailLine, ...]:
    """报 to those above, 送 to those beside, 发 to those below."""
    rows = Distribution.objects.filter(campaign=briefing.campaign, is_active=True)
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.line, []).append(row.name)
    return tuple(
        TailLine(line.label, "，".join(names[line.value]) + "。") for line in Distribution.Line if line.value in names
    )


def file_name(sheet: BriefingSheet, year: int) -> str:
    return f"{sheet.mark}{year}年{sheet.number}"


MADE_OF = {"heading": Heading, "paragraph": Paragraph, "bars": Bars, "curve": Curve, "table": Table}


def sheet_from(kept: dict[str, Any]) -> BriefingSheet:
    """A frozen sheet, as it was kept."""
    blocks = tuple(_block_from(block) for block in kept["blocks"])
    return BriefingSheet(**kept | {"blocks": blocks, "tail": tuple(TailLine(**line) for line in kept["tail"])})


def _block_from(kept: dict[str, Any]) -> Block:
    made = dict(kept)
    if kept["kind"] == "table":
        made["columns"] = tuple(Column(**column) for column in kept["columns"])
        made["rows"] = tuple(tuple(row) for row in kept["rows"])
    elif kept["kind"] == "bars":
        made["rows"] = tuple(Bar(**row) for row in kept["rows"])
    elif kept["kind"] == "curve":
        made |= {name: tuple(kept[name]) for name in ("weeks", "due", "done")}
    return MADE_OF[kept["kind"]](**made)
