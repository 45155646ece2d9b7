"""Periodic duties of the product: each done once for its period, however often it is called."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from campaign.models import Campaign, PeriodicRun

log = logging.getLogger(__name__)

#: What a duty does; its facts are kept with the run. `now` and `today` come by keyword.
Deed = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Duty:
    """`period_of` names the period a day belongs to, "" when nothing is to be done on that day."""

    name: str
    label: str
    period_of: Callable[[dt.date], str]
    do: Deed


@dataclass(frozen=True)
class Done:
    """What became of one duty on one day."""

    duty: Duty
    period: str
    result: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    is_repeat: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.duty.name,
            "label": self.duty.label,
            "period": self.period,
            "repeat": self.is_repeat,
            "result": self.result,
            "error": self.error,
        }


def every_day(day: dt.date) -> str:
    return day.isoformat()


def run(campaign: Campaign, duties: Iterable[Duty], *, today: dt.date, now: dt.datetime) -> list[Done]:
    """Do what the day asks. A duty that fails is told and tried again next time; the others are done all the same."""
    due = [(duty, period) for duty in duties if (period := duty.period_of(today))]
    return [_once(campaign, duty, period, today=today, now=now) for duty, period in due]


def _once(campaign: Campaign, duty: Duty, period: str, *, today: dt.date, now: dt.datetime) -> Done:
    # A run that was killed left its row unfinished: deeds are safe to repeat, so it is simply done again.
    turn, _ = PeriodicRun.objects.get_or_create(
        campaign=campaign, name=duty.name, period=period, defaults={"started_at": now}
    )
    if turn.finished_at is not None:
        return Done(duty, period, turn.result, is_repeat=True)
    try:
        result = duty.do(campaign, today=today, now=now)
    except Exception as error:
        log.exception("%s of %s for %s", duty.name, campaign.code, period)
        return Done(duty, period, error=f"{duty.label}没有做成（{type(error).__name__}），下次再做。")
    PeriodicRun.objects.filter(pk=turn.pk).update(finished_at=now, result=result)
    return Done(duty, period, result)
