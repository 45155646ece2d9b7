"""The evening's gathering: once for each evening, and one that nobody was awake for is made up for."""

import datetime as dt

import pytest

from inspections.evening import run_evening
from inspections.models import Finding, Order
from inspections.models.orders import OrderPolicy
from tests.conftest import NOON
from tests.inspections.order_cast import found

pytestmark = pytest.mark.django_db
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def late(campaign):
    """The campaign gathers five minutes before midnight."""
    OrderPolicy.objects.create(campaign=campaign, drafts_at=dt.time(23, 55))
    return campaign


@pytest.fixture
def beat(campaign):
    """A turn of the clock so long after the cast's noon: whether it gathered."""

    def turn(after):
        now = NOON + after
        done = run_evening(campaign, today=now.astimezone(campaign.zone).date(), now=now)
        return [one.period for one in done if not one.is_repeat]

    return turn


def test_an_evening_between_two_beats_is_made_up_for(late, place, beat):
    found(late, place)
    assert beat(-1 * MINUTE) == ["2019-09-23"], "nobody had been awake on the evening before"
    assert not Order.objects.exists(), "what was found today waits for its own evening"
    assert beat(11 * HOUR + 50 * MINUTE) == []
    assert beat(12 * HOUR) == ["2019-09-24"]
    assert Order.objects.drafts().get().lines.get().finding == Finding.objects.get()
    assert beat(12 * HOUR + 10 * MINUTE) == []


def test_nights_without_a_machine_leave_nothing_behind(late, place, beat):
    found(late, place)
    assert beat(60 * HOUR) == ["2019-09-26"]
    assert Order.objects.drafts().get().lines.count() == 1


def test_what_was_found_after_midnight_waits(late, place, make_place, beat):
    first = found(late, place)
    found(late, make_place(owner=place.owner), at=NOON + 13 * HOUR)
    beat(14 * HOUR)
    assert [line.finding for line in Order.objects.drafts().get().lines.all()] == [first]
    beat(36 * HOUR)
    assert Order.objects.drafts().get().lines.count() == 2


def test_an_hour_set_later_does_not_gather_twice(campaign, place, beat):
    found(campaign, place)
    assert beat(6 * HOUR) == ["2019-09-24"]
    OrderPolicy.objects.update_or_create(campaign=campaign, defaults={"drafts_at": dt.time(19)})
    assert beat(6 * HOUR + 30 * MINUTE) == ["2019-09-23"], "an evening there never was, and nothing in it"
    assert beat(8 * HOUR) == []
    assert Order.objects.drafts().get().lines.count() == 1
