"""What a liaison does: the cards, one report, drafts, requests; and files by the same door."""

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaign import access, attachments, clock
from campaign.access import Right
from campaign.models import Unit
from campaign.problems import Conflict, Problem, Refused
from campaign.serving import file_answer
from tasks import inbox, mine, progress, requesting
from tasks.evidence import NewFile
from tasks.models import Draft, Evidence, Milestone, ProgressReport, Request, Task
from tasks.progress import Entry
from tasks.quantities import amount


@require_GET
@access.needs(Right.REPORT)
def my(request: HttpRequest) -> HttpResponse:
    """The liaison's landing page: what to report on, the first card open."""
    found = mine.cards(request.actor, notice_days=request.campaign.notice_days)
    show = request.GET.get("show", "due")
    if show == "orders":
        return _page(request, [], found, opened=None, show=show)
    urgent = [card for card in found if card.is_urgent]
    shown = found if show == "all" or not urgent else urgent
    return _page(request, shown, found, opened=_first_open(shown), show="all" if shown is found else "due")


def _first_open(cards: list[mine.Card]) -> UUID | None:
    return next((card.milestone.pk for card in cards if card.milestone.state == Milestone.State.OPEN), None)


def _page(
    request: HttpRequest,
    shown: list[mine.Card],
    found: list[mine.Card],
    *,
    opened: UUID | None,
    show: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    late = [card for card in found if card.lamp == "overdue"]
    context = {
        "cards": shown,
        "orders": (orders := mine.rectifications(request.actor)),
        "opened": opened,
        "show": show,
        "counts": {
            "due": len([card for card in found if card.is_urgent]),
            "all": len(found),
            "late": len(late),
            "orders": len(orders),
        },
        "token": str(uuid4()),
        "sayings": mine.SAYINGS,
        "limit": f"{attachments.WORDS}，每个不超过 {settings.UPLOAD_MEGABYTES} MB",
        "units": Unit.objects.visible_to(request.actor).active().in_order() if opened else (),
        "today": request.actor.today,
        "typed": {},
    }
    return render(request, "tasks/my.html", context | more, status=status)


@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, code: str) -> HttpResponse:
    """The deep link of every message: this task's card, open. POST takes the report in."""
    task = access.get(request.actor, Task.objects.all(), Right.REPORT, code=code)
    if task.kind == Task.Kind.RECTIFICATION:  # its answer needs a photo, which only the page of the finding takes
        return redirect(task)
    if request.method == "POST":
        return _take(request, task)
    inbox.read_task(request.actor, task, now=clock.now(request.campaign))
    found = mine.cards(request.actor, notice_days=request.campaign.notice_days, codes=[code])
    if not found:
        return redirect(task)
    return _page(request, found, found, opened=_wanted(request, found), show="one", single=task)


def _wanted(request: HttpRequest, cards: list[mine.Card]) -> UUID | None:
    named = request.GET.get("milestone", "")
    return next((card.milestone.pk for card in cards if str(card.milestone.pk) == named), _first_open(cards))


def _milestone(request: HttpRequest, task: Task, pk: str) -> Milestone:
    rows = Milestone.objects.filter(progress.reportable(request.actor, task), task=task)
    rows = rows.select_related("task__campaign", "unit", "submitted_by")
    try:
        return access.get(request.actor, rows, Right.REPORT, pk=UUID(pk))
    except ValueError as error:
        raise Http404("没有找到这个节点。") from error


def _unit_of(request: HttpRequest, milestone: Milestone) -> Unit:
    """The unit that speaks: the milestone's own where the actor belongs to it, else the actor's."""
    if milestone.unit is not None and milestone.unit_id in request.actor.unit_ids:
        return milestone.unit
    return request.actor.memberships[0].unit


