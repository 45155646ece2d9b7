"""The reconciliation as a workbook: the differences of the list that is open, what agrees, or what only the ledger has."""

import datetime as dt
from collections.abc import Iterator

from tasks.exporting import FORMATS, Cell, Export, Heading, as_workbook
from tasks.models import SourceDocument
from tasks.reconciling import comparing
from tasks.reconciling.comparing import Difference, Reconciliation
from tasks.reconciling.sides import ROLE_WORDS


def export_table(document: SourceDocument, found: Reconciliation, show: str, *, today: dt.date) -> Export:
    """`show`: as in the page's address. A group the page shortens is here in full."""
    word = document.word
    if show == "same":
        heads = [Heading("编号", 12), Heading("台账的任务", 44), Heading("序号", 7), Heading(f"{word}的原话", 60)]
        rows: list[list[Cell]] = [
            [task.code, task.title, draft.label, draft.row["sentence"]] for draft, task in found.same
        ]
    elif show == "unsaid":
        heads = [Heading("编号", 12), Heading("台账的任务", 44), Heading("状态", 10)]
        rows = [[task.code, task.title, task.get_state_display()] for task in found.unsaid]
    else:
        heads = [
            Heading("不同之处", 12), Heading("编号", 12), Heading("任务", 40), Heading(f"{word}说", 30), Heading("台账写", 30),
            Heading("为什么不同", 40), Heading("处理", 14), Heading("序号", 7), Heading("原文", 60),
        ]  # fmt: skip
        rows = list(_differences(document, found, show))
    name = f"{document.title[:40]}-对账-{today:%Y%m%d}-{len(rows)}项.xlsx"
    return Export(name, as_workbook(heads, rows, "对账"), FORMATS["xlsx"], len(rows))


def _differences(document: SourceDocument, found: Reconciliation, show: str) -> Iterator[list[Cell]]:
    for field, name, _meaning in comparing.labels(document):
        if show and show not in (field, "all"):
            continue
        for one in found.differences:
            if one.field == field:
                yield [
                    name, one.task.code if one.task else "", one.task.title if one.task else one.row.title, _said(one), _held(one),
                    one.why, _choice(document, one), one.draft.label, one.row.sentence,
                ]  # fmt: skip


def _said(one: Difference) -> str:
    units = _units(one.said_units) if one.field in ("missing", "units") else ""
    limit = f"{one.said} {one.raw}".strip() if one.field != "units" else ""
    return "；".join(words for words in (units, limit) if words)


def _held(one: Difference) -> str:
    if one.field == "missing":
        return "没有这一项"
    return (_units(one.held_units) or "未写单位") if one.field == "units" else one.held


def _units(units: tuple[tuple[str, str, bool], ...]) -> str:
    return "、".join(f"{name}（{ROLE_WORDS[role]}）" for role, name, _is_differing in units)


def _choice(document: SourceDocument, one: Difference) -> str:
    words = {"document": f"照{document.word}", "ledger": "照台账", "add": "补进台账", "tie": "并入已有"}
    chosen = words.get(one.choice, "")
    return f"已{chosen}" if one.is_settled else chosen
