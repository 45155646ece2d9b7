"""Working days of the state calendar.

The State Council announces holidays and shifted working days a year ahead; beyond the years that are announced
Monday to Friday stand in, and `is_announced` lets pages say so.
"""

import datetime as dt
from functools import lru_cache

import chinese_calendar
from chinese_calendar import constants

FIRST_YEAR = min(constants.holidays).year
LAST_YEAR = max(constants.holidays).year


def is_announced(day: dt.date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def is_workday(day: dt.date) -> bool:
    """By the announced calendar; where there is none, Monday to Friday."""
    if is_announced(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


@lru_cache(maxsize=8192)
def shifted(day: dt.date, days: int) -> dt.date:
    """The working day that lies `days` working days after (or before) `day`; 0 is the day itself or the last before it."""
    step = dt.timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    if left == 0:
        while not is_workday(day):
            day += step
        return day
    while left:
        day += step
        left -= is_workday(day)
    return day


def note(days: list[dt.date]) -> str:
    """What a page says when a day lies beyond the announced calendar; empty otherwise."""
    beyond = sorted({day.year for day in days if not is_announced(day)})
    if not beyond:
        return ""
    years = "、".join(f"{year}年" for year in beyond)
    return f"{years}的放假安排尚未公布（已公布到{LAST_YEAR}年），暂按周一至周五算工作日。"
