"""待办: the list by reason, one entry beside it, 签收."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaign import access, clock, toasts
from campaign.access import Right
from tasks import inbox, snoozing
from tasks.digests import FILLED_IN, path_of
from tasks.models import Notice

#: Lines of each reason while all are shown together.
GLANCE = 20


@require_safe
@access.needs(Right.READ)
def list_page(request: HttpRequest) -> HttpResponse:
    return _page(request, None)


@require_safe
@access.needs(Right.READ)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One entry. Opening it is its receipt."""
    notice = _mine(request, pk)
    inbox.read(notice, now=clock.now(request.campaign))
    return _page(request, notice)


def _mine(request: HttpRequest, pk: UUID) -> Notice:
    now = clock.now(request.campaign)
    rows = Notice.objects.filter(campaign=request.campaign).to(request.user).sent(now=now)
    found = rows.select_related("task__program", "task__main_unit", "milestone", "unit", "by", "mail").filter(pk=pk)
    if notice := found.first():
        return notice
    raise Http404("没有这一条待办，或者已经撤销。")


def _page(request: HttpRequest, notice: Notice | None) -> HttpResponse:
    actor, now = request.actor, clock.now(request.campaign)
    counts = inbox.counts(actor, now=now)
    known = {section.key: section for section in inbox.SECTIONS}
    chosen = known.get(request.GET.get("reason", ""))
    shown = [chosen] if chosen else [section for section in inbox.SECTIONS if counts[section.key]]
    page = _number(request.GET.get("page"))
    most, first = (inbox.PAGE, (page - 1) * inbox.PAGE) if chosen else (GLANCE, 0)
    context: dict[str, Any] = {
        "frame": "base.html" if actor.can(Right.READ_ALL) else "base_phone.html",
        "sections": [(section, counts[section.key]) for section in inbox.SECTIONS if counts[section.key]],
        "total": sum(count.value for count in counts.values()),
        "chosen": chosen,
        "groups": [
            (section, counts[section.key], inbox.lines(actor, section, now=now, first=first, most=most))
            for section in shown
        ],
        "glance": GLANCE,
        "page": page,
        "has_next": chosen is not None and counts[chosen.key].value > page * inbox.PAGE,
        "notice": notice,
        "later": snoozing.put_off(actor, now=now),
        "days": snoozing.choices(today=actor.today),
        "next_url": request.get_full_path(),
    }
    if notice is not None:
        context |= {"answer_url": path_of(notice), "is_filled_in": notice.reason in FILLED_IN}
    return render(request, "tasks/inbox.html", context)


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 5 else 1


@require_POST
@access.needs(Right.READ)
def acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """签收 one; back to the list."""
    return _acknowledge(request, [_mine(request, pk).pk])


@require_POST
@access.needs(Right.READ)
def acknowledge_many(request: HttpRequest) -> HttpResponse:
    """签收 the ticked ones."""
    return _acknowledge(request, chosen_of(request))


def chosen_of(request: HttpRequest) -> list[UUID]:
    """The ticked entries."""
    try:
        return [UUID(text) for text in request.POST.getlist("n")]
    except ValueError:
        raise Http404("没有这一条待办。") from None


def _acknowledge(request: HttpRequest, chosen: list[UUID]) -> HttpResponse:
    now = clock.now(request.campaign)
    count = inbox.acknowledge(request.actor, chosen, now=now)
    if count:
        toasts.undoable(request, f"已签收 {count} 条", url=f"/inbox/undo?{urlencode({'at': now.isoformat()})}")
    else:
        messages.info(request, "选中的办完后自己离开，不用签收。" if chosen else "还没有选中。")
    return redirect("inbox")


@require_POST
@access.needs(Right.READ)
def undo(request: HttpRequest) -> HttpResponse:
    """撤销 what was signed for at the moment `at`."""
    try:
        signed_at = dt.datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        signed_at = None
    if signed_at is None or signed_at.tzinfo is None:
        raise BadRequest("页面不完整，请刷新后再办。")
    count = inbox.unacknowledge(request.actor, signed_at=signed_at, now=clock.now(request.campaign))
    if count:
        messages.success(request, f"已撤销签收 {count} 条")
    else:
        messages.warning(request, "已经过了一分钟，撤不回来了。")
    return toasts.back(request, "/inbox")
