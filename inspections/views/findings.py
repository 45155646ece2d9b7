"""One finding: for who owes it a phone page to answer on, for everybody else a desk page to decide on."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaign import access, clock
from campaign.access import Right
from campaign.attachments import Upload
from campaign.models import Unit
from campaign.problems import Problem, Refused
from inspections import answering, disputing, findingpage, meeting, rechecking
from inspections.findingpage import ROWS, Sheet
from inspections.models import Finding, Photo
from inspections.models.places import Severity
from inspections.photos import MOST_BYTES, Shot
from inspections.rates import day_named
from tasks import inbox


def finding_of(request: HttpRequest, code: str) -> Finding:
    """By its number; 404 for whoever may not know of it. A contractor reads what it found itself."""
    right = Right.READ if request.actor.can(Right.READ) else Right.INSPECT
    found = access.get(request.actor, ROWS, right, code=code)
    found.campaign = request.campaign
    return found


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    finding = finding_of(request, code)
    if finding.task is not None and not request.actor.can(Right.READ_ALL) and request.actor.can(Right.READ):
        inbox.read_task(request.actor, finding.task, now=clock.now(request.campaign))
    return page(request, finding)


def page(
    request: HttpRequest, finding: Finding, *, problems: tuple[Problem, ...] = (), status: int = 200, **more: Any
) -> HttpResponse:
    sheet = Sheet(finding, request.actor, clock.now(request.campaign))
    context = {"finding": finding, "sheet": sheet, "problems": problems, "typed": request.POST, "token": str(uuid4())}
    if _is_owing(request, finding):
        return render(request, "inspections/finding_phone.html", context | _phone(request, sheet) | more, status=status)
    return render(request, "inspections/finding.html", context | _desk(request, sheet) | more, status=status)


def _is_owing(request: HttpRequest, finding: Finding) -> bool:
    actor = request.actor
    return actor.can(Right.REPORT) and not actor.can(Right.READ_ALL) and finding.unit_id in actor.unit_ids


def _phone(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    return {
        "canned": answering.CANNED,
        "reasons": disputing.REASONS,
        "today": request.actor.today,
        "kept": answering.photos_of_round(sheet.finding) if sheet.may_answer else (),
    }


def _desk(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    actor, finding = request.actor, sheet.finding
    is_queue = finding.stage == Finding.Stage.RECHECK and actor.can(Right.INSPECT) and not actor.is_outsider
    rows = list(findingpage.queue(actor).select_related("unit", "place")[: findingpage.QUEUE]) if is_queue else []
    return {
        "queue": rows,
        "reasons": rechecking.REASONS,
        "severities": Severity.choices,
        "units": units(request) if sheet.may_order else (),
        "today": actor.today,
        "why": meeting.why_of(finding),
    }


def units(request: HttpRequest) -> list[Unit]:
    return list(Unit.objects.visible_to(request.actor).active().in_order())


def done(request: HttpRequest, finding: Finding, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(finding)


def refused(request: HttpRequest, finding: Finding, refusal: Refused) -> HttpResponse:
    """The same page with what is wrong, nothing typed lost."""
    current = ROWS.get(pk=finding.pk)
    current.campaign = request.campaign
    return page(request, current, problems=tuple(refusal.problems), status=422)


def number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 9:
        raise BadRequest("页面不完整，请刷新后再办。")
    return int(text)


# ---------- the unit's deeds


def _owed(request: HttpRequest, code: str) -> Finding:
    finding = finding_of(request, code)
    access.require(request.actor, Right.REPORT)
    reason = answering.why_not(request.actor, finding)
    if reason:
        raise PermissionDenied(reason)
    if finding.task_id is None:
        raise BadRequest("这处问题还没有签发，不用答复。")
    return finding


def _unit(finding: Finding) -> Unit:
    if finding.unit is None:
        raise BadRequest("这处问题还没有责任单位。")
    return finding.unit


@require_POST
def reply(request: HttpRequest, code: str) -> HttpResponse:
    """拍照答复."""
    finding = _owed(request, code)
    said = answering.Said(
        token=request.POST.get("token", "")[:64] or str(uuid4()),
        version=number(request, "version"),
        words=" ".join(filter(None, [*request.POST.getlist("say"), request.POST.get("words", "").strip()])),
        shots=_shots(request),
    )
    try:
        answering.answer(finding, said, by=request.user, unit=_unit(finding), now=clock.now(request.campaign))
    except Refused as refusal:
        return refused(request, finding, refusal)
    return done(request, finding, f"整改 {finding.code} 已答复，等复查。")


def _shots(request: HttpRequest) -> list[Shot]:
    token = request.POST.get("token", "")[:48]
    position = {name: _degrees(request, name) for name in ("latitude", "longitude")}
    if None in position.values():
        position = {}
    return [
        Shot(
            client_id=f"{token}:{place}",
            upload=Upload.read(file, file.name or "照片.jpg", limit=MOST_BYTES),
            moment=Photo.Moment.AFTER,
            **position,
        )
        for place, file in enumerate(request.FILES.getlist("photo"))
    ]


def _degrees(request: HttpRequest, name: str) -> float | None:
    try:
        value = float(request.POST.get(name, ""))
    except ValueError:
        return None
    return value if abs(value) <= (90 if name == "latitude" else 180) else None


@require_POST
def retract(request: HttpRequest, code: str) -> HttpResponse:
    finding = _owed(request, code)
    try:
        now = clock.now(request.campaign)
        answering.take_back(finding, by=request.user, now=now, version=number(request, "version"))
    except Refused as refusal:
        return refused(request, finding, refusal)
    return done(request, finding, "已撤回，可以重新答复。")


@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """退单."""

    def ask(finding: Finding, **by: Any) -> None:
        reason = "；".join(filter(None, [request.POST.get("reason", ""), request.POST.get("more", "").strip()]))
        disputing.decline(finding, reason=reason, proposed_unit=unit_named(request, "proposed_unit"), **by)

    return _asked(request, code, ask, f"已退单，等{request.campaign.office_name}裁定。裁定前时限照走。")


@require_POST
def extend(request: HttpRequest, code: str) -> HttpResponse:
    """申请延期."""

    def ask(finding: Finding, **by: Any) -> None:
        reason, wanted = request.POST.get("reason", ""), day_of(request, "proposed_on")
        disputing.ask_more_time(finding, reason=reason, proposed_on=wanted, **by)

    return _asked(request, code, ask, f"延期申请已送{request.campaign.office_name}。")


def _asked(request: HttpRequest, code: str, ask: Callable[..., None], words: str) -> HttpResponse:
    """What a unit asks of the office, on the finding it owes."""
    finding = _owed(request, code)
    try:
        ask(finding, by=request.user, unit=_unit(finding), now=clock.now(request.campaign))
    except Refused as refusal:
        return refused(request, finding, refusal)
    return done(request, finding, words)


def unit_named(request: HttpRequest, name: str) -> Unit | None:
    """A unit by id or by its name as typed; `Refused` when there is no such unit."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    rows = Unit.objects.visible_to(request.actor).active()
    try:
        found = rows.filter(pk=UUID(text)).first()
    except ValueError:
        found = rows.filter(name=text).first()
    if found is None:
        message = f"没有叫“{text[:40]}”的单位。"
        raise Refused(Problem("unit", message, where=name, mend="请从名单里选，拼音首字母可查。"))
    return found


def day_of(request: HttpRequest, name: str) -> dt.date | None:
    """A day as a form gives it, None when empty; `Refused` when it cannot be read."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return day_named(text)
    except ValueError as error:
        message = f"日期“{text[:20]}”写法不对。"
        raise Refused(Problem("day", message, where=name, mend="请写成 2019-09-30 这样。")) from error
