"""佐证: what a file shows and which day it is about. The bytes are kept by `campaign.attachments`."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from campaign import attachments, log
from campaign.models import Attachment, Unit, User
from campaign.pinyin import search_text
from campaign.problems import Problem
from tasks.models import ClosingRequirement, Evidence, Milestone, ProgressReport

DATA_ENDINGS = {".xlsx", ".xls", ".csv"}
MOST_FILES = 30


@dataclass(frozen=True)
class NewFile:
    """One file of a report. `about_on` None takes the picture's own time of capture where it has one."""

    upload: attachments.Upload
    shows: str = ""
    about_on: dt.date | None = None
    document_number: str = ""
    requirement_id: UUID | None = None


def problems(file: NewFile, *, today: dt.date) -> list[Problem]:
    """Why a file cannot be evidence."""
    found = attachments.check(file.upload)
    if file.about_on is not None and file.about_on > today:
        message = f"“{file.upload.name}”的所指日期 {file.about_on:%Y-%m-%d} 在今天以后。请写拍摄或成文的日期。"
        found.append(Problem("about_later", message, where="about_on"))
    return found


def add(
    milestone: Milestone, file: NewFile, *, report: ProgressReport | None, by: User, unit: Unit | None, now: dt.datetime
) -> Evidence:
    """Attach a file to a milestone, in the caller's transaction. Raises `Refused` when the file cannot be taken.

    The same content is stored once; the same content on the same milestone is the same evidence.
    """
    campaign = milestone.task.campaign
    stored = attachments.store(campaign, file.upload, by=by, now=now)
    again = Evidence.objects.filter(campaign=campaign, milestone=milestone, attachment=stored).first()
    if again is not None:
        return again
    shows = file.shows.strip()[:200]
    return Evidence.objects.create(
        campaign=campaign,
        task_id=milestone.task_id,
        milestone=milestone,
        report=report,
        attachment=stored,
        unit=unit,
        requirement=_requirement(milestone, file.requirement_id),
        name=file.upload.name,
        shows=shows,
        about_on=file.about_on or _taken_on(stored, milestone, now=now),
        document_number=file.document_number.strip()[:60],
        kind=kind_of(stored),
        by=by,
        at=now,
        search_text=search_text(file.upload.name, shows, file.document_number)[:400],
    )


def kind_of(stored: Attachment) -> str:
    if stored.is_image:
        return Evidence.Kind.PICTURE
    ending = attachments.ending_of(stored.name)
    return Evidence.Kind.DATA if ending in DATA_ENDINGS else Evidence.Kind.FILE


def describe(
    row: Evidence, *, shows: str, about_on: dt.date | None, requirement_id: UUID | None, by: User, now: dt.datetime
) -> Evidence:
    """Say better what a piece of evidence shows, which day it is about, which requirement it meets."""
    before = {"shows": row.shows, "about_on": str(row.about_on or ""), "requirement": str(row.requirement or "")}
    row.shows, row.about_on = shows.strip()[:200], about_on
    is_kept = requirement_id is None and row.requirement is not None and row.requirement.dropped_at is not None
    if not is_kept:  # the form no longer offers what is asked for no more
        row.requirement = _requirement(row.milestone, requirement_id) if row.milestone is not None else None
    row.search_text = search_text(row.name, row.shows, row.document_number)[:400]
    row.save(update_fields=["shows", "about_on", "requirement", "search_text"])
    after = {"shows": row.shows, "about_on": str(row.about_on or ""), "requirement": str(row.requirement or "")}
    data = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    log.write(row, "describe", by=by, now=now, task_id=row.task_id, data=data)
    return row


def _requirement(milestone: Milestone, requirement_id: UUID | None) -> ClosingRequirement | None:
    if requirement_id is None:
        return None
    return ClosingRequirement.objects.wanted().filter(task=milestone.task_id, pk=requirement_id).first()


def _taken_on(stored: Attachment, milestone: Milestone, *, now: dt.datetime) -> dt.date | None:
    """The camera's own day; a clock that runs ahead is not believed."""
    if stored.taken_at is None or stored.taken_at > now:
        return None
    return stored.taken_at.astimezone(milestone.task.campaign.zone).date()
