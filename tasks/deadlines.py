"""Changing a limit. Never without the basis it rests on; the first limit is kept beside it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet

from campaign import log
from campaign.models import LogEntry, User
from campaign.problems import Conflict, Problem, Refused
from tasks import notices, summary
from tasks.models import DeadlineChange, Milestone, Notice, Request, Task

LONGEST_BASIS = 200


@dataclass(frozen=True)
class Changed:
    """What a change of limits did. `unchanged` had that written limit already."""

    changes: tuple[DeadlineChange, ...]
    unchanged: int

    @property
    def task_count(self) -> int:
        return len({change.task_id for change in self.changes})


def change_deadline(
    milestone: Milestone,
    *,
    to_on: dt.date | None,
    basis: str,
    by: User | None,
    now: dt.datetime,
    request: Request | None = None,
) -> Changed:
    """Give one open milestone another limit; an assumed one is thereby confirmed.

    Raises Refused when it may not be changed and Conflict when somebody changed it meanwhile.
    """
    return change_deadlines([milestone], to_on=to_on, basis=basis, by=by, now=now, request=request)


def change_deadlines(
    milestones: Sequence[Milestone],
    *,
    to_on: dt.date | None,
    basis: str,
    by: User | None,
    now: dt.datetime,
    request: Request | None = None,
) -> Changed:
    """The same for many, all or none."""
    found = problems(milestones, to_on=to_on, basis=basis, now=now)
    if found:
        raise Refused(*found)
    moving = [milestone for milestone in milestones if milestone.is_assumed or milestone.due_on != to_on]
    with transaction.atomic():
        changes = [
            _move(milestone, to_on=to_on, basis=basis.strip(), by=by, now=now, request=request) for milestone in moving
        ]
        DeadlineChange.objects.bulk_create(changes)
        LogEntry.objects.bulk_create([_entry(change) for change in changes])
        task_ids = {milestone.task_id for milestone in moving}
        summary.refresh(task_ids)
        Task.objects.filter(pk__in=task_ids).update(version=F("version") + 1, updated_at=now)
        if by is not None and request is None:  # who asked for it is told by the ruling
            tell_units(changes, by=by, now=now)
    return Changed(tuple(changes), unchanged=len(milestones) - len(moving))


def tell_units(changes: Sequence[DeadlineChange], *, by: User, now: dt.datetime) -> None:
    """A new limit reaches who answers for the unit, in the transaction that sets it (one question for all units)."""
    if not changes:
        return
    campaign = changes[0].milestone.campaign
    today = now.astimezone(campaign.zone).date()
    staff = notices.staff_of(campaign, {change.milestone.unit_id for change in changes}, today=today)
    notices.keep(
        [
            notices.notice_for(
                change.task,
                Notice.Reason.CHANGED,
                person,
                occasion=f"deadline:{change.pk}",
                text=f"时限改为{change.to_on.month}月{change.to_on.day}日，依据：{change.basis}",
                now=now,
                by=by,
                milestone=change.milestone,
            )
            for change in changes
            if change.to_on is not None
            for person in staff[change.milestone.unit_id].answering
            if person != by
        ]
    )


def problems(milestones: Sequence[Milestone], *, to_on: dt.date | None, basis: str, now: dt.datetime) -> list[Problem]:
    """Why these limits cannot be changed like this; empty when they can."""
    found = []
    if not milestones:
        found.append(Problem("nothing", "没有可以改时限的任务：所选任务都已提请或销号。", where="codes"))
    if to_on is None:
        found.append(Problem("no_day", "没有填新的时限。", where="to_on", mend="写成 2019-09-30 这样的日期。"))
    if not basis.strip():
        found.append(
            Problem("no_basis", "没有填依据。", where="basis", mend="写明文件、会议或批示，如“第 31 期专题纪要”。")
        )
    elif len(basis.strip()) > LONGEST_BASIS:
        found.append(Problem("long_basis", f"依据超过 {LONGEST_BASIS} 个字。", where="basis", mend="请写得短一些。"))
    for milestone in milestones if to_on else ():
        found += _of_milestone(milestone, to_on, now)
    return found


def _of_milestone(milestone: Milestone, to_on: dt.date, now: dt.datetime) -> list[Problem]:
    name = f"{milestone.task.code} {milestone.task.title}"
    if milestone.state != Milestone.State.OPEN:
        return [Problem("not_open", f"{name}：{milestone.get_state_display()}，不能再改时限。", where="codes")]
    year = milestone.campaign.year
    if not year - 1 <= to_on.year <= year + 5:
        return [Problem("far", f"新的时限 {to_on} 不在 {year} 年前后，请核对年份。", where="to_on")]
    # an assumed limit may be confirmed to a past day: the plan may have meant June
    if not milestone.is_assumed and to_on < now.astimezone(milestone.campaign.zone).date():
        return [Problem("past", f"新的时限 {to_on} 已经过去。", where="to_on", mend="请写今天或以后的日期。")]
    return []


def next_milestones(tasks: Iterable[Task] | QuerySet) -> list[Milestone]:
    """What "the limit" of these tasks means: their open milestones that fall due next (all members' at once)."""
    due = {task.pk: task.due_on for task in tasks}
    rows = Milestone.objects.open().filter(task__in=list(due)).select_related("task", "campaign", "unit")
    return [
        milestone for milestone in rows.order_by("task__code", "order") if milestone.due_on == due[milestone.task_id]
    ]


def _move(
    milestone: Milestone,
    *,
    to_on: dt.date | None,
    basis: str,
    by: User | None,
    now: dt.datetime,
    request: Request | None,
) -> DeadlineChange:
    change = DeadlineChange(
        campaign_id=milestone.campaign_id,
        task=milestone.task,
        milestone=milestone,
        from_on=milestone.due_on,
        to_on=to_on,
        basis=basis,
        request=request,
        by=by,
        at=now,
    )
    claimed = Milestone.objects.filter(pk=milestone.pk, state=Milestone.State.OPEN, version=milestone.version).update(
        due_on=to_on, is_assumed=False, basis=basis, version=F("version") + 1
    )
    if not claimed:
        name = f"{milestone.task.code} {milestone.task.title}"
        raise Conflict(
            Problem("changed", f"{name} 刚刚被别人改过，一项也没有改。", where="codes", mend="请刷新后再改一次。"),
            current=Milestone.objects.filter(pk=milestone.pk).first(),
        )
    milestone.due_on, milestone.is_assumed, milestone.basis = to_on, False, basis
    milestone.version += 1
    return change


def _entry(change: DeadlineChange) -> LogEntry:
    return log.entry_for(
        change.milestone,
        "change_deadline",
        by=change.by,
        now=change.at,
        task_id=change.task_id,
        data={"due_on": [str(change.from_on) if change.from_on else None, str(change.to_on)]},
        reason=change.basis,
    )
