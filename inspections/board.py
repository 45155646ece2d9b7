"""The board of orders: what stands in which state, whose turn it is, and the picture of the month.

URL = state. Each finding is in one group, told by `Kind`; the legend's numbers are the counts of the very filters they
link to.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When, Window
from django.db.models.functions import RowNumber

from campaign.access import Actor, Right
from inspections.models import Finding, Place
from inspections.rates import Span
from tasks.models import Notice, ProgressReport

Stage = Finding.Stage
PAGE = 50


class Kind(TextChoices):
    """A finding's group, in the order of whose turn it is. The values are names of status glyphs."""

    TODO = "todo", "待签发"
    REVIEW = "review", "待复查"
    OVERDUE = "overdue", "超期"
    RELAPSE = "relapse", "反弹"
    DOING = "doing", "整改中"
    DONE = "done", "已销号"


OPEN_KINDS = (Kind.TODO, Kind.REVIEW, Kind.OVERDUE, Kind.RELAPSE, Kind.DOING)
#: Rows of a group that stand on the board before "还有 n 张".
SHOWN = {Kind.TODO: 5, Kind.REVIEW: 3, Kind.OVERDUE: 3, Kind.RELAPSE: 2, Kind.DOING: 0}


def kind_column(*, now: dt.datetime) -> Case:
    """The group of a row, in SQL; a relapse past its limit is 超期."""
    return Case(
        When(stage=Stage.CLOSED, then=Value(Kind.DONE.value)),
        When(stage=Stage.PENDING, then=Value(Kind.TODO.value)),
        When(stage=Stage.RECHECK, then=Value(Kind.REVIEW.value)),
        When(due_at__lt=now, then=Value(Kind.OVERDUE.value)),
        When(is_relapse=True, then=Value(Kind.RELAPSE.value)),
        default=Value(Kind.DOING.value),
    )


def kind_of(finding: Finding, *, now: dt.datetime) -> Kind:
    """The same, of a row in hand."""
    settled = {Stage.CLOSED: Kind.DONE, Stage.PENDING: Kind.TODO, Stage.RECHECK: Kind.REVIEW}
    if finding.stage in settled:
        return settled[Stage(finding.stage)]
    if finding.due_at is not None and finding.due_at < now:
        return Kind.OVERDUE
    return Kind.RELAPSE if finding.is_relapse else Kind.DOING


def of_kind(kind: str, *, now: dt.datetime) -> Q:
    fixing = Q(stage=Stage.FIXING)
    late = Q(due_at__lt=now)
    in_time = Q(due_at__gte=now) | Q(due_at=None)
    return {
        Kind.TODO: Q(stage=Stage.PENDING),
        Kind.REVIEW: Q(stage=Stage.RECHECK),
        Kind.OVERDUE: fixing & late,
        Kind.RELAPSE: fixing & in_time & Q(is_relapse=True),
        Kind.DOING: fixing & in_time & Q(is_relapse=False),
        Kind.DONE: Q(stage=Stage.CLOSED),
    }[Kind(kind)]


# ---------- the address


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
MARKS = {"difficult": Q(is_difficult=True), "again": Q(is_relapse=True), "onspot": Q(is_on_spot=True)}


def _uuid(text: str) -> UUID:
    return UUID(text)


def _source(text: str) -> str:
    return Finding.Source(text).value


def _mark(text: str) -> str:
    if text not in MARKS:
        raise ValueError(text)
    return text


#: name in the address -> (what people call it, how it is read, the column or a condition made of the value)
FILTERS: dict[str, tuple[str, Any, Any]] = {
    "unit": ("责任单位", _uuid, "unit_id"),
    "type": ("点位类型", _uuid, "place_type_id"),
    "area": ("片区", _uuid, "area_id"),
    "list": ("问题清单", _uuid, "problem_list_id"),
    "round": ("轮次", str, "round__code"),
    "place": ("点位", str, "place__code"),
    "source": ("来源", _source, "source"),
    "day": ("发现日期", dt.date.fromisoformat, "found_on"),
    "from": ("发现日期自", dt.date.fromisoformat, "found_on__gte"),
    "to": ("发现日期至", dt.date.fromisoformat, "found_on__lte"),
    "closed_from": ("销号日期自", dt.date.fromisoformat, "closed_at__gte"),
    "closed_to": ("销号日期至", dt.date.fromisoformat, "closed_at__lt"),
    "mark": ("标记", _mark, None),
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
        text = words.get(name, "").replace("\x00", "").strip()[:80]
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
        page=max(1, int(page)) if page.isdigit() and len(page) < 7 else 1,
        strange=tuple(strange),
    )