def _take(request: HttpRequest, task: Task) -> HttpResponse:
    milestone = _milestone(request, task, request.POST.get("milestone", ""))
    try:
        entry = _entry(request)
        now = clock.now(request.campaign)
        report = progress.report_progress(milestone, entry, by=request.user, unit=_unit_of(request, milestone), now=now)
    except Conflict as conflict:
        return _conflict(request, task, milestone, conflict)
    except Refused as refusal:
        return _refused(request, task, milestone, refusal)
    said = "已提请销号" if report.is_submission else "已提交"
    messages.success(request, f"{said}：{task.title}")
    if _wants_json(request):
        return JsonResponse({"said": f"{said}：{task.title}", "report": str(report.pk)})
    return redirect("my")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refused(request: HttpRequest, task: Task, milestone: Milestone, refusal: Refused) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problems": [problem.as_dict() for problem in refusal.problems]}, status=422)
    found = mine.cards(request.actor, notice_days=request.campaign.notice_days, codes=[task.code])
    return _page(
        request,
        found,
        found,
        opened=milestone.pk,
        show="one",
        single=task,
        problems=refusal.problems,
        typed=request.POST,
        status=422,
    )


def _conflict(request: HttpRequest, task: Task, milestone: Milestone, conflict: Conflict) -> HttpResponse:
    """Nothing typed is lost: the form comes back filled in, beside what the other person saved."""
    current = conflict.current or milestone
    other = current.reports.select_related("by").order_by("-at", "-id").first()
    if _wants_json(request):
        said = {"version": current.version, "lines": _lines(other) if other else []}
        return JsonResponse({"problems": [p.as_dict() for p in conflict.problems], "current": said}, status=409)
    found = mine.cards(request.actor, notice_days=request.campaign.notice_days, codes=[task.code])
    return _page(
        request,
        found,
        found,
        opened=current.pk,
        show="one",
        single=task,
        problems=conflict.problems,
        typed=request.POST,
        other=other,
        status=409,
    )


def _lines(other: ProgressReport) -> list[str]:
    """What the other person saved, in lines to compare with."""
    moved = other.quantity_after is not None
    quantity = f"完成量 {amount(other.quantity_before)} → {amount(other.quantity_after)}" if moved else "没有改完成量"
    words = {"进展情况": other.progress, "存在问题": other.problems, "推进措施": other.measures}
    return [f"{other.by} 刚才提交：{quantity}。", *(f"{name}：{text}" for name, text in words.items() if text)]


def _entry(request: HttpRequest) -> Entry:
    data = request.POST
    return Entry(
        token=data.get("token", "")[:64] or str(uuid4()),
        version=int(data["version"]) if data.get("version", "").isdecimal() else 0,
        progress="\n".join(
            part.strip() for part in [*data.getlist("saying"), data.get("progress", "")] if part.strip()
        ),
        problems=data.get("problems", ""),
        measures=data.get("measures", ""),
        quantity=_number(data.get("quantity", ""), "quantity", "完成量"),
        numerator=_number(data.get("numerator", ""), "numerator", "分子"),
        denominator=_number(data.get("denominator", ""), "denominator", "分母"),
        is_submission=data.get("deed") == "submit",
        files=_files(request),
    )


