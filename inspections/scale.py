"""Synthetic field work of any size, for measuring: places, visits, answers and findings by a fixed seed, in bulk.

A visit is twenty answers; three in a hundred fail and each fail is a finding. What was found a fortnight ago is closed.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from campaign import bulk
from campaign.models import Area, Campaign, Unit, User
from campaign.pinyin import search_text
from inspections.models import Answer, Checklist, ChecklistItem, Counter, Finding, Place, PlaceType, Visit
from tasks.scale import PLACES as NAMES
from tasks.scale import TODAY

TYPES, ITEMS, FAILS = 50, 20, 0.03
TILES = ("环境脏乱", "占道经营", "乱停车", "设施破损", "小广告", "飞线晾晒")
BATCH = 2000
Stage = Finding.Stage


@dataclass(frozen=True)
class Ground:
    campaign: Campaign
    places: Sequence[Place]
    items: dict[Any, list[ChecklistItem]]
    inspector: User
    zone: Any


@dataclass
class Rows:
    visits: list[Visit] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def save(self) -> None:
        with transaction.atomic():
            for rows in (self.visits, self.answers, self.findings):
                bulk.insert(rows)
        for rows in (self.visits, self.answers, self.findings):
            rows.clear()


_visit, _answer, _finding, _place = (bulk.maker(model) for model in (Visit, Answer, Finding, Place))


def add_field_work(campaign: Campaign, place_count: int, answer_count: int) -> None:
    """Give a campaign made by `tasks.scale` its street. The same numbers make the same street."""
    chance = random.Random(place_count)  # noqa: S311 - a fixed seed is wanted
    ground = _ground(campaign, place_count, chance)
    rows, found = Rows(), 0
    with bulk.uncollected():
        visits = -(-answer_count // ITEMS)
        for number in range(visits):
            left = min(ITEMS, answer_count - number * ITEMS)
            found += _look(rows, ground, number, visits, left, found, chance)
            if len(rows.visits) >= BATCH:
                rows.save()
        rows.save()
    Counter.objects.update_or_create(campaign=campaign, name="finding", defaults={"value": found})
    _sum_up(campaign)


def _ground(campaign: Campaign, count: int, chance: random.Random) -> Ground:
    streets = list(Unit.objects.filter(campaign=campaign, kind=Unit.Kind.STREET).in_order())
    departments = list(Unit.objects.filter(campaign=campaign, kind=Unit.Kind.DEPARTMENT).in_order())
    areas = [Area(campaign=campaign, code=f"{n:02d}", name=f"第{n}片区", order=n) for n in range(1, 14)]
    Area.objects.bulk_create(areas)
    types = [
        PlaceType(campaign=campaign, code=f"T{n:02d}", name=f"{NAMES[n % 10]}{n}", order=n, draw_size=2)
        for n in range(1, TYPES + 1)
    ]
    PlaceType.objects.bulk_create(types)
    items = _checklists(campaign, types)
    places = []
    for n in range(count):
        kind, street = types[n % TYPES], chance.choice(streets)
        owner = chance.choice(departments) if chance.random() < 0.3 else street
        name = f"{street.name}{kind.name}第{n + 1}处"
        code = f"S{n + 1:05d}"
        places.append(
            _place(campaign=campaign, code=code, name=name, place_type=kind, area=chance.choice(areas), street=street,
                   owner=owner, grade="ABC"[n % 3], search_text=search_text(code, name))
        )  # fmt: skip
    bulk.insert(places)
    inspector = User.objects.get(username=campaign.code.replace("scale-", "scale-office-"))
    return Ground(campaign, places, items, inspector, campaign.zone)


def _checklists(campaign: Campaign, types: list[PlaceType]) -> dict[Any, list[ChecklistItem]]:
    lists = [
        Checklist(campaign=campaign, place_type=kind, valid_from=dt.date(TODAY.year, 1, 1), source="测速")
        for kind in types
    ]
    Checklist.objects.bulk_create(lists)
    items = {
        one.place_type_id: [
            ChecklistItem(
                campaign=campaign, checklist=one, code=f"{n:02d}", order=n, text=f"检查项{n}", tile=TILES[n % 6]
            )
            for n in range(1, ITEMS + 1)
        ]
        for one in lists
    }
    ChecklistItem.objects.bulk_create([item for found in items.values() for item in found])
    return items


def _look(rows: Rows, ground: Ground, number: int, visits: int, left: int, before: int, chance: random.Random) -> int:
    """One visit, on its day of the year so far. Gives how many things were found."""
    place = ground.places[(number * 7919) % len(ground.places)]
    days = (TODAY - dt.date(TODAY.year, 1, 1)).days
    day = dt.date(TODAY.year, 1, 1) + dt.timedelta(days=days * number // max(visits - 1, 1))
    at = dt.datetime.combine(day, dt.time(8 + number % 9, number % 60), ground.zone)
    items = ground.items[place.place_type_id][:left]
    failed = [item for item in items if chance.random() < FAILS]
    visit = _visit(
        campaign=ground.campaign, client_id=f"scale-{number}", place=place, checklist_id=items[0].checklist_id,
        by=ground.inspector, at=at, received_at=at, is_fine=not failed, failed_count=len(failed),
        passed_count=len(items) - len(failed),
    )  # fmt: skip
    rows.visits.append(visit)
    for item in items:
        verdict = Answer.Verdict.FAIL if item in failed else Answer.Verdict.PASS
        rows.answers.append(
            _answer(campaign=ground.campaign, visit=visit, item=item, place=place, verdict=verdict.value, at=at)
        )
    for extra, item in enumerate(failed, 1):
        rows.findings.append(_found(ground, visit, place, item, before + extra, day, chance))
    return len(failed)


def _found(
    ground: Ground, visit: Visit, place: Place, item: ChecklistItem, number: int, day: dt.date, chance: random.Random
) -> Finding:
    age = (TODAY - day).days
    stage = Stage.CLOSED if age > 14 or chance.random() < 0.6 else chance.choice(_stages(age))
    closed_at = visit.at + dt.timedelta(hours=chance.randint(3, 120)) if stage == Stage.CLOSED else None
    return _finding(
        campaign=ground.campaign, code=f"{number:04d}", place=place, place_type_id=place.place_type_id,
        area_id=place.area_id, unit_id=place.owner_id, visit=visit, item=item, tile=item.tile, text=item.text,
        found_at=visit.at, found_on=day, found_by=ground.inspector, is_hidden=stage == Stage.PENDING, stage=stage.value,
        issued_at=None if stage == Stage.PENDING else visit.at,
        due_at=None if stage == Stage.PENDING else visit.at + dt.timedelta(days=7),
        answered_at=visit.at + dt.timedelta(hours=3) if stage in (Stage.RECHECK, Stage.CLOSED) else None,
        closed_at=closed_at, is_relapse=False,
    )  # fmt: skip


def _stages(age: int) -> tuple[Stage, ...]:
    return (Stage.PENDING, Stage.FIXING) if age < 2 else (Stage.FIXING, Stage.FIXING, Stage.RECHECK)


def _sum_up(campaign: Campaign) -> None:
    """The summary columns of places, once for all of them."""
    seen = {
        row["place"]: row
        for row in Visit.objects.filter(campaign=campaign)
        .order_by()
        .values("place")
        .annotate(count=Count("pk"), last=Max("at"), failed=Max("at", filter=Q(failed_count__gt=0)))
    }
    found = dict(Finding.objects.filter(campaign=campaign).order_by().values_list("place").annotate(count=Count("pk")))
    still = Finding.objects.filter(campaign=campaign, stage__in=Finding.OPEN_STAGES).order_by()
    unclosed = dict(still.values_list("place").annotate(count=Count("pk")))
    places = list(Place.objects.filter(pk__in=seen))
    for place in places:
        row = seen[place.pk]
        place.visit_count, place.last_visit_at, place.last_failed_at = row["count"], row["last"], row["failed"]
        place.finding_count, place.open_count = found.get(place.pk, 0), unclosed.get(place.pk, 0)
    names = ["visit_count", "last_visit_at", "last_failed_at", "finding_count", "open_count"]
    Place.objects.bulk_update(places, names, batch_size=500)
