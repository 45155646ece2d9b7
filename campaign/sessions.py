"""Sessions of people on devices: begun with a new key, listed to their owner, ended one by one or all at once."""

import datetime as dt
import re
from importlib import import_module

from django.conf import settings
from django.contrib.auth import login as start_session
from django.http import HttpRequest

from campaign.lockout import address_of
from campaign.models import DeviceSession, User

BROWSERS = (
    (r"MicroMessenger/(\d+)", "微信"),
    (r"wxwork/(\d+)", "企业微信"),
    (r"DingTalk/(\d+)", "钉钉"),
    (r"Edg/(\d+)", "Edge"),
    (r"Firefox/(\d+)", "Firefox"),
    (r"Chrome/(\d+)", "Chrome"),
    (r"Version/(\d+)[.\d]* .{0,40}Safari", "Safari"),
)
SYSTEMS = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "Mac"))


def begin(request: HttpRequest, user: User, *, now: dt.datetime) -> DeviceSession:
    """Start a session with a new key and note the device, so that its owner can end it."""
    start_session(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["seen"] = request.session["began"] = now.timestamp()
    request.session.save()
    return DeviceSession.objects.create(
        user=user,
        session_key=request.session.session_key,
        device=device_words(request.headers.get("User-Agent", "")),
        address=address_of(request),
        created_at=now,
        seen_at=now,
    )


def device_words(agent: str) -> str:
    """Chrome 110 · Windows: what a person recognises their device by."""
    agent = agent[:400]
    system = next((words for mark, words in SYSTEMS if mark in agent), "Linux" if "Linux" in agent else "")
    for pattern, name in BROWSERS:
        found = re.search(pattern, agent)
        if found:
            return f"{name} {found[1]} · {system or '其他系统'}"
    return system or "其他设备"


def end(session: DeviceSession) -> None:
    _forget(session.session_key)
    session.delete()


def end_all(user: User, *, keep: str = "") -> int:
    """End every session of a person but the one with the key `keep`. Gives their number."""
    others = list(user.device_sessions.exclude(session_key=keep))
    for session in others:
        end(session)
    return len(others)


def alive(user: User, *, now: dt.datetime) -> list[DeviceSession]:
    """Sessions that have not yet run out, the latest used first. `seen_at` is kept to the minute."""
    idle = now - dt.timedelta(minutes=settings.IDLE_MINUTES + 1)
    eldest = now - dt.timedelta(hours=settings.SESSION_HOURS)
    return list(user.device_sessions.filter(seen_at__gte=idle, created_at__gte=eldest))


def sweep(*, now: dt.datetime) -> int:
    """Forget sessions that have run out, nightly. Gives the number of devices forgotten."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    eldest = now - dt.timedelta(hours=settings.SESSION_HOURS)
    return DeviceSession.objects.filter(created_at__lt=eldest).delete()[0]


def _forget(key: str) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store(session_key=key).delete()
