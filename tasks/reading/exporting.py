"""The drafted rows of a document as a workbook: the rows of the list that is open, each with its sentence."""

import datetime as dt
from collections.abc import Iterator, Sequence

from campaign.models import Campaign
from tasks.exporting import FORMATS, Cell, Export, Heading, as_workbook
from tasks.models import SourceDocument
from tasks.reading.reshaping import ROLES
from tasks.reading.showing import RowView
from tasks.reconciling.sides import ROLE_WORDS


def headings(campaign: Campaign) -> list[Heading]:
    """The plan's own columns first, so that the file can be brought in on the import page."""
    return [
        Heading("序号", 7), Heading(campaign.layer_name, 22), Heading("项目", 20), Heading("工作任务", 44),
        *(Heading(f"{ROLE_WORDS[role]}单位", 20) for role in ROLES), Heading("待明确", 9), Heading("完成时限", 16),
        Heading("读作", 16), Heading("数量", 22), Heading("力度", 7), Heading("分类", 10), Heading("存疑", 34),
        Heading("状态", 9), Heading("编号", 12), Heading("原文", 60),
    ]  # fmt: skip


def export_rows(document: SourceDocument, views: Sequence[RowView], *, today: dt.date) -> Export:
    rows = list(_lines(views))
    name = f"{document.title[:40]}-读出的任务-{today:%Y%m%d}-{len(rows)}项.xlsx"
    return Export(name, as_workbook(headings(document.campaign), rows, "读出的任务"), FORMATS["xlsx"], len(rows))


def _lines(views: Sequence[RowView]) -> Iterator[list[Cell]]:
    for view in views:
        row = view.row
        yield [
            view.draft.label, row.program, row.project, row.title,
            *("、".join(row.units[role]) for role in ROLES), "等部门" if row.units_open_ended else "",
            row.deadline_text, view.read_limit, "；".join(f"{sign} {number} {what}".strip() for sign, number, what in view.measures),
            "力争" if row.soft else "", view.draft.get_weight_display(), "；".join(doubt.message for doubt in view.doubts),
            view.draft.get_state_display(), view.task.code if view.task else "", row.sentence,
        ]  # fmt: skip
