"""The number at the bell: asked once a request, only where a page shows it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from campaign import clock
from tasks import inbox


def waiting_of(request: HttpRequest) -> inbox.Waiting:
    if not hasattr(request, "inbox_waiting"):
        request.inbox_waiting = inbox.waiting(request.actor, now=clock.now(request.campaign))
    return request.inbox_waiting


def badge(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `inbox_count`."""
    if getattr(request, "actor", None) is None or request.actor.campaign is None:
        return {"inbox_count": None}
    return {"inbox_count": SimpleLazyObject(lambda: waiting_of(request).total)}
