"""What was taken becomes tasks: all of it or nothing, nothing twice, every task with the sentences it rests on."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from campaign import bulk, log
from campaign.models import Campaign, User
from campaign.problems import Conflict, Problem, Refused
from campaign.statistics import refresh_statistics
from tasks.extraction.drafts import DraftRow
from tasks.importing import undoing
from tasks.importing.naming import named
from tasks.importing.numbering import Numbering
from tasks.importing.planning import Planner
from tasks.importing.units import Roster
from tasks.importing.writing import Writer
from tasks.language.units import Directory
from tasks.models import ImportBatch, SourceDocument, SourceDraft, SourceSentence, Task
from tasks.reading.doubts import NEW_UNIT
from tasks.reconciling import sides

State = SourceDraft.State


@dataclass(frozen=True)
class Committed:
    """What one commit did: tasks made, rows tied to tasks the ledger had, units and milestones made."""

    created: int
    tied: int
    units: tuple[str, ...]
    milestones: int

    def as_dict(self) -> dict[str, object]:
        return self.__dict__ | {"units": list(self.units)}

    @property
    def words(self) -> str:
        said = [f"新增 {self.created} 项任务"] if self.created else []
        said += [f"{self.tied} 项接到台账已有的任务上"] if self.tied else []
        said += [f"新建单位 {len(self.units)} 个"] if self.units else []
        return "已写入台账：" + "，".join(said) + "。"


def commit(document: SourceDocument, *, by: User | None, now: dt.datetime, expected: int | None = None) -> Committed:
    """Write every taken row to the ledger, all or nothing. A row the ledger already holds is tied to its task.

    Safe to call twice, also at the same time: what is written is no longer waiting. Raises `Refused` when nothing is
    taken, not as many are as the page said (`expected`), or a unit's name cannot be one; nothing is written then.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=document.campaign_id)
        document = (
            SourceDocument.objects.select_for_update(of=("self",))
            .select_related("batch", "program", "project")
            .get(pk=document.pk)
        )
        document.campaign = campaign
        taken = list(document.drafts.filter(state=State.ACCEPTED).order_by("number", "part"))
        if not taken:
            raise Refused(Problem("nothing", "还没有采用的项。先采用几项，再写入台账。"))
        if expected is not None and expected != len(taken):
            said = f"别人刚刚又采用或退掉过几项：现在已采用的是 {len(taken)} 项，不是 {expected} 项，没有写入。请看一眼再写。"
            raise Conflict(Problem("changed", said))
        done = _write(document, taken, by=by, now=now)
        document.committed_at = now
        document.save(update_fields=["committed_at", "batch"])
        document.steps.all().delete()
        log.write(document, "commit_document", by=by, now=now, data=done.as_dict())
    refresh_statistics()
    return done


def _write(document: SourceDocument, taken: Sequence[SourceDraft], *, by: User | None, now: dt.datetime) -> Committed:
    roster = Roster.of(document.campaign)
    rows = _named(document, taken, roster)
    tied = like_tasks(document, rows)
    fresh = [draft for draft in taken if draft.pk not in tied]
    units = roster.admit(rows[draft.pk] for draft in taken)
    tasks = dict(tied)
    milestones = 0
    if fresh:
        document.batch = _batch(document, by=by, now=now)
        planner, numbering = Planner.of(document.campaign), Numbering.of(document.campaign)
        writer = Writer(document.campaign, document.batch, roster, numbering, planner, by, now)
        with bulk.uncollected():
            for draft in fresh:
                tasks[draft.pk] = writer.add(rows[draft.pk]).pk
            _name_basis(writer, document)
            writer.save(units)
        _remember(document.batch, writer, [str(unit.pk) for unit in units])
        milestones = len(writer.milestones)
    _tie(document, taken, tasks, now=now)
    return Committed(len(fresh), len(tied), tuple(unit.name for unit in units) if fresh else (), milestones)


def _named(document: SourceDocument, taken: Iterable[SourceDraft], roster: Roster) -> dict[UUID, DraftRow]:
    """Rows under the directory's names and the ledger's layers. Raises `Refused` with every name that is no unit."""
    directory = Directory(roster.known())
    found: dict[UUID, DraftRow] = {}
    problems = []
    for draft in taken:
        answers = {said.removeprefix(NEW_UNIT): {"create": True} for said in draft.settled if said.startswith(NEW_UNIT)}
        row = DraftRow.from_dict(draft.row)
        known = named(row, directory, is_creating=True, answers=answers)
        problems += [
            Problem(one.code, f"第 {draft.label} 项：{one.message}", where=draft.label, mend="请修改这一项的单位。")
            for one in known.problems
            if one.code == "unit_unknown"
        ]
        layers = _layers(document, row)
        found[draft.pk] = replace(
            row, **layers, row=draft.number, **{name: getattr(known, name) for name in sides.NAMED}
        )
    if problems:
        raise Refused(*problems)
    return found


