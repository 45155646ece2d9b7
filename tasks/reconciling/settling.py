"""What the office says to a difference, and doing it: the ledger follows the document by the deeds every change goes through."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from campaign import log
from campaign.models import Campaign, Unit, User
from campaign.problems import Conflict, Problem, Refused
from tasks import deadlines, editing
from tasks.editing import Changes
from tasks.importing.changing import apply_change
from tasks.importing.comparing import Change, Verdict
from tasks.importing.numbering import Numbering
from tasks.importing.planning import Planner
from tasks.importing.units import Roster
from tasks.importing.writing import Writer
from tasks.language.units import group_kind, is_open_group
from tasks.models import ImportBatch, Milestone, Role, SourceAnswer, SourceDocument, SourceDraft, Task
from tasks.reading import committing
from tasks.reconciling.comparing import Difference, Reconciliation, reconcile
from tasks.reconciling.sides import plain

Choice = SourceAnswer.Choice
_OFFERED = {"missing": (Choice.ADD, Choice.TIE)}


@dataclass(frozen=True)
class Settled:
    """`refused`: differences that stand as they were, with the reason."""

    applied: int
    refused: tuple[tuple[Difference, tuple[Problem, ...]], ...]

    @property
    def words(self) -> str:
        return f"已写入 {self.applied} 项" + (
            f"，{len(self.refused)} 项没有写成，原因写在那一行" if self.refused else ""
        )


def offered(difference: Difference) -> tuple[str, ...]:
    return _OFFERED.get(difference.field, (Choice.DOCUMENT, Choice.LEDGER))


def choose(
    document: SourceDocument, key: str, choice: str, *, task_code: str = "", by: User | None, now: dt.datetime
) -> SourceAnswer | None:
    """Keep the office's word on one difference; nothing of the ledger changes yet. The same word again takes it back.

    Raises `Refused` when there is no such difference or choice, or the task to tie to is not there.
    """
    found = next((one for one in reconcile(document).differences if one.key == key), None)
    if found is None:
        raise Refused(Problem("gone", "这一处已经一致了，或者改过了。请刷新页面。"))
    if choice not in offered(found):
        raise Refused(Problem("no_choice", "没有这种处理办法。请刷新页面再试。"))
    if found.choice == choice and not found.is_settled and not task_code:
        SourceAnswer.objects.filter(document=document, draft=found.draft, field=found.field).delete()
        return None
    task = _task_to_tie(document, found, task_code) if choice == Choice.TIE else found.task
    said = {"task": task, "choice": choice, "by": by, "at": now, "applied_at": None, "said": found.as_answered}
    return SourceAnswer.objects.update_or_create(
        campaign_id=document.campaign_id, document=document, draft=found.draft, field=found.field, defaults=said
    )[0]


def _task_to_tie(document: SourceDocument, difference: Difference, code: str) -> Task:
    code = code.strip().split(" ")[0]
    if not code and difference.near:
        return difference.near
    task = Task.objects.filter(campaign=document.campaign_id, code=code).first() if code else None
    if task is None:
        said = f"台账里没有编号“{code}”。请从列表里选。" if code else "请选要并入的任务。"
        raise Refused(Problem("no_task", said, where="task"))
    return task


def mark_of(differences: Iterable[Difference]) -> str:
    """Of what waits to be written: another one as soon as somebody chooses otherwise."""
    said = sorted(
        f"{one.key}{one.choice}{one.answer.task_id}" for one in differences if one.answer and not one.is_settled
    )
    return hashlib.blake2s("".join(said).encode(), digest_size=6).hexdigest()


def settle(document: SourceDocument, *, by: User, now: dt.datetime, seen_as: str = "") -> Settled:
    """Do everything that was chosen. Each difference by itself: one the ledger refuses does not hold up the others.

    `seen_as`: `mark_of` the choices as the page showed them. Raises `Conflict` where they are others by now.
    """
    refused: list[tuple[Difference, tuple[Problem, ...]]] = []
    applied = 0
    found = reconcile(document)
    chosen = [one for one in found.differences if one.answer and not one.is_settled]
    if not chosen:
        raise Refused(Problem("nothing", "还没有定。每一行先选照哪一边，再写入。"))
    if seen_as and seen_as != mark_of(chosen):
        said = f"别人刚刚又定过：现在要写入的是 {len(chosen)} 项，没有写入。请看一眼再写。"
        raise Conflict(Problem("changed", said))
    for difference in chosen:
        try:
            with transaction.atomic():
                waiting = SourceAnswer.objects.filter(pk=difference.answer.pk, applied_at=None)
                if not waiting.update(applied_at=now):
                    continue  # somebody pressed the button twice
                _apply(document, difference, found, by=by, now=now)
        except Refused as refusal:
            refused.append((difference, refusal.problems))
        else:
            applied += 1
    return Settled(applied, tuple(refused))


def _apply(
    document: SourceDocument, difference: Difference, found: Reconciliation, *, by: User, now: dt.datetime
) -> None:
    if difference.choice == Choice.ADD:
        _add(document, difference.draft, by=by, now=now)
    elif difference.choice == Choice.TIE and difference.answer and difference.answer.task:
        committing.tie(difference.draft, difference.answer.task, by=by, now=now)
    elif difference.choice == Choice.LEDGER and difference.task:
        said = {"document": str(document), "field": difference.field, **difference.as_answered}
        log.write(difference.task, "keep_ledger", by=by, now=now, task_id=difference.task.pk, data=said)
    elif difference.task:
        _follow(document, difference, found, by=by, now=now)
        log.write(
            difference.task, "follow_document", by=by, now=now, task_id=difference.task.pk,
            data={difference.field: [difference.held, difference.said]}, reason=document.basis,
        )  # fmt: skip


def _add(document: SourceDocument, draft: SourceDraft, *, by: User, now: dt.datetime) -> None:
    """The row becomes a task of its own, even beside a like one: somebody has looked at both."""
    others = document.drafts.filter(state=SourceDraft.State.ACCEPTED).exclude(pk=draft.pk)
    waiting = list(others.values_list("pk", flat=True))
    others.update(state=SourceDraft.State.DRAFTED)
    document.drafts.filter(pk=draft.pk).update(state=SourceDraft.State.ACCEPTED, is_apart=True)
    committing.commit(document, by=by, now=now)
    document.drafts.filter(pk__in=waiting).update(state=SourceDraft.State.ACCEPTED)


def _follow(
    document: SourceDocument, difference: Difference, found: Reconciliation, *, by: User, now: dt.datetime
) -> None:
    task = Task.objects.select_related("campaign").get(pk=difference.task.pk)
    if difference.field == "deadline":
        _follow_limit(document, difference, task, by=by, now=now)
    elif difference.field == "units":
        _follow_units(document, difference, task, by=by, now=now)
    else:
        _follow_numbers(document, difference, task, by=by, now=now)


def _follow_limit(document: SourceDocument, difference: Difference, task: Task, *, by: User, now: dt.datetime) -> None:
    row = difference.row
    if row.recurrence or task.freq or not row.due_date:
        _rewrite(document, difference, task, by=by, now=now)
        return
    to_on = dt.date.fromisoformat(row.due_date)
    rows = Milestone.objects.open().filter(task=task).select_related("task", "campaign", "unit")
    last = list(rows.order_by("due_on", "order"))
    moving = [one for one in last if one.due_on == last[-1].due_on]
    deadlines.change_deadlines(moving, to_on=to_on, basis=document.basis[:200], by=by, now=now)


def _follow_units(document: SourceDocument, difference: Difference, task: Task, *, by: User, now: dt.datetime) -> None:
    row = difference.row
    names = {name for names in row.units.values() for name in names}
    if any(group_kind(name) or is_open_group(name) for name in names) or _has_groups(task):
        _rewrite(document, difference, task, by=by, now=now)
        return
    known = {unit.name: unit for unit in Unit.objects.filter(campaign=document.campaign_id).active()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Refused(
            Problem("unit_unknown", f"“{unknown[0]}”不在单位名录里。请先到“单位与人员”添加，或在对读页改这一项的单位。")
        )
    held: dict[str, list[Unit]] = {role: [] for role in Role.values}
    for duty in task.assignments.select_related("unit").order_by("order"):
        held[duty.role].append(duty.unit)
    units = {role: [known[name] for name in row.units[role]] for role in held}
    for role, rows in held.items():
        is_kept = row.units_open_ended if role in _MAIN else role == Role.SUPPORT or not units[role]
        units[role] += [unit for unit in rows if is_kept and unit.name not in names]
    changes = Changes(words={}, units=dict(units), basis=document.basis)
    editing.edit(task, changes, by=by, now=now, version=task.version)


_MAIN = (Role.LEAD, Role.PRIMARY)


def _has_groups(task: Task) -> bool:
    return task.assignments.exclude(group_text="").exists()


def _follow_numbers(
    document: SourceDocument, difference: Difference, task: Task, *, by: User, now: dt.datetime
) -> None:
    """A number of the same measure gets the text's value; where the ledger has none, the targets are written anew."""
    held = list(task.targets.exclude(value=None).order_by("order"))
    spoken = {(plain(t["value"]), t["unit"]) for t in difference.row.targets if t["value"] is not None}
    free = [target for target in held if (plain(target.value or 0), target.unit_of_measure) not in spoken]
    values: dict[UUID, Decimal] = {}
    for target in difference.row.targets:
        if target["value"] is None or (plain(target["value"]), target["unit"]) in {
            (plain(t.value or 0), t.unit_of_measure) for t in held
        }:
            continue
        like = (target["unit"], "个")
        place = next((one for one in free if one.unit_of_measure in like and one.pk not in values), None)
        if place is None:
            _rewrite(document, difference, task, by=by, now=now)
            return
        values[place.pk] = Decimal(str(target["value"])).quantize(Decimal("0.01"))
    changes = Changes(words={}, targets=values, basis=document.basis)
    editing.edit(task, changes, by=by, now=now, version=task.version)


