"""What the address of the board and its lists says, and how a list is narrowed by it. URL = state."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from inspections.kinds import Kind
from inspections.models import Finding
from inspections.rates import Span, day_named, month_named

Stage = Finding.Stage


@dataclass(frozen=True)
class State:
    """What the address says. `strange`: words in it that nothing was filtered by."""

    month: dt.date
    tab: str = "open"
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    strange: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return Span.month_of(self.month)

    @property
    def is_board(self) -> bool:
        """Grouped by whose turn it is; anything narrower is one list."""
        return self.tab == "open" and not self.kinds and not self.filters

    def params(self) -> dict[str, str]:
        found = {"tab": self.tab} if self.tab != "open" else {}
        if self.kinds:
            found["kind"] = ",".join(self.kinds)
        return found | dict(self.filters)

    def url(self, path: str = "/orders", **changes: Any) -> str:
        """The same state with changes; a value None takes a word out."""
        words = self.params() | ({"month": f"{self.month:%Y-%m}"} if changes.pop("keeps_month", True) else {})
        words = {name: str(value) for name, value in (words | changes).items() if value is not None}
        return path + ("?" + urlencode(words, safe=",:") if words else "")


TABS = {"open": "未销号", "mine": "等我办", "month": "本月"}
#: So many can be picked at once.
MOST_CODES = 500
MARKS = {"difficult": Q(is_difficult=True), "again": Q(is_relapse=True), "onspot": Q(is_on_spot=True)}


def _uuid(text: str) -> UUID:
    return UUID(text)


def _source(text: str) -> str:
    return Finding.Source(text).value


def _mark(text: str) -> str:
    if text not in MARKS:
        raise ValueError(text)
    return text


def _codes(text: str) -> list[str]:
    return text.split(",")


#: name in the address -> (what people call it, how it is read, the column or a condition made of the value)
FILTERS: dict[str, tuple[str, Any, Any]] = {
    "unit": ("责任单位", _uuid, "unit_id"),
    "type": ("点位类型", _uuid, "place_type_id"),
    "area": ("片区", _uuid, "area_id"),
    "list": ("问题清单", _uuid, "problem_list_id"),
    "round": ("轮次", str, "round__code"),
    "place": ("点位", str, "place__code"),
    "source": ("来源", _source, "source"),
    "day": ("发现日期", day_named, "found_on"),
    "from": ("发现日期自", day_named, "found_on__gte"),
    "to": ("发现日期至", day_named, "found_on__lte"),
    "closed_from": ("销号日期自", day_named, "closed_at__gte"),
    "closed_to": ("销号日期至", day_named, "closed_at__lt"),
    "mark": ("标记", _mark, None),
    "code": ("选中的", _codes, "code__in"),
    "q": ("含有", str, None),
}


def read_state(words: Mapping[str, str], *, today: dt.date) -> State:
    """Reads an address; what it does not understand is kept in `strange` and filters nothing."""
    strange: list[str] = []
    month = _month(words.get("month", ""), today, strange)
    kinds = [kind for kind in words.get("kind", "").split(",") if kind]
    strange += [f"kind={kind}" for kind in kinds if kind not in Kind.values]
    filters = {}
    for name, (_, read, _column) in FILTERS.items():
        text = words.get(name, "").replace("\x00", "").strip()[: MOST_CODES * 6 if name == "code" else 80]
        if text:
            try:
                read(text)
            except ValueError:
                strange.append(f"{name}={text}")
            else:
                filters[name] = text
    tab = words.get("tab", "open")
    page = words.get("page", "1")
    return State(
        month=month,
        tab=tab if tab in TABS else "open",
        kinds=tuple(kind for kind in kinds if kind in Kind.values),
        filters=filters,
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        strange=tuple(strange),
    )


def _month(text: str, today: dt.date, strange: list[str]) -> dt.date:
    if text and text != "all":
        try:
            return min(month_named(text), today.replace(day=1))
        except ValueError:
            strange.append(f"month={text}")
    return today.replace(day=1)


def filtered(rows: QuerySet, filters: Mapping[str, str], zone: ZoneInfo) -> QuerySet:
    for name, text in filters.items():
        _, read, column = FILTERS[name]
        if name == "q":
            rows = rows.filter(Q(text__icontains=text) | Q(where__icontains=text) | Q(place__name__icontains=text)
                               | Q(code__startswith=text) | Q(tile__startswith=text))  # fmt: skip
        elif name == "mark":
            rows = rows.filter(MARKS[text])
        elif name in ("closed_from", "closed_to"):
            day = read(text) + dt.timedelta(days=name == "closed_to")
            rows = rows.filter(stage=Stage.CLOSED, **{column: dt.datetime.combine(day, dt.time(), zone)})
        else:
            rows = rows.filter(**{column: read(text)})
    return rows
