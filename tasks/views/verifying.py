"""销号核验: the queue, one item, the verdict, and verdicts on several at once."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from campaign import access, clock, toasts
from campaign.access import Right
from campaign.problems import Conflict, Problem, Refused
from tasks import closing, requirements, taking_back, verifying
from tasks.models import Milestone, Task, Verdict

#: What the office most often writes back.
CANNED = (
    "照片看不清，请重新拍摄。",
    "照片不是本期的，请补本期照片。",
    "数量与佐证对不上，请核对。",
    "缺公章或文号，请补盖章件。",
)
CANNED_LABELS = ("照片看不清", "照片不是本期", "数量对不上", "缺公章或文号")
DONE_WORDS = {"pass": "已通过", "return": "已退回", "hold": "已搁置"}


@require_safe
@access.needs(Right.VERIFY)
def verify(request: HttpRequest) -> HttpResponse:
    """A tab of the queue, its first item open. `codes` (the ledger's ticked rows) leads to verifying several."""
    if request.GET.get("codes"):
        return redirect(f"/verify/many?{request.GET.urlencode()}")
    tab = request.GET.get("tab", "waiting")
    if tab not in {known.key for known in verifying.TABS}:
        raise BadRequest("没有这一栏。")
    found = verifying.listed(request.actor, tab, today=request.actor.today)
    return _page(request, tab, found, found.rows[0] if found.rows else None)


@require_safe
@access.needs(Right.VERIFY)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    milestone = _get(request, pk)
    tab = verifying.tab_of(milestone)
    if not tab:
        return redirect(milestone.task)
    found = verifying.listed(request.actor, tab, today=request.actor.today, around=milestone)
    return _page(request, tab, found, milestone, is_picked=True)


def _get(request: HttpRequest, pk: UUID) -> Milestone:
    rows = Milestone.objects.select_related(
        "task__campaign", "task__program", "task__project", "task__main_unit", "unit", "submitted_by"
    )
    return access.get(request.actor, rows.of_plan(), Right.VERIFY, pk=pk)


def _page(
    request: HttpRequest,
    tab: str,
    found: verifying.Listed,
    milestone: Milestone | None,
    *,
    is_picked: bool = False,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    today = actor.today
    if milestone is not None and milestone.task.campaign_id == actor.campaign.pk:
        milestone.task.campaign = actor.campaign
    context: dict[str, Any] = {
        "tab": next(known for known in verifying.TABS if known.key == tab),
        "tabs": _tabs(request),
        "rows": found.rows,
        "problems": problems,
        "is_picked": is_picked,
        "goes_on": request.session.get("verify_next", True),
    }
    if milestone is not None:
        context |= _item(request, milestone, found, today)
    return render(request, "tasks/verify.html", context, status=status)


def _tabs(request: HttpRequest) -> list[tuple[verifying.Tab, object]]:
    counts = verifying.counts(request.actor, today=request.actor.today)
    return [(tab, counts[tab.key]) for tab in verifying.TABS]


def _item(request: HttpRequest, milestone: Milestone, shown: verifying.Listed, today: dt.date) -> dict[str, Any]:
    found, rows = verifying.Item(milestone), shown.rows
    chosen = _number(request.GET.get("e"), len(found.exhibits))
    ids = [row.pk for row in rows]
    at = ids.index(milestone.pk) if milestone.pk in ids else -1
    return {
        "item": found,
        "milestone": milestone,
        "task": found.task,
        "exhibit": found.exhibits[chosen - 1] if found.exhibits else None,
        "strip": verifying.strip_of(found.exhibits, chosen),
        "chosen": chosen,
        "place": shown.first + at if at >= 0 else 0,
        "previous_item": rows[at - 1] if at > 0 else None,
        "next_item": rows[at + 1] if 0 <= at < len(rows) - 1 else None,
        "upcoming": _upcoming(rows, at),
        "limits": [(days, today + dt.timedelta(days=days)) for days in closing.LIMITS],
        "canned": list(zip(CANNED_LABELS, CANNED, strict=True)),
        "typed": request.POST,
        "waited": verifying.waited(milestone.submitted_at, now=clock.now(request.campaign)),
    }


def _upcoming(rows: list[Milestone], at: int) -> Milestone | None:
    others = rows[at + 1 :] + rows[: max(at, 0)]
    return others[0] if others else None


def _number(text: str | None, most: int) -> int:
    number = int(text) if text and text.isdecimal() else 1
    return min(max(number, 1), max(most, 1))


@require_POST
@access.needs(Right.VERIFY)
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One verdict. What cannot be done comes back on the same page, with what was typed."""
    milestone = _get(request, pk)
    before = verifying.tab_of(milestone)
    onward = verifying.following(request.actor, milestone, today=request.actor.today)
    try:
        said, verdict = _give(request, milestone)
    except Refused as refusal:
        return _refused(request, milestone, refusal)
    request.session["verify_next"] = "then" in request.POST
    words = f"{said}：{milestone.task.title}"
    if verdict is None:
        messages.success(request, words)
    else:
        toasts.undoable(request, words, url=f"/verdicts/{verdict.pk}/take-back")
    if "then" not in request.POST:
        return redirect("verify-item", pk=milestone.pk)
    if before != "waiting":
        return redirect(f"/verify?tab={before}" if before in {"held", "passed"} else "/verify")
    return redirect("verify-item", pk=onward.pk) if onward else redirect("verify")


def _give(request: HttpRequest, milestone: Milestone) -> tuple[str, Verdict | None]:
    """The deed named by the pressed button; gives the word for it, and the verdict where it can be taken back."""
    data, by, now = request.POST, request.user, clock.now(request.campaign)
    outcome, version = data.get("outcome", ""), _version(data.get("version"))
    if outcome == "release":
        closing.release(milestone, by=by, now=now, version=version)
        return "已放回待核验", None
    if outcome == "reopen":
        closing.reopen(milestone, reason=data.get("reopen_reason", ""), by=by, now=now, version=version)
        return "已重新打开", None
    verdict = closing.decide(
        milestone,
        outcome=outcome,
        reason=data.get(f"{outcome}_reason", ""),
        limit_on=_limit(data.get("days"), request.actor.today) if outcome == Verdict.Outcome.RETURN else None,
        missing=[standing.requirement.label for standing in requirements.missing(requirements.standings(milestone))],
        by=by,
        now=now,
        version=version,
    )
    return DONE_WORDS[outcome], verdict


@require_POST
@access.needs(Right.VERIFY)
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """撤销 a verdict of a moment ago; the item is open again."""
    rows = Verdict.objects.select_related("milestone__task__campaign")
    verdict = access.get(request.actor, rows, Right.VERIFY, pk=pk)
    try:
        milestone = taking_back.take_back(verdict, by=request.user, now=clock.now(request.campaign))
    except Refused as refused:
        messages.warning(request, str(refused))
        return toasts.back(request, "/verify")
    messages.success(request, f"已撤销，重新待核验：{milestone.task.title}")
    return redirect("verify-item", pk=milestone.pk)


def _version(text: str | None) -> int:
    if not text or not text.isdecimal():
        raise BadRequest("页面不完整，请刷新后再办。")
    return int(text)


def _limit(days: str | None, today: dt.date) -> dt.date | None:
    """补正时限: a number of days, or a date."""
    if not days:
        return None
    if days.isdecimal() and int(days) in closing.LIMITS:
        return today + dt.timedelta(days=int(days))
    try:
        found = parse_date(days)
    except ValueError:
        found = None
    if found is None:
        raise Refused(Problem("limit", f"补正时限“{days}”不是日期。", where="days", mend="请选 3 天或 7 天。"))
    return found


def _refused(request: HttpRequest, milestone: Milestone, refusal: Refused) -> HttpResponse:
    is_conflict = isinstance(refusal, Conflict)
    current = _get(request, milestone.pk)
    tab = verifying.tab_of(current)
    if not tab:
        messages.warning(request, str(refusal))
        return redirect(current.task)
    found = verifying.listed(request.actor, tab, today=request.actor.today, around=current)
    return _page(
        request, tab, found, current, is_picked=True, problems=refusal.problems, status=409 if is_conflict else 422
    )


@access.needs(Right.VERIFY)
def verify_many(request: HttpRequest) -> HttpResponse:
    """Several at once, from the ledger: those without a doubt pass, each of the others says why it stays."""
    codes = _codes(request)
    tasks = Task.objects.visible_to(request.actor).filter(code__in=codes)
    rows = Milestone.objects.visible_to(request.actor).of_plan().waiting().filter(task__in=tasks)
    milestones = list(rows.select_related("task__campaign", "task__main_unit", "unit").order_by("task__code", "due_on"))
    context: dict[str, Any] = {"codes": codes, "count": len(milestones)}
    if request.method == "POST":
        chosen = [milestone for milestone in milestones if str(milestone.pk) in request.POST.getlist("m")]
        reason = request.POST.get("reason", "")
        context["done"] = closing.pass_many(chosen, reason=reason, by=request.user, now=clock.now(request.campaign))
        left = {milestone.pk for milestone in context["done"].passed}
        milestones = [milestone for milestone in milestones if milestone.pk not in left]
    found = requirements.standings_of(milestones)
    context["lines"] = [(milestone, requirements.missing(found[milestone.pk])) for milestone in milestones]
    context["doubtful"] = sum(bool(lacking) for _, lacking in context["lines"])
    return render(request, "tasks/verify_many.html", context)


def _codes(request: HttpRequest) -> list[str]:
    """`codes=a,b` or several `codes`, at most two hundred."""
    given = request.GET.getlist("codes") + request.POST.getlist("codes")
    found = [code.strip() for text in given for code in text.split(",") if code.strip()]
    if len(found) > 200:
        raise BadRequest("一次最多核验 200 项，请少选一些。")
    return list(dict.fromkeys(found))
