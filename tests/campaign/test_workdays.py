import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign import workdays


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (dt.date(2019, 9, 29), True),  # a Sunday worked for the National Day
        (dt.date(2019, 10, 1), False),
        (dt.date(2019, 9, 28), False),
        (dt.date(2031, 1, 1), True),  # nothing announced: a Wednesday
    ],
)
def test_holidays_and_shifted_days(day, is_workday):
    assert workdays.is_workday(day) is is_workday


def test_three_working_days_before_the_end_of_september():
    assert workdays.shifted(dt.date(2019, 9, 30), -3) == dt.date(2019, 9, 26)


def test_the_first_working_day_after_the_golden_week():
    assert workdays.shifted(dt.date(2019, 9, 30), 1) == dt.date(2019, 10, 8)


def test_a_limit_on_a_holiday_is_told_on_the_working_day_before():
    assert workdays.shifted(dt.date(2019, 10, 5), 0) == dt.date(2019, 9, 30)


@given(day=st.dates(dt.date(2004, 2, 1), dt.date(2040, 1, 1)), days=st.integers(-30, 30))
def test_a_shifted_day_is_a_working_day_and_later_shifts_lie_later(day, days):
    found = workdays.shifted(day, days)
    assert workdays.is_workday(found)
    assert found <= workdays.shifted(day, days + 1)


def test_pages_say_where_the_calendar_ends():
    assert workdays.note([dt.date(2019, 9, 1)]) == ""
    assert "2031年" in workdays.note([dt.date(2031, 1, 1), dt.date(2019, 9, 1)])
