"""The cast of field work: a type with its checklist, places of it, an area, a street."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.models import Area
from inspections.checklists import write_checklist
from inspections.models import Finding, Place, PlaceType, Round, RoundMember, RoundPlace
from tests.conftest import NOON, TODAY
from tests.inspections.order_cast import picture


@pytest.fixture
def market(campaign):
    return PlaceType.objects.create(
        campaign=campaign, code="T14", name="农贸市场", order=140, revisit_days=7, draw_size=2
    )


@pytest.fixture
def alley(campaign):
    return PlaceType.objects.create(campaign=campaign, code="T29", name="背街小巷", order=290, draw_size=6)


@pytest.fixture
def item_fields():
    """What the office writes of two items."""
    return [
        {"text": "通道干燥", "norm": "积水为0", "tile": "环境脏乱", "points": 2, "severity": "major"},
        {"text": "无现场宰杀", "tile": "其他", "points": 3, "severity": "urgent", "is_bottom_line": True},
    ]


@pytest.fixture
def checklist(market, item_fields):
    return write_checklist(market, item_fields, source="本地手册", by=None, now=NOON, today=TODAY)


@pytest.fixture
def area(campaign, street):
    return Area.objects.create(campaign=campaign, code="01", name="第一片区", unit=street, order=1)


@pytest.fixture
def make_place(campaign, market):
    """A place of a type; codes S0001, S0002 … in the order made."""
    made = []

    def make(name="", **fields):
        code = f"S{len(made) + 1:04d}"
        defaults = {"campaign": campaign, "place_type": market, "code": code, "name": name or f"{code}市场"}
        made.append(Place.objects.create(**defaults | fields))
        return made[-1]

    return make


@pytest.fixture
def place(make_place, police, area, street):
    return make_place("金桥市场", owner=police, area=area, street=street)


@pytest.fixture
def noon():
    """A moment of a day: noon(-3) is three days ago."""

    def at(days=0):
        return NOON + dt.timedelta(days=days)

    return at


@pytest.fixture
def found(campaign, street):
    """A finding as the deeds leave it, of a day at ten o'clock."""

    def make(day=10, stage="fixing", *, month=9, hour=10, **fields):
        number = Finding.objects.count() + 1
        row = {"campaign": campaign, "code": f"{number:04d}", "tile": "环境脏乱", "text": "果皮箱满溢", "unit": street}
        at = dt.datetime(2019, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))
        closed_at = at + dt.timedelta(days=1) if stage == "closed" else None
        row |= {"found_at": at, "stage": stage, "is_hidden": stage == "pending", "closed_at": closed_at}
        return Finding.objects.create(**row | fields)

    return make


@pytest.fixture
def make_round(campaign, office):
    """A running round of some places, walked by some people."""

    def make(places=(), members=(), **fields):
        defaults = {"code": f"R{Round.objects.count() + 1:03d}", "name": "九月日常巡查", "state": Round.State.RUNNING}
        defaults |= {"starts_on": TODAY, "ends_on": TODAY, "created_by": office, "created_at": NOON}
        row = Round.objects.create(campaign=campaign, **defaults | fields)
        for number, found in enumerate(places):
            RoundPlace.objects.create(campaign=campaign, round=row, place=found, order=number)
        for user in members:
            RoundMember.objects.create(campaign=campaign, round=row, user=user)
        return row

    return make


@pytest.fixture
def make_finding(campaign, place, inspector):
    """A finding as it may stand; `closed_days` ago it was closed."""

    def make(code="", *, closed_days=None, **fields):
        closed_at = None if closed_days is None else NOON - dt.timedelta(days=closed_days)
        defaults = {
            "code": code or f"{Finding.objects.count() + 1:04d}",
            "place": place,
            "place_type": place.place_type,
        }
        defaults |= {"tile": "环境脏乱", "text": "有积水", "found_by": inspector, "unit": place.owner}
        defaults |= {"found_at": NOON - dt.timedelta(days=9), "closed_at": closed_at}
        return Finding.objects.create(campaign=campaign, **defaults | fields)

    return make


@pytest.fixture
def picture_file():
    """A photo as a form sends it."""
    return SimpleUploadedFile("after.jpg", picture(77), content_type="image/jpeg")
