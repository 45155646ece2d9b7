"""Undoing a whole import, while nothing has been reported on what it brought."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from campaign import log
from campaign.models import Campaign, Membership, Program, Project, Unit, User
from campaign.problems import Problem, Refused
from tasks import summary
from tasks.importing.changing import restore
from tasks.models import (
    Assignment,
    DeadlineChange,
    Draft,
    Evidence,
    ImportBatch,
    Instruction,
    Milestone,
    Notice,
    ProgressReport,
    Request,
    Task,
    Verdict,
)


def problems(batch: ImportBatch) -> list[Problem]:
    """Why a batch cannot be undone; empty when it can."""
    if batch.state != ImportBatch.State.COMMITTED:
        return [Problem("not_committed", "这次导入没有写进台账，不用撤销。")]
    used = _touched(batch)
    if used:
        first = used[0]
        said = f"“{first.code} {first.title}”" + (f"等 {len(used)} 项" if len(used) > 1 else "")
        return [Problem("reported", f"{said}已有填报或改动，不能整批撤销。", mend="可以在任务页上逐项免办。")]
    return []


def _touched(batch: ImportBatch) -> list[Task]:
    tasks = Task.objects.filter(campaign=batch.campaign_id, batch=batch)
    touched = (
        Q(has_begun=True) | Q(version__gt=1) | ~Q(last_report_at=None) | Q(submitted_count__gt=0) | Q(done_count__gt=0)
    )
    for model in (ProgressReport, Evidence, Verdict, Request, DeadlineChange, Instruction):
        touched |= Q(pk__in=model.objects.filter(campaign=batch.campaign_id).values("task"))
    for rows in (Milestone.objects.filter(version__gt=1), Notice.objects.filter(is_manual=True)):  # ruled on; urged
        touched |= Q(pk__in=rows.filter(campaign=batch.campaign_id).values("task"))
    changed = {said["task"]: said["version"] for said in batch.result.get("changed", [])}
    again = Task.objects.filter(campaign=batch.campaign_id, pk__in=changed)
    moved = [task for task in again if task.version != changed[str(task.pk)] or _is_reported_since(task, batch)]
    return sorted([*tasks.filter(touched), *moved], key=lambda task: task.code)


def _is_reported_since(task: Task, batch: ImportBatch) -> bool:
    return any(
        model.objects.filter(task=task, at__gt=batch.committed_at).exists()
        for model in (ProgressReport, Evidence, Verdict, Request, Instruction)
    )


def undo_batch(batch: ImportBatch, *, by: User | None, now: dt.datetime) -> int:
    """Take back every task of the batch, and the units, programs and projects it made that nobody else uses.

    Tasks the batch changed become what they were. Gives the number of tasks. Raises `Refused` and takes back nothing when something was reported.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=batch.campaign_id)
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        found = problems(batch)
        if found:
            raise Refused(*found)
        tasks = Task.objects.filter(campaign=campaign, batch=batch)
        count = tasks.count()
        Draft.objects.filter(campaign=campaign, milestone__task__in=tasks).delete()
        Milestone.objects.filter(campaign=campaign, task__in=tasks).delete()
        tasks.delete()
        restored = [restore(said["before"]) for said in batch.result.get("changed", [])]
        summary.refresh(restored)
        _take_back_layers(campaign, batch)
        summary.recount(campaign)
        batch.state = ImportBatch.State.UNDONE
        batch.save(update_fields=["state"])
        log.write(batch, "undo_import", by=by, now=now, data={"tasks": count, "restored": len(restored)})
    return count + len(restored)


def _take_back_layers(campaign: Campaign, batch: ImportBatch) -> None:
    tasks = Task.objects.filter(campaign=campaign)
    projects = Project.objects.filter(campaign=campaign, pk__in=batch.result.get("projects", []))
    projects.exclude(pk__in=tasks.exclude(project=None).values("project")).delete()
    programs = Program.objects.filter(campaign=campaign, pk__in=batch.result.get("programs", []))
    kept = tasks.exclude(program=None).values("program")
    programs.exclude(pk__in=kept).exclude(pk__in=Project.objects.filter(campaign=campaign).values("program")).delete()
    units = Unit.objects.filter(campaign=campaign, pk__in=batch.result.get("units", []), children=None)
    used = (
        Membership.objects.filter(campaign=campaign).values("unit"),
        Assignment.objects.filter(campaign=campaign).values("unit"),
    )
    units.exclude(pk__in=used[0]).exclude(pk__in=used[1]).delete()
