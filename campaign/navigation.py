"""The side bar: groups of entries the person may open, with counts only where they ask for work.

Each app tells its own entries: a module named in `SOURCES` has `entries(request) -> list[Entry]`. They are
named as strings, because the ground imports none of the houses built on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from campaign.access import Right

SOURCES = (
    "campaign.entries.entries",
    "tasks.entries.entries",
    "inspections.entries.entries",
    "reports.entries.entries",
)
DESK, PHONE = "base.html", "base_phone.html"
GROUPS = ("", "任务", "巡查整改", "通报", "管理")


@dataclass(frozen=True)
class Entry:
    """One line of the side bar. `order` places it within its group; `tone` "over" paints the count red."""

    group: str
    label: str
    url: str
    icon: str
    order: int = 0
    count: object = None
    tone: str = ""
    is_current: bool = False


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `nav` (groups), `campaign`, `actor`, `campaigns` to switch between, and for pages that
    stand in either the `frame`: who reports for a unit works on the phone, everybody else at a desk."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.user or actor.campaign is None:
        return {"nav": [], "campaign": None, "actor": None, "frame": DESK}
    return {
        "nav": SimpleLazyObject(lambda: groups(request)),
        "campaign": actor.campaign,
        "actor": actor,
        "campaigns": getattr(request, "campaigns", []),
        "frame": PHONE if actor.can(Right.REPORT) and not actor.can(Right.READ_ALL) else DESK,
    }


def groups(request: HttpRequest) -> list[tuple[str, list[Entry]]]:
    found: list[Entry] = []
    for path in SOURCES:
        found.extend(import_string(path)(request))
    found = _marked(found, request.path)
    return [
        (name, sorted((entry for entry in found if entry.group == name), key=lambda entry: entry.order))
        for name in GROUPS
        if any(entry.group == name for entry in found)
    ]


def _marked(entries: Iterable[Entry], path: str) -> list[Entry]:
    """The entry with the longest URL that begins the path is the current one."""
    entries = list(entries)
    fitting = [
        entry.url for entry in entries if path == entry.url or (entry.url != "/" and path.startswith(entry.url + "/"))
    ]
    current = max(fitting, key=len, default=None)
    return [Entry(**{**entry.__dict__, "is_current": entry.url == current}) for entry in entries]
