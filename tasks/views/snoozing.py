"""稍后再看 and its taking back."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from campaign import access, clock, toasts
from campaign.access import Right
from campaign.problems import Refused
from tasks import snoozing
from tasks.views.inbox import chosen_of


@require_POST
@access.needs(Right.READ)
def snooze(request: HttpRequest) -> HttpResponse:
    """Put the ticked entries off until `until`."""
    chosen, now = chosen_of(request), clock.now(request.campaign)
    try:
        until_on = parse_date(request.POST.get("until", "")) or request.actor.today + dt.timedelta(days=1)
        count = snoozing.put_off_until(request.actor, chosen, until_on=until_on, now=now)
    except Refused as refused:
        messages.warning(request, str(refused))
    except ValueError:
        messages.warning(request, "没有这一天，请选明天、三天后或下周一。")
    else:
        if count:
            words = f"{until_on.month}月{until_on.day}日再看 {count} 条"
            toasts.undoable(request, words, url=f"/inbox/wake?{urlencode({'at': now.isoformat()})}")
        else:
            messages.info(request, "还没有选中。")
    return toasts.back(request, "/inbox")


@require_POST
@access.needs(Right.READ)
def wake(request: HttpRequest) -> HttpResponse:
    """Back at once: the ticked ones, or what was put off at the moment `at`."""
    try:
        at = dt.datetime.fromisoformat(request.GET["at"]) if "at" in request.GET else None
    except ValueError:
        raise BadRequest("页面不完整，请刷新后再办。") from None
    if at is not None and at.tzinfo is None:
        raise BadRequest("页面不完整，请刷新后再办。")
    count = snoozing.wake(request.actor, chosen_of(request), put_off_at=at)
    if count:
        messages.success(request, f"已取回 {count} 条")
    else:
        messages.info(request, "没有可以取回的。")
    return toasts.back(request, "/inbox")