def _layers(document: SourceDocument, row: DraftRow) -> dict[str, Any]:
    """A row without a heading of the plan's layers goes where the document was put."""
    if document.program is None or row.program.endswith(document.campaign.layer_name or " "):
        return {"program": row.program, "project": row.project}
    return {"program": document.program.name, "project": document.project.name if document.project else ""}


def like_tasks(document: SourceDocument, rows: Mapping[UUID, DraftRow]) -> dict[UUID, UUID]:
    """Draft -> the task of the ledger that is surely the same thing."""
    drafts = {draft.pk: draft for draft in document.drafts.filter(pk__in=list(rows))}
    told = [sides.Told(drafts[pk], row) for pk, row in rows.items()]
    made = sides.pairs(told, sides.held_tasks(document.campaign))
    return {pk: pair.task for pk, pair in made.items() if pair.is_sure}


def _batch(document: SourceDocument, *, by: User | None, now: dt.datetime) -> ImportBatch:
    """What the document's tasks belong to, so that they can be taken back together."""
    if document.batch and document.batch.state == ImportBatch.State.COMMITTED:
        return document.batch
    return ImportBatch.objects.create(
        campaign_id=document.campaign_id,
        file_name=str(document),
        sha256=document.sha256,
        attachment=document.attachment,
        state=ImportBatch.State.COMMITTED,
        created_by=by,
        created_at=now,
        committed_at=now,
    )


def _remember(batch: ImportBatch, writer: Writer, units: Sequence[str]) -> None:
    made = {
        "units": list(units),
        "programs": [str(one.pk) for one in writer.numbering.new_programs],
        "projects": [str(one.pk) for one in writer.numbering.new_projects],
    }
    batch.result = {key: [*batch.result.get(key, []), *said] for key, said in made.items()}
    batch.row_count += len(writer.tasks)
    batch.save(update_fields=["result", "row_count"])


def _name_basis(writer: Writer, document: SourceDocument) -> None:
    """Every limit says which document it rests on (上级文号 included)."""
    for milestone in writer.milestones:
        milestone.basis = "：".join(filter(None, (document.basis, milestone.basis)))[:200]


def _tie(
    document: SourceDocument, drafts: Sequence[SourceDraft], tasks: Mapping[UUID, UUID], *, now: dt.datetime
) -> None:
    for draft in drafts:
        draft.state, draft.task_id = State.COMMITTED, tasks[draft.pk]
    SourceDraft.objects.bulk_update(drafts, ["state", "task"], batch_size=200)
    SourceSentence.objects.bulk_create(
        [sentence_of(document, draft, tasks[draft.pk], now=now) for draft in drafts], ignore_conflicts=True
    )


def sentence_of(document: SourceDocument, draft: SourceDraft, task_id: UUID, *, now: dt.datetime) -> SourceSentence:
    return SourceSentence(
        campaign_id=document.campaign_id,
        task_id=task_id,
        document=document,
        draft=draft,
        text=draft.row["sentence"],
        start=draft.start,
        end=draft.end,
        at=now,
    )


def tie(draft: SourceDraft, task: Task, *, by: User | None, now: dt.datetime) -> None:
    """The row is this task of the ledger, whatever its words: the task keeps its sentence."""
    with transaction.atomic():
        document = SourceDocument.objects.select_for_update().get(pk=draft.document_id)
        SourceDraft.objects.filter(pk=draft.pk).update(state=State.COMMITTED, task=task, is_apart=False)
        document.steps.all().delete()  # an undone step would put the row back beside its task
        draft.refresh_from_db()
        SourceSentence.objects.bulk_create([sentence_of(document, draft, task.pk, now=now)], ignore_conflicts=True)
        said = {"document": document.title, "sentence": draft.row["sentence"][:200]}
        log.write(task, "tie_sentence", by=by, now=now, task_id=task.pk, data=said)


def take_back(document: SourceDocument, *, by: User | None, now: dt.datetime) -> int:
    """Undo the commit: its tasks go, its ties go, its rows are as taken before. Gives the number of rows.

    Raises `Refused` when something was reported on one of its tasks; nothing changes then.
    """
    with transaction.atomic():
        document = SourceDocument.objects.select_for_update(of=("self",)).select_related("batch").get(pk=document.pk)
        rows = document.drafts.filter(state=State.COMMITTED)
        if not rows.exists():
            raise Refused(Problem("not_committed", "这份文件还没有写入台账，不用撤回。"))
        document.sentences.all().delete()
        count = rows.update(state=State.ACCEPTED)
        if document.batch and document.batch.state == ImportBatch.State.COMMITTED:
            undoing.undo_batch(document.batch, by=by, now=now)
        document.answers.all().delete()
        document.committed_at = None
        document.save(update_fields=["committed_at"])
        log.write(document, "take_back_document", by=by, now=now, data={"rows": count})
    return count
