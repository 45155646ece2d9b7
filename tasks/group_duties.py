"""各街道 and its like after the ledger was committed: units that came later, and units that were put out of use.

A group duty was opened into the members the roster then had. A later member owes it from the day the office says so:
the limits that are still ahead, never those gone by. A member out of use is let off what it still owes of the group's.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet

from campaign import log
from campaign.models import Campaign, Unit, User
from tasks import notices, summary
from tasks.importing.units import Roster
from tasks.language.units import group_kind
from tasks.models import Assignment, Milestone, Notice, Task

State = Milestone.State


@dataclass(frozen=True)
class Gap:
    """Tasks of one group that a unit has no share in, or (`is_leaving`) still has though it is out of use."""

    unit: Unit
    group_text: str
    tasks: list[Task]
    is_leaving: bool = False


def gaps(campaign: Campaign, *, units: Iterable[UUID] | None = None) -> list[Gap]:
    """What the roster and the group duties of unclosed tasks do not agree on; two queries and one for each gap."""
    shares = Assignment.objects.filter(campaign=campaign, task__state__in=Task.OPEN_STATES).exclude(group_text="")
    whole = dict(shares.values("group_text").annotate(n=Count("task", distinct=True)).values_list("group_text", "n"))
    held = {
        (text, unit): number
        for text, unit, number in shares.values("group_text", "unit")
        .annotate(n=Count("task", distinct=True))
        .values_list("group_text", "unit", "n")
    }
    wanted = None if units is None else set(units)
    roster = Roster.of(campaign)
    found = [
        Gap(unit, text, _without(shares, text, unit))
        for text in sorted(whole)
        for unit in roster.members(group_kind(text) or "")
        if (wanted is None or unit.pk in wanted) and held.get((text, unit.pk), 0) < whole[text]
    ]
    return [*(gap for gap in found if gap.tasks), *_leaving(campaign, wanted)]


def _without(shares: QuerySet, text: str, unit: Unit) -> list[Task]:
    """Tasks of the group in which the unit has no duty of any name."""
    of_group = Task.objects.filter(pk__in=shares.filter(group_text=text).values("task"))
    return list(of_group.exclude(assignments__unit=unit).order_by("code"))


def _leaving(campaign: Campaign, wanted: set[UUID] | None) -> list[Gap]:
    gone = Unit.objects.filter(campaign=campaign, is_active=False)
    found = []
    for unit in gone.in_order() if wanted is None else gone.filter(pk__in=wanted).in_order():
        owed = Milestone.objects.open().filter(unit=unit).values("task")
        for text in sorted(
            set(unit.assignments.filter(task__in=owed).exclude(group_text="").values_list("group_text", flat=True))
        ):
            mine = unit.assignments.filter(group_text=text).values("task")
            tasks = Task.objects.filter(pk__in=mine).filter(pk__in=owed).order_by("code")
            found.append(Gap(unit, text, list(tasks), is_leaving=True))
    return found


@dataclass(frozen=True)
class Joined:
    tasks: int
    milestones: int


def join(gap: Gap, *, by: User, now: dt.datetime) -> Joined:
    """Give the unit its share in each task: the group's role, and one milestone for every limit still ahead."""
    made = 0
    with transaction.atomic():
        tasks = list(Task.objects.select_for_update().filter(pk__in=[task.pk for task in gap.tasks]).order_by("pk"))
        today = now.astimezone(gap.unit.campaign.zone).date()
        joined = [task for task in tasks if not task.assignments.filter(unit=gap.unit).exists()]
        for task in joined:
            made += _give_share(task, gap, today=today)
            data = {"unit": gap.unit.name, "group": gap.group_text}
            log.write(task, "join_group", by=by, now=now, task_id=task.pk, data=data)
        Task.objects.filter(pk__in=[task.pk for task in joined]).update(version=F("version") + 1, updated_at=now)
        summary.refresh([task.pk for task in joined])
        _tell(gap, joined, by=by, now=now, today=today)
    return Joined(len(joined), made)


def _give_share(task: Task, gap: Gap, *, today: dt.date) -> int:
    members = list(task.assignments.filter(group_text=gap.group_text).order_by("order"))
    last = task.assignments.aggregate(last=Max("order"))["last"]
    Assignment.objects.create(
        campaign_id=task.campaign_id,
        task=task,
        unit=gap.unit,
        role=members[0].role,
        group_text=gap.group_text,
        order=last + 1,
    )
    shared = task.milestones.filter(unit__in=[member.unit_id for member in members], is_recheck=False)
    if len(set(shared.values_list("unit", flat=True))) < 2:
        return 0  # one unit answers for all of them
    ahead = shared.filter(Q(due_on=None) | Q(due_on__gte=today)).order_by("due_on", "order", "pk")
    limits = {(row.label, row.period_on, row.due_on): row for row in ahead}
    Milestone.objects.bulk_create(
        Milestone(
            campaign_id=task.campaign_id,
            task=task,
            kind=task.kind,
            unit=gap.unit,
            label=row.label,
            order=row.order,
            period_on=row.period_on,
            due_on=row.due_on,
            first_due_on=row.first_due_on,
            is_assumed=row.is_assumed,
            basis=row.basis,
            event_id=row.event_id,
            quantity=row.quantity,
        )
        for row in limits.values()
    )
    return len(limits)


def _tell(gap: Gap, tasks: Sequence[Task], *, by: User, now: dt.datetime, today: dt.date) -> None:
    if not tasks:
        return
    people = notices.staff_of(gap.unit.campaign, [gap.unit.pk], today=today)[gap.unit.pk].answering
    rows = [
        notices.notice_for(
            task,
            Notice.Reason.ASSIGNED,
            person,
            occasion=f"joined:{task.pk}:{gap.unit.pk}",
            text=f"作为“{gap.group_text}”的一员承担：{task.title}",
            now=now,
            by=by,
            unit=gap.unit,
        )
        for task in tasks
        for person in people
    ]
    notices.keep(rows)


def leave(gap: Gap, *, by: User, now: dt.datetime) -> int:
    """Let a unit out of use off what it still owes of the group's duties. Gives the milestones let off."""
    ids = [task.pk for task in gap.tasks]
    with transaction.atomic():
        owed = Milestone.objects.open().filter(task__in=ids, unit=gap.unit)
        touched = sorted(set(owed.values_list("task", flat=True)))
        count = owed.update(
            state=State.WAIVED, is_returned=False, waive_reason=f"{gap.unit.name}已停用"[:200], version=F("version") + 1
        )
        for task in Task.objects.filter(pk__in=touched).order_by("pk"):
            data = {"unit": gap.unit.name, "group": gap.group_text}
            log.write(task, "leave_group", by=by, now=now, task_id=task.pk, data=data)
        summary.refresh(touched)
    return count
