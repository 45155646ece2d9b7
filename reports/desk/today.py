"""今天要办: what waits for the office, whose turn it is first, each row with its button."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import Max, QuerySet

from campaign.access import Actor, Right
from reports.sentence import Standing, ledger_url
from tasks.counting import Count, count_capped
from tasks.lamps import Lamp
from tasks.models import Milestone, Notice, Request, Task

SHOWN = 5
#: Reasons that count as having pressed a unit.
PRESSED = (Notice.Reason.URGE, Notice.Reason.SUPERVISE, Notice.Reason.CIRCULATE)


@dataclass(frozen=True)
class Urged:
    times: int
    last_on: dt.date


@dataclass(frozen=True)
class Row:
    """One line. `done`/`goal`/`measure` where a quantity says more than a date."""

    lamp: str
    task: Task
    unit: object
    due_on: dt.date | None
    action: str
    action_url: str
    note: str = ""
    at: dt.datetime | None = None
    urged: Urged | None = None
    milestone: Milestone | None = None


@dataclass(frozen=True)
class Group:
    name: str
    count: Count
    rows: tuple[Row, ...]
    all_word: str
    all_url: str


def groups(actor: Actor, standing: Standing, *, today: dt.date, waiting: Count) -> list[Group]:
    """Only groups that have something. At most seven queries."""
    found = [
        _overdue(actor, standing, today) if standing.overdue else None,
        _waiting(actor, waiting) if waiting else None,
        *_requests(actor),
    ]
    return [group for group in found if group is not None]


def waiting(actor: Actor) -> Count:
    """The length of the list behind 销号核验."""
    return count_capped(actor.campaign, {"waiting": Milestone.objects.visible_to(actor).of_plan().waiting()})["waiting"]


def late_tasks(actor: Actor, *, today: dt.date) -> QuerySet:
    return Task.objects.visible_to(actor).filter(kind=Task.Kind.PLAN).overdue(today=today)


def _overdue(actor: Actor, standing: Standing, today: dt.date) -> Group:
    shown = list(late_tasks(actor, today=today).select_related("main_unit").order_by("due_on", "code")[:SHOWN])
    urged = _urged(task.pk for task in shown)
    can_urge = actor.can(Right.URGE)
    return Group(
        name="逾期督办",
        count=Count(standing.overdue),
        rows=tuple(_late_row(task, urged.get(task.pk), can_urge=can_urge) for task in shown),
        all_word="全部催办" if can_urge else "看全部",
        all_url="/tasks/urge" if can_urge else ledger_url(lamp="overdue"),
    )


def _late_row(task: Task, urged: Urged | None, *, can_urge: bool) -> Row:
    word = ("再次催办" if urged else "催办") if can_urge else "查看"
    url = f"/tasks/urge?codes={task.code}" if can_urge else task.get_absolute_url()
    return Row(Lamp.OVERDUE, task, task.main_unit, task.due_on, word, url, "" if urged else "尚未催办", urged=urged)


def _urged(task_ids: Iterable[UUID]) -> dict[UUID, Urged]:
    """How often and when last each task was pressed, counted by days: one urging tells several people."""
    rows = Notice.objects.filter(task__in=list(task_ids), reason__in=PRESSED, recalled_at=None)
    counted = rows.order_by().values_list("task").annotate(times=CountOf("told_on", distinct=True), last=Max("told_on"))
    return {task: Urged(times, last) for task, times, last in counted}


def _waiting(actor: Actor, count: Count) -> Group:
    queue = Milestone.objects.visible_to(actor).of_plan().waiting().order_by("submitted_at", "id")
    first = list(queue.values_list("pk", flat=True)[:SHOWN])  # apart from the join, so that only these rows are joined
    can_verify = actor.can(Right.VERIFY)
    rows = tuple(
        Row(
            Lamp.REVIEW,
            milestone.task,
            milestone.unit or milestone.task.main_unit,
            milestone.due_on,
            "核验" if can_verify else "查看",
            f"/verify/{milestone.pk}" if can_verify else milestone.task.get_absolute_url(),
            note=f"佐证 {milestone.task.evidence_count} 份",
            at=milestone.submitted_at,
            milestone=milestone,
        )
        for milestone in queue.filter(pk__in=first).select_related("task__main_unit", "unit")
    )
    return Group("待核验销号", count, rows, "逐项核验", "/verify" if can_verify else ledger_url(lamp="review"))


def _requests(actor: Actor) -> list[Group]:
    """Two queries for both kinds: how many, and the first of each."""
    found = Request.objects.visible_to(actor).filter(state=Request.State.OPEN).order_by("at", "id")
    counts = dict(found.order_by().values_list("kind").annotate(waiting=CountOf("pk")))
    if not counts:
        return []
    first = list(found.select_related("task", "unit", "milestone")[: 4 * SHOWN])
    return [
        Group(
            name,
            Count(counts[kind]),
            tuple(_request_row(actor, request) for request in first if request.kind == kind)[:SHOWN],
            "看全部",
            ledger_url(request=kind),
        )
        for kind, name in ((Request.Kind.EXTENSION, "申请延期"), (Request.Kind.DECLINE, "退单"))
        if kind in counts
    ]


def _request_row(actor: Actor, request: Request) -> Row:
    return Row(
        Lamp.OVERDUE if _is_late(request.milestone, actor.today) else Lamp.DOING,
        request.task,
        request.unit,
        request.milestone.due_on,
        "答复" if actor.can(Right.MANAGE_LEDGER) else "查看",
        f"{request.task.get_absolute_url()}#requests",
        note=request.reason,
        at=request.at,
    )


def _is_late(milestone: Milestone, today: dt.date) -> bool:
    return not milestone.is_assumed and milestone.due_on is not None and milestone.due_on < today
