"""What the office and re-checkers decide on one finding. Each address is one deed and comes back to the page."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from campaign import access, clock
from campaign.access import Right
from campaign.models import Unit
from campaign.problems import Refused
from inspections import disputing, drafting, issuing, meeting, pairing, rechecking, sweeping
from inspections.models import Finding, Order, Photo, Signature
from inspections.views.findings import day_of, done, finding_of, number, refused, unit_named
from tasks.models import Request

Deed = Callable[..., HttpResponse]


def deciding(right: Right) -> Callable[[Deed], Deed]:
    """A POST on a finding by a holder of `right`; a refusal is the page again, with what is wrong."""

    def decorate(view: Deed) -> Deed:
        @require_POST
        @wraps(view)
        def decided(request: HttpRequest, code: str, **more: Any) -> HttpResponse:
            finding = finding_of(request, code)
            access.require(request.actor, right)
            try:
                return view(request, finding, **more)
            except Refused as refusal:
                return refused(request, finding, refusal)

        return decided

    return decorate


def _deed(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": clock.now(request.campaign)}


# ---------- before it is issued


@deciding(Right.ORDER)
def change(request: HttpRequest, finding: Finding) -> HttpResponse:
    """Unit, severity, limit, place on the paper, or tomorrow."""
    unit = unit_named(request, "unit")
    severity = request.POST.get("severity") or None
    tomorrow = request.actor.today + dt.timedelta(days=1)
    wanted = drafting.Change(
        unit=unit if unit is not None and unit.pk != finding.unit_id else None,
        severity=severity if severity != finding.severity else None,
        due_on=day_of(request, "due_on"),
        not_before_on=tomorrow if "tomorrow" in request.POST else None,
        move={"up": -1, "down": 1}.get(request.POST.get("move", ""), 0),
    )
    drafting.change(finding, wanted, version=number(request, "version"), **_deed(request))
    words = "已推到明天签发。" if wanted.not_before_on else f"整改 {finding.code} 已改。"
    messages.success(request, words)
    return redirect((request.POST.get("back") == "drafts" and "/orders/drafts") or finding.get_absolute_url())


@deciding(Right.ORDER)
def issue(request: HttpRequest, finding: Finding) -> HttpResponse:
    """签发 the draft it stands on; one that waits alone is put on its unit's draft first."""
    now = clock.now(request.campaign)
    if finding.unit_id is None:
        raise BadRequest("还没有责任单位，请先选单位。")
    wrong = issuing.alone_objections(finding, today=request.actor.today)
    if wrong:
        raise Refused(*wrong)
    drafting.draft_orders(request.campaign, today=request.actor.today, now=now, by=request.user)
    order = get_object_or_404(Order.objects.drafts().select_related("campaign", "unit"), lines__finding=finding)
    issued = issuing.issue(order, by=request.user, now=now, version=order.version)
    return done(request, finding, f"已签发给{issued.unit}：督察单第 {issued.number} 号。")


@deciding(Right.ORDER)
def revoke(request: HttpRequest, finding: Finding) -> HttpResponse:
    reason, version = request.POST.get("reason", ""), number(request, "version")
    if finding.task_id is None:
        drafting.revoke(finding, reason=reason, version=version, **_deed(request))
    else:
        disputing.revoke(finding, reason=reason, version=version, **_deed(request))
    return done(request, finding, f"整改 {finding.code} 已撤销，理由留在经过里。")


# ---------- requests


@deciding(Right.ORDER)
def rule(request: HttpRequest, finding: Finding, pk: UUID) -> HttpResponse:
    """The office's answer to 退单 or 申请延期."""
    rows = Request.objects.visible_to(request.actor).select_related("task__campaign", "milestone", "unit", "by")
    asked = rows.filter(pk=pk, task=finding.task_id).first()
    if asked is None:
        raise Http404("没有这个申请。")
    is_granted = request.POST.get("ruling_is") == "grant"
    disputing.rule(
        asked,
        is_granted=is_granted,
        ruling=request.POST.get("ruling", ""),
        to_on=day_of(request, "to_on"),
        to_unit=unit_named(request, "to_unit"),
        **_deed(request),
    )
    return done(request, finding, f"{asked.get_kind_display()}：已答复“{'同意' if is_granted else '不同意'}”。")


# ---------- beyond one unit and one round


@deciding(Right.ORDER)
def sweep(request: HttpRequest, finding: Finding) -> HttpResponse:
    """举一反三, in one click."""
    swept = sweeping.sweep(finding, **_deed(request))
    homeless = f"，{swept.homeless} 处没有责任单位未发" if swept.homeless else ""
    if not swept.places:
        return done(request, finding, f"同类点位都已发过{homeless}。")
    return done(request, finding, f"已向 {swept.orders} 个单位的 {swept.places} 处同类点位发出自查单{homeless}。")


@deciding(Right.ORDER)
def ask_to_sign(request: HttpRequest, finding: Finding) -> HttpResponse:
    wanted = request.POST.getlist("units")
    units = [unit for unit in Unit.objects.visible_to(request.actor).active().in_order() if str(unit.pk) in wanted]
    rechecking.ask_to_sign(finding, units, **_deed(request))
    return done(request, finding, f"已请{'、'.join(str(unit) for unit in units)}会签。")


@deciding(Right.READ)
def sign(request: HttpRequest, finding: Finding, pk: UUID) -> HttpResponse:
    """One office's name under a joint review, by somebody with a post in it."""
    mine = Signature.objects.filter(finding=finding, unit__in=request.actor.own_unit_ids)
    signature = mine.select_related("finding__campaign", "finding__unit", "unit").filter(pk=pk).first()
    if signature is None:
        raise Http404("没有请您的单位会签。")
    is_last = rechecking.sign(signature, opinion=request.POST.get("opinion", ""), **_deed(request))
    return done(request, finding, "已会签，各家都签了，已销号。" if is_last else "已会签，等其他单位。")


@deciding(Right.ORDER)
def escalate(request: HttpRequest, finding: Finding) -> HttpResponse:
    rechecking.escalate(finding, how=request.POST.get("how", ""), **_deed(request))
    return done(request, finding, "已记下处理意见。")


@deciding(Right.INSPECT)
def look_again(request: HttpRequest, finding: Finding) -> HttpResponse:
    """回头看: it stayed right."""
    if request.actor.is_outsider:
        raise PermissionDenied("您没有复查的权限。")
    rechecking.look_again(finding, **_deed(request))
    return done(request, finding, f"整改 {finding.code} 回头看达标。")


@deciding(Right.ORDER)
def say_why(request: HttpRequest, finding: Finding) -> HttpResponse:
    """成因 and 治本措施, and whether it goes to the weekly meeting."""
    why = meeting.Why(
        cause=" ".join(request.POST.get("cause", "").split()),
        measure=" ".join(request.POST.get("measure", "").split()),
        is_difficult="is_difficult" in request.POST,
    )
    is_new = meeting.say_why(finding, why, **_deed(request))
    return done(request, finding, "成因和措施已记下。" if is_new else "没有改动。")


@deciding(Right.ORDER)
def choose_photo(request: HttpRequest, finding: Finding, pk: UUID) -> HttpResponse:
    """Which of several photos stands as 整改前, on the page and on the paper."""
    photo = get_object_or_404(Photo.objects.select_related("finding__campaign"), pk=pk, finding=finding)
    pairing.choose(photo, **_deed(request))
    return done(request, finding, "以后的督察单印这一张。" if finding.issued_at else "督察单上印这一张。")
