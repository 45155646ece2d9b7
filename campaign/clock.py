"""The one clock. Only edges (pages, API, jobs, commands) read it; deeds are told.

A campaign may pin its day (the demo lives on 24 September 2019): then `today` is that day and `now`
is the present time of day on it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from campaign.models import Campaign


LONGEST_OFFLINE = dt.timedelta(days=7)


def now(campaign: "Campaign | None" = None) -> dt.datetime:
    """Aware; on a pinned campaign the present time of day on its pinned day."""
    return pinned(timezone.now(), campaign)


def pinned(moment: dt.datetime, campaign: "Campaign | None") -> dt.datetime:
    """A real moment as the campaign counts it: the present day is its pinned one, yesterday is the day before.

    What is further off than a phone stays without a line counts as the pinned day."""
    if campaign is None or campaign.pinned_on is None:
        return moment
    local, present = moment.astimezone(campaign.zone), timezone.now().astimezone(campaign.zone)
    ago = present.date() - local.date()
    shift = ago if dt.timedelta() <= ago <= LONGEST_OFFLINE else dt.timedelta()
    return dt.datetime.combine(campaign.pinned_on - shift, local.time(), campaign.zone)


def today(campaign: "Campaign | None" = None) -> dt.date:
    """The calendar day in the campaign's zone."""
    zone = campaign.zone if campaign is not None else ZoneInfo(settings.TIME_ZONE)
    return now(campaign).astimezone(zone).date()


def noon(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """A moment that stands for a whole day (`run_daily --date`)."""
    return dt.datetime.combine(day, dt.time(12), zone)


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday, named as ISO 8601 does: 2019-W39."""

    monday: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        return cls(day - dt.timedelta(days=day.weekday()))

    @classmethod
    def named(cls, text: str) -> "Week":
        """Raises ValueError when the text names no week."""
        year, _, number = text.upper().replace("W", "").partition("-")
        return cls(dt.date.fromisocalendar(int(year), int(number), 1))

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)

    @property
    def year(self) -> int:
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def next(self) -> "Week":
        return Week(self.monday + dt.timedelta(days=7))

    @property
    def previous(self) -> "Week":
        return Week(self.monday - dt.timedelta(days=7))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"
