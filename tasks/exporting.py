"""The ledger as a table for Excel, WPS or the clipboard: the rows and the order of the page, in the office's own columns.

No cell can become a formula: what a person typed stays text, whatever it begins with.
"""

import csv
import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import QueryDict
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from campaign.access import Actor, actor_for
from campaign.models import Campaign, Job, Program, Project, Unit, User
from tasks import lamps
from tasks.ledger import Ledger, read_state, views_of
from tasks.models import Assignment, Freq, Role, Task

#: The Celery task that writes a long export, and how long its file is kept.
JOB = "tasks.jobs.export_ledger"
KEPT = dt.timedelta(days=7)
Cell = str | int | float | Decimal | dt.date | None
CHUNK = 2000
#: What Excel, WPS or a DDE link would take for the beginning of a formula, spaces before it included.
FORMULA = re.compile(r"^[\s\u3000\ufeff]*[=+\-@＝＋－＠|%]|^[\t\r\n]")
#: XML 1.0 cannot hold these.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}


@dataclass(frozen=True)
class Heading:
    label: str
    width: int


@dataclass(frozen=True)
class Export:
    """A finished file."""

    name: str
    content: bytes
    content_type: str
    rows: int


def headings(campaign: Campaign) -> list[Heading]:
    """The columns of the office's plan in its order and words (so that the file can be brought in again), then how each stands."""
    return [
        Heading("序号", 6), Heading("编号", 12), Heading(campaign.layer_name, 22), Heading("项目", 20),
        Heading("工作任务", 44), Heading("牵头单位", 18), Heading("主责单位", 18), Heading("责任单位", 26),
        Heading("配合单位", 18), Heading("待明确单位", 14), Heading("完成时限", 12), Heading("时限原文", 16),
        Heading("频次", 10), Heading("力度", 8), Heading("状态", 9), Heading("已完成", 9), Heading("目标", 9),
        Heading("计量单位", 9), Heading("佐证", 7), Heading("最近更新", 12), Heading("销号日期", 12), Heading("备注", 24),
    ]  # fmt: skip


def export(ledger: Ledger, kind: str) -> Export:
    """What the page shows, all pages of it."""
    rows = list(lines(ledger.ordered, ledger.actor))
    heads = headings(ledger.actor.campaign)
    title = "逾期督办" if ledger.state.path == "/overdue" else "任务台账"
    words = ledger.state.view.name if not ledger.state.is_altered else "筛选"
    name = f"{title}-{words}-{ledger.actor.today:%Y%m%d}-{len(rows)}项.{kind}"
    content = as_workbook(heads, rows, title) if kind == "xlsx" else as_text(heads, rows, kind)
    return Export(name, content, FORMATS[kind], len(rows))


def export_for(user: User, campaign: Campaign, query: str, path: str, kind: str, *, today: dt.date) -> Export:
    """The same from a query string, for a job: with the rights the person has when it is done."""
    actor = actor_for(user, campaign, today=today)
    views = views_of(actor)
    return export(Ledger(read_state(QueryDict(query), views, user, path=path), actor, views), kind)


def sweep_exports(campaign: Campaign, *, now: dt.datetime) -> int:
    """Throw away the files of jobs older than `KEPT`. Gives their number."""
    jobs = Job.objects.filter(campaign=campaign, kind=JOB, state=Job.State.DONE, finished_at__lt=now - KEPT)
    files = [name for job in jobs if (name := job.result.get("file")) and default_storage.exists(name)]
    for file in files:
        default_storage.delete(file)
    return len(files)


def store(file: Export, job: Job) -> str:
    """Keep the file of a job; gives its name in the store."""
    ending = file.name.rpartition(".")[2]
    return default_storage.save(f"{job.campaign_id}/exports/{job.pk}.{ending}", ContentFile(file.content))


# --- rows ---------------------------------------------------------------------------------------
_COLUMNS = (
    "pk", "code", "program_id", "project_id", "title", "open_ended_units", "due_on", "is_due_assumed", "deadline_text",
    "freq", "day_of_month", "strength", "state", "has_begun", "quantity_done", "quantity_goal", "quantity_unit",
    "evidence_count", "last_report_at", "closed_on", "remark",
)  # fmt: skip


