"""The demo's month in the street: what it plans, and that loading it again changes nothing."""

import datetime as dt
import random

import pytest
from django.core.management import call_command

from campaign.models import Area, Campaign, Unit, User
from inspections import rounds
from inspections.models import Finding, Place, PlaceType, ProblemList, Register, Round, Sighting
from inspections.problem_lists import with_counts
from reports.demo import CODE, others, setting
from reports.demo.field import Month
from reports.demo.rounds import Rounds
from tasks.models import Task

TYPES = ("背街小巷", "农贸市场", "居民小区", "主次干道", "餐饮店", "公厕")


@pytest.fixture
def district(db):
    """The demo's units and people, and a few places of six types."""
    campaign = setting.make_campaign()
    setting.make_units(campaign)
    setting.make_people(campaign, random.Random(1))
    street = Unit.objects.get(campaign=campaign, name="古桥街道")
    area = Area.objects.create(campaign=campaign, code="01", name="古桥片区", unit=street)
    for number, name in enumerate(TYPES):
        kind = PlaceType.objects.create(campaign=campaign, code=f"T{number:02d}", name=name, order=number)
        for at in range(6):
            code = f"S{number * 6 + at + 1:04d}"
            Place.objects.create(
                campaign=campaign, code=code, name=f"{name}{at}", place_type=kind, area=area, street=street
            )
    return campaign


@pytest.fixture
def month(district):
    who = {name: User.objects.get(username=name) for name in ("chenjing", "inspector", "third")}
    places = list(Place.objects.select_related("place_type", "street").order_by("code"))
    made = Month(district, who["chenjing"], who["inspector"], who["third"], {}, places)
    made.rounds = Rounds(district, who["chenjing"], who["inspector"], who["third"], places)
    return made


def september(last):
    return [dt.date(2019, 9, day) for day in range(1, last + 1)]


@pytest.fixture
def planned(month):
    """Every round, and what each looked at day by day."""
    looked = []
    for day in september(24):
        month.rounds.morning(day)
        while (look := month.rounds.take(day)) is not None:
            looked.append(look)
    return looked


def test_rounds_of_every_kind_are_told(planned):
    told = {
        kind: (state, is_hidden) for kind, state, is_hidden in Round.objects.values_list("kind", "state", "is_hidden")
    }
    assert told == {
        "patrol": ("running", False),
        "third_party": ("finished", True),
        "themed": ("finished", False),
        "sweep": ("running", False),
        "mock": ("finished", False),
        "joint": ("planned", False),
        "unannounced": ("running", True),
    }


def test_what_was_drawn_is_proved_and_all_of_it_walked(planned):
    drawn = Round.objects.exclude(seed="")
    assert drawn.count() == 3
    for held in drawn:
        assert rounds.prove(held).is_fair
        assert {look.place for look in planned if look.round == held} == {row.place for row in held.round_places.all()}


def test_the_contractor_walks_its_own_rounds_alone(planned):
    third = [look for look in planned if look.by.username == "third"]
    assert {look.round.kind for look in third} == {"third_party"}
    assert {look.source for look in third} == {Finding.Source.THIRD_PARTY}
    assert len({look.round for look in third}) == 2


def test_eighteen_problems_come_and_the_registers_say_what_is_missing(month):
    others._list(month, dt.date(2019, 9, 18))
    others._registers(month, dt.date(2019, 9, 2))
    (kept,) = with_counts(ProblemList.objects.all())
    assert (kept.stated_count, kept.filed) == (18, 18)
    assert not Finding.objects.filter(unit=None).exists()
    known = {made.name: (made.entries.count(), made.stated_total) for made in Register.objects.all()}
    assert known == {"堵点乱点台账": (29, 36), "在建工地台账": (12, 12), "公厕台账": (6, None)}


def test_residents_are_answered_by_the_office(month):
    for day in (17, 18, 20, 24):
        others._open_page(month, dt.date(2019, 9, 17)) if day == 17 else others._resident(month, dt.date(2019, 9, day))
    states = list(Sighting.objects.order_by("sent_at").values_list("state", flat=True))
    assert states == ["taken", "declined", "waiting"]
    assert Finding.objects.get(source="public").photos.count() == 1


def test_loading_again_changes_nothing(district, capsys):
    before = {model: model.objects.count() for model in (Campaign, Unit, User, Place, Task)}
    call_command("load_demo")
    assert f"演示数据 {CODE} 已在，没有改动。" in capsys.readouterr().out
    assert {model: model.objects.count() for model in before} == before
