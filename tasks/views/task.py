"""A task's own page and what is done on it: rule on requests, let off, keep up, instruct, describe evidence."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from campaign import access, clock
from campaign.access import Right
from campaign.problems import Problem, Refused
from tasks import closing, editing, evidence, history, inbox, requesting
from tasks.models import Evidence, Freq, Milestone, Notice, Request, Task
from tasks.sheet import Sheet

ROWS = Task.objects.select_related("program", "project", "main_unit", "batch")
PARTS = {
    "checks": "目标、要件、时限变更",
    "nodes": "节点",
    "evidence": "佐证",
    "notices": "通知与回执",
    "history": "经过",
}
#: How much of a part the task's page shows; the part's own page shows all.
FEW = {"evidence": 8, "notices": 5, "history": 12}


def task_of(request: HttpRequest, code: str, right: Right = Right.READ) -> Task:
    task = access.get(request.actor, ROWS, right, code=code)
    task.campaign = request.actor.campaign
    return task


def date_of(text: str) -> dt.date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    task = task_of(request, code)
    if not request.actor.can(Right.READ_ALL):
        inbox.read_task(request.actor, task, now=clock.now(request.campaign))
    if task.kind == Task.Kind.RECTIFICATION:
        return redirect(task)
    return _page(request, task)


def _page(
    request: HttpRequest, task: Task, *, problems: tuple[Problem, ...] = (), status: int = 200, **more: Any
) -> HttpResponse:
    actor = request.actor
    sheet = Sheet(task, actor)
    context = {
        "task": task,
        "sheet": sheet,
        "today": actor.today,
        "problems": problems,
        "sentences": task.sentences.select_related("document", "draft").defer("document__text", "draft__row"),
        "can_read_sources": actor.can(Right.READ_ALL),
        "can_edit": actor.can(Right.MANAGE_LEDGER),
        "can_urge": actor.can(Right.URGE) and task.open_count > 0,
        "can_verify": actor.can(Right.VERIFY) and task.submitted_count > 0,
        "can_instruct": actor.can(Right.INSTRUCT),
        "can_report": actor.can(Right.REPORT) and not actor.can(Right.READ_ALL) and task.open_count > 0,
        "typed": request.POST,
    }
    return render(request, "tasks/task.html", context | more, status=status)


@require_safe
def part(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Evidence, notices or history of a task: a fragment of its page, or a page of its own without scripts."""
    task = task_of(request, code)
    context: dict[str, Any] = {"task": task, "name": name, "title": PARTS[name], "today": request.actor.today}
    most = FEW.get(name, 0) if request.htmx else 0
    context |= SHOWN[name](task, request, most)
    template = f"tasks/_task_{name}.html" if request.htmx else "tasks/part.html"
    return render(request, template, context)


def _checks(task: Task, request: HttpRequest, most: int) -> dict[str, Any]:
    return {"sheet": Sheet(task, request.actor), "can_edit": request.actor.can(Right.MANAGE_LEDGER)}


def _nodes(task: Task, request: HttpRequest, most: int) -> dict[str, Any]:
    rows = task.milestones.select_related("unit").order_by("due_on", "order", "unit__order")
    rows = rows.with_lamp(today=request.actor.today, notice_days=request.campaign.notice_days)
    return {
        "rows": list(rows[:600]),
        "can_edit": request.actor.can(Right.MANAGE_LEDGER),
        "can_keep": task.state == Task.State.DONE and not task.is_standing and not task.freq,
        "freqs": [(freq, freq.label) for freq in (Freq.MONTHLY, Freq.QUARTERLY, Freq.HALFYEAR)],
    }


def _evidence(task: Task, request: HttpRequest, most: int) -> dict[str, Any]:
    found = task.evidence.select_related("attachment", "unit", "requirement", "by", "milestone").order_by("-at", "-id")
    rows = list(found[:400])
    pictures = [row for row in rows if row.attachment.preview]
    files = [row for row in rows if not row.attachment.preview]
    return {
        "pictures": pictures[: most or None],
        "files": files[: most or None],
        "count": len(rows),
        "needs": [] if most else list(task.requirements.wanted()),
        "is_whole": not most,
        "mine": [row.pk for row in rows if _may_describe(request, row)] if not most else [],
    }


def _may_describe(request: HttpRequest, row: Evidence) -> bool:
    actor = request.actor
    own = row.unit_id in actor.unit_ids and actor.can(Right.REPORT)
    return own or actor.can(Right.MANAGE_LEDGER)


