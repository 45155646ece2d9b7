"""How well the places are looked after: whose they are, when they were last seen, which stand badly.

Counts of the whole campaign come from one query (`Cube`), so that tabs, groups, picture and draw risk agree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from campaign.access import Actor, Right
from campaign.models import Campaign
from inspections.drawrisk import Draw
from inspections.models import Finding, Place, PlaceType


def knows_record(actor: Actor) -> bool:
    """Who reads the whole campaign, and its own inspectors, know when a place was seen and what is open there.

    A unit knows what was issued to it, a third party what it saw itself: unannounced visits stay unannounced.
    """
    return actor.can(Right.READ_ALL) or (actor.can(Right.INSPECT) and not actor.is_outsider)


def seen_places(actor: Actor) -> QuerySet[Any]:
    """Places in use with `open_now` and `visited_at` as far as this person may know them."""
    rows = Place.objects.visible_to(actor).active()
    if knows_record(actor):
        return rows.annotate(open_now=F("open_count"), visited_at=F("last_visit_at"))
    found = Finding.objects.visible_to(actor).open().filter(place=OuterRef("pk"), joined_into=None)
    counted = found.order_by().values("place").annotate(number=Count("pk")).values("number")
    return rows.annotate(open_now=Coalesce(Subquery(counted), 0), visited_at=Value(None, output_field=DateTimeField()))


def midnight(day: dt.date, campaign: Campaign) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), campaign.zone)


@dataclass(frozen=True)
class Conditions:
    """What is said of a place on a day, as conditions of a query over `seen_places`."""

    campaign: Campaign
    today: dt.date
    types: Sequence[PlaceType]

    @property
    def month(self) -> Q:
        """本月已查."""
        return Q(visited_at__gte=midnight(self.today.replace(day=1), self.campaign))

    @property
    def failing(self) -> Q:
        """未达标: something found there is not closed."""
        return Q(open_now__gt=0)

    @property
    def never(self) -> Q:
        return Q(visited_at=None)

    @property
    def stale(self) -> Q:
        """Seen, but longer ago than its type allows."""
        by_days: dict[int, list[UUID]] = defaultdict(list)
        for kind in self.types:
            by_days[kind.revisit_days].append(kind.pk)
        condition = Q(pk__in=[])
        for days, kinds in by_days.items():
            since = midnight(self.today - dt.timedelta(days=days), self.campaign)
            condition |= Q(place_type__in=kinds, visited_at__lt=since)
        return condition

    @property
    def ownerless(self) -> Q:
        return Q(owner=None)


FIGURES = ("places", "month", "failing", "never", "stale", "ownerless", "key")


@dataclass(frozen=True)
class Figures:
    """Quantities of a set of places; `open` counts findings, all others places."""

    places: int = 0
    month: int = 0
    failing: int = 0
    never: int = 0
    stale: int = 0
    ownerless: int = 0
    key: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in FIGURES})

    @property
    def unseen(self) -> int:
        """本月未查."""
        return self.places - self.month

    @property
    def fine(self) -> int:
        return self.places - self.failing


def aggregates(conditions: Conditions) -> dict[str, Count]:
    found = {name: Count("pk", filter=getattr(conditions, name)) for name in ("month", "failing", "never", "ownerless")}
    return {
        **found,
        "places": Count("pk"),
        "stale": Count("pk", filter=conditions.stale),
        "key": Count("pk", filter=Q(is_key=True)),
    }


@dataclass(frozen=True)
class Cube:
    """Figures of the campaign by type and area. Built by one query."""

    cells: dict[tuple[UUID, UUID | None], Figures]
    types: Sequence[PlaceType]

    @classmethod
    def of(cls, rows: QuerySet[Any], conditions: Conditions) -> "Cube":
        found = rows.order_by().values("place_type", "area").annotate(**aggregates(conditions))
        cells = {(row["place_type"], row["area"]): figures_of(row) for row in found}
        return cls(cells, conditions.types)

    @property
    def total(self) -> Figures:
        return sum(self.cells.values(), Figures())

    def by(self, key: Callable[[tuple[UUID, UUID | None]], Any]) -> dict[Any, Figures]:
        found: dict[Any, Figures] = defaultdict(Figures)
        for cell, figures in self.cells.items():
            found[key(cell)] += figures
        return dict(found)

    @property
    def by_type(self) -> dict[UUID, Figures]:
        return self.by(lambda cell: cell[0])

    @property
    def by_area(self) -> dict[UUID | None, Figures]:
        return self.by(lambda cell: cell[1])

    def draws(self) -> list[Draw]:
        """What is drawn of each type that has places."""
        counted = self.by_type
        return [
            Draw(kind.name, counted[kind.pk].places, counted[kind.pk].failing, kind.draw_size, key=kind.code)
            for kind in self.types
            if kind.pk in counted and not kind.is_without_place
        ]

    def draw(self) -> Draw:
        """All places drawn together: as many as the types' numbers sum to."""
        draws = self.draws()
        drawn = sum(min(one.drawn, one.places) for one in draws)
        return Draw("全部", sum(one.places for one in draws), sum(one.bad for one in draws), drawn)


def figures_of(row: Mapping[str, Any]) -> Figures:
    return Figures(**{name: row[name] for name in FIGURES})


def worst(rows: QuerySet[Any], limit: int = 20) -> QuerySet[Any]:
    """Worst record (E21): most relapses, then most findings, then most still open."""
    found = rows.filter(Q(relapse_count__gt=0) | Q(finding_count__gt=0))
    return found.order_by("-relapse_count", "-finding_count", "-open_now", "code")[:limit]


def grades(rows: QuerySet[Any]) -> list[tuple[str, str, int]]:
    """(letter, words, number of places), the ungraded last."""
    counted = dict(rows.order_by().values_list("grade").annotate(number=Count("pk")))
    choices = [*Place.Grade.choices, ("", "未定级")]
    return [(letter, words, counted.get(letter, 0)) for letter, words in choices]


def missing_elements(rows: Iterable[Place]) -> dict[str, int]:
    """How many places lack each required element, by name, the most often missing first (E22)."""
    counts: dict[str, int] = defaultdict(int)
    for place in rows:
        for name, is_there in place.elements.items():
            counts[name] += not is_there
    return {name: number for name, number in sorted(counts.items(), key=lambda pair: -pair[1]) if number}
