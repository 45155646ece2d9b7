"""The campaign's table of reminders, as the office edits it: whole, in one go."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaign import log, workdays
from campaign.models import Campaign, Membership, User
from campaign.problems import Problem, Refused
from tasks.models import ReminderRule
from tasks.reminders import day_of, rules_of

#: Farther from its limit nothing is reminded of.
FARTHEST = 120


@dataclass(frozen=True)
class Line:
    """One line of the table; `offset_days` is negative before the limit."""

    offset_days: int
    post: str
    tone: str
    is_in_working_days: bool = True
    is_active: bool = True

    def __str__(self) -> str:
        words = f"时限前 {-self.offset_days} 天" if self.offset_days < 0 else f"时限后 {self.offset_days} 天"
        when = words if self.offset_days else "时限当天"
        unit = "（工作日）" if self.is_in_working_days and self.offset_days else ""
        state = "" if self.is_active else "（停用）"
        return f"{when}{unit} {Membership.Post(self.post).label} {ReminderRule.Tone(self.tone).label}{state}"


def lines_of(campaign: Campaign) -> list[Line]:
    return [
        Line(rule.offset_days, rule.post, rule.tone, rule.is_in_working_days, rule.is_active)
        for rule in rules_of(campaign)
    ]


def objections(lines: Sequence[Line]) -> list[Problem]:
    """Why the table cannot be kept; rows are counted from 1."""
    found: list[Problem] = []
    seen: dict[Any, Any] = {}
    for number, line in enumerate(lines, 1):
        if abs(line.offset_days) > FARTHEST:
            message = f"第 {number} 行离时限 {abs(line.offset_days)} 天，最多 {FARTHEST} 天。"
            found.append(Problem("too_far", message, where=str(number), mend="请改小天数。"))
        if (other := seen.setdefault((line.offset_days, line.post), number)) != number:
            message = f"第 {number} 行与第 {other} 行的日子和对象相同，同一天对同一岗位只说一次。"
            found.append(Problem("twice", message, where=str(number), mend="请删去一行，或改天数。"))
    return found


def revise_rules(campaign: Campaign, lines: Sequence[Line], *, by: User, now: dt.datetime) -> bool:
    """Replace the table. An empty one is the default again. False: nothing was changed."""
    if problems := objections(lines):
        raise Refused(*problems)
    with transaction.atomic():
        before = lines_of(campaign)
        if set(before) == set(lines):
            return False
        ReminderRule.objects.filter(campaign=campaign).delete()
        ReminderRule.objects.bulk_create(ReminderRule(campaign=campaign, **vars(line)) for line in lines)
        after = lines_of(campaign)
        facts = {"removed": _words(before, after), "added": _words(after, before)}
        log.write(campaign, "rules_changed", by=by, now=now, data=facts)
    return True


def _words(lines: Sequence[Line], others: Sequence[Line]) -> list[str]:
    return [str(line) for line in lines if line not in others]


def example(line: Line, due_on: dt.date) -> dt.date:
    """The day on which the line is reached for a limit on `due_on`."""
    rule = ReminderRule(offset_days=line.offset_days, is_in_working_days=line.is_in_working_days)
    return day_of(rule, due_on)


def calendar_note(year: int, *, today: dt.date) -> str:
    """Where the state calendar of working days ends, if the campaign's year or the coming weeks lie beyond."""
    return workdays.note([dt.date(year, 12, 31), today + dt.timedelta(days=60)])
