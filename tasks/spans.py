"""Spans of days as they stand in a URL: 2019-09, 2019-W39, 2019-09-24, 2019-09-01..2019-09-30, this-month."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q

from campaign.clock import Week

MONTH = re.compile(r"(\d{4})-(\d{1,2})$")
WEEK = re.compile(r"\d{4}-W\d{1,2}$", re.IGNORECASE)
WRITE = "请写成 2019-09、2019-09-24 或 2019-09-01..2019-09-30"


@dataclass(frozen=True)
class Span:
    """From `first` to `last`, both within; None = open on that side. `name` where people have a word for it."""

    first: dt.date | None
    last: dt.date | None
    name: str = ""

    def condition(self, path: str) -> Q:
        condition = Q(**{f"{path}__gte": self.first}) if self.first else Q()
        return condition & Q(**{f"{path}__lte": self.last}) if self.last else condition

    def moments(self, path: str, zone: ZoneInfo) -> Q:
        """The same for a column of moments, as bounds an index can serve."""
        condition = Q()
        if self.first:
            condition &= Q(**{f"{path}__gte": dt.datetime.combine(self.first, dt.time.min, zone)})
        if self.last:
            after = self.last + dt.timedelta(days=1)
            condition &= Q(**{f"{path}__lt": dt.datetime.combine(after, dt.time.min, zone)})
        return condition

    def words(self, *, today: dt.date) -> str:
        if self.name:
            return self.name
        if self.first == self.last and self.first:
            return _day(self.first, today)
        if self.first and self.last:
            return f"{_day(self.first, today)}至{_day(self.last, today)}"
        return f"{_day(self.first, today)}以后" if self.first else f"{_day(self.last, today)}以前"


def month(year: int, number: int, name: str = "") -> Span:
    last = calendar.monthrange(year, number)[1]
    return Span(dt.date(year, number, 1), dt.date(year, number, last), name or f"{year}年{number}月")


def week(day: dt.date, name: str = "") -> Span:
    found = Week.of(day)
    return Span(found.monday, found.sunday, name or f"{found.year}年第{found.number}周")


RELATIVE: dict[str, tuple[str, Callable[[dt.date, str], Span]]] = {
    "this-month": ("本月", lambda day, name: month(day.year, day.month, name)),
    "next-month": ("下月", lambda day, name: month(day.year + day.month // 12, day.month % 12 + 1, name)),
    "last-week": ("上周", lambda day, name: week(day - dt.timedelta(days=7), name)),
    "this-week": ("本周", week),
    "next-week": ("下周", lambda day, name: week(day + dt.timedelta(days=7), name)),
}


def read_span(text: str, *, today: dt.date) -> Span:
    """Raises ValueError with a sentence for a person when the text names no days."""
    if text in RELATIVE:
        name, make = RELATIVE[text]
        return make(today, name)
    try:
        return _written(text)
    except ValueError:
        raise ValueError(f"“{text}”认不出是哪天，{WRITE}。") from None


def _written(text: str) -> Span:
    if ".." in text:
        first, last = (dt.date.fromisoformat(end) if end else None for end in text.split("..", 1))
        if not (first or last) or (first and last and first > last):
            raise ValueError(text)
        return Span(first, last)
    if found := MONTH.match(text):
        return month(int(found[1]), int(found[2]))
    if WEEK.match(text):
        return week(Week.named(text).monday)
    day = dt.date.fromisoformat(text)
    return Span(day, day)


def _day(day: dt.date, today: dt.date) -> str:
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