@dataclass
class _Line:
    """One row as the database gives it; named, because the lamp's definition reads names."""

    pk: UUID
    code: str
    program_id: UUID | None
    project_id: UUID | None
    title: str
    open_ended_units: str
    due_on: dt.date | None
    is_due_assumed: bool
    deadline_text: str
    freq: str
    day_of_month: int | None
    strength: str
    state: str
    has_begun: bool
    quantity_done: Decimal | None
    quantity_goal: Decimal | None
    quantity_unit: str
    evidence_count: int
    last_report_at: dt.datetime | None
    closed_on: dt.date | None
    remark: str


def lines(ordered: QuerySet, actor: Actor) -> Iterator[list[Cell]]:
    """Rows in order, by two queries for each two thousand."""
    campaign = actor.campaign
    names = {
        model: dict(model.objects.filter(campaign=campaign).values_list("pk", "name"))
        for model in (Program, Project, Unit)
    }
    number = 0
    found = ordered.values_list(*_COLUMNS).iterator(chunk_size=CHUNK)
    while chunk := [_Line(*values) for values in islice(found, CHUNK)]:
        duties = _duties([line.pk for line in chunk], names[Unit])
        for line in chunk:
            number += 1
            yield _cells(number, line, duties[line.pk], names, actor)


def _duties(ids: Sequence[UUID], units: dict[UUID, str]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = Assignment.objects.filter(task__in=ids).order_by("task", "order").values_list("task", "role", "unit")
    for task_id, role, unit_id in rows:
        before = found[task_id].get(role)
        found[task_id][role] = f"{before}、{units[unit_id]}" if before else units[unit_id]
    return found


_FREQ, _STRENGTH, _LAMP = dict(Freq.choices), dict(Task.Strength.choices), dict(lamps.Lamp.choices)


def _cells(
    number: int, line: _Line, duties: dict[str, str], names: dict[Any, dict[UUID, str]], actor: Actor
) -> list[Cell]:
    campaign = actor.campaign
    lamp = lamps.lamp_of(line, today=actor.today, notice_days=campaign.notice_days)
    rhythm = _FREQ.get(line.freq, "") + (f" {line.day_of_month} 日" if line.day_of_month else "")
    updated = line.last_report_at.astimezone(campaign.zone).date() if line.last_report_at else None
    return [
        number,
        line.code,
        names[Program].get(line.program_id, ""),
        names[Project].get(line.project_id, ""),
        line.title,
        duties.get(Role.LEAD, ""),
        duties.get(Role.PRIMARY, ""),
        duties.get(Role.RESPONSIBLE, ""),
        duties.get(Role.SUPPORT, ""),
        line.open_ended_units,
        None if line.is_due_assumed else line.due_on,
        line.deadline_text,
        rhythm,
        _STRENGTH[line.strength],
        _LAMP[lamp],
        line.quantity_done,
        line.quantity_goal,
        line.quantity_unit,
        line.evidence_count,
        updated,
        line.closed_on,
        line.remark,
    ]


# --- text ---------------------------------------------------------------------------------------
def as_text(heads: Sequence[Heading], rows: Iterable[Sequence[Cell]], kind: str) -> bytes:
    """CSV begins with a BOM, without which Excel reads Chinese as 乱码; the clipboard wants neither BOM nor quotes."""
    out = io.StringIO(newline="")
    if kind == "tsv":
        for row in ([head.label for head in heads], *rows):
            out.write("\t".join(" ".join(_text(value).split()) for value in row) + "\n")
        return out.getvalue().encode()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([head.label for head in heads])
    writer.writerows([_text(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _text(value: Cell) -> str:
    if isinstance(value, str):
        value = CONTROL.sub("", value)
        return f"'{value}" if FORMULA.match(value) else value
    if value is None:
        return ""
    return (
        value.isoformat()
        if isinstance(value, dt.date)
        else f"{value.normalize():f}"
        if isinstance(value, Decimal)
        else str(value)
    )


# --- workbook -----------------------------------------------------------------------------------
def as_workbook(heads: Sequence[Heading], rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """Frozen and filtered head row, widths, real dates and numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "F2"
    for place, head in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(place)].width = head.width
    sheet.append([_head_cell(sheet, head.label) for head in heads])
    count = 1
    for row in rows:
        sheet.append([_safe(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head_cell(sheet: Any, label: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, label)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEF1F6")
    cell.alignment = Alignment(vertical="center")
    return cell


def _safe(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    value = CONTROL.sub("", value)
    if not FORMULA.match(value):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type, cell.quotePrefix = "s", True
    return cell
