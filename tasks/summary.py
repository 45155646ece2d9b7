"""The summary of a task, derived from its milestones and targets, and the roll-up that boards read.

Every deed that changes milestones, targets, assignments or evidence calls `refresh` in its own
transaction; nothing else writes the summary columns of `Task` nor the rows of `Tally`.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F

from campaign.models import Campaign, Unit
from tasks.models import Assignment, Evidence, Milestone, Role, Tally, Target, Task

#: Who answers first when a task names several units.
MAIN_ROLES = (Role.PRIMARY, Role.LEAD, Role.RESPONSIBLE, Role.SUPPORT)
_PLACE_OF_ROLE = {str(role): place for place, role in enumerate(MAIN_ROLES)}
#: The states as they stand in the rows: an import sums up ten thousand tasks, and members of an enum compare slowly.
_OPEN, _SUBMITTED, _DONE, _WAIVED = (
    state.value
    for state in (Milestone.State.OPEN, Milestone.State.SUBMITTED, Milestone.State.DONE, Milestone.State.WAIVED)
)

COLUMNS = [
    "state",
    "due_on",
    "is_due_assumed",
    "has_begun",
    "is_returned",
    "closed_on",
    "main_unit",
    "main_unit_order",
    "open_count",
    "submitted_count",
    "done_count",
    "milestone_count",
    "quantity_done",
    "quantity_goal",
    "quantity_unit",
    "progress_share",
    "evidence_count",
    "has_target",
    "party_count",
    "urgency_on",
    "last_report_at",
    "recheck_on",
]

#: Where a task without a pressing limit stands when sorted by urgency: after all that have one.
FAR = {
    Task.State.OPEN: dt.date(9990, 1, 1),
    Task.State.SUBMITTED: dt.date(9991, 1, 1),
    Task.State.DONE: dt.date(9992, 1, 1),
    Task.State.WAIVED: dt.date(9993, 1, 1),
}


#: What stands on a kind of task elsewhere and moves with it, in the same transaction: {kind: deed of task ids}.
FOLLOWERS: dict[str, Callable[[list[UUID]], object]] = {}


#: What the summary reads of a milestone.
READ = (
    "task_id",
    "unit_id",
    "due_on",
    "is_assumed",
    "state",
    "is_returned",
    "has_begun",
    "closed_on",
    "last_report_at",
    "is_recheck",
)


@dataclass(frozen=True)
class Facts:
    """What the summary of one task is derived from. Milestones are models or tuples of `READ`."""

    milestones: Sequence[Any]
    targets: Sequence[Target]
    assignments: Sequence[Assignment]
    evidence_count: int


def refresh(task_ids: Iterable[UUID]) -> list[Task]:
    """Recompute the summary of these tasks and move their tallies. Gives the tasks as they now are.

    Constant number of queries for any number of tasks; callers hand over at most some thousands at once.
    """
    ids = list(dict.fromkeys(task_ids))
    if not ids:
        return []
    with transaction.atomic():
        tasks = list(Task.objects.filter(pk__in=ids).order_by("pk").select_for_update())
        facts = _facts(ids)
        moves: Counter[tuple[Any, ...]] = Counter()
        for task in tasks:
            moves[_slot(task)] -= 1
            summarise(task, facts[task.pk])
            moves[_slot(task)] += 1
        _save(tasks)
        _move(moves)
        for kind, follow in FOLLOWERS.items():
            if mine := [task.pk for task in tasks if task.kind == kind]:
                follow(mine)
    return tasks


def _save(tasks: list[Task]) -> None:
    if len(tasks) == 1:
        tasks[0].save(update_fields=COLUMNS)
    else:
        Task.objects.bulk_update(tasks, COLUMNS, batch_size=100)


def summarise(task: Task, facts: Facts) -> None:
    """Set the summary columns of one loaded task; saves nothing.

    What a task is and when it is due is told by the milestones of its plan. Re-checks of what is closed (常态保持) ask
    for reports and verdicts and are late by themselves, but they neither open the task again nor lower what is 已销号.
    """
    plan = [milestone for milestone in facts.milestones if not milestone.is_recheck]
    states = [milestone.state for milestone in plan]
    again = [m for m in facts.milestones if m.is_recheck] if len(plan) < len(facts.milestones) else []
    reopened = [m for m in again if m.state == _OPEN]
    task.milestone_count = len(plan)
    task.open_count = states.count(_OPEN) + len(reopened)
    task.submitted_count = states.count(_SUBMITTED) + sum(m.state == _SUBMITTED for m in again)
    task.done_count = states.count(_DONE)
    task.state = _state(states)
    task.due_on, task.is_due_assumed = _next_limit(plan)
    task.recheck_on = min((m.due_on for m in reopened if m.due_on is not None), default=None)
    task.is_returned = any(m.is_returned and m.state == _OPEN for m in facts.milestones)
    reported = [m.last_report_at for m in facts.milestones if m.last_report_at is not None]
    task.last_report_at = max(reported, default=None)
    task.has_begun = bool(reported) or any(m.has_begun for m in facts.milestones)
    closed = [m.closed_on for m in plan if m.closed_on is not None]
    task.closed_on = max(closed, default=None) if task.state == _DONE else None
    _summarise_units(task, facts.assignments)
    _summarise_quantity(task, facts, plan)
    task.evidence_count = facts.evidence_count
    presses = task.state == _OPEN and task.due_on is not None and not task.is_due_assumed
    task.urgency_on = task.due_on if presses else FAR[Task.State(task.state)]


def _state(states: Sequence[str]) -> str:
    """Open work first: a task waits for verification only when nothing else of it is open."""
    return next((state for state in (_OPEN, _SUBMITTED, _DONE, _WAIVED) if state in states), _OPEN)


def _next_limit(milestones: Sequence[Any]) -> tuple[dt.date | None, bool]:
    """The next written limit of what is open; else the next assumed one; when all is closed, the last limit."""
    owed = [m for m in milestones if m.state == _OPEN] or [m for m in milestones if m.state == _SUBMITTED]
    pick, dated = (min if owed else max), [m for m in owed or milestones if m.due_on]
    if written := [m.due_on for m in dated if not m.is_assumed]:
        return pick(written), False
    return (pick([m.due_on for m in dated]) if dated else None), True


def _summarise_units(task: Task, assignments: Sequence[Assignment]) -> None:
    first = min(assignments, key=lambda a: (_PLACE_OF_ROLE[a.role], a.order, a.pk.int)) if assignments else None
    task.main_unit_id = first.unit_id if first else None
    task.party_count = len({assignment.unit_id for assignment in assignments})
    task.main_unit_order = first.unit.order if first else 999_999


def _summarise_quantity(task: Task, facts: Facts, plan: Sequence[Any]) -> None:
    """The first counted target is the task's 完成量; a recurring duty counts its periods; a lone rate is shown as it is."""
    task.has_target = any(target.value is not None for target in facts.targets)
    counted = next((t for t in facts.targets if t.value is not None and not t.is_rate and t.value > 0), None)
    rate = next((t for t in facts.targets if t.value and t.is_rate and t.op != Target.Op.AT_MOST), None)
    if counted is not None and not task.freq:
        task.quantity_done, task.quantity_goal = counted.value_done, counted.value
        task.quantity_unit = counted.unit_of_measure
    elif (owed := sum([milestone.state != _WAIVED for milestone in plan])) > 1:
        task.quantity_done, task.quantity_goal = Decimal(task.done_count), Decimal(owed)
        owners = {milestone.unit_id for milestone in plan}
        task.quantity_unit = "期" if task.freq else "家" if len(owners) == owed else "个节点"
    elif rate is not None and not task.freq:
        task.quantity_done, task.quantity_goal, task.quantity_unit = rate.value_done, rate.value, rate.unit_of_measure
    else:
        task.quantity_done = task.quantity_goal = None
        task.quantity_unit = ""
    task.progress_share = _share(task)


