"""整改率 and 治理率: what is counted, over what, and for whom."""

import datetime as dt
from decimal import Decimal

import pytest

from campaign.models import Area
from inspections import rates
from inspections.models import Finding, PlaceType
from inspections.rates import By, Rate, Span

SEPTEMBER = Span.month_of(dt.date(2019, 9, 24))
FIXING, CLOSED, PENDING = Finding.Stage.FIXING, Finding.Stage.CLOSED, Finding.Stage.PENDING


def of(campaign, span=SEPTEMBER):
    return rates.rate(campaign, Finding.objects.filter(campaign=campaign), span)


def test_closed_of_found(campaign, found):
    for stage in (CLOSED, CLOSED, FIXING, Finding.Stage.RECHECK, PENDING):
        found(stage=stage)
    assert of(campaign) == Rate(found=5, closed=2, held=2)
    assert (of(campaign).percent, of(campaign).words, of(campaign).open) == (Decimal("40.0"), "40.0%", 3)


def test_nothing_found_claims_nothing(campaign):
    assert of(campaign) == Rate()
    assert (of(campaign).percent, of(campaign).words, of(campaign).held_words) == (None, "—", "—")


def test_revoked_joined_and_sweeps_do_not_count(campaign, found):
    first = found(stage=CLOSED)
    found(stage=CLOSED, joined_into=first)
    found(stage=Finding.Stage.REVOKED)
    found(stage=FIXING, source=Finding.Source.SWEEP)
    assert of(campaign) == Rate(1, 1, 1)


def test_what_came_back_is_mended_but_not_held(campaign, found):
    first = found(1, CLOSED)
    second = found(5, CLOSED, relapse_of=first, is_relapse=True)
    found(9, FIXING, relapse_of=first, is_relapse=True)
    other = found(2, CLOSED)
    assert of(campaign) == Rate(found=4, closed=3, held=1)
    Finding.objects.filter(relapse_of=first, found_at__gt=second.found_at).update(stage=Finding.Stage.REVOKED)
    assert of(campaign).held == 2, "the last of the chain held, and so did the other"
    assert other.relapse_of is None


def test_a_day_is_the_campaigns_day(campaign, found):
    early = found(1, hour=7)
    found(1, month=10, hour=0)
    assert early.found_on == dt.date(2019, 9, 1), "23:00 of the day before in Greenwich"
    assert of(campaign).found == 1


def test_by_unit_type_area_source_month(campaign, found, street, city):
    kind = PlaceType.objects.create(campaign=campaign, code="T1", name="农贸市场")
    area = Area.objects.create(campaign=campaign, code="A1", name="河湾片区")
    found(stage=CLOSED, unit=city, place_type=kind, source=Finding.Source.HOTLINE)
    found(stage=FIXING, area=area)
    found(stage=FIXING, unit=None, month=8)
    told = {by: lines(campaign, by) for by in By}
    assert told[By.UNIT] == [("区城市管理委", 1, 1), ("古桥街道", 0, 1), ("未指派单位", 0, 1)]
    assert told[By.TYPE] == [("农贸市场", 1, 1), ("未归类", 0, 2)]
    assert told[By.AREA] == [("未划片", 1, 2), ("河湾片区", 0, 1)]
    assert told[By.SOURCE] == [("12345", 1, 1), ("巡查", 0, 2)]
    assert told[By.MONTH] == [("8月", 0, 1), ("9月", 1, 2)]


def lines(campaign, by):
    rows = Finding.objects.filter(campaign=campaign)
    return [(line.name, line.rate.closed, line.rate.found) for line in rates.lines(campaign, rows, by, Span())]


def test_lines_add_up_to_the_whole(campaign, found, city):
    for day, stage in ((1, CLOSED), (2, FIXING), (3, CLOSED), (4, PENDING)):
        found(day, stage)
        found(day, stage, unit=city, month=8)
    rows = Finding.objects.filter(campaign=campaign)
    compared = rates.compared(campaign, rows, SEPTEMBER)
    assert compared.now == sum((line.rate for line in compared.units), Rate())
    for span, told in ((SEPTEMBER, compared.now), (SEPTEMBER.before, compared.before)):
        whole = of(campaign, span)
        assert (told.found, told.closed, told.percent) == (whole.found, whole.closed, whole.percent)
    assert compared.points == Decimal("0.0")


@pytest.mark.parametrize("number", [1, 12])
def test_a_few_queries_however_many_rows(campaign, found, number, django_assert_num_queries):
    for day in range(1, number + 1):
        found(day, stage=CLOSED)
    rows = Finding.objects.filter(campaign=campaign)
    with django_assert_num_queries(2):
        rates.rate(campaign, rows, SEPTEMBER)
    with django_assert_num_queries(3):
        rates.lines(campaign, rows, By.UNIT, SEPTEMBER)
    with django_assert_num_queries(2):
        rates.compared(campaign, rows, SEPTEMBER)


def test_a_unit_reads_its_own_and_nothing_hidden(campaign, found, actor, liaison, police, city):
    found(stage=CLOSED, unit=police)
    found(stage=PENDING, unit=police)
    found(stage=CLOSED, unit=city)
    rows = Finding.objects.visible_to(actor(liaison))
    assert rates.rate(campaign, rows, SEPTEMBER) == Rate(1, 1, 1)


def test_a_relapse_not_yet_issued_shows_in_no_rate_of_the_unit(campaign, found, street, make_person, office, actor):
    """Of an unannounced round the unit learns nothing, by a share that sank neither."""
    first = found(1, CLOSED)
    found(5, PENDING, relapse_of=first, is_relapse=True)
    unit = actor(make_person("sun", street, "liaison"))
    assert rates.rate(campaign, Finding.objects.visible_to(unit), SEPTEMBER) == Rate(1, 1, 1)
    assert rates.rate(campaign, Finding.objects.visible_to(actor(office)), SEPTEMBER) == Rate(2, 1, 0)
