"""Who may try a password: five failures for an account from one address, twenty from one address, in a quarter of an hour.

Counted by account *and* address, so that a stranger elsewhere cannot lock anybody out for good.
"""

import datetime as dt
from ipaddress import ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The client's address: behind N trusted proxies the N-th from the right of X-Forwarded-For, else the peer.

    Whatever stands further left was written by the client and is not believed.
    """
    peer = request.META.get("REMOTE_ADDR") or None
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if not settings.PROXY_COUNT or len(hops) < settings.PROXY_COUNT:
        return peer
    try:
        return str(ip_address(hops[-settings.PROXY_COUNT]))
    except ValueError:
        return peer


class Handler(AxesDatabaseHandler):
    """The account's own limit is axes'; the address's is added here."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return super().is_locked(request, credentials) or self._is_address_locked(request)

    def _is_address_locked(self, request: HttpRequest) -> bool:
        since = request.axes_attempt_time - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
        attempts = AccessAttempt.objects.filter(ip_address=request.axes_ip_address, attempt_time__gte=since)
        failures = attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
        return failures >= settings.LOGIN_FAILURES_PER_ADDRESS