def _share(task: Task) -> int:
    if task.state == Task.State.DONE:
        return 1000
    if task.quantity_goal:
        return int(min(Decimal(1000), max(Decimal(0), (task.quantity_done or 0) * 1000 / task.quantity_goal)))
    if task.milestone_count and (reached := task.done_count + task.submitted_count):
        return 1000 * reached // task.milestone_count
    return 100 if task.has_begun else 0


def _facts(ids: list[UUID]) -> dict[UUID, Facts]:
    rows: dict[str, dict[UUID, list[Any]]] = {
        name: defaultdict(list) for name in ("milestones", "targets", "assignments")
    }
    # a weekly duty of a whole group has some five hundred milestones: tuples of what is read, not models
    milestones = Milestone.objects.filter(task__in=ids).order_by("due_on", "order").values_list(*READ, named=True)
    for milestone in milestones:
        rows["milestones"][milestone.task_id].append(milestone)
    for target in Target.objects.filter(task__in=ids).order_by("order"):
        rows["targets"][target.task_id].append(target)
    for assignment in Assignment.objects.filter(task__in=ids).select_related("unit"):
        rows["assignments"][assignment.task_id].append(assignment)
    evidence = dict(
        Evidence.objects.filter(task__in=ids)
        .values_list("task")
        .annotate(count=Count("pk"))
        .values_list("task", "count")
    )
    return {
        task_id: Facts(
            milestones=rows["milestones"][task_id],
            targets=rows["targets"][task_id],
            assignments=rows["assignments"][task_id],
            evidence_count=evidence.get(task_id, 0),
        )
        for task_id in ids
    }


