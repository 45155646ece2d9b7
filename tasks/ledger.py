"""The ledger's page as a question: which view, which filters, how grouped and sorted, and the rows of one page.

URL parameters beside the filters (tasks/filters.py):

view    open all month late measured, or the id of a saved view; without any parameter: open
group   program project unit lamp due none
sort    key of a column (tasks/columns.py); dir=desc turns it round
cols    keys of columns in their order; without it as the person keeps them for the view
page    from 1, 50 rows each
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from campaign.access import Actor, Right
from campaign.models import User
from tasks import columns as column_choice
from tasks import lamps
from tasks.columns import COLUMNS, Column
from tasks.counting import CAP, Count, count_capped, ledger_counts
from tasks.filtering import Applied
from tasks.filters import Filters, named, only_filters
from tasks.grouping import GROUPINGS, Group, Grouping, groups_of, programs_from_tally
from tasks.layouts import layout_of
from tasks.models import SavedView, Task

PAGE = 50


@dataclass(frozen=True)
class View:
    """A named state of the page. `counted` names the figure of `LedgerCounts` that counts it."""

    key: str
    name: str
    filters: Mapping[str, str] = field(default_factory=dict)
    layout: Mapping[str, str] = field(default_factory=dict)
    counted: str = ""
    columns: str = ""
    is_own: bool = False
    is_pinned: bool = False


SYSTEM_VIEWS = (
    View("open", "未销号", {"f.state": "unclosed"}, counted="unclosed"),
    View("all", "全部", counted="all"),
    View("month", "本月到期", {"f.state": "open", "f.due": "this-month", "f.assumed": "no"}, counted="this_month"),
    View(
        "late",
        "逾期",
        {"f.lamp": "overdue"},
        {"sort": "due", "group": "none"},
        counted="late",
        columns="code,title,lamp,unit,quantity,due,urged",
    ),
    View("measured", "量化指标", {"f.measure": "yes"}),
    View("orders", "整改", {"f.kind": "rectification"}, {"sort": "due", "group": "none"}),
)
#: How a list looks where neither URL nor view says otherwise.
PLAIN = {"group": "program", "sort": "code", "dir": "asc"}
#: The view a page opens with.
HOME = {"/tasks": "open", "/overdue": "late"}


def views_of(actor: Actor) -> list[View]:
    """System views, views the office pinned for all, then the person's own; one query."""
    kept = SavedView.objects.filter(Q(user=None) | Q(user=actor.user), campaign=actor.campaign)
    views = []
    for row in kept:
        params = QueryDict(row.query)
        views.append(
            View(
                str(row.pk),
                row.name,
                only_filters(params),
                {name: params[name] for name in PLAIN if params.get(name)},
                is_own=row.user_id is not None,
                is_pinned=row.user_id is None,
            )
        )
    return [*SYSTEM_VIEWS, *(view for view in views if view.is_pinned), *(view for view in views if view.is_own)]


@dataclass(frozen=True)
class State:
    """What the URL says, made whole by its view and the person's layout."""

    view: View
    filters: Mapping[str, str]
    group: str = "program"
    sort: str = "code"
    is_descending: bool = False
    columns: tuple[str, ...] = column_choice.DEFAULT
    page: int = 1
    given_columns: str = ""
    density: str = "normal"
    folded: tuple[str, ...] = ()
    path: str = "/tasks"
    notes: tuple[str, ...] = ()

    @property
    def layout(self) -> dict[str, str]:
        return {"group": self.group, "sort": self.sort, "dir": "desc" if self.is_descending else "asc"}

    @property
    def _changed_layout(self) -> dict[str, str]:
        """Where it differs from its view."""
        expected = PLAIN | dict(self.view.layout)
        return {name: value for name, value in self.layout.items() if value != expected[name]}

    @property
    def is_altered(self) -> bool:
        """The state differs from its view, so it can be kept as another one."""
        return dict(self.filters) != dict(self.view.filters) or bool(self._changed_layout)

    def params(self, *, page: int | None = None) -> dict[str, str]:
        """The shortest parameters that say this state again."""
        is_view = dict(self.filters) == dict(self.view.filters)
        implied = HOME[self.path] if is_view else "all"
        found: dict[str, str] = {} if self.view.key == implied else {"view": self.view.key}
        found |= self._changed_layout if is_view else {**self.filters, **self._changed_layout}
        if self.given_columns:
            found["cols"] = self.given_columns
        if page is not None and page > 1:
            found["page"] = str(page)
        return found

    def whole_query(self) -> str:
        """The state without leaning on its view: what a saved view keeps."""
        return urlencode(dict(self.filters) | self.layout, quote_via=quote, safe=",.!")

    def url(self, path: str = "", *, page: int | None = None, **more: str) -> str:
        query = urlencode(self.params(page=page) | more, quote_via=quote, safe=",.!")
        return (path or self.path) + (f"?{query}" if query else "")

    def without(self, name: str) -> "State":
        return self.narrowed({key: value for key, value in self.filters.items() if key != name})

    def narrowed(self, filters: Mapping[str, str]) -> "State":
        """Other filters; with none left it is the view of everything."""
        if not filters:
            return replace(self, filters={}, view=SYSTEM_VIEWS[1], page=1, path="/tasks")
        return replace(self, filters=filters, page=1)

    def sorted_by(self, key: str) -> "State":
        turned = key == self.sort and not self.is_descending
        return replace(self, sort=key, is_descending=turned, page=1)

    def grouped_by(self, key: str) -> "State":
        return replace(self, group=key, page=1)


