"""A whole day's periodic work in order. Celery beat and `run_daily` both call `run_day`."""

import datetime as dt
from typing import Any

from campaign import handover, log
from campaign.models import Campaign
from campaign.periodic import Done, Duty, every_day, run
from campaign.statistics import refresh_statistics
from inspections.evening import EVENING, NIGHT
from reports.briefing import prepare_draft, week_to_prepare
from tasks import summary
from tasks.exporting import sweep_exports
from tasks.reminders import queue_reminders


def heal_tallies(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    wrong = summary.recount(campaign)
    refresh_statistics()
    return {"wrong": wrong}


def settle_handovers(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Posts handed over for a day that has come: drafts and notices follow, before anybody is reminded."""
    return {"settled": handover.settle(campaign, today=today, now=now)}


def remind(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    told = queue_reminders(campaign, today=today, now=now)
    return {
        "notices": told.notices,
        "mails": told.mails,
        "vacancies": [problem.message for problem in told.vacancies],
    }


def clear_exports(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    return {"files": sweep_exports(campaign, now=now)}


def seal_log(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Seals what is new and walks the whole chain, so that a changed entry is known the next morning."""
    sealed = log.seal(campaign)
    check = log.verify(campaign)
    return {"sealed": sealed, "checked": check.checked, "broken_at": check.broken_at}


#: Figures first, then what is told of them, then the seal over all that was written.
DUTIES = (
    Duty("tally", "核对汇总数", every_day, heal_tallies),
    *NIGHT,
    Duty("handover", "办理移交", every_day, settle_handovers),
    Duty("reminders", "发提醒", every_day, remind),
    Duty("briefing", "备好简报草稿", week_to_prepare, prepare_draft),
    Duty("exports", "清理导出文件", every_day, clear_exports),
    Duty("seal", "封存日志", every_day, seal_log),
)


def run_whole_day(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> list[Done]:
    """The day's work and, as if its evening had come, the drafts of orders."""
    return [*run_day(campaign, today=today, now=now), *run(campaign, EVENING, today=today, now=now)]


def run_day(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> list[Done]:
    """Everything one campaign needs on one day; again: changes nothing."""
    return run(campaign, DUTIES, today=today, now=now)
