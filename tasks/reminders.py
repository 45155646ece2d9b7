"""The nightly reminders: rules x milestones -> notices, and one digest for each person and day.

A sweep takes everything due before a horizon that has not yet been told, never "due exactly today", so a missed night
heals; and of several rules reached meanwhile it tells a person only the highest. Assumed limits are never told.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from campaign import workdays
from campaign.access import Role
from campaign.models import Campaign, Membership, Unit, User
from campaign.problems import Problem
from tasks import digests
from tasks.models import Milestone, Notice, ReminderRule
from tasks.notices import ANSWERING, Staff, keep, notice_for, staff_of, unique

Post = Membership.Post
Tone = ReminderRule.Tone

#: What a new campaign begins with; liaisons first, chiefs later. The office edits it.
DEFAULT_RULES = (
    (-7, Post.LIAISON, Tone.REMIND),
    (-3, Post.LIAISON, Tone.REMIND),
    (-1, Post.LIAISON, Tone.REMIND),
    (0, Post.LIAISON, Tone.REMIND),
    (1, Post.LIAISON, Tone.URGE),
    (3, Post.DEPUTY, Tone.URGE),
    (7, Post.PRINCIPAL, Tone.SUPERVISE),
    (15, Post.PRINCIPAL, Tone.CIRCULATE),
)

#: (milestone, recipient, due_on): within one of these every rule is told at most once, and only upwards.
Series = tuple[UUID, UUID, str]


@dataclass(frozen=True)
class Queued:
    """What one night told."""

    notices: int
    mails: int
    vacancies: list[Problem]


def rules_of(campaign: Campaign) -> list[ReminderRule]:
    """The campaign's table; an empty one is filled with the default."""
    rules = list(ReminderRule.objects.filter(campaign=campaign))
    if not rules:
        fresh = [
            ReminderRule(campaign=campaign, offset_days=n, post=post, tone=tone) for n, post, tone in DEFAULT_RULES
        ]
        ReminderRule.objects.bulk_create(fresh, ignore_conflicts=True)
        rules = list(ReminderRule.objects.filter(campaign=campaign))
    return rules


def day_of(rule: ReminderRule, due_on: dt.date) -> dt.date:
    """The day on which the rule is reached for a limit."""
    if rule.is_in_working_days:
        return workdays.shifted(due_on, rule.offset_days)
    return due_on + dt.timedelta(days=rule.offset_days)