def read_state(
    params: QueryDict,
    views: list[View],
    user: User,
    *,
    path: str = "/tasks",
) -> State:
    """Never fails: what cannot be read is left out and said in `notes`."""
    notes = []
    given = only_filters(params)
    by_key = {view.key: view for view in views}
    wanted = params.get("view", "")
    if wanted and wanted not in by_key:
        notes.append("这个视图已经删除，下面是默认的视图。")
    view = by_key.get(wanted) or by_key["all" if given else HOME[path]]
    layout = {name: params.get(name) or view.layout.get(name, plain) for name, plain in PLAIN.items()}
    layout_kept = layout_of(user, view.key)
    if layout["sort"] not in COLUMNS:
        notes.append(f"没有“{layout['sort']}”这一列，已按编号排序。")
    return State(
        view=view,
        filters=given or view.filters,
        group=layout["group"] if layout["group"] in {*GROUPINGS, "none"} else "program",
        sort=layout["sort"] if layout["sort"] in COLUMNS else "code",
        is_descending=layout["dir"] == "desc",
        columns=column_choice.chosen(params.get("cols", "") or layout_kept.columns or view.columns),
        given_columns=params.get("cols", ""),
        density=layout_kept.density,
        folded=layout_kept.folded,
        page=_page(params.get("page", "")),
        path=path,
        notes=tuple(notes),
    )


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < len(text) < 8 and int(text) > 0 else 1


