import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.models import CalendarEvent
from tasks.models import Freq
from tasks.periods import periods, terms_of

COUNTS = {
    "daily": 12,
    "weekly": 52,
    "semimonthly": 24,
    "monthly": 12,
    "quarterly": 4,
    "semester": 2,
    "halfyear": 2,
    "yearly": 1,
}


@pytest.mark.parametrize(("freq", "count"), COUNTS.items())
def test_number_of_periods_in_2019(freq, count):
    assert len(periods(freq, 2019)) == count


@given(freq=st.sampled_from([f.value for f in Freq if f != Freq.SEMESTER]), year=st.integers(2000, 2099))
def test_periods_follow_one_another_without_gap(freq, year):
    found = periods(freq, year)
    steps = [later.first - earlier.last for earlier, later in itertools.pairwise(found)]
    assert all(step == dt.timedelta(days=1) for step in steps)
    assert len({period.label for period in found}) == len(found)


@given(freq=st.sampled_from(list(Freq)), year=st.integers(2000, 2098), day=st.none() | st.integers(1, 31))
def test_every_limit_lies_in_its_period_and_years_do_not_overlap(freq, year, day):
    found = periods(freq, year, day_of_month=day)
    assert all(period.first <= period.due <= period.last for period in found)
    assert found[-1].last < periods(freq, year + 1)[0].first


def test_a_named_day_is_the_limit_of_each_month():
    assert [p.due.day for p in periods("monthly", 2019, day_of_month=11)] == [11] * 12


@pytest.mark.parametrize(("year", "last"), [(2019, 28), (2020, 29)])
def test_the_thirty_first_is_the_last_day_of_february(year, last):
    assert periods("monthly", year, day_of_month=31)[1].due == dt.date(year, 2, last)


def test_a_year_of_53_weeks():
    found = periods("weekly", 2020)
    assert len(found) == 53
    assert found[0].first == dt.date(2019, 12, 30)
    assert found[-1].due == dt.date(2021, 1, 3)


def test_since_leaves_out_what_was_over():
    assert [p.label for p in periods("quarterly", 2019, since=dt.date(2019, 7, 1))] == ["三季度", "四季度"]


def test_terms_come_from_the_calendar_where_it_holds_them(campaign):
    CalendarEvent.objects.create(
        campaign=campaign, name="2018学年第二学期", starts_on=dt.date(2019, 2, 18), ends_on=dt.date(2019, 7, 8)
    )
    (term,) = periods("semester", 2019, terms=terms_of(campaign))
    assert (term.label, term.due) == ("2018学年第二学期", dt.date(2019, 7, 8))


def test_an_unknown_rhythm_is_refused():
    with pytest.raises(ValueError, match="hourly"):
        periods("hourly", 2019)
