"""A question kept as SQL answers as the ORM would, whatever the values."""

import datetime as dt

import pytest

from campaign.models import Campaign, LogEntry, Membership, Unit
from campaign.prepared import answers


def since(*, campaign, today):
    first = today - dt.timedelta(days=7)
    return Membership.objects.filter(campaign=campaign, valid_from__gte=first, valid_from__lte=today).values_list(
        "unit"
    )


def test_other_values_get_their_own_answers(campaign, office, django_assert_num_queries):
    day = Membership.objects.get(user=office).valid_from
    for today in (day, day + dt.timedelta(days=7), day + dt.timedelta(days=8), day - dt.timedelta(days=1)):
        expected = list(since(campaign=campaign.pk, today=today))
        with django_assert_num_queries(1):
            assert answers(("test-since",), since, campaign=campaign.pk, today=today) == expected


def test_another_campaign_is_another_answer(campaign, office):
    build = lambda *, campaign: Unit.objects.filter(campaign=campaign).order_by("name").values_list("pk", "name")  # noqa: E731
    other = Campaign.objects.create(code="other-words", district="示例区", year=2020)
    unit = Unit.objects.create(campaign=other, name="另一个局")
    assert answers(("test-units",), build, campaign=campaign.pk) == list(build(campaign=campaign.pk))
    assert answers(("test-units",), build, campaign=other.pk) == [(unit.pk, "另一个局")]


def test_a_moment_is_compared_as_it_is(campaign, office):
    build = lambda *, now: LogEntry.objects.filter(at__lt=now).values_list("pk")  # noqa: E731
    for hours in (0, 3, 24 * 400):
        now = dt.datetime(2019, 9, 24, 8, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
        assert answers(("test-moments",), build, now=now) == list(build(now=now))


def test_a_value_that_is_not_named_is_refused(campaign):
    build = lambda *, today: Membership.objects.filter(campaign=campaign, valid_from=today).values_list("pk")  # noqa: E731
    with pytest.raises(TypeError, match="none of the values"):
        answers(("test-unnamed",), build, today=dt.date(2019, 9, 24))
    fixed = lambda *, today: Membership.objects.filter(valid_to=dt.date(2019, 1, 1), valid_from=today).values_list("pk")  # noqa: E731
    with pytest.raises(TypeError, match="none of the values"):
        answers(("test-fixed",), fixed, today=dt.date(2019, 9, 24))
