"""The periods of a rhythm in a year: a recurring duty owes one milestone for each, made ahead.

How a rhythm becomes periods:

- weekly: the 52 or 53 weeks that ISO 8601 counts to the year, due on Sunday. One milestone a week, because the
  plan says 每周开展1次 and a missed week must show as one missed mark.
- daily: a standing duty. 365 reports a year would be the very burden the office is told to spare its units,
  so a daily duty is confirmed once a month (12 periods).
- semimonthly: the 1st to the 15th, and the rest of the month.
- monthly: due on the last day, or on the named day (每月11日); a day the month does not have is its last day.
- semester: the school terms that end within the year. The campaign's calendar may set them (`terms_of`); else the usual ones.
- quarterly, halfyear, yearly: due on their last day.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.models import CalendarEvent, Campaign
from tasks.models import Freq

QUARTERS = "一二三四"


@dataclass(frozen=True)
class Period:
    """From `first` to `last` (both within it), owed by the end of `due`."""

    first: dt.date
    last: dt.date
    due: dt.date
    label: str


Term = tuple[dt.date, dt.date, str]


def periods(
    freq: str,
    year: int,
    *,
    day_of_month: int | None = None,
    terms: Sequence[Term] = (),
    since: dt.date | None = None,
) -> list[Period]:
    """The periods of `freq` in `year`, in order. `since` leaves out those that were over before that day.

    Raises ValueError for a rhythm that is none of `Freq`.
    """
    found = _all(Freq(freq), year, day_of_month, terms)
    return [period for period in found if since is None or period.due >= since]


def terms_of(campaign: Campaign) -> list[Term]:
    """The school terms the campaign's calendar holds (events named …学期); empty where it holds none."""
    events = CalendarEvent.objects.filter(campaign=campaign, name__endswith="学期", ends_on__year=campaign.year)
    return [(event.starts_on, event.ends_on, event.name) for event in events.order_by("starts_on") if event.ends_on]


def _all(freq: Freq, year: int, day_of_month: int | None, terms: Sequence[Term]) -> list[Period]:
    if freq == Freq.WEEKLY:
        return _weeks(year)
    if freq == Freq.SEMIMONTHLY:
        return _half_months(year)
    if freq == Freq.SEMESTER:
        return [Period(first, last, last, label) for first, last, label in terms or _usual_terms(year)]
    if freq == Freq.QUARTERLY:
        return [_months(year, 3 * n + 1, 3 * n + 3, f"{QUARTERS[n]}季度") for n in range(4)]
    if freq == Freq.HALFYEAR:
        return [_months(year, 1, 6, "上半年"), _months(year, 7, 12, "下半年")]
    if freq == Freq.YEARLY:
        return [_months(year, 1, 12, "全年")]
    named = day_of_month if freq == Freq.MONTHLY else None
    return [_month(year, number, named) for number in range(1, 13)]


def _weeks(year: int) -> list[Period]:
    # 28 December lies in the last week of its ISO year
    count = dt.date(year, 12, 28).isocalendar().week
    found = []
    for number in range(1, count + 1):
        monday = dt.date.fromisocalendar(year, number, 1)
        sunday = monday + dt.timedelta(days=6)
        found.append(Period(monday, sunday, sunday, f"第{number}周"))
    return found


def _half_months(year: int) -> list[Period]:
    found = []
    for number in range(1, 13):
        middle, end = dt.date(year, number, 15), last_of_month(year, number)
        found.append(Period(middle.replace(day=1), middle, middle, f"{number}月上半月"))
        found.append(Period(middle.replace(day=16), end, end, f"{number}月下半月"))
    return found


def _usual_terms(year: int) -> list[Term]:
    """The autumn term runs into January; what is owed in it is owed by the end of the plan's year."""
    return [
        (dt.date(year, 2, 16), dt.date(year, 7, 15), "春季学期"),
        (dt.date(year, 9, 1), dt.date(year, 12, 31), "秋季学期"),
    ]


def _months(year: int, first: int, last: int, label: str) -> Period:
    end = last_of_month(year, last)
    return Period(dt.date(year, first, 1), end, end, label)


def _month(year: int, number: int, day_of_month: int | None) -> Period:
    end = last_of_month(year, number)
    due = end.replace(day=min(day_of_month, end.day)) if day_of_month else end
    return Period(end.replace(day=1), end, due, f"{number}月")


def last_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
