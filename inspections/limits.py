"""How long a unit has: by how bad the finding is, by the campaign's rules, working days counted where it says so."""

import datetime as dt

from campaign import workdays
from campaign.models import Campaign
from inspections.models.orders import OrderPolicy
from inspections.models.places import Severity


def due_at(policy: OrderPolicy, severity: str, *, campaign: Campaign, issued_at: dt.datetime) -> dt.datetime:
    """An hour limit runs by the clock; a limit in days ends at the hour the campaign names."""
    if severity == Severity.INSTANT:
        return issued_at + dt.timedelta(hours=policy.instant_hours)
    start = issued_at.astimezone(campaign.zone).date()
    return end_of_day(policy, later(policy, start, days_of(policy, severity)), campaign=campaign)


def days_of(policy: OrderPolicy, severity: str) -> int:
    return {
        Severity.URGENT: policy.urgent_days,
        Severity.MAJOR: policy.major_days,
        Severity.MINOR: policy.minor_days,
    }[Severity(severity)]


def later(policy: OrderPolicy, day: dt.date, days: int) -> dt.date:
    return workdays.shifted(day, days) if policy.is_in_working_days else day + dt.timedelta(days=days)


def end_of_day(policy: OrderPolicy, day: dt.date, *, campaign: Campaign) -> dt.datetime:
    return dt.datetime.combine(day, policy.day_ends_at, tzinfo=campaign.zone)


def words_of(policy: OrderPolicy, severity: str) -> str:
    """限 3 日, 限 4 小时: what an inspector reads before filing."""
    if severity == Severity.INSTANT:
        return f"限 {policy.instant_hours} 小时"
    unit = "个工作日" if policy.is_in_working_days else "日"
    return f"限 {days_of(policy, severity)} {unit}"


def look_again_on(policy: OrderPolicy, severity: str, *, closed_on: dt.date) -> dt.date:
    """The day a closed finding is looked at again; counted in calendar days, since the street knows no weekend."""
    days = {Severity.MINOR: policy.look_again_minor_days, Severity.MAJOR: policy.look_again_major_days}
    return closed_on + dt.timedelta(days=days.get(Severity(severity), policy.look_again_urgent_days))
