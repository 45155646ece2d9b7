"""第 N 项，共 M 项: from one task of a list to the one before and after it, in the list's own order.

A short list is walked by its codes. In a long one the neighbours are found by the sort key, each by a seek or two in
the index that the list itself is read by, and nothing is counted beyond what a page of the list would count.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import OrderBy

from tasks.counting import CAP, Count, count_capped
from tasks.ledger import Ledger
from tasks.models import Task

Value = str | int | dt.date | dt.datetime | Decimal | None


@dataclass(frozen=True)
class Steps:
    """`place` is 0 where the task has left the list; `previous` and `next` are codes, empty at the ends."""

    place: Count
    total: Count
    previous: str
    next: str

    @property
    def words(self) -> str:
        return f"第 {self.place} 项，共 {self.total} 项" if self.place else f"已不在列表里，还有 {self.total} 项"


def steps_of(ledger: Ledger, task: Task) -> Steps:
    """Where the task stands in the list of this state."""
    return _in_long(ledger, task) if ledger.is_long else _in_short(ledger, task)


def _in_short(ledger: Ledger, task: Task) -> Steps:
    codes = list(ledger.ordered.values_list("code", flat=True)[:CAP])
    total = Count(len(codes))
    if task.code in codes:
        at = codes.index(task.code)
        return Steps(Count(at + 1), total, codes[at - 1] if at else "", next(iter(codes[at + 1 : at + 2]), ""))
    # it was closed or changed meanwhile: go on where it would stand, as far as the order can tell
    at = bisect_left(codes, task.code) if ledger.column.order == ("code",) and not ledger.state.is_descending else 0
    return Steps(Count(0), total, codes[at - 1] if at else "", next(iter(codes[at : at + 1]), ""))


def _in_long(ledger: Ledger, task: Task) -> Steps:
    is_descending = ledger.state.is_descending
    after = _first(ledger, task, is_descending=is_descending)
    before = _first(ledger, task, is_descending=not is_descending)
    is_there = ledger.rows.filter(pk=task.pk).exists()
    return Steps(_place(ledger, task) if is_there else Count(0), ledger.total, before, after)


def _first(ledger: Ledger, task: Task, *, is_descending: bool) -> str:
    """The code that follows the task's in the column's order, read that way round."""
    ordering = ledger.column.ordering(is_descending=is_descending)
    for part in _beyond(ordering, task):
        found = ledger.rows.filter(part).order_by(*ordering).values_list("code", flat=True).first()
        if found is not None:
            return found
    return ""


def _beyond(ordering: list[OrderBy], task: Task) -> Iterator[Q]:
    """What follows a row, as conditions an index can each seek: same first keys and a later last one, then shorter."""
    keys = [(_name(key), key.descending, getattr(task, _attribute(key))) for key in ordering]
    for length in range(len(keys), 0, -1):
        same = Q()
        for name, _, value in keys[: length - 1]:
            same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        name, is_descending, value = keys[length - 1]
        if value is None:
            # unknown stands last, or first when turned round
            if is_descending:
                yield same & Q(**{f"{name}__isnull": False})
            continue
        yield same & Q(**{f"{name}__{'lt' if is_descending else 'gt'}": value})
        if not is_descending and Task._meta.get_field(name).null:  # noqa: SLF001 - Django documents _meta as public
            yield same & Q(**{f"{name}__isnull": True})


def _name(key: OrderBy) -> str:
    column: Any = key.expression  # an F, whose name the checker does not know
    return str(column.name)


def _attribute(key: OrderBy) -> str:
    return str(Task._meta.get_field(_name(key)).attname)  # noqa: SLF001


def _place(ledger: Ledger, task: Task) -> Count:
    """One more than stand before it, counted no further than `CAP`."""
    ordering = ledger.column.ordering(is_descending=not ledger.state.is_descending)
    parts: dict[str, QuerySet] = {
        str(number): ledger.rows.filter(part) for number, part in enumerate(_beyond(ordering, task))
    }
    counts = count_capped(ledger.actor.campaign, parts).values() if parts else ()
    before = sum(count.value for count in counts)
    is_capped = before >= CAP or any(count.is_capped for count in counts)
    return Count(CAP if is_capped else before + 1, is_capped=is_capped)