def _number(text: str, where: str, name: str) -> Decimal | None:
    text = text.strip().replace("，", "").replace(",", "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise Refused(Problem("number", f"{name}写的是“{text[:20]}”，请写数字，例如 16。", where=where)) from error
    if not number.is_finite() or abs(number) >= 10**11 or number.as_tuple().exponent < -2:  # type: ignore[operator]
        raise Refused(Problem("number", f"{name}写的是“{text[:20]}”，请写不超过两位小数的数字。", where=where))
    return number


def _files(request: HttpRequest) -> tuple[NewFile, ...]:
    """The files of the form with the fields that stand beside each, in the same order."""
    shows, days = request.POST.getlist("shows"), request.POST.getlist("about_on")
    numbers, needs = request.POST.getlist("document_number"), request.POST.getlist("requirement")
    found = []
    for place, file in enumerate(request.FILES.getlist("file")):
        found.append(
            NewFile(
                upload=attachments.Upload.read(file, file.name or ""),
                shows=_at(shows, place),
                about_on=_day(_at(days, place), file.name or ""),
                document_number=_at(numbers, place),
                requirement_id=_uuid(_at(needs, place)),
            )
        )
    return tuple(found)


def _at(values: list[str], place: int) -> str:
    return values[place].strip() if place < len(values) else ""


def _day(text: str, name: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        message = f"“{name}”的所指日期写的是“{text[:20]}”，没有这一天。请写成 2019-09-30。"
        raise Refused(Problem("date", message, where="about_on"))
    return day


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@require_http_methods(["POST"])
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what is typed, every few seconds; files stay on the phone until the report is sent."""
    task = access.get(request.actor, Task.objects.all(), Right.REPORT, code=code)
    milestone = _milestone(request, task, request.POST.get("milestone", ""))
    try:
        data = json.loads(request.POST.get("data", "{}"))
    except ValueError as error:
        raise BadRequest("草稿不是 JSON。") from error
    if not isinstance(data, dict) or len(json.dumps(data)) > 40_000:
        raise BadRequest("草稿太长，存不下。")
    now = clock.now(request.campaign)
    fields = {"data": data, "updated_at": now}
    keys = {"campaign": request.campaign, "user": request.user, "milestone": milestone}
    if data:
        Draft.objects.update_or_create(**keys, defaults=fields)
    else:
        Draft.objects.filter(**keys).delete()
    return JsonResponse({"saved": f"{now.astimezone(request.campaign.zone):%H:%M}"})


@require_POST
def retract(request: HttpRequest, code: str) -> HttpResponse:
    task = access.get(request.actor, Task.objects.all(), Right.REPORT, code=code)
    milestone = _milestone(request, task, request.POST.get("milestone", ""))
    version = request.POST.get("version", "")
    try:
        now = clock.now(request.campaign)
        progress.retract(milestone, by=request.user, now=now, version=int(version) if version.isdecimal() else 0)
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, f"已撤回：{task.title}")
    return redirect("update", code=code)


@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """申请延期 or 退单."""
    task = access.get(request.actor, Task.objects.all(), Right.REPORT, code=code)
    milestone = _milestone(request, task, request.POST.get("milestone", ""))
    kind = request.POST.get("kind", "")
    if kind not in Request.Kind.values:
        raise BadRequest("请选申请延期或退单。")
    proposed = Unit.objects.visible_to(request.actor).filter(pk=_uuid(request.POST.get("proposed_unit", ""))).first()
    try:
        made = requesting.ask(
            milestone,
            kind,
            reason=request.POST.get("reason", ""),
            proposed_on=_day(request.POST.get("proposed_on", ""), "申请"),
            proposed_unit=proposed,
            by=request.user,
            unit=_unit_of(request, milestone),
            now=clock.now(request.campaign),
        )
    except Refused as refusal:
        return _refused(request, task, milestone, refusal)
    messages.success(request, f"已送创建办：{made.get_kind_display()}，{task.title}")
    return redirect("my")


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    rows = Request.objects.select_related("task", "milestone")
    asked = access.get(request.actor, rows, Right.REPORT, pk=pk)
    if asked.unit_id not in request.actor.unit_ids and not request.actor.can(Right.READ_ALL):
        raise Http404("没有找到这个申请。")
    try:
        requesting.withdraw(asked, by=request.user, now=clock.now(request.campaign))
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, f"已撤回申请：{asked.task.title}")
    return redirect("update", code=asked.task.code)


@require_GET
def file(request: HttpRequest, pk: UUID, name: str = "") -> HttpResponse:
    """Evidence leaves by the door of the task it belongs to. `view` is thumb, preview or original."""
    row = access.get(request.actor, Evidence.objects.select_related("attachment"), pk=pk)
    stored, view = row.attachment, request.GET.get("view", "original")
    path, kind = stored.file, stored.content_type
    if view in {"thumb", "preview"} and getattr(stored, view):
        path, kind = getattr(stored, view), "image/jpeg"
    try:
        content = attachments.read(path)
    except FileNotFoundError as error:
        raise Http404("文件不在存储里，请与创建办联系。") from error
    response = file_answer(content, name=row.name, content_type=kind, is_download="download" in request.GET)
    response.headers["Cache-Control"] = (
        "private, max-age=86400" if view in {"thumb", "preview"} else "private, no-cache"
    )
    return response
