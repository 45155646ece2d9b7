"""A task's own page and what is done on it: edit, rule on requests, instruct, describe evidence."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, clock
from campaign.access import Right
from campaign.models import Unit
from campaign.problems import Conflict, Problem, Refused
from tasks import closing, editing, evidence, history, inbox, requesting
from tasks.editing import Changes, NewMilestone
from tasks.models import Evidence, Freq, Milestone, Notice, Request, Role, Task
from tasks.quantities import amount
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


def _task(request: HttpRequest, code: str, right: Right = Right.READ) -> Task:
    task = access.get(request.actor, ROWS, right, code=code)
    task.campaign = request.actor.campaign
    return task


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    task = _task(request, code)
    if not request.actor.can(Right.READ_ALL):
        inbox.read_task(request.actor, task, now=clock.now(request.campaign))
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
    task = _task(request, code)
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
        "needs": [] if most else list(task.requirements.all()),
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
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    task = _task(request, code, Right.MANAGE_LEDGER)
    if request.method == "GET":
        return _edit_page(request, task)
    try:
        changes = _changes(request, task)
        version = request.POST.get("version", "")
        data = editing.edit(
            task,
            changes,
            by=request.user,
            now=clock.now(request.campaign),
            version=int(version) if version.isdecimal() else 0,
        )
    except Conflict as conflict:
        return _edit_page(request, _task(request, code), conflict.problems, status=409)
    except Refused as refusal:
        return _edit_page(request, task, refusal.problems, status=422)
    messages.success(request, "已保存" if data else "没有改动")
    return redirect("task", code=code)


def _edit_page(
    request: HttpRequest, task: Task, problems: tuple[Problem, ...] = (), *, status: int = 200
) -> HttpResponse:
    sheet = Sheet(task, request.actor)
    by_role = {role: [row.unit for row in sheet.assignments if row.role == role] for role in Role}
    context = {
        "task": task,
        "sheet": sheet,
        "problems": problems,
        "typed": request.POST,
        "roles": [(role, _typed(request, f"units-{role}", "、".join(u.name for u in by_role[role]))) for role in Role],
        "targets": [
            (row, _typed(request, f"target-{row.pk}", amount(row.value)))
            for row in sheet.targets
            if row.value is not None
        ],
        "words": {
            name: _typed(request, name, getattr(task, name)) for name in ("title", "description", "standard", "remark")
        },
        "strengths": Task.Strength.choices,
        "strength": _typed(request, "strength", task.strength),
        "is_key_item": "is_key_item" in request.POST if request.POST else task.is_key_item,
        "requirements": _typed(request, "requirements", "\n".join(row.label for row in sheet.needs)),
        "units": Unit.objects.visible_to(request.actor).active().in_order(),
        "new_rows": _typed_rows(request),
    }
    return render(request, "tasks/edit.html", context, status=status)


def _typed(request: HttpRequest, name: str, saved: str) -> str:
    """What was typed and could not be saved stays in the form."""
    return request.POST.get(name, saved)


def _typed_rows(request: HttpRequest) -> list[tuple[str, str, str]]:
    names = ("new_label", "new_due_on", "new_quantity")
    lists = (request.POST.getlist(name) for name in names)
    rows = [row for row in zip_longest(*lists, fillvalue="") if any(row)]
    return [*rows, *([("", "", "")] * max(1, 3 - len(rows)))]


def _changes(request: HttpRequest, task: Task) -> Changes:
    data = request.POST
    words: dict[str, Any] = {name: data[name] for name in editing.WORDS if name in data and name != "is_key_item"}
    words["is_key_item"] = "is_key_item" in data
    if words.get("strength") not in Task.Strength.values:
        words.pop("strength", None)
    return Changes(
        words=words,
        requirements=data.get("requirements", "").splitlines(),
        units=_units(request, task),
        targets=_targets(request, task),
        milestones=_new_milestones(request),
        basis=data.get("basis", ""),
    )


def _units(request: HttpRequest, task: Task) -> dict[str, list[Unit]]:
    """Names as written, parted by 、: every one must be a unit of the campaign."""
    known = {unit.name: unit for unit in Unit.objects.filter(campaign=task.campaign)}
    for unit in list(known.values()):
        known.update({name: unit for name in (unit.short_name, *unit.aliases) if name and name not in known})
    found: dict[str, list[Unit]] = {}
    for role in Role:
        names = [name.strip() for name in request.POST.get(f"units-{role}", "").replace("，", "、").split("、")]
        unknown = [name for name in names if name and name not in known]
        if unknown:
            message = f"{role.label}单位里的“{unknown[0]}”不在单位名录里。请核对名称，或先到“单位与人员”添加。"
            raise Refused(Problem("unknown_unit", message, where=f"units-{role}"))
        found[role.value] = list(dict.fromkeys(known[name] for name in names if name))
    return found


def _targets(request: HttpRequest, task: Task) -> dict[UUID, Decimal]:
    found = {}
    for target in task.targets.exclude(value=None):
        text = request.POST.get(f"target-{target.pk}", "").strip()
        if text:
            found[target.pk] = _decimal(text, target.what or "目标")
    return {pk: value for pk, value in found.items() if value != task.targets.get(pk=pk).value}


def _new_milestones(request: HttpRequest) -> list[NewMilestone]:
    data = request.POST
    rows = []
    lists = (data.getlist(name) for name in ("new_label", "new_due_on", "new_quantity"))
    for label, day, quantity in zip_longest(*lists, fillvalue=""):
        if not label.strip() and not day.strip():
            continue
        due_on = _date(day)
        if not label.strip() or due_on is None:
            message = f"新节点“{label or day}”要同时写名称和日期，日期写成 2019-09-30。"
            raise Refused(Problem("milestone", message, where="milestones"))
        share = _decimal(quantity, label) if quantity.strip() else None
        rows.append(NewMilestone(label=label, due_on=due_on, quantity=share))
    return rows


def _date(text: str) -> dt.date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


def _decimal(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise Refused(Problem("number", f"“{name}”写的是“{text[:20]}”，请写数字。", where="targets")) from error
    if not value.is_finite() or value < 0 or value >= 10**11:
        raise Refused(Problem("number", f"“{name}”写的是“{text[:20]}”，请写不小于 0 的数字。", where="targets"))
    return value.quantize(Decimal("0.01"))


@require_POST
def rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """同意 or 不同意 an extension or a 退单."""
    rows = Request.objects.select_related("task__campaign", "milestone", "unit", "by", "proposed_unit")
    asked = access.get(request.actor, rows, Right.MANAGE_LEDGER, pk=pk)
    try:
        requesting.rule_on(
            asked,
            is_granted=request.POST.get("answer") == "grant",
            ruling=request.POST.get("ruling", ""),
            to_on=_date(request.POST.get("to_on", "")),
            by=request.user,
            now=clock.now(request.campaign),
        )
    except Refused as refusal:
        return _page(request, _task(request, asked.task.code), problems=refusal.problems, status=422)
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
    task = _task(request, code, Right.MANAGE_LEDGER)
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
    task = _task(request, code, Right.INSTRUCT)
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
        about_on=_date(request.POST.get("about_on", "")) or row.about_on,
        requirement_id=requirement_id,
        by=request.user,
        now=clock.now(request.campaign),
    )
    messages.success(request, f"已保存说明：{row.name}")
    return redirect("task-evidence", code=row.task.code)
