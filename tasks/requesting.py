"""A unit asks: for more time (申请延期), or that a duty is not its own (退单). The office rules; both are kept."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from campaign import log
from campaign.models import Unit, User
from campaign.problems import Conflict, Problem, Refused
from tasks import deadlines, notices, summary
from tasks.models import Assignment, Milestone, Notice, Request, Task

Kind = Request.Kind
State = Request.State


def objections(
    milestone: Milestone, kind: str, *, reason: str, proposed_on: dt.date | None, today: dt.date
) -> list[Problem]:
    found: list[Problem] = []
    if milestone.state != Milestone.State.OPEN:
        found.append(Problem("not_open", "只有在办的任务可以申请。这一项已经提请或销号。"))
    if not reason.strip():
        found.append(Problem("reason_needed", "请写明理由，创建办据此答复。", where="reason"))
    if kind == Kind.EXTENSION:
        if proposed_on is None:
            found.append(Problem("date_needed", "请选申请延到哪一天。", where="proposed_on"))
        elif proposed_on <= max(today, milestone.due_on or today):
            message = f"申请的日期 {proposed_on:%Y-%m-%d} 不晚于现在的时限。请选更晚的日期。"
            found.append(Problem("date_early", message, where="proposed_on"))
    if Request.objects.filter(milestone=milestone, kind=kind, state=State.OPEN).exists():
        found.append(Problem("asked", "这一项已有一个同样的申请，正等答复。要改，请先撤回原来的。"))
    return found


def ask(
    milestone: Milestone,
    kind: str,
    *,
    reason: str,
    by: User,
    unit: Unit,
    now: dt.datetime,
    proposed_on: dt.date | None = None,
    proposed_unit: Unit | None = None,
) -> Request:
    """Put a request to the office. Raises `Refused` with what is missing."""
    today = now.astimezone(milestone.task.campaign.zone).date()
    found = objections(milestone, kind, reason=reason, proposed_on=proposed_on, today=today)
    if found:
        raise Refused(*found)
    with transaction.atomic():
        request = Request.objects.create(
            campaign_id=milestone.campaign_id,
            task_id=milestone.task_id,
            milestone=milestone,
            kind=kind,
            unit=unit,
            by=by,
            at=now,
            reason=reason.strip(),
            proposed_on=proposed_on if kind == Kind.EXTENSION else None,
            proposed_unit=proposed_unit if kind == Kind.DECLINE else None,
        )
        data = {"proposed_on": str(proposed_on or ""), "proposed_unit": str(proposed_unit or "")}
        log.write(request, f"ask_{kind}", by=by, now=now, task_id=milestone.task_id, data=data, reason=reason.strip())
    return request


def withdraw(request: Request, *, by: User, now: dt.datetime) -> None:
    with transaction.atomic():
        _close(request, State.WITHDRAWN, ruling="", by=by, now=now)
        log.write(request, f"withdraw_{request.kind}", by=by, now=now, task_id=request.task_id)


def rule_on(
    request: Request,
    *,
    is_granted: bool,
    ruling: str,
    by: User,
    now: dt.datetime,
    to_on: dt.date | None = None,
    to_unit: Unit | None = None,
) -> Request:
    """The office's answer. Granted, an extension moves the limit and a 退单 moves the duty, in the same transaction.

    `to_on` and `to_unit` may differ from what was proposed. A refusal, and a grant without words, need `ruling`
    as its reason or basis. Raises `Refused` or, when somebody answered first, `Conflict`.
    """
    if not ruling.strip():
        message = "请写依据（同意延期）或理由（不同意），单位和以后查阅的人都会看到。"
        raise Refused(Problem("ruling_needed", message, where="ruling"))
    with transaction.atomic():
        _close(request, State.GRANTED if is_granted else State.REFUSED, ruling=ruling.strip(), by=by, now=now)
        if is_granted and request.kind == Kind.EXTENSION:
            _extend(request, to_on or request.proposed_on, ruling.strip(), by=by, now=now)
        elif is_granted:
            _hand_to(request, to_unit or request.proposed_unit, by=by, now=now)
        verb = "grant" if is_granted else "refuse"
        log.write(request, f"{verb}_{request.kind}", by=by, now=now, task_id=request.task_id, reason=ruling.strip())
        _tell(request, by=by, now=now)
    return request


def _close(request: Request, state: str, *, ruling: str, by: User, now: dt.datetime) -> None:
    rows = Request.objects.filter(pk=request.pk, state=State.OPEN)
    if not rows.update(state=state, ruling=ruling, decided_by=by, decided_at=now):
        raise Conflict(Problem("answered", "这个申请已经有了答复，请看现在的结果。"), current=request)
    request.refresh_from_db()


def _extend(request: Request, to_on: dt.date | None, basis: str, *, by: User, now: dt.datetime) -> None:
    milestone = Milestone.objects.select_related("task__campaign").get(pk=request.milestone_id)
    deadlines.change_deadline(milestone, to_on=to_on, basis=basis[:200], by=by, now=now, request=request)


def _hand_to(request: Request, unit: Unit | None, *, by: User, now: dt.datetime) -> None:
    """Give the duty of the declining unit to another, or leave it as an open end where none is named."""
    task = request.task
    duties = Assignment.objects.filter(task=task, unit=request.unit)
    held = list(duties)
    duties.delete()
    data: dict[str, Any] = {"from": str(request.unit), "to": str(unit or "")}
    if unit is not None:
        rows = [
            Assignment(campaign_id=task.campaign_id, task=task, unit=unit, role=duty.role, order=duty.order)
            for duty in held
        ]
        Assignment.objects.bulk_create(rows, ignore_conflicts=True)
    open_milestones = Milestone.objects.filter(task=task, unit=request.unit, state=Milestone.State.OPEN)
    open_milestones.update(unit=unit, version=F("version") + 1)
    if unit is None:
        open_ends = "、".join(filter(None, [task.open_ended_units, f"{request.unit}退单，待明确"]))
        Task.objects.filter(pk=task.pk).update(open_ended_units=open_ends[:120])
    Task.objects.filter(pk=task.pk).update(version=F("version") + 1, updated_at=now)
    log.write(task, "hand_over", by=by, now=now, task_id=task.pk, data=data)
    summary.refresh([task.pk])
    if unit is not None:
        milestone = Milestone.objects.select_related("task__campaign").get(pk=request.milestone_id)
        text = f"由{request.unit}转来：{task.title}"
        notices.tell_unit(
            milestone, Notice.Reason.ASSIGNED, occasion=f"assigned:{request.pk}", text=text, by=by, now=now
        )


def _tell(request: Request, *, by: User, now: dt.datetime) -> None:
    words = "同意" if request.state == State.GRANTED else "不同意"
    text = f"{request.get_kind_display()}：{words}。{request.ruling}"
    notice = notices.notice_for(
        request.task,
        Notice.Reason.RULING,
        request.by,
        occasion=f"ruling:{request.pk}",
        text=text,
        now=now,
        by=by,
        milestone=request.milestone,
        unit=request.unit,
    )
    notices.keep([notice])
