"""What the page of one place shows, as far as the reader may know it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from campaign.access import Actor
from campaign.models import Stewardship
from inspections.checklists import current_checklist
from inspections.coverage import knows_record
from inspections.models import Answer, Checklist, ChecklistItem, Finding, Place, RosterDuty, Visit

VISITS_SHOWN, FINDINGS_SHOWN = 12, 60


@dataclass
class ItemLine:
    """An item of the current checklist, with how it last stood here."""

    item: ChecklistItem
    verdict: str = ""
    at: dt.datetime | None = None
    last: Finding | None = None
    findings: int = 0
    relapses: int = 0


@dataclass(frozen=True)
class Element:
    name: str
    norm: str
    is_there: bool | None
    """None: nobody has looked yet."""


@dataclass(frozen=True)
class Post:
    name: str
    needed: int
    standing: int


@dataclass
class PlacePage:
    place: Place
    knows: bool
    checklist: Checklist | None
    items: list[ItemLine]
    visits: list[Visit]
    findings: list[Finding]
    elements: list[Element]
    posts: list[Post]
    stewards: list[Stewardship]
    registers: list[Any] = field(default_factory=list)

    @property
    def open(self) -> list[Finding]:
        return [found for found in self.findings if found.stage in Finding.OPEN_STAGES]

    @property
    def missing(self) -> list[Element]:
        return [element for element in self.elements if element.is_there is False]


def page_of(place: Place, actor: Actor) -> PlacePage:
    knows = knows_record(actor)
    visits = Visit.objects.filter(campaign=place.campaign_id) if knows else Visit.objects.visible_to(actor)
    findings = Finding.objects.filter(campaign=place.campaign_id) if knows else Finding.objects.visible_to(actor)
    seen = list(
        visits.standing().filter(place=place).select_related("by", "round").order_by("-at", "-id")[:VISITS_SHOWN]
    )
    found = findings.filter(place=place, joined_into=None).select_related("item", "unit").order_by("-found_at", "-id")
    shown = list(found[:FINDINGS_SHOWN])
    checklist = current_checklist(place.place_type)
    return PlacePage(
        place=place,
        knows=knows,
        checklist=checklist,
        items=_items(checklist, seen, shown),
        visits=seen,
        findings=shown,
        elements=_elements(place),
        posts=_posts(place, today=actor.today),
        stewards=_stewards(place, today=actor.today),
        registers=list(place.register_entries.select_related("register").order_by("register__name", "order")),
    )


def _items(checklist: Checklist | None, visits: list[Visit], findings: list[Finding]) -> list[ItemLine]:
    """An item is the same through all versions of its list: it keeps its code."""
    if checklist is None:
        return []
    lines = {item.code: ItemLine(item) for item in checklist.items.all()}
    answers = Answer.objects.filter(visit__in=[visit.pk for visit in visits]).select_related("item").order_by("at")
    for answer in answers:
        if answer.item.code in lines and answer.verdict != Answer.Verdict.SKIP:
            lines[answer.item.code].verdict, lines[answer.item.code].at = answer.verdict, answer.at
    for found in reversed(findings):
        if found.item is not None and found.item.code in lines:
            line = lines[found.item.code]
            line.last, line.findings = found, line.findings + 1
            line.relapses += found.is_relapse
    return list(lines.values())


def _elements(place: Place) -> list[Element]:
    return [
        Element(asked["name"], asked.get("norm", ""), place.elements.get(asked["name"]))
        for asked in place.place_type.elements
    ]


def _posts(place: Place, *, today: dt.date) -> list[Post]:
    """What the type's norm asks for (1 police, 4 volunteers), and how many are on today's roster."""
    norm = place.place_type.staffing
    if not norm:
        return []
    standing: dict[str, int] = defaultdict(int)
    for post in RosterDuty.objects.filter(place=place, on=today).values_list("post", flat=True):
        standing[post] += 1
    return [Post(asked["post"], asked["count"], standing[asked["post"]]) for asked in norm]


def _stewards(place: Place, *, today: dt.date) -> list[Stewardship]:
    """Who answers for the place's ground: of its area, of the area above, of its community."""
    areas = [place.area_id, place.area.parent_id if place.area else None]
    where = Q(area__in=[area for area in areas if area])
    if place.street_id:
        where |= Q(community=place.street_id)
    held = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))
    rows = Stewardship.objects.filter(where, held, campaign=place.campaign_id)
    return list(rows.select_related("area", "community", "unit", "user"))
