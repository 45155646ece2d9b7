"""修改: what the office changes on a task itself. Units report (更新); the office edits. Limits change by `deadlines`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from campaign import log
from campaign.models import Unit, User
from campaign.pinyin import search_text
from campaign.problems import Conflict, Problem, Refused
from tasks import summary
from tasks.models import Assignment, ClosingRequirement, Instruction, Milestone, Notice, Role, Target, Task
from tasks.notices import keep, notice_for, staff_of, unique
from tasks.quantities import amount, refresh_targets

WORDS = ("title", "description", "standard", "strength", "remark", "is_key_item")


@dataclass(frozen=True, kw_only=True)
class NewMilestone:
    """A milestone laid back from the deadline (倒排节点)."""

    label: str
    due_on: dt.date
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Only what is given changes; None leaves a part as it is."""

    words: dict[str, Any]
    requirements: Sequence[str] | None = None
    units: dict[str, Sequence[Unit]] | None = None
    targets: dict[UUID, Decimal] | None = None
    milestones: Sequence[NewMilestone] = ()
    basis: str = ""


def objections(task: Task, changes: Changes, milestones: Sequence[Milestone]) -> list[Problem]:
    found: list[Problem] = []
    title = changes.words.get("title", task.title).strip()
    if not title:
        found.append(Problem("title", "任务名称不能空着。", where="title"))
    elif len(title) > 200:
        found.append(Problem("title", f"任务名称有 {len(title)} 字，请压缩到 200 字以内。", where="title"))
    if changes.targets and not changes.basis.strip():
        found.append(Problem("basis", "改目标要写依据，例如文件或会议。", where="basis"))
    last = max((row.due_on for row in milestones if row.due_on and not row.is_assumed), default=None)
    for row in changes.milestones:
        if last is not None and row.due_on > last:
            message = f"节点“{row.label}”的日期 {row.due_on} 晚于任务时限 {last}。请提前，或先改任务时限。"
            found.append(Problem("after_limit", message, where="milestones"))
    if changes.milestones and task.freq:
        found.append(Problem("recurring", "周期任务的节点按频次自动生成，不能另加。", where="milestones"))
    if changes.milestones and not changes.basis.strip():
        found.append(Problem("basis", "加节点要写依据，例如例会纪要。", where="basis"))
    return found


def edit(task: Task, changes: Changes, *, by: User, now: dt.datetime, version: int) -> dict[str, Any]:
    """Apply the changes, all or none; gives what changed as {field: [from, to]}.

    Raises `Refused` with what is wrong, `Conflict` when somebody edited the task meanwhile.
    """
    milestones = list(task.milestones.all())
    found = objections(task, changes, milestones)
    if found:
        raise Refused(*found)
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk, version=version).update(version=F("version") + 1, updated_at=now):
            message = "您修改的时候，别人先改了这项任务。您填的还在，请对照后再保存。"
            raise Conflict(Problem("changed", message), current=Task.objects.get(pk=task.pk))
        task.refresh_from_db()
        data = _change_words(task, changes.words)
        data |= _change_requirements(task, changes.requirements, now=now)
        data |= _change_units(task, changes.units)
        data |= _change_targets(task, changes.targets)
        data |= _add_milestones(task, changes.milestones, changes.basis)
        if data:
            log.write(task, "edit", by=by, now=now, task_id=task.pk, data=data, reason=changes.basis.strip())
        summary.refresh([task.pk])
    return data


def _change_words(task: Task, words: dict[str, Any]) -> dict[str, Any]:
    data = {}
    for name in WORDS:
        value = words.get(name, getattr(task, name))
        value = value.strip() if isinstance(value, str) else value
        if value != getattr(task, name):
            data[name] = [getattr(task, name), value]
            setattr(task, name, value)
    if data:
        names = dict.fromkeys(row.unit.name for row in task.assignments.select_related("unit"))
        task.search_text = search_text(task.code, task.title, *names, limit=600)
        task.save(update_fields=[*data, "search_text"])
    return data


def _change_requirements(task: Task, labels: Sequence[str] | None, *, now: dt.datetime) -> dict[str, Any]:
    """One left out stays with the files that proved it; asked for again, it is the same one."""
    if labels is None:
        return {}
    wanted = list(dict.fromkeys(label.strip()[:80] for label in labels if label.strip()))
    rows = {row.label: row for row in task.requirements.wanted()}
    if wanted == [row.label for row in sorted(rows.values(), key=lambda row: row.order)]:
        return {}
    before = "、".join(rows)
    gone = [row.pk for label, row in rows.items() if label not in wanted]
    ClosingRequirement.objects.filter(pk__in=gone).update(dropped_at=now)
    for order, label in enumerate(wanted):
        ClosingRequirement.objects.update_or_create(
            campaign_id=task.campaign_id, task=task, label=label, defaults={"order": order, "dropped_at": None}
        )
    return {"requirements": [before, "、".join(wanted)]}