def queue_reminders(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> Queued:
    """Tell what is to be told today and put one digest for each person into the outbox. Safe to run any number of times."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        rules = [rule for rule in rules_of(campaign) if rule.is_active]
        milestones = _in_reach(campaign, rules, today)
        staff = staff_of(campaign, (_unit_id(m) for m in milestones), today=today)
        rows = _reminders(milestones, rules, staff, today=today, now=now)
        vacancies = _vacancies(campaign, milestones, staff, today=today, now=now)
        fresh = rows + vacancies.notices
        keep(fresh)
        mails = digests.queue_digests(campaign, today=today, now=now)
    return Queued(notices=len(fresh), mails=mails, vacancies=vacancies.problems)


def _in_reach(campaign: Campaign, rules: Sequence[ReminderRule], today: dt.date) -> list[Milestone]:
    """Open milestones with a written limit that some rule may have reached."""
    ahead = max((-rule.offset_days for rule in rules), default=0)
    # working days stretch over weekends and a golden week
    horizon = today + dt.timedelta(days=max(ahead, 0) * 2 + 12)
    open_ones = Milestone.objects.open().filter(campaign=campaign, is_assumed=False, due_on__lte=horizon)
    return list(open_ones.select_related("task__campaign").order_by("due_on", "task__code", "order"))


def _unit_id(milestone: Milestone) -> UUID | None:
    return milestone.unit_id or milestone.task.main_unit_id


def _reminders(
    milestones: Sequence[Milestone],
    rules: Sequence[ReminderRule],
    staff: dict[UUID | None, Staff],
    *,
    today: dt.date,
    now: dt.datetime,
) -> list[Notice]:
    told = _told(milestones)
    reached: dict[tuple[dt.date, dt.date | None], list[ReminderRule]] = {}
    rows = []
    for milestone in milestones:
        span = (milestone.due_on, milestone.period_on)
        if span not in reached:
            reached[span] = _reached(rules, *span, today=today)
        people = staff[_unit_id(milestone)]
        for person, rule in _highest(reached[span], people).items():
            if rule.offset_days > told.get((milestone.pk, person.pk, milestone.due_on.isoformat()), -999):
                rows.append(_notice(milestone, rule, person, people, today=today, now=now))
    return rows


def _reached(
    rules: Sequence[ReminderRule], due_on: dt.date, period_on: dt.date | None, *, today: dt.date
) -> list[ReminderRule]:
    """The rules whose day has come. A recurring duty is reminded of in the second half of its period only:
    a weekly one once a week, not before its week has begun."""
    begins_on = period_on + (due_on - period_on) / 2 if period_on else dt.date.min
    return [rule for rule in rules if begins_on <= day_of(rule, due_on) <= today]


def _highest(reached: Iterable[ReminderRule], people: Staff) -> dict[User, ReminderRule]:
    """For each person the latest rule that speaks to a post of theirs."""
    found: dict[User, ReminderRule] = {}
    for rule in sorted(reached, key=lambda rule: rule.offset_days):
        for person in people.to_tell(rule.post):
            found[person] = rule
    return found


def _told(milestones: Sequence[Milestone]) -> dict[Series, int]:
    """How far each series has been told. Read from the keys: a notice may have passed to a successor."""
    found: dict[Series, int] = {}
    ids = [milestone.pk for milestone in milestones]
    for start in range(0, len(ids), 500):
        rows = Notice.objects.filter(milestone__in=ids[start : start + 500], key__startswith="rule:")
        for milestone, recipient, key in rows.values_list("milestone", "recipient", "key"):
            _, _, offset, due_on, _ = key.split(":")
            series = (milestone, recipient, due_on)
            found[series] = max(found.get(series, -999), int(offset))
    return found


def _notice(
    milestone: Milestone, rule: ReminderRule, person: User, people: Staff, *, today: dt.date, now: dt.datetime
) -> Notice:
    occasion = f"rule:{milestone.pk}:{rule.offset_days}:{milestone.due_on.isoformat()}"
    return notice_for(
        milestone.task,
        rule.tone,
        person,
        occasion=occasion,
        text=limit_words(milestone, people.chief, today=today),
        now=now,
        milestone=milestone,
    )


def limit_words(milestone: Milestone, chief: User | None, *, today: dt.date) -> str:
    """还剩 3 天（9月30日到期）; late work names the unit's 主要领导."""
    due_on = milestone.due_on
    if due_on is None:
        return "请尽快办理并提请销号。"
    date = f"{due_on.month}月{due_on.day}日" if due_on.year == today.year else f"{due_on:%Y-%m-%d}"
    left = (due_on - today).days
    if left == 0:
        return f"今天（{date}）到期。"
    if left > 0:
        return f"还剩 {left} 天，{date}到期。"
    named = f"主要领导：{chief.name}。" if chief else ""
    return f"逾期 {-left} 天，时限 {date}。{named}"


@dataclass(frozen=True)
class Vacancies:
    notices: list[Notice]
    problems: list[Problem]


def _vacancies(
    campaign: Campaign,
    milestones: Sequence[Milestone],
    staff: dict[UUID | None, Staff],
    *,
    today: dt.date,
    now: dt.datetime,
) -> Vacancies:
    """Units that owe something soon or late and have nobody to tell: a problem list, and once a month a notice to the office."""
    by_unit: dict[UUID | None, list[Milestone]] = defaultdict(list)
    for milestone in milestones:
        unit_id = _unit_id(milestone)
        if not any(staff[unit_id].of(post) for post in ANSWERING):
            by_unit[unit_id].append(milestone)
    units = Unit.objects.in_bulk([unit_id for unit_id in by_unit if unit_id])
    office = _office(campaign, today)
    rows, problems = [], []
    for unit_id, owed in by_unit.items():
        unit = units.get(unit_id)
        if unit is None:
            text = f"{len(owed)} 项任务没有明确单位，提醒无人接收。"
        else:
            text = f"{unit.name}没有联络员，{len(owed)} 项任务的提醒无人接收。"
        problems.append(Problem("vacancy", text, level="warns", where=str(unit or ""), mend="请在“单位与人员”里补上。"))
        occasion = f"vacancy:{unit_id or 'none'}:{today:%Y-%m}"
        rows += [
            notice_for(owed[0].task, Notice.Reason.VACANCY, person, occasion=occasion, text=text, now=now, unit=unit)
            for person in office
        ]
    return Vacancies(notices=_not_yet(campaign, rows), problems=problems)


def _office(campaign: Campaign, today: dt.date) -> list[User]:
    rows = Membership.objects.filter(campaign=campaign, role=Role.OFFICE).current(today=today).select_related("user")
    return unique(row.user for row in rows.order_by("valid_from", "id"))


def _not_yet(campaign: Campaign, rows: Sequence[Notice]) -> list[Notice]:
    keys = [row.key for row in rows]
    known = set(Notice.objects.filter(campaign=campaign, key__in=keys).values_list("key", flat=True))
    return [row for row in rows if row.key not in known]
