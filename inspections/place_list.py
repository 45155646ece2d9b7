"""The list of places as a question: which, how grouped, in which order; the rows of a page and what each shows.

URL: is (all mine failing unseen stale never ownerless key), q, type, area, street, owner, grade, steward,
group (type area street owner none), sort (open code visit), page.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict

from campaign.access import Actor, Right
from campaign.clock import Week
from campaign.models import Area, Unit
from campaign.pinyin import normal
from inspections.coverage import Conditions, Cube, Figures, aggregates, figures_of, knows_record, midnight, seen_places
from inspections.district import MOST_DOTS, Dot, Picture, Region, picture
from inspections.models import Finding, Place, PlaceType, Visit
from inspections.models.visits import VisitQuerySet

PAGE = 50
#: How many places of each group the overview shows, and of how many groups.
OF_GROUP, GROUPS_SHOWN = 5, 8
WEEKS = 12
VIEWS = {
    "all": "全部",
    "mine": "本单位",
    "failing": "未达标",
    "unseen": "本月未查",
    "stale": "超期未查",
    "never": "从未查过",
    "ownerless": "无人负责",
    "key": "重点点位",
}
GROUPINGS = {"type": "类型", "area": "片区", "street": "街道", "owner": "责任单位", "none": "不分组"}
PATHS = {"type": "place_type", "area": "area", "street": "street", "owner": "owner"}
SORTS = {"open": "未销号多的在前", "code": "编号", "visit": "最久没查的在前"}
FILTERS = ("type", "area", "street", "owner", "grade", "steward")


@dataclass(frozen=True)
class State:
    """What the URL says, without what it may not say."""

    view: str = "all"
    q: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    group: str = "type"
    sort: str = "open"
    page: int = 1

    @classmethod
    def read(cls, params: QueryDict) -> "State":
        filters = {name: params[name].replace("\0", "")[:60] for name in FILTERS if params.get(name)}
        q = params.get("q", "").replace("\0", "").strip()[:60]
        plain = "none" if q or "type" in filters else "type"
        page = params.get("page", "1")
        return cls(
            view=params.get("is", "all") if params.get("is") in VIEWS else "all",
            q=q,
            filters=filters,
            group=str(params["group"]) if params.get("group") in GROUPINGS else plain,
            sort=str(params["sort"]) if params.get("sort") in SORTS else "open",
            page=int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1,
        )

    def url(self, path: str = "/sites", **changes: Any) -> str:
        """A link with these parameters changed; None drops one. Every change but of the page goes to page one."""
        said = {
            "is": self.view if self.view != "all" else None,
            "q": self.q or None,
            **self.filters,
            "group": self.group,
            "sort": self.sort if self.sort != "open" else None,
            **changes,
        }
        said = {name: value for name, value in said.items() if value not in (None, "", 1)}
        plain = "none" if "q" in said or "type" in said else "type"
        if said.get("group") == plain:
            del said["group"]
        return f"{path}?{urlencode(said)}" if said else path


@dataclass
class Row:
    """A place with what its line shows."""

    place: Place
    weeks: list[str]
    open: int
    stage: str = "doing"
    is_late: bool = False
    weeks_ago: int = 0

    @property
    def is_old(self) -> bool:
        """Seen so long ago that the weeks say more than the date."""
        return self.weeks_ago >= 2


@dataclass
class Group:
    key: Any
    label: str
    figures: Figures
    url: str
    rows: list[Row] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        return self.figures.places - len(self.rows)


class PlaceList:
    """One page of places for one person. Each property that asks the database asks it once."""

    def __init__(self, state: State, actor: Actor, *, now: dt.datetime) -> None:
        self.state, self.actor, self.now = state, actor, now
        self.campaign = actor.campaign
        self.knows = knows_record(actor)

    @property
    def shows_visits(self) -> bool:
        return self.knows or self.actor.can(Right.INSPECT)

    @property
    def columns(self) -> int:
        return 5 + self.shows_visits + self.knows

    # --- what is listed -------------------------------------------------------------------------
    @cached_property
    def types(self) -> list[PlaceType]:
        return list(PlaceType.objects.filter(campaign=self.campaign))

    @cached_property
    def areas(self) -> list[Area]:
        return list(Area.objects.filter(campaign=self.campaign).select_related("parent"))

    @cached_property
    def conditions(self) -> Conditions:
        return Conditions(self.campaign, self.actor.today, self.types)

    @cached_property
    def every(self) -> QuerySet[Any]:
        return seen_places(self.actor)

    @cached_property
    def cube(self) -> Cube:
        return Cube.of(self.every, self.conditions)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        rows = self.every.filter(self._of_view(self.state.view))
        for name, value in self.state.filters.items():
            rows = rows.filter(self._of_filter(name, value))
        for word in normal(self.state.q).split():
            rows = rows.filter(search_text__contains=word)
        return rows

    def _of_view(self, view: str) -> Q:
        if view == "mine":
            return Q(owner__in=self.actor.unit_ids)
        if view == "unseen":
            return ~self.conditions.month | Q(visited_at=None)
        if view == "key":
            return Q(is_key=True)
        return Q() if view == "all" else getattr(self.conditions, view)

    def _of_filter(self, name: str, value: str) -> Q:
        if name == "type":
            return Q(place_type__code=value)
        if name == "grade":
            return Q(grade="" if value == "none" else value)
        if name == "area":
            found = [area.pk for area in self.areas if value in (area.code, area.parent and area.parent.code)]
            return Q(area=None) if value == "none" else Q(area__in=found)
        path = {"steward": "steward_unit"}.get(name, name)
        if value == "none":
            return Q(**{path: None})
        try:
            return Q(**{path: UUID(value)})
        except ValueError:
            return Q(pk__in=[])

    @property
    def tabs(self) -> list[tuple[str, str, int, str]]:
        """(view, words, count, url); views that count nothing are left out, but for the one shown."""
        total = self.cube.total
        counts = {"all": total.places, "failing": total.failing, "key": total.key}
        if self.knows:
            counts |= {"unseen": total.unseen, "stale": total.stale, "never": total.never, "ownerless": total.ownerless}
        if not self.actor.can(Right.READ_ALL) and self.actor.can(Right.REPORT):
            counts["mine"] = self.every.filter(self._of_view("mine")).count()
        shown = [view for view in VIEWS if view in counts and (counts[view] or view in {"all", self.state.view})]
        return [(view, VIEWS[view], counts[view], State(view=view).url()) for view in shown]

    @cached_property
    def total(self) -> int:
        if not self.state.q and not self.state.filters and self.state.view in {"all", "failing", "never", "ownerless"}:
            figures = self.cube.total
            return figures.places if self.state.view == "all" else getattr(figures, self.state.view)
        if self.is_grouped:
            return sum(group.figures.places for group in self.groups)
        return self.rows.count()

    # --- the picture ----------------------------------------------------------------------------
    @cached_property
    def late_places(self) -> dict[UUID, UUID | None]:
        """Place -> its area, of those with something past its limit."""
        rows = Finding.objects.filter(campaign=self.campaign, joined_into=None).overdue(now=self.now)
        return dict(rows.exclude(place=None).order_by().values_list("place", "place__area"))

    @property
    def picture(self) -> Picture:
        """A region for each area that stands for itself; a grid cell counts for the area above it."""
        above = {area.pk: area.parent_id or area.pk for area in self.areas}
        figures = self.cube.by(lambda cell: above.get(cell[1]) if cell[1] else None)
        late = Counter(above.get(area) for area in self.late_places.values() if area)
        tops = [area for area in self.areas if area.parent_id is None]
        regions = [
            Region(area.name, State(filters={"area": area.code}).url(), figures.get(area.pk, Figures()), late[area.pk], area.shape)
            for area in tops
        ]  # fmt: skip
        return picture(regions, self._dots() if any(area.shape for area in tops) else ())

    def _dots(self) -> list[Dot]:
        rows = self.every.exclude(latitude=None).order_by("code")
        if self.cube.total.places > MOST_DOTS:
            rows = rows.filter(self.conditions.failing)[:MOST_DOTS]
        month = midnight(self.actor.today.replace(day=1), self.campaign)
        columns = ("pk", "latitude", "longitude", "open_now", "visited_at")
        dots = []
        for pk, latitude, longitude, open_now, seen in rows.values_list(*columns):
            standing = "open" if open_now else "fine" if seen and seen >= month else "unseen"
            dots.append(Dot(latitude, longitude, "late" if pk in self.late_places else standing))
        return dots

    # --- in groups: every head, and the worst few of the groups that have any --------------------
    @property
    def is_grouped(self) -> bool:
        return self.state.group != "none"

    @cached_property
    def groups(self) -> list[Group]:
        path = PATHS[self.state.group]
        counted = self.rows.order_by().values(path).annotate(**aggregates(self.conditions))
        found = [self._group(row[path], figures_of(row)) for row in counted]
        found.sort(key=lambda group: (group.key is None, self._place_of(group.key), group.label))
        return found

    def _group(self, key: UUID | None, figures: Figures) -> Group:
        label, value = self._named.get(key, ("未定", "none"))
        return Group(key, label, figures, self.state.url(group="none", **{self.state.group: value}))

    @cached_property
    def _named(self) -> dict[UUID | None, tuple[str, str]]:
        """(name, value in the URL) of what is grouped by."""
        if self.state.group == "type":
            return {kind.pk: (kind.name, kind.code) for kind in self.types}
        if self.state.group == "area":
            return {area.pk: (area_label(area), area.code) for area in self.areas}
        units = Unit.objects.filter(campaign=self.campaign).in_order()
        return {unit.pk: (unit.name, str(unit.pk)) for unit in units}

    def _place_of(self, key: UUID | None) -> int:
        """In the order the office gave; `_named` keeps it."""
        return self._order.get(key, len(self._order))

    @cached_property
    def _order(self) -> dict[UUID | None, int]:
        return {key: number for number, key in enumerate(self._named)}

    @cached_property
    def grouped(self) -> list[Group]:
        """All groups; the ones with most to mend carry their worst places."""
        open_groups = sorted(self.groups, key=lambda group: -group.figures.failing)[:GROUPS_SHOWN]
        keys = [group.key for group in open_groups if group.key is not None]
        path = PATHS[self.state.group]
        rank = Window(RowNumber(), partition_by=[F(path)], order_by=self.ordering)
        first = self.rows.filter(**{f"{path}__in": keys}).annotate(place_in_group=rank)
        ids = first.filter(place_in_group__lte=OF_GROUP).values("pk")
        shown = self.shown(list(self._full(self.every.filter(pk__in=list(ids.values_list("pk", flat=True))))))
        by_key: dict[Any, list[Row]] = defaultdict(list)
        for row in shown:
            by_key[getattr(row.place, f"{path}_id")].append(row)
        for group in self.groups:
            group.rows = by_key.get(group.key, [])
        return self.groups

    # --- flat: page by page ---------------------------------------------------------------------
    @property
    def ordering(self) -> list[Any]:
        if self.state.sort == "code":
            return [F("code").asc()]
        if self.state.sort == "visit":
            return [F("visited_at").asc(nulls_first=True), F("code").asc()]
        return [F("open_now").desc(), F("code").asc()]

    def _full(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("place_type", "owner", "area", "street").order_by(*self.ordering)

    @cached_property
    def page(self) -> list[Row]:
        """Only ids are walked past; what a row shows is fetched for these alone."""
        start = (self.state.page - 1) * PAGE
        ids = list(self.rows.order_by(*self.ordering).values_list("pk", flat=True)[start : start + PAGE])
        return self.shown(list(self._full(self.every.filter(pk__in=ids))))

    def whole(self) -> list[Row]:
        """Every row, for print and export."""
        return self.shown(list(self._full(self.rows)))

    # --- what a row shows -----------------------------------------------------------------------
    def shown(self, places: list[Any]) -> list[Row]:
        weeks = self._weeks([place.pk for place in places])
        stages = self._stages([place.pk for place in places if place.open_now])
        return [
            Row(place, weeks[place.pk], place.open_now, *stages.get(place.pk, ("doing", False)), self._ago(place))
            for place in places
        ]

    def _ago(self, place: Any) -> int:
        return (self.now - place.visited_at).days // 7 if place.visited_at else 0

    def _visits(self) -> VisitQuerySet:
        return Visit.objects.filter(campaign=self.campaign) if self.knows else Visit.objects.visible_to(self.actor)

    def _weeks(self, ids: list[UUID]) -> dict[UUID, list[str]]:
        """Twelve weeks, this one last: "d" seen, "p" seen and something failed, "" not seen."""
        first = Week.of(self.actor.today).monday - dt.timedelta(weeks=WEEKS - 1)
        since = dt.datetime.combine(first, dt.time(), self.campaign.zone)
        marks: dict[UUID, list[str]] = defaultdict(lambda: [""] * WEEKS)
        seen = (
            self._visits().standing().filter(place__in=ids, at__gte=since, at__lte=self.now)
            if ids
            else Visit.objects.none()
        )
        for place, at, failed in seen.order_by().values_list("place", "at", "failed_count"):
            week = (at.astimezone(self.campaign.zone).date() - first).days // 7
            marks[place][week] = "p" if failed or marks[place][week] == "p" else "d"
        return marks

    def _stages(self, ids: list[UUID]) -> dict[UUID, tuple[str, bool]]:
        """The lamp of what is open at each place: late before waiting before doing."""
        rows = Finding.objects.filter(campaign=self.campaign) if self.knows else Finding.objects.visible_to(self.actor)
        open_ = rows.open().filter(place__in=ids, joined_into=None) if ids else rows.none()
        found: dict[UUID, list[tuple[str, bool]]] = defaultdict(list)
        for place, stage, due_at in open_.order_by().values_list("place", "stage", "due_at"):
            is_late = stage == Finding.Stage.FIXING and due_at is not None and due_at < self.now
            found[place].append((stage, is_late))
        return {place: _worst(stages) for place, stages in found.items()}


def _worst(stages: Iterable[tuple[str, bool]]) -> tuple[str, bool]:
    stages = list(stages)
    if any(is_late for _, is_late in stages):
        return "overdue", True
    if all(stage == Finding.Stage.RECHECK for stage, _ in stages):
        return "review", False
    return "doing", False


def area_label(area: Area) -> str:
    return f"{area.parent.name} · {area.name}" if area.parent_id and area.parent else area.name