def _change_units(task: Task, units: dict[str, Sequence[Unit]] | None) -> dict[str, Any]:
    """Set the units of the named roles. A unit that leaves keeps its history.

    Its open share goes to the main unit; where each member owes its own (各街道), a member that leaves is let off
    and one that joins owes what the others owe.
    """
    if units is None:
        return {}
    before = _named(task)
    for role, wanted in units.items():
        kept = {unit.pk for unit in wanted}
        task.assignments.filter(role=role).exclude(unit__in=kept).delete()
        have = set(task.assignments.filter(role=role).values_list("unit", flat=True))
        rows = [
            Assignment(campaign_id=task.campaign_id, task=task, unit=unit, role=role, order=order)
            for order, unit in enumerate(wanted)
            if unit.pk not in have
        ]
        Assignment.objects.bulk_create(rows)
    after = _named(task)
    if before == after:
        return {}
    summary.refresh([task.pk])
    task.refresh_from_db()
    assigned = set(task.assignments.values_list("unit", flat=True))
    shares = list(task.milestones.exclude(state=Milestone.State.WAIVED))
    loose = task.milestones.filter(state=Milestone.State.OPEN).exclude(unit__in=assigned)
    if len({share.unit_id for share in shares}) > 1:
        loose.update(state=Milestone.State.WAIVED, waive_reason="单位调整", version=F("version") + 1)
        _owe_the_same(task, shares, assigned)
    else:
        loose.update(unit=task.main_unit, version=F("version") + 1)
    if any(units.values()) and task.open_ended_units:
        Task.objects.filter(pk=task.pk).update(open_ended_units="")
    return {"units": [before, after]}


def _owe_the_same(task: Task, rows: Sequence[Milestone], assigned: set[UUID]) -> None:
    """One open milestone for each new member and each limit that any other member still has open."""
    owners = {row.unit_id for row in rows}
    newcomers = [unit_id for unit_id in assigned if unit_id not in owners]
    limits = {(row.label, row.period_on, row.due_on): row for row in rows if row.state == Milestone.State.OPEN}
    Milestone.objects.bulk_create(
        Milestone(
            campaign_id=task.campaign_id,
            task=task,
            kind=task.kind,
            unit_id=unit_id,
            label=row.label,
            order=row.order,
            period_on=row.period_on,
            due_on=row.due_on,
            first_due_on=row.due_on,
            is_assumed=row.is_assumed,
            basis=row.basis,
            quantity=row.quantity,
        )
        for unit_id in newcomers
        for row in limits.values()
    )


def _named(task: Task) -> str:
    parts = []
    for role in Role:
        names = [row.unit.name for row in task.assignments.filter(role=role).select_related("unit").order_by("order")]
        if names:
            parts.append(f"{role.label}：{'、'.join(names)}")
    return "；".join(parts)


def _change_targets(task: Task, values: dict[UUID, Decimal] | None) -> dict[str, Any]:
    data = {}
    for target in Target.objects.filter(task=task, pk__in=list(values or {})):
        value = (values or {})[target.pk]
        if value != target.value:
            data["target"] = [amount(target.value), amount(value)]
            task.milestones.filter(quantity=target.value, state=Milestone.State.OPEN).update(
                quantity=value, version=F("version") + 1
            )
            target.value = value
            target.save(update_fields=["value"])
    return data


def _add_milestones(task: Task, rows: Sequence[NewMilestone], basis: str) -> dict[str, Any]:
    if not rows:
        return {}
    before = task.milestones.count()
    Milestone.objects.bulk_create(
        Milestone(
            campaign_id=task.campaign_id,
            task=task,
            kind=task.kind,
            unit_id=task.main_unit_id,
            label=row.label.strip()[:80],
            order=before + number,
            due_on=row.due_on,
            first_due_on=row.due_on,
            basis=basis.strip()[:200],
            quantity=row.quantity,
        )
        for number, row in enumerate(rows)
    )
    refresh_targets(task)
    return {"milestones": [f"{before} 个", f"{before + len(rows)} 个"]}


def instruct(task: Task, text: str, *, by: User, now: dt.datetime) -> Instruction:
    """批示: a leader's word, told to the office and to who answers for the task's units."""
    text = text.strip()
    if not text:
        raise Refused(Problem("empty", "批示还没有写。", where="text"))
    with transaction.atomic():
        row = Instruction.objects.create(campaign_id=task.campaign_id, task=task, text=text, by=by, at=now)
        log.write(task, "instruct", by=by, now=now, task_id=task.pk, data={"text": text[:300]})
        today = now.astimezone(task.campaign.zone).date()
        units = set(task.assignments.values_list("unit", flat=True))
        staff = staff_of(task.campaign, units, today=today)
        people = unique([user for unit_id in units for user in (*staff[unit_id].answering, staff[unit_id].chief)])
        keep(
            [
                notice_for(
                    task, Notice.Reason.INSTRUCTION, user, occasion=f"instruct:{row.pk}", text=text, now=now, by=by
                )
                for user in people
                if user != by
            ]
        )
    return row
