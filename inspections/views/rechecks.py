"""复查 at the desk: one pair after the other over the board, or on the finding's own page. The verdict comes back here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaign import access, clock, toasts
from campaign.access import Right
from campaign.problems import Problem, Refused
from inspections import findingpage, rechecking
from inspections.findingpage import ROWS, Sheet
from inspections.models import Finding
from inspections.views.findings import day_of, finding_of, number, refused
from tasks import taking_back
from tasks.models import Verdict


@require_safe
def pair(request: HttpRequest, code: str) -> HttpResponse:
    """Before and after, large, over the board; the finding's own page where there is no script."""
    finding = finding_of(request, code)
    _may_inspect(request)
    return _pair(request, finding) if request.htmx else redirect(finding)


def _may_inspect(request: HttpRequest) -> None:
    access.require(request.actor, Right.INSPECT)
    if request.actor.is_outsider:
        raise PermissionDenied("您没有复查的权限。")


def _pair(
    request: HttpRequest, finding: Finding, *, said: dict[str, str] | None = None, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    """`said`: what was decided a moment ago, with the address that takes it back."""
    rows = list(findingpage.queue(request.actor)[: findingpage.QUEUE])
    codes = [row.code for row in rows]
    at = codes.index(finding.code) if finding.code in codes else -1
    context = {
        "finding": finding,
        "sheet": Sheet(finding, request.actor, clock.now(request.campaign)),
        "place": at + 1,
        "count": len(codes),
        "previous_code": codes[at - 1] if at > 0 else "",
        "next_code": codes[at + 1] if 0 <= at < len(codes) - 1 else "",
        "reasons": rechecking.REASONS,
        "said": said,
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "inspections/_pair.html", context)


@require_POST
def recheck(request: HttpRequest, code: str) -> HttpResponse:
    """通过, 退回重改 or 搁置; the next one opens by itself, or the list one came from."""
    finding = finding_of(request, code)
    _may_inspect(request)
    upcoming = findingpage.next_after(request.actor, finding)
    try:
        verdict = _decide(request, finding)
    except Refused as refusal:
        if not request.htmx:
            return refused(request, finding, refusal)
        return _pair(request, _fresh(request, finding), problems=tuple(refusal.problems))
    words = _words_of(finding, verdict)
    url = f"{finding.get_absolute_url()}/verdicts/{verdict.pk}/take-back"
    if request.htmx:
        said = {"words": words, "url": url}
        if upcoming is None:
            return render(request, "inspections/_pair_end.html", {"said": said})
        return _pair(request, _fresh(request, upcoming), said=said)
    toasts.undoable(request, words, url=url)
    return toasts.back(request, upcoming.get_absolute_url() if upcoming is not None else "/orders")


def _decide(request: HttpRequest, finding: Finding) -> Verdict:
    data: dict[str, Any] = {name: request.POST.get(name, "") for name in ("outcome", "reason")}
    limit_on, version = day_of(request, "limit_on"), number(request, "version")
    now = clock.now(request.campaign)
    return rechecking.decide(finding, **data, limit_on=limit_on, version=version, by=request.user, now=now)


def _words_of(finding: Finding, verdict: Verdict) -> str:
    if verdict.outcome == Verdict.Outcome.PASS:
        return f"整改 {finding.code} 已销号。"
    if verdict.outcome == Verdict.Outcome.HOLD:
        return f"整改 {finding.code} 已搁置，现场看过再定。"
    return f"整改 {finding.code} 已退回{finding.unit}重改，第 {finding.returns} 轮。"


def _fresh(request: HttpRequest, finding: Finding) -> Finding:
    current: Finding = ROWS.get(pk=finding.pk)
    current.campaign = request.campaign
    return current


@require_POST
def take_back(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """撤销 a verdict of a moment ago, before the unit hears of it."""
    finding = finding_of(request, code)
    _may_inspect(request)
    rows = Verdict.objects.filter(task=finding.task_id).select_related("milestone__task__campaign")
    verdict = access.get(request.actor, rows, Right.READ, pk=pk)
    problems: tuple[Problem, ...] = ()
    try:
        taking_back.take_back(verdict, by=request.user, now=clock.now(request.campaign))
    except Refused as refusal:
        problems = tuple(refusal.problems)
    if request.htmx:
        return _pair(request, _fresh(request, finding), problems=problems)
    if problems:
        messages.warning(request, "".join(f"{problem.message}{problem.mend}" for problem in problems))
    else:
        messages.success(request, f"已撤销，整改 {finding.code} 重新等复查。")
    return toasts.back(request, finding.get_absolute_url())