def _rewrite(document: SourceDocument, difference: Difference, task: Task, *, by: User, now: dt.datetime) -> None:
    """What no single edit can say (another rhythm, a group, a first number): the row's part is written anew, as an import does."""
    begun = task.has_begun or task.submitted_count or task.done_count or task.last_report_at
    if begun:
        said = f"{task.code} 已有填报，不能整段改写{_PART[difference.field]}。请在任务页上改，或照台账。"
        raise Refused(Problem("begun", said))
    campaign = Campaign.objects.get(pk=document.campaign_id)
    roster = Roster.of(campaign)
    batch = ImportBatch(campaign=campaign, file_name=str(document), created_at=now)
    writer = Writer(campaign, batch, roster, Numbering.of(campaign), Planner.of(campaign), by, now)
    change = Change(difference.field, difference.held, difference.said)
    kept = {"origin": task.origin} | ({} if difference.field == "units" else {"search_text": task.search_text})
    apply_change(Verdict(difference.row, "changed", task, (change,)), writer)
    # the plan's own words stay what the task was brought in as: the next version of the plan is laid beside them
    Task.objects.filter(pk=task.pk).update(**kept)


_PART = {"deadline": "时限", "units": "单位", "targets": "目标"}


def counts(differences: Sequence[Difference]) -> tuple[int, int]:
    """(chosen or done, still open) of the differences."""
    done = sum(one.answer is not None for one in differences)
    return done, len(differences) - done