def _notices(task: Task, request: HttpRequest, most: int) -> dict[str, Any]:
    """Grouped by what was told when: one line an occasion, its recipients with their receipts."""
    rows = task.notices.filter(recalled_at=None).select_related("recipient", "unit", "by", "mail").order_by("-at", "id")
    groups: dict[tuple[Any, ...], list[Notice]] = {}
    for row in rows[:300]:
        groups.setdefault((row.told_on, row.reason, row.is_manual), []).append(row)
    can_urge = request.actor.can(Right.URGE) and task.open_count > 0
    return {"groups": list(groups.values())[: most or None], "count": len(groups), "can_urge": can_urge}


def _history(task: Task, request: HttpRequest, most: int) -> dict[str, Any]:
    entries = history.lines(task)
    return {"entries": entries[: most or None], "count": len(entries)}


SHOWN = {"checks": _checks, "nodes": _nodes, "evidence": _evidence, "notices": _notices, "history": _history}


# --- the office -----------------------------------------------------------------------------------
@require_POST
def rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """同意 or 不同意 an extension or a 退单."""
    rows = Request.objects.select_related("task__campaign", "milestone", "unit", "by", "proposed_unit")
    asked = access.get(request.actor, rows, Right.MANAGE_LEDGER, pk=pk)
    if asked.task.kind == Task.Kind.RECTIFICATION:  # a 退单 of it needs another unit, which only its own page asks for
        return redirect(asked.task)
    try:
        requesting.rule_on(
            asked,
            is_granted=request.POST.get("answer") == "grant",
            ruling=request.POST.get("ruling", ""),
            to_on=date_of(request.POST.get("to_on", "")),
            by=request.user,
            now=clock.now(request.campaign),
        )
    except Refused as refusal:
        return _page(request, task_of(request, asked.task.code), problems=refusal.problems, status=422)
    messages.success(request, f"已答复：{asked.get_kind_display()}，{asked.get_state_display()}")
    return redirect("task", code=asked.task.code)


@require_POST
def waive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """免办 one milestone, with its reason."""
    rows = Milestone.objects.select_related("task__campaign", "unit")
    milestone = access.get(request.actor, rows, Right.MANAGE_LEDGER, pk=pk)
    version = request.POST.get("version", "")
    try:
        closing.waive(
            milestone,
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=clock.now(request.campaign),
            version=int(version) if version.isdecimal() else 0,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已免办：{milestone}")
    return redirect("task-nodes", code=milestone.task.code)


@require_POST
def keep_up(request: HttpRequest, code: str) -> HttpResponse:
    """已达标 -> 常态保持: a closed task is looked at again each period."""
    task = task_of(request, code, Right.MANAGE_LEDGER)
    freq = request.POST.get("freq", "")
    if freq not in Freq.values:
        raise BadRequest("请选复查的频次。")
    try:
        made = closing.keep_up(task, freq=freq, by=request.user, now=clock.now(request.campaign))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已转为常态保持，年内复查 {len(made)} 次")
    return redirect("task-nodes", code=code)


@require_POST
def instruct(request: HttpRequest, code: str) -> HttpResponse:
    task = task_of(request, code, Right.INSTRUCT)
    try:
        editing.instruct(task, request.POST.get("text", ""), by=request.user, now=clock.now(request.campaign))
    except Refused as refusal:
        return _page(request, task, problems=refusal.problems, status=422)
    messages.success(request, f"批示已送出：{task.title}")
    return redirect("task", code=code)


@require_POST
def describe(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say better what a piece of evidence shows. Its own unit may, and the office."""
    rows = Evidence.objects.select_related("task", "milestone__task__campaign", "requirement")
    row = access.get(request.actor, rows, Right.REPORT, pk=pk)
    if not _may_describe(request, row):
        access.require(request.actor, Right.MANAGE_LEDGER)
    chosen = request.POST.get("requirement", "")
    try:
        requirement_id = UUID(chosen) if chosen else None
    except ValueError:
        requirement_id = None
    evidence.describe(
        row,
        shows=request.POST.get("shows", row.shows),
        about_on=date_of(request.POST.get("about_on", "")) or row.about_on,
        requirement_id=requirement_id,
        by=request.user,
        now=clock.now(request.campaign),
    )
    messages.success(request, f"已保存说明：{row.name}")
    return redirect("task-evidence", code=row.task.code)
