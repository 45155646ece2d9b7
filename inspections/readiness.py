"""迎检: what the assessors may see tomorrow. What to mend tonight, who stands where, and a card for each walk.

What to mend first is told by the draw: of which type one repair raises the chance of a clean draw by most
(`inspections.drawrisk`), under the assumption that each place of a type is as likely to be drawn as any other.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.access import Actor
from campaign.models import Area, CalendarEvent, Unit
from inspections.coverage import Conditions, Cube, Figures, seen_places
from inspections.drawrisk import Draw, worth_mending_first
from inspections.models import Finding, Place, PlaceType, RosterDuty

TONIGHT, STOPS = 30, 40


@dataclass(frozen=True)
class Repair:
    """One place to put right, and what that does to the draw of its type."""

    place: Place
    findings: Sequence[Finding]
    draw: Draw

    @property
    def chance(self) -> float:
        return self.draw.chance

    @property
    def chance_then(self) -> float:
        return self.draw.after(1)


@dataclass(frozen=True)
class Readiness:
    whole: Figures
    draw: Draw
    draws: list[Draw]
    tonight: list[Repair]
    next_visit: CalendarEvent | None

    @property
    def ready(self) -> int:
        """Places in use without an open finding."""
        return self.whole.places - self.whole.failing


def readiness(actor: Actor, *, today: dt.date) -> Readiness:
    """Five queries."""
    types = list(PlaceType.objects.visible_to(actor).filter(is_active=True).order_by("order", "code"))
    rows = seen_places(actor)
    cube = Cube.of(rows, Conditions(actor.campaign, today, types))
    draws = worth_mending_first(cube.draws())
    visits = CalendarEvent.objects.visible_to(actor).filter(kind=CalendarEvent.Kind.ASSESSMENT, starts_on__gte=today)
    return Readiness(cube.total, cube.draw(), draws, _tonight(actor, rows, draws), visits.order_by("starts_on").first())


def _tonight(actor: Actor, rows: Any, draws: list[Draw]) -> list[Repair]:
    """The bad places of the types in their order; within a type those of better grade and fewer faults first: done sooner."""
    order = {draw.key: place for place, draw in enumerate(draws)}
    bad = rows.filter(open_now__gt=0, place_type__code__in=list(order)).select_related(
        "place_type", "area", "owner", "street"
    )
    places = sorted(bad[:2000], key=lambda place: (order[place.place_type.code], place.open_now, place.code))[:TONIGHT]
    faults: dict[Any, list[Finding]] = defaultdict(list)
    found = Finding.objects.visible_to(actor).counted().open().filter(place__in=places).select_related("unit")
    for finding in found.order_by("code"):
        faults[finding.place_id].append(finding)
    by_code = {draw.key: draw for draw in draws}
    return [Repair(place, faults[place.pk], by_code[place.place_type.code]) for place in places]


# ---------- who stands where


@dataclass(frozen=True)
class Stand:
    """One place in one shift: who is named, and how many of each post the norm asks for beyond."""

    place: Place
    shift: str
    duties: Sequence[RosterDuty]
    missing: tuple[tuple[str, int], ...]

    @property
    def posts(self) -> list[tuple[str, Unit | None, list[RosterDuty]]]:
        """Who stands there, by post and unit: 志愿者 of one street in one line."""
        found: dict[Any, list[RosterDuty]] = defaultdict(list)
        for duty in self.duties:
            found[duty.post, duty.unit].append(duty)
        return [(post, unit, duties) for (post, unit), duties in found.items()]


def roster(actor: Actor, *, day: dt.date) -> dict[str, list[Stand]]:
    """A plan of who stands where (1+4 at a crossing), shift by shift; never a record of who came. Two queries.

    Of a type that is on the roster that day every place with a norm is there, so that one forgotten shows.
    """
    rows = RosterDuty.objects.visible_to(actor).filter(on=day)
    rows = rows.select_related("place__place_type", "place__area", "unit", "user")
    duties: dict[tuple[str, str], list[RosterDuty]] = defaultdict(list)
    places: dict[str, Place] = {}
    shifts: dict[str, set[Any]] = defaultdict(set)
    for row in rows.order_by("place__code", "shift", "post", "id"):
        duties[row.place.code, row.shift].append(row)
        places[row.place.code] = row.place
        shifts[row.shift].add(row.place.place_type_id)
    types = set().union(*shifts.values()) if shifts else set()
    for place in Place.objects.visible_to(actor).active().filter(place_type__in=types).select_related("place_type"):
        if place.place_type.staffing:
            places.setdefault(place.code, place)
    found: dict[str, list[Stand]] = {shift: [] for shift in sorted(shifts, key=_begins)}
    for code, place in sorted(places.items()):
        for shift, stands in found.items():
            there = duties.get((code, shift), [])
            if there or (place.place_type.staffing and place.place_type_id in shifts[shift]):
                stands.append(Stand(place, shift, there, missing(place, there)))
    return found


def _begins(shift: str) -> tuple[int, str]:
    """早高峰 7:00–9:00 before 晚高峰 17:00–19:00; words without an hour come last."""
    hour = re.search(r"(\d{1,2})[:：](\d{2})", shift)
    return (int(hour[1]) * 60 + int(hour[2]) if hour else 24 * 60, shift)


def missing(place: Place, duties: Sequence[RosterDuty]) -> tuple[tuple[str, int], ...]:
    """What the type's staffing norm asks for beyond who is on the roster."""
    there: dict[str, int] = defaultdict(int)
    for duty in duties:
        there[duty.post] += 1
    wanted = ((str(one["post"]), int(one["count"])) for one in place.place_type.staffing)
    return tuple((post, count - there[post]) for post, count in wanted if count > there[post])


# ---------- route cards


@dataclass(frozen=True)
class Card:
    area: Area | None
    stops: Sequence[Place]


def cards(actor: Actor, *, area: Area | None) -> list[Card]:
    """Walks of an area (or of every area), key places and those that stand badly first chosen, then in walking order."""
    rows = seen_places(actor).select_related("place_type", "area", "owner", "street")
    rows = rows.filter(area=area) if area is not None else rows.filter(is_key=True)
    found: dict[Any, list[Place]] = defaultdict(list)
    for place in rows.order_by("-is_key", "-open_now", "code")[: STOPS * 13]:
        if len(found[place.area]) < STOPS:
            found[place.area].append(place)
    made = [Card(one, walked(places)) for one, places in found.items()]
    return sorted(made, key=lambda card: (card.area is None, card.area.order if card.area else 0))


def walked(places: Iterable[Place]) -> list[Place]:
    """Always on to the nearest; from the westernmost. Places without a position come last, by code."""
    places = list(places)
    left = [place for place in places if place.latitude is not None and place.longitude is not None]
    rest = sorted(
        (place for place in places if place.latitude is None or place.longitude is None), key=lambda p: p.code
    )
    if not left:
        return rest
    here = min(left, key=lambda place: (place.longitude or 0, place.code))
    order = [here]
    left.remove(here)
    while left:
        here = min(left, key=lambda place: (_apart(here, place), place.code))
        left.remove(here)
        order.append(here)
    return order + rest


def _apart(one: Place, other: Place) -> float:
    north = (one.latitude or 0) - (other.latitude or 0)
    east = ((one.longitude or 0) - (other.longitude or 0)) * 0.8
    return north * north + east * east
