"""Groups of the ledger: what rows are put under, in which order, and the subtotal that stands in each head."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import TruncMonth

from campaign.access import Actor
from campaign.models import Program
from tasks import lamps
from tasks.counting import ledger_counts
from tasks.lamps import Lamp
from tasks.models import Task

#: Most pressing first; what asks for nothing last.
LAMP_ORDER = (*lamps.PRESSING, Lamp.DONE, Lamp.WAIVED)


@dataclass(frozen=True)
class Group:
    """One head: `count` rows of the list stand under it; the rest says how the whole group stands."""

    key: str
    label: str
    code: str = ""
    count: int | None = None
    whole: int = 0
    done: int = 0
    late: int = 0
    is_folded: bool = False


@dataclass(frozen=True)
class Grouping:
    """A way to group. `natural` is the one sort of a long list that brings its groups together by itself."""

    key: str
    label: str
    natural: str
    value: Callable[[Any], Any]
    order: tuple[OrderBy, ...]

    def ordering(self, *, today: dt.date, notice_days: int) -> list[Any]:
        return [_lamp_rank(today, notice_days)] if self.key == "lamp" else list(self.order)


def _lamp_rank(today: dt.date, notice_days: int) -> OrderBy:
    whens = [
        When(lamps.conditions(lamp, today=today, notice_days=notice_days), then=Value(rank))
        for rank, lamp in enumerate(LAMP_ORDER)
    ]
    return OrderBy(Case(*whens, default=Value(99), output_field=IntegerField()))


def _month(row: Any) -> dt.date | None:
    return row.due_on.replace(day=1) if row.due_on else None


GROUPINGS: dict[str, Grouping] = {
    grouping.key: grouping
    for grouping in (
        Grouping(
            "program", "工程", "code", lambda row: row.program_id, (OrderBy(F("program__code"), nulls_last=True),)
        ),
        Grouping(
            "project",
            "项目",
            "code",
            lambda row: row.project_id,
            (OrderBy(F("program__code"), nulls_last=True), OrderBy(F("project__code"), nulls_last=True)),
        ),
        Grouping(
            "unit",
            "主责单位",
            "unit",
            lambda row: row.main_unit_id,
            (OrderBy(F("main_unit_order")), OrderBy(F("main_unit"))),
        ),
        Grouping("lamp", "状态", "", lambda row: row.lamp, ()),
        Grouping("due", "时限月份", "due", _month, (OrderBy(F("due_on"), nulls_last=True),)),
    )
}


def groups_of(grouping: Grouping, scope: QuerySet, shown: Q, actor: Actor) -> dict[Any, Group]:
    """Heads of a short list, by one GROUP BY: `scope` are all tasks of the filter whatever their state, `shown` says
    which of them the list shows."""
    at: dict[str, Any] = {"today": actor.today, "notice_days": actor.campaign.notice_days}
    rows = scope.annotate(lamp=lamps.task_lamp(**at)) if grouping.key == "lamp" else scope
    counted = (
        rows.order_by()
        .values(**_SHOWN[grouping.key])
        .annotate(
            n=Count("pk", filter=shown) if shown else Count("pk"),
            place=Min("main_unit_order"),
            whole=Count("pk"),
            done=Count("pk", filter=Q(state=Task.State.DONE)),
            late=Count("pk", filter=lamps.conditions(Lamp.OVERDUE, **at)),
        )
    )
    return _heads(grouping, counted)


def programs_from_tally(counted: str, actor: Actor) -> dict[Any, Group]:
    """Heads of the whole ledger by program, however long it is; `counted` names the figure that is listed."""
    known = ledger_counts(actor).by_program
    programs = Program.objects.filter(campaign=actor.campaign).in_bulk()
    rows = [
        {
            "group_key": key,
            "head_code": programs[key].code if key else None,
            "head_name": programs[key].name if key else None,
            "n": row[counted],
            "whole": row["all"],
            "done": row["done"],
            "late": row["late"],
        }
        for key, row in known.items()
    ]
    return _heads(GROUPINGS["program"], rows)


#: What is grouped by, with the words of the head, so that names cost no query of their own.
_SHOWN: dict[str, dict[str, Any]] = {
    "program": {"group_key": F("program"), "head_code": F("program__code"), "head_name": F("program__name")},
    "project": {
        "group_key": F("project"),
        "head_code": F("project__code"),
        "head_name": F("project__name"),
        "above": F("program__code"),
    },
    "unit": {"group_key": F("main_unit"), "head_name": F("main_unit__name")},
    "lamp": {"group_key": F("lamp")},
    "due": {"group_key": TruncMonth("due_on")},
}
_NONE = {"program": "未归入", "project": "未归入项目", "unit": "没有落实单位", "due": "没有时限"}


def _heads(grouping: Grouping, counted: Iterable[dict[str, Any]]) -> dict[Any, Group]:
    """In the order of the list; groups without a row of the list are left out."""
    rows = sorted((row for row in counted if row["n"]), key=_PLACES[grouping.key])
    return {row["group_key"]: _head(grouping, row) for row in rows}


_PLACES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "program": lambda row: (row["group_key"] is None, row["head_code"]),
    "project": lambda row: (row["above"] is None, row["above"] or "", row["head_code"] is None, row["head_code"] or ""),
    "unit": lambda row: (row["place"], str(row["group_key"])),
    "lamp": lambda row: LAMP_ORDER.index(Lamp(row["group_key"])),
    "due": lambda row: (row["group_key"] is None, row["group_key"]),
}


def _head(grouping: Grouping, row: dict[str, Any]) -> Group:
    key = row["group_key"]
    return Group(
        key="none" if key is None else str(key),
        label=_NONE[grouping.key] if key is None else _words(grouping, key, row),
        code=row.get("head_code") or "",
        count=row["n"],
        whole=row["whole"],
        done=row["done"],
        late=row["late"],
    )


def _words(grouping: Grouping, key: Any, row: dict[str, Any]) -> str:
    if grouping.key == "lamp":
        return Lamp(key).label
    return f"{key.year}年{key.month}月" if grouping.key == "due" else row["head_name"]
