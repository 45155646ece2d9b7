"""The nightly reminders: rules x limits -> notices, and one digest for each person and day.

A milestone has its own limit, and while it is sent back perhaps a second one, until when to mend it (补正时限): the
same rules speak of both. Until the day given for mending the plan's earlier limit keeps silent.

A sweep takes everything due before a horizon that has not yet been told, never "due exactly today", so a missed night
heals; and of several rules reached meanwhile it tells a person only the highest. Assumed limits are never told.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

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

#: (kind of limit, milestone, recipient, day): within one every rule is told at most once, and only upwards.
Series = tuple[str, UUID, UUID, str]
PLANNED, MENDING = "rule", "mend"


@dataclass(frozen=True)
class Limit:
    """A day by which something of a milestone is owed; `kind` is PLANNED or MENDING."""

    milestone: Milestone
    on: dt.date
    kind: str = PLANNED

    @property
    def period_on(self) -> dt.date | None:
        return self.milestone.period_on if self.kind == PLANNED else None


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
        limits = _in_reach(campaign, rules, today)
        milestones = list({limit.milestone.pk: limit.milestone for limit in limits}.values())
        staff = staff_of(campaign, (_unit_id(m) for m in milestones), today=today)
        rows = _reminders(limits, rules, staff, today=today, now=now)
        vacancies = _vacancies(campaign, milestones, staff, today=today, now=now)
        fresh = rows + vacancies.notices
        keep(fresh)
        mails = digests.queue_digests(campaign, today=today, now=now)
    return Queued(notices=len(fresh), mails=mails, vacancies=vacancies.problems)


def _in_reach(campaign: Campaign, rules: Sequence[ReminderRule], today: dt.date) -> list[Limit]:
    """Limits of open milestones that some rule may have reached; assumed ones of the plan are none."""
    ahead = max((-rule.offset_days for rule in rules), default=0)
    # working days stretch over weekends and a golden week
    horizon = today + dt.timedelta(days=max(ahead, 0) * 2 + 12)
    rows = Milestone.objects.open().filter(campaign=campaign).select_related("task__campaign")
    mending = [Limit(row, row.mend_by, MENDING) for row in rows.with_mend_by().filter(mend_by__lte=horizon)]
    given = {limit.milestone.pk: limit.on for limit in mending}
    planned = [
        Limit(row, row.due_on)
        for row in rows.filter(is_assumed=False, due_on__lte=horizon)
        if row.pk not in given or row.due_on > given[row.pk]
    ]
    return sorted(planned + mending, key=lambda limit: (limit.on, limit.milestone.task.code, limit.milestone.order))


def _unit_id(milestone: Milestone) -> UUID | None:
    return milestone.unit_id or milestone.task.main_unit_id


def _reminders(
    limits: Sequence[Limit],
    rules: Sequence[ReminderRule],
    staff: dict[UUID | None, Staff],
    *,
    today: dt.date,
    now: dt.datetime,
) -> list[Notice]:
    told = _told(limits)
    reached: dict[tuple[dt.date, dt.date | None], list[ReminderRule]] = {}
    rows = []
    for limit in limits:
        span = (limit.on, limit.period_on)
        if span not in reached:
            reached[span] = _reached(rules, *span, today=today)
        people = staff[_unit_id(limit.milestone)]
        for person, rule in _highest(reached[span], people).items():
            if rule.offset_days > told.get((limit.kind, limit.milestone.pk, person.pk, limit.on.isoformat()), -999):
                rows.append(_notice(limit, rule, person, people, today=today, now=now))
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


def _told(limits: Sequence[Limit]) -> dict[Series, int]:
    """How far each series has been told. Read from the keys: a notice may have passed to a successor."""
    found: dict[Series, int] = {}
    ids = list({limit.milestone.pk for limit in limits})
    for start in range(0, len(ids), 500):
        rows = Notice.objects.filter(
            Q(key__startswith=f"{PLANNED}:") | Q(key__startswith=f"{MENDING}:"),
            milestone__in=ids[start : start + 500],
        )
        for milestone, recipient, key in rows.values_list("milestone", "recipient", "key"):
            kind, _, offset, on, _ = key.split(":")
            series = (kind, milestone, recipient, on)
            found[series] = max(found.get(series, -999), int(offset))
    return found


def _notice(
    limit: Limit, rule: ReminderRule, person: User, people: Staff, *, today: dt.date, now: dt.datetime
) -> Notice:
    milestone = limit.milestone
    occasion = f"{limit.kind}:{milestone.pk}:{rule.offset_days}:{limit.on.isoformat()}"
    return notice_for(
        milestone.task,
        rule.tone,
        person,
        occasion=occasion,
        text=words_of(limit, people.chief, today=today),
        now=now,
        milestone=milestone,
    )


def limit_of(notice: Notice) -> Limit | None:
    """The limit a notice of the nightly rules, or of 催办, speaks of."""
    milestone = notice.milestone
    if milestone is None:
        return None
    kind, *rest = notice.key.split(":")
    if kind == MENDING:
        return Limit(milestone, dt.date.fromisoformat(rest[2]), MENDING)
    return Limit(milestone, milestone.due_on) if milestone.due_on else None


def words_of(limit: Limit | None, chief: User | None, *, today: dt.date) -> str:
    """还剩 3 天（9月30日到期）; late work names the unit's 主要领导; what was sent back says so first."""
    if limit is None:
        return "请尽快办理并提请销号。"
    opening = "退回待补正，" if limit.kind == MENDING else ""
    date = f"{limit.on.month}月{limit.on.day}日" if limit.on.year == today.year else f"{limit.on:%Y-%m-%d}"
    left = (limit.on - today).days
    if left == 0:
        return f"{opening}今天（{date}）到期。"
    if left > 0:
        return f"{opening}还剩 {left} 天，{date}到期。"
    named = f"主要领导：{chief.name}。" if chief else ""
    return f"{opening}逾期 {-left} 天，时限 {date}。{named}"


def limit_words(milestone: Milestone, chief: User | None, *, today: dt.date) -> str:
    """The same of the plan's own limit."""
    limit = Limit(milestone, milestone.due_on) if milestone.due_on else None
    return words_of(limit, chief, today=today)


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