def _month(text: str, today: dt.date, strange: list[str]) -> dt.date:
    if text and text != "all":
        try:
            return min(dt.date.fromisoformat(f"{text}-01"), today.replace(day=1))
        except ValueError:
            strange.append(f"month={text}")
    return today.replace(day=1)


# ---------- rows


def seen(actor: Actor) -> QuerySet:
    """Every finding that counts and that this reader may know of."""
    return Finding.objects.visible_to(actor).counted()


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


def mine(actor: Actor) -> Q:
    """What waits for this reader: papers to issue and answers to look at, or work to do."""
    if actor.can(Right.ORDER):
        return Q(stage__in=[Stage.PENDING, Stage.RECHECK])
    return Q(stage=Stage.FIXING, unit__in=actor.unit_ids)


def listed(actor: Actor, state: State, *, now: dt.datetime) -> QuerySet:
    """The rows of the list, by the same conditions that its count was taken with."""
    rows = filtered(seen(actor), state.filters, actor.campaign.zone)
    if state.tab == "mine":
        rows = rows.filter(mine(actor))
    elif state.tab == "month":
        rows = rows.filter(state.span.condition)
    elif not state.kinds and not state.filters:
        rows = rows.filter(stage__in=Finding.OPEN_STAGES)
    if state.kinds:
        condition = Q()
        for kind in state.kinds:
            condition |= of_kind(kind, now=now)
        rows = rows.filter(condition)
    return rows


PRESSED = (Notice.Reason.URGE, Notice.Reason.SUPERVISE)


@dataclass(frozen=True)
class Picture:
    """The month in one query: how many of each day stand in which group, and what is open from before."""

    days: Mapping[dt.date, Mapping[str, int]]
    earlier: Mapping[str, int]
    open_days: Mapping[dt.date, Mapping[str, int]]

    def count(self, *kinds: str) -> int:
        return sum(day.get(kind, 0) for day in (*self.days.values(), self.earlier) for kind in kinds)

    @property
    def found(self) -> int:
        return sum(sum(day.values()) for day in self.days.values())

    @property
    def open(self) -> int:
        return sum(sum(day.values()) for day in self.open_days.values())

    def open_of(self, *kinds: str) -> int:
        return sum(day.get(kind, 0) for day in self.open_days.values() for kind in kinds)


def picture(rows: QuerySet, span: Span, *, now: dt.datetime) -> Picture:
    """`rows`: what the reader may see. Everything of the month, and everything open whenever it was found."""
    kind = kind_column(now=now)
    here = rows.filter(span.condition).order_by().values_list("found_on", kind)
    outside = Q(found_on__lt=span.first) | Q(found_on__gt=span.last)
    still = rows.filter(outside, stage__in=Finding.OPEN_STAGES).order_by().values_list("found_on", kind)
    # two arms, because an OR of them would read every row of the month from the table instead of its index
    counted = here.annotate(number=Count("pk")).union(still.annotate(number=Count("pk")), all=True)
    days: dict[dt.date, dict[str, int]] = {}
    earlier: dict[str, int] = {}
    open_days: dict[dt.date, dict[str, int]] = {}
    for day, kind, number in counted:
        if span.holds(day):
            days.setdefault(day, {})[kind] = number
        elif day < (span.first or day):
            earlier[kind] = earlier.get(kind, 0) + number
        if kind != Kind.DONE:
            open_days.setdefault(day, {})[kind] = number
    return Picture(days, earlier, open_days)


@dataclass(frozen=True)
class Group:
    kind: Kind
    count: int
    rows: tuple[Any, ...]
    note: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def first_of_each(rows: QuerySet, *, now: dt.datetime) -> dict[str, list[Finding]]:
    """The first rows of every group, in one query: the longest waiting first."""
    place = Window(
        RowNumber(), partition_by=[F("kind")], order_by=[F("waits_since").asc(nulls_last=True), F("code").asc()]
    )
    waits = Case(
        When(stage=Stage.RECHECK, then=F("answered_at")),
        When(stage=Stage.FIXING, then=F("due_at")),
        default=F("found_at"),
    )
    ranked = (
        rows.filter(stage__in=Finding.OPEN_STAGES)
        .order_by()
        .annotate(kind=kind_column(now=now), waits_since=waits)
        .annotate(rank=place)
        .filter(rank__lte=max(SHOWN.values()))
    )
    found = with_names(Finding.objects.filter(pk__in=ranked.values("pk"))).annotate(waits_since=waits)
    groups: dict[str, list[Finding]] = {}
    for finding in found.order_by(F("waits_since").asc(nulls_last=True), "code"):
        group = groups.setdefault(kind_of(finding, now=now), [])
        if len(group) < SHOWN[kind_of(finding, now=now)]:
            group.append(finding)
    return groups