def _slot(task: Task) -> tuple[Any, ...]:
    """Where a task is counted. An uncounted task (milestone_count 0 while new) still has its place."""
    on = task.closed_on if task.state == Task.State.DONE else (task.due_on if task.state == Task.State.OPEN else None)
    return (task.campaign_id, task.program_id, task.kind, task.state, task.has_begun, task.is_due_assumed, on)


def _slot_text(slot: tuple[Any, ...]) -> str:
    _, program, kind, state, begun, assumed, on = slot
    return f"{program or '-'}|{kind}|{state}|{int(begun)}|{int(assumed)}|{on or '-'}"


def _move(moves: Counter[tuple[Any, ...]]) -> None:
    changed = {slot: count for slot, count in moves.items() if count}
    if not changed:
        return
    rows = [
        Tally(
            campaign_id=slot[0],
            program_id=slot[1],
            kind=slot[2],
            state=slot[3],
            has_begun=slot[4],
            is_assumed=slot[5],
            on=slot[6],
            slot=_slot_text(slot),
        )
        for slot in sorted(changed, key=_slot_text)
    ]
    Tally.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    for row, slot in zip(rows, sorted(changed, key=_slot_text), strict=True):
        Tally.objects.filter(campaign=row.campaign_id, slot=row.slot).update(count=F("count") + changed[slot])


def admit(tasks: Sequence[Task]) -> None:
    """Count new tasks, already summarised in memory and saved by `bulk_create`, into the tallies."""
    _move(Counter(_slot(task) for task in tasks))


def follow_order(unit: Unit) -> None:
    """A unit has another place in the administrative order: lists sorted by unit go by it from now on."""
    Task.objects.filter(campaign=unit.campaign_id, main_unit=unit).update(main_unit_order=unit.order)


def recount(campaign: Campaign) -> int:
    """Heal the roll-up from the tasks themselves. Gives the number of rows that were wrong."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        true: Counter[str] = Counter()
        slots: dict[str, tuple[Any, ...]] = {}
        fields = ("campaign_id", "program_id", "kind", "state", "has_begun", "is_due_assumed", "due_on", "closed_on")
        for task in Task.objects.filter(campaign=campaign).only(*fields).iterator(chunk_size=5000):
            slot = _slot(task)
            slots[_slot_text(slot)] = slot
            true[_slot_text(slot)] += 1
        kept = dict(Tally.objects.filter(campaign=campaign).exclude(count=0).values_list("slot", "count"))
        wrong = [name for name in kept.keys() | true.keys() if kept.get(name, 0) != true.get(name, 0)]
        if wrong:
            Tally.objects.filter(campaign=campaign).delete()
            _move(Counter({slots[name]: count for name, count in true.items()}))
    return len(wrong)
