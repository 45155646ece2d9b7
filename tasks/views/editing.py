"""修改: the office's form for a task. What could not be saved stays in it, beside what others saved meanwhile."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaign import clock
from campaign.access import Right
from campaign.models import Unit
from campaign.problems import Conflict, Problem, Refused
from tasks import editing, history
from tasks.editing import Changes, NewMilestone
from tasks.models import Role, Task
from tasks.quantities import amount
from tasks.sheet import Sheet
from tasks.views.task import date_of, task_of


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    task = task_of(request, code, Right.MANAGE_LEDGER)
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
        return _edit_page(request, task_of(request, code), conflict.problems, status=409)
    except Refused as refusal:
        return _edit_page(request, task, refusal.problems, status=422)
    messages.success(request, "已保存" if data else "没有改动")
    return redirect("task", code=code)


def _edit_page(
    request: HttpRequest, task: Task, problems: tuple[Problem, ...] = (), *, status: int = 200
) -> HttpResponse:
    sheet = Sheet(task, request.actor)
    named = {role: "、".join(row.unit.name for row in sheet.assignments if row.role == role) for role in Role}
    context = {
        "task": task,
        "sheet": sheet,
        "problems": problems,
        "typed": request.POST,
        "differences": _differences(request, _saved(task, sheet, named)) if status == 409 else [],
        "roles": [(role, _typed(request, f"units-{role}", named[role])) for role in Role],
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


@dataclass(frozen=True)
class Difference:
    """What a refused form holds beside what somebody else saved meanwhile."""

    label: str
    theirs: str
    yours: str


def _differences(request: HttpRequest, fields: dict[str, tuple[str, str]]) -> list[Difference]:
    """`fields`: name in the form -> (label, what is saved now)."""
    rows = [
        Difference(label, saved or "空", request.POST.get(name, saved).strip() or "空")
        for name, (label, saved) in fields.items()
    ]
    return [row for row in rows if " ".join(row.theirs.split()) != " ".join(row.yours.split())]


def _saved(task: Task, sheet: Sheet, named: dict[str, str]) -> dict[str, tuple[str, str]]:
    words = {name: (history.FIELDS.get(name, name), getattr(task, name)) for name in editing.WORDS[:3]}
    units = {f"units-{role}": (f"{role.label}单位", named[role]) for role in Role}
    needs = {"requirements": ("销号要件", "\n".join(row.label for row in sheet.needs))}
    targets = {
        f"target-{row.pk}": (row.what or "目标", amount(row.value)) for row in sheet.targets if row.value is not None
    }
    return words | units | targets | needs


def _typed(request: HttpRequest, name: str, saved: str) -> str:
    """What was typed and could not be saved stays in the form."""
    return request.POST.get(name, saved)


def _typed_rows(request: HttpRequest) -> list[tuple[str, ...]]:
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
        due_on = date_of(day)
        if not label.strip() or due_on is None:
            message = f"新节点“{label or day}”要同时写名称和日期，日期写成 2019-09-30。"
            raise Refused(Problem("milestone", message, where="milestones"))
        share = _decimal(quantity, label) if quantity.strip() else None
        rows.append(NewMilestone(label=label, due_on=due_on, quantity=share))
    return rows


def _decimal(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise Refused(Problem("number", f"“{name}”写的是“{text[:20]}”，请写数字。", where="targets")) from error
    if not value.is_finite() or value < 0 or value >= 10**11:
        raise Refused(Problem("number", f"“{name}”写的是“{text[:20]}”，请写不小于 0 的数字。", where="targets"))
    return value.quantize(Decimal("0.01"))