def with_names(rows: QuerySet) -> QuerySet:
    """With what a row says beside itself; `times`: how often the thing has come back by then."""
    before = Finding.objects.filter(relapse_of=OuterRef("relapse_of"), found_at__lte=OuterRef("found_at")).order_by()
    times = before.values("relapse_of").annotate(times=Count("pk")).values("times")
    reports = ProgressReport.objects.filter(task=OuterRef("task"), is_submission=True).order_by("-at", "-pk")
    said = reports.values("progress")[:1]
    with_all = rows.select_related("unit", "place", "place_type", "relapse_of")
    told = Notice.objects.filter(task=OuterRef("task"), reason__in=PRESSED, recalled_at=None).order_by().values("task")
    pressed = told.annotate(times=Count("told_on", distinct=True)).values("times")
    last = told.annotate(last=Max("told_on")).values("last")
    return with_all.annotate(
        times=Subquery(times), answer=Subquery(said), pressed=Subquery(pressed), pressed_on=Subquery(last)
    )


def groups(shown: Picture, first: Mapping[str, Iterable[Finding]]) -> list[Group]:
    made = (Group(kind, shown.open_of(kind), tuple(first.get(kind, ()))) for kind in OPEN_KINDS)
    return [group for group in made if group.count]


@dataclass(frozen=True)
class PlaceLine:
    code: str
    name: str
    unit: str
    found: int
    relapses: int
    open: int


def worst_places(rows: QuerySet, span: Span, *, most: int = 3) -> list[PlaceLine]:
    """反复的地方: found twice or more in the span, relapses first."""
    # grouped from the index alone; names are asked for the few that are shown
    grouped = (
        rows.filter(span.condition, place__isnull=False)
        .order_by()
        .values_list("place_id")
        .annotate(
            found=Count("pk"),
            relapses=Count("pk", filter=Q(is_relapse=True)),
            open=Count("pk", filter=Q(stage__in=Finding.OPEN_STAGES)),
        )
        .filter(found__gte=2)
        .order_by("-relapses", "-found", "-open", "place_id")
    )
    found = list(grouped[:most])
    places = Place.objects.select_related("owner", "street").in_bulk([key for key, *_ in found]) if found else {}
    lines = [(places[key], *numbers) for key, *numbers in found]
    return [
        PlaceLine(place.code, place.name, str(place.owner or place.street or ""), *numbers) for place, *numbers in lines
    ]


def hard_ones(rows: QuerySet, *, now: dt.datetime) -> QuerySet:
    """重点难点 for the weekly meeting (F4): marked so, sent back twice, a relapse, or three days past its limit."""
    late = Q(stage=Stage.FIXING, due_at__lt=now - dt.timedelta(days=3))
    hard = Q(is_difficult=True) | Q(returns__gte=2) | Q(is_relapse=True) | late
    return rows.filter(hard, stage__in=Finding.OPEN_STAGES).order_by("due_at", "code")


def reasons(finding: Finding, *, now: dt.datetime) -> list[str]:
    """Why a finding is on the meeting's list, in words."""
    found = []
    if finding.is_difficult:
        found.append("重点难点")
    if finding.returns >= 2:
        found.append(f"退回 {finding.returns} 次")
    if finding.is_relapse:
        found.append("反弹")
    if finding.stage == Stage.FIXING and finding.due_at is not None and finding.due_at < now:
        found.append(f"超期 {max(1, (now - finding.due_at).days)} 天")
    return found


def open_orders(actor: Actor, *, now: dt.datetime) -> tuple[int, int]:
    """How many are open, and how many of them past their limit. One query."""
    late = Count("pk", filter=of_kind(Kind.OVERDUE, now=now))
    found = seen(actor).filter(stage__in=Finding.OPEN_STAGES).aggregate(open=Count("pk"), late=late)
    return found["open"], found["late"]
