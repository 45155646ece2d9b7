"""The rows of a ledger page, with what stands in their cells, by a constant number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from campaign.access import Actor
from tasks import lamps
from tasks.counting import CAP
from tasks.grouping import Group, Grouping
from tasks.ledger import PAGE, Ledger
from tasks.models import Freq, Milestone, Notice, ProgressReport, Task

FIELDS = (
    "code", "title", "campaign_id", "program_id", "project_id", "freq", "freq_count", "day_of_month", "is_at_least",
    "strength", "deadline_text", "remark", "is_key_item", "open_ended_units", "state", "due_on", "is_due_assumed",
    "has_begun", "is_returned", "closed_on", "main_unit__name", "main_unit__short_name", "party_count",
    "milestone_count", "quantity_done", "quantity_goal", "quantity_unit", "progress_share", "evidence_count",
    "last_report_at",
)  # fmt: skip
#: Rhythms with few enough periods to be drawn one by one.
DRAWN = (Freq.DAILY, Freq.MONTHLY, Freq.QUARTERLY, Freq.SEMESTER, Freq.HALFYEAR)


@dataclass(frozen=True)
class Urged:
    """How often a task was urged by hand, when last, and whether somebody has read it."""

    times: int
    at: dt.datetime
    read: int
    told: int


@dataclass(frozen=True)
class Row:
    task: Task
    lamp: str
    zone: dt.tzinfo
    marks: tuple[str, ...] = ()
    updated_by: str = ""
    urged: Urged | None = None
    head: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Page:
    """Rows in order; each carries the heads that stand before it. `tail` are heads after the last row."""

    rows: list[Row]
    number: int
    has_next: bool
    tail: tuple[Group, ...] = field(default=())

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * PAGE + len(self.rows)


def page_of(ledger: Ledger, *, number: int) -> Page:
    found = list(shown(ledger.page_rows(page=number), _needed(ledger)))
    previous = found[0] if number > 1 and found else None
    rest = found[1:] if number > 1 else found
    tasks, has_next = rest[:PAGE], len(rest) > PAGE
    rows = decorate(tasks, ledger.actor, ledger.state.columns)
    if ledger.grouping is None:
        return Page(rows, number, has_next)
    return _with_heads(rows, ledger, previous, number=number, has_next=has_next)


def whole_of(ledger: Ledger) -> Page:
    """All rows at once, for a print of a short list; folded groups are laid open."""
    found = shown(ledger.ordered, _needed(ledger))[:CAP]
    rows = decorate(list(found), ledger.actor, ledger.state.columns)
    return (
        Page(rows, 1, has_next=False)
        if ledger.grouping is None
        else _with_heads(rows, ledger, None, number=1, has_next=False)
    )


def _needed(ledger: Ledger) -> set[str]:
    """Columns shown, and the layer whose name a head needs where no subtotals bring it along."""
    heads = {ledger.grouping.key} if ledger.grouping is not None and not ledger.groups else set()
    return {*ledger.state.columns, *heads}


def shown(rows: QuerySet, columns: Iterable[str]) -> QuerySet:
    """With everything that stands in the cells of a row."""
    rows = rows.select_related("main_unit").only(*FIELDS)
    for layer in {"program", "project"} & set(columns):
        rows = rows.select_related(layer).only(*FIELDS, f"{layer}__code", f"{layer}__name")
    if "updated" in columns:
        latest = ProgressReport.objects.filter(campaign=OuterRef("campaign"), task=OuterRef("pk")).order_by("-at")
        rows = rows.annotate(updated_by=Subquery(latest.values("by__name")[:1]))
    return rows


def decorate(tasks: Sequence[Task], actor: Actor, columns: Iterable[str]) -> list[Row]:
    marks = _marks(tasks, today=actor.today) if "quantity" in columns else {}
    urged = _urged(tasks) if "urged" in columns else {}
    at: dict[str, Any] = {"today": actor.today, "notice_days": actor.campaign.notice_days}
    return [
        Row(
            task=task,
            lamp=lamps.lamp_of(task, **at),
            zone=actor.campaign.zone,
            marks=marks.get(task.pk, ()),
            updated_by=getattr(task, "updated_by", None) or "",
            urged=urged.get(task.pk),
        )
        for task in tasks
    ]


def _marks(tasks: Sequence[Task], *, today: dt.date) -> dict[UUID, tuple[str, ...]]:
    """Period marks of the recurring tasks among these, by one query. A group's period is done when all members' are."""
    ids = [task.pk for task in tasks if task.freq in DRAWN]
    if not ids:
        return {}
    periods = (
        Milestone.objects.filter(task__in=ids, due_on__isnull=False)
        .order_by("due_on")
        .values_list("task", "due_on")
        .annotate(still_open=Count("pk", filter=Q(state=Milestone.State.OPEN)))
    )
    found: dict[UUID, list[tuple[dt.date, bool]]] = defaultdict(list)
    for task_id, due_on, still_open in periods:
        found[task_id].append((due_on, still_open > 0))
    return {task_id: _drawn(rows, today) for task_id, rows in found.items()}


def _drawn(periods: list[tuple[dt.date, bool]], today: dt.date) -> tuple[str, ...]:
    marks, is_now_drawn = [], False
    for due_on, is_open in periods:
        if not is_open:
            marks.append("done")
        elif due_on < today:
            marks.append("missed")
        else:
            marks.append("todo" if is_now_drawn else "now")
            is_now_drawn = True
    return tuple(marks)


def _urged(tasks: Sequence[Task]) -> dict[UUID, Urged]:
    """By one query: what was sent by hand and not taken back."""
    reasons = (Notice.Reason.URGE, Notice.Reason.SUPERVISE, Notice.Reason.CIRCULATE)
    rows: QuerySet = Notice.objects.filter(
        task__in=[task.pk for task in tasks], reason__in=reasons, recalled_at=None
    ).values_list("task", "at", "read_at")
    found: dict[UUID, list[tuple[dt.datetime, bool]]] = defaultdict(list)
    for task_id, at, read_at in rows:
        found[task_id].append((at, read_at is not None))
    return {task_id: _urged_of(told) for task_id, told in found.items()}


def _urged_of(told: list[tuple[dt.datetime, bool]]) -> Urged:
    last = max(at for at, _ in told)
    latest = [is_read for at, is_read in told if at == last]
    return Urged(times=len({at for at, _ in told}), at=last, read=sum(latest), told=len(latest))


def _with_heads(rows: list[Row], ledger: Ledger, previous: Task | None, *, number: int, has_next: bool) -> Page:
    """Put each head before the first row of its group, and the heads of folded groups where they belong."""
    grouping, heads = ledger.grouping, list(ledger.groups.values())
    place = {key: n for n, key in enumerate(ledger.groups)}
    last = _key(grouping, previous, ledger) if previous is not None else None
    at = place.get(last, -1) if previous is not None else -1
    placed, is_first = [], previous is None
    for row in rows:
        key = _key(grouping, row.task, ledger)
        head: tuple[Group, ...] = ()
        if is_first or key != last:
            head = tuple(heads[at + 1 : place[key] + 1]) if key in place else (_bare(grouping, row),)
            at = place.get(key, at)
        placed.append(Row(**{**row.__dict__, "head": head}))
        last, is_first = key, False
    tail = () if has_next else tuple(heads[at + 1 :])
    return Page(placed, number, has_next, tail)


def _key(grouping: Grouping, task: Task, ledger: Ledger) -> object:
    if grouping.key == "lamp":
        actor = ledger.actor
        return lamps.lamp_of(task, today=actor.today, notice_days=actor.campaign.notice_days)
    return grouping.value(task)


def _bare(grouping: Grouping, row: Row) -> Group:
    """The head of a group of a list too long to be counted."""
    task = row.task
    words = {
        "program": lambda: task.program and (task.program.code, task.program.name),
        "project": lambda: task.project and (task.project.code, task.project.name),
        "unit": lambda: task.main_unit and ("", task.main_unit.name),
        "due": lambda: task.due_on and ("", f"{task.due_on.year}年{task.due_on.month}月"),
    }[grouping.key]()
    code, label = words or ("", "未归入")
    return Group(key="", code=code, label=label)