class Ledger:
    """One state of the ledger as one actor sees it. Nothing is asked before it is looked at."""

    def __init__(self, state: State, actor: Actor, views: list[View]) -> None:
        self.state, self.actor, self.views = state, actor, views
        self.names = named(actor, state.filters, *(view.filters for view in views))
        self.filter = Filters(state.filters, actor, names=self.names)

    def _tasks(self, filters: Mapping[str, str]) -> QuerySet:
        return Filters(filters, self.actor, names=self.names).narrow(Task.objects.visible_to(self.actor))

    @property
    def mistakes(self) -> list[str]:
        return [*self.state.notes, *self.filter.mistakes.values()]

    @property
    def applied(self) -> list[Applied]:
        return self.filter.applied

    @cached_property
    def rows(self) -> QuerySet:
        return self.filter.narrow(Task.objects.visible_to(self.actor))

    # --- counts ---------------------------------------------------------------------------------
    @cached_property
    def counts(self) -> dict[str, Count]:
        """Of every view by its key, and of this state as `total`: one query beside the side bar's own."""
        known = ledger_counts(self.actor)
        found = {view.key: getattr(known, view.counted) for view in self.views if view.counted}
        asked = {view.key: self._tasks(view.filters) for view in self.views if not view.counted}
        if self._is_view and self.state.view.key in found:
            found["total"] = found[self.state.view.key]
        else:
            asked["total"] = self.rows
        if not self._scope_filters:
            found["scope"] = known.all
        elif self._scope_filters != dict(self.state.filters):
            asked["scope"] = self._scope
        return found | count_capped(self.actor.campaign, asked)

    @property
    def _is_view(self) -> bool:
        return dict(self.state.filters) == dict(self.state.view.filters) and not self.filter.mistakes

    @property
    def total(self) -> Count:
        return self.counts["total"]

    @property
    def is_long(self) -> bool:
        return is_long(self.total)

    # --- groups ---------------------------------------------------------------------------------
    @cached_property
    def grouping(self) -> Grouping | None:
        """None where nothing is grouped, or where the list is too long for this sort to bring groups together."""
        grouping = GROUPINGS.get(self.state.group)
        if grouping is None or not self.is_long:
            return grouping
        fits = grouping.natural == self.state.sort and not self.state.is_descending
        return grouping if fits else None

    @property
    def _scope_filters(self) -> dict[str, str]:
        return {name: text for name, text in self.state.filters.items() if name not in {"f.lamp", "f.state"}}

    @cached_property
    def _scope(self) -> QuerySet:
        """The same filter whatever the state: what a subtotal "已销号 9" is a part of."""
        return self._tasks(self._scope_filters)

    @cached_property
    def groups(self) -> dict[Any, Group]:
        """Heads with subtotals where they can be had quickly; empty for a long list of another kind."""
        if self.grouping is None or not self.total:
            return {}
        if not is_long(self.counts.get("scope", self.total)):
            stateful = [one.condition for one in self.applied if one.name in {"f.lamp", "f.state"}]
            shown = Q(*stateful) if stateful else Q()
            return self._folded(groups_of(self.grouping, self._scope, shown, self.actor))
        tallied = self._is_view and self.state.view.counted and self.actor.can(Right.READ_ALL)
        if self.grouping.key == "program" and tallied:
            return self._folded(programs_from_tally(self.state.view.counted, self.actor))
        return {} if self.is_long else self._folded(groups_of(self.grouping, self.rows, Q(), self.actor))

    def _folded(self, groups: dict[Any, Group]) -> dict[Any, Group]:
        return {key: replace(group, is_folded=group.key in self.state.folded) for key, group in groups.items()}

    # --- rows -----------------------------------------------------------------------------------
    @cached_property
    def column(self) -> Column:
        """What is sorted by: a long list only by columns an index serves."""
        column = COLUMNS[self.state.sort]
        return column if column.is_indexed or not self.is_long else COLUMNS["code"]

    @cached_property
    def _ordering(self) -> list[Any]:
        ordering: list[Any] = self.column.ordering(is_descending=self.state.is_descending)
        if self.grouping is not None and not self.is_long:
            at: dict[str, Any] = {"today": self.actor.today, "notice_days": self.actor.campaign.notice_days}
            ordering = [*self.grouping.ordering(**at), *ordering]
        return ordering

    @cached_property
    def ordered(self) -> QuerySet:
        return self._short_or_long.order_by(*self._ordering)

    @property
    def _short_or_long(self) -> QuerySet:
        """A short list is found first and sorted then; a long one is walked in its order until the page is full."""
        return self.rows if self.is_long else Task.objects.filter(pk__in=self.rows.order_by().values("pk"))

    @cached_property
    def _unfolded(self) -> QuerySet:
        """Rows of folded groups are not listed; a head stands for them."""
        keys = [key for key, group in self.groups.items() if group.is_folded]
        return self.ordered if not keys else self.ordered.exclude(self._within(keys))

    def _within(self, keys: list[Any]) -> Q:
        condition = Q()
        for key in keys:
            condition |= self._of_group(key)
        return condition

    def _of_group(self, key: Any) -> Q:
        if self.grouping.key == "lamp":
            return lamps.conditions(key, today=self.actor.today, notice_days=self.actor.campaign.notice_days)
        if self.grouping.key == "due" and key is not None:
            return Q(due_on__year=key.year, due_on__month=key.month)
        path = {"program": "program", "project": "project", "unit": "main_unit", "due": "due_on"}[self.grouping.key]
        return Q(**{path: key})

    def page_rows(self, *, page: int) -> QuerySet:
        """Rows of one page in order, with the row before it (to know whether a head is due) and one more (to know of a
        next). Only ids are walked past; what a row shows is fetched for these alone."""
        if not self.total:
            return Task.objects.none()
        start = (page - 1) * PAGE
        ids = self._unfolded.values("pk")[max(start - 1, 0) : start + PAGE + 1]
        return Task.objects.filter(pk__in=ids).order_by(*self._ordering)


def is_long(count: Count) -> bool:
    return count.is_capped or count.value > CAP
