"""The two sides of a reconciliation, put in the same shape: what a document's rows say, and what the ledger holds."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaign.models import Campaign
from tasks.extraction import DraftRow
from tasks.importing.matching import Held
from tasks.importing.naming import named
from tasks.importing.units import Roster
from tasks.language.units import Directory
from tasks.models import Assignment, Freq, Milestone, Role, SourceDocument, SourceDraft, Target, Task
from tasks.reconciling import likeness
from tasks.reconciling.likeness import Said


def held_tasks(campaign: Campaign) -> dict[UUID, Held]:
    """The campaign's plan tasks; what was let off is owed by nobody and is not compared. Four queries."""
    tasks = Task.objects.filter(campaign=campaign, kind=Task.Kind.PLAN).exclude(state=Task.State.WAIVED)
    found = {task.pk: Held(task) for task in tasks.select_related("program", "project", "campaign").order_by("code")}
    of_plan: dict[str, Any] = {"campaign": campaign, "task__kind": Task.Kind.PLAN}
    for assignment in Assignment.objects.filter(**of_plan).select_related("unit").order_by("order"):
        if assignment.task_id in found:
            found[assignment.task_id].assignments.append(assignment)
    for target in Target.objects.filter(**of_plan).order_by("order"):
        if target.task_id in found:
            found[target.task_id].targets.append(target)
    columns = ("task_id", "due_on", "first_due_on", "is_assumed", "basis", "state")
    dated = Milestone.objects.filter(**of_plan, period_on=None).exclude(state=Milestone.State.WAIVED)
    for milestone in dated.only(*columns).order_by("due_on", "order"):
        if milestone.task_id in found:
            found[milestone.task_id].milestones.append(milestone)
    return found


@dataclass(frozen=True)
class Told:
    """A draft with its row, units under the directory's names."""

    draft: SourceDraft
    row: DraftRow


def told_by(document: SourceDocument, roster: Roster) -> list[Told]:
    """The rows of a document that still stand."""
    directory = Directory(roster.known())
    drafts = document.drafts.filter(state__in=SourceDraft.STANDING).order_by("number", "part")
    return [Told(draft, named_row(draft, directory)) for draft in drafts]


def named_row(draft: SourceDraft, directory: Directory) -> DraftRow:
    """The draft's row; names like units are taken for units, as committing it will."""
    row = DraftRow.from_dict(draft.row)
    known = named(row, directory, is_creating=True)
    return replace(row, **{name: getattr(known, name) for name in NAMED})


NAMED = ("lead_units", "primary_units", "responsible_units", "support_units", "problems")


def pairs(told: Iterable[Told], held: dict[UUID, Held]) -> dict[UUID, likeness.Pair]:
    """Draft -> its task. A pair somebody or a commit has made stands; what was called apart is paired with nothing."""
    told = list(told)
    made = {
        one.draft.pk: likeness.Pair(one.draft.task_id, 1.0)
        for one in told
        if one.draft.state == SourceDraft.State.COMMITTED and one.draft.task_id in held
    }
    taken = {pair.task for pair in made.values()}
    open_rows = [said_row(one) for one in told if one.draft.pk not in made and not one.draft.is_apart]
    open_tasks = [said_task(one) for pk, one in held.items() if pk not in taken]
    return made | likeness.pairs(open_rows, open_tasks)


def said_row(told: Told) -> Said:
    row = told.row
    return Said(
        key=told.draft.pk,
        words=row.title,
        more=row.sentence,
        layer=row.program,
        numbers=frozenset((plain(t["value"]), t["unit"]) for t in row.targets if t["value"] is not None),
        units=frozenset(name for names in row.units.values() for name in names),
        limit=(row.recurrence or {}).get("freq") or row.due_date or "",
    )


def said_task(held: Held) -> Said:
    task, due_on = held.task, held.due_on
    return Said(
        key=task.pk,
        words=task.title,
        more=task.description,
        layer=task.program.name if task.program else "",
        numbers=frozenset((plain(t.value), t.unit_of_measure) for t in held.targets if t.value is not None),
        units=frozenset(name for _, name in held.duties),
        limit=task.freq or (due_on.isoformat() if due_on else ""),
    )


def plain(value: Decimal | float) -> str:
    return f"{float(value):g}"


def day_words(day: dt.date | str, year: int) -> str:
    """9月30日; of another year 2020年9月30日."""
    found = dt.date.fromisoformat(day) if isinstance(day, str) else day
    words = f"{found.month}月{found.day}日"
    return words if found.year == year else f"{found.year}年{words}"


def rhythm_words(freq: str, count: int = 1, day_of_month: int | None = None) -> str:
    words = Freq(freq).label + (f" {day_of_month} 日" if day_of_month else "")
    return f"{words} {count} 次" if count > 1 else words


ROLE_WORDS = {role.value: role.label for role in Role}
