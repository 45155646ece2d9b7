"""迎检: what to mend tonight by what it does to the draw, who stands where, walks in walking order."""

import datetime as dt

import pytest

from inspections import readiness
from inspections.models import RosterDuty

TODAY = dt.date(2019, 9, 24)


@pytest.fixture
def bad(make_place, found, alley, market, street):
    """Two of two markets bad, one of six lanes."""
    places = [make_place(f"市场{n}", owner=street, open_count=n) for n in (1, 2)]
    lanes = [make_place(f"小巷{n}", place_type=alley, owner=street) for n in range(6)]
    lanes[0].open_count = 1
    lanes[0].save()
    for place in (*places, lanes[0]):
        found(place=place, place_type=place.place_type)
    return places, lanes


def test_tonight_begins_where_one_repair_helps_most(bad, actor, office):
    made = readiness.readiness(actor(office), today=TODAY)
    assert (made.whole.places, made.whole.failing, made.ready) == (8, 3, 5)
    assert [str(one.place) for one in made.tonight] == ["小巷0", "市场1", "市场2"]
    assert made.tonight[0].chance_then > made.tonight[0].chance
    assert [len(one.findings) for one in made.tonight] == [1, 1, 1]


def test_the_roster_says_who_is_missing(make_place, market, campaign, police, actor, office):
    market.staffing = [{"post": "交警", "count": 1}, {"post": "志愿者", "count": 4}]
    market.save()
    place = make_place("西街路口")
    for post, count in (("交警", 1), ("志愿者", 3)):
        for _ in range(count):
            RosterDuty.objects.create(campaign=campaign, place=place, on=TODAY, shift="早高峰", post=post, unit=police)
    ((stand,),) = readiness.roster(actor(office), day=TODAY).values()
    assert stand.missing == (("志愿者", 1),)


def test_a_walk_goes_on_to_the_nearest(make_place):
    spots = [
        make_place(f"{n}", latitude=34.0, longitude=110 + x) for n, x in ((1, 0.03), (2, 0.0), (3, 0.02), (4, 0.01))
    ]
    nowhere = make_place("没有位置")
    assert [str(place) for place in readiness.walked([nowhere, *spots])] == ["2", "4", "3", "1", "没有位置"]


@pytest.mark.parametrize(
    "path", ["", "/roster", "/roster?day=2019-09-25", "/roster?day=never", "/cards", "/cards?area=01"]
)
def test_its_pages_open(bad, area, login, leader, path):
    assert login(leader).get(f"/readiness{path}").status_code == 200


def test_questions_do_not_grow_with_places(bad, login, office, make_place, django_assert_max_num_queries):
    client = login(office)
    client.get("/readiness")
    for n in range(20):
        make_place(f"新{n}", open_count=1)
    with django_assert_max_num_queries(13):
        client.get("/readiness")
