"""What a document is called and where its rows go, put right after it was taken in; and taking in by mistake undone."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from campaign import log
from campaign.models import Project, User
from campaign.problems import Problem, Refused
from tasks.models import SourceDocument, SourceDraft
from tasks.reading.taking import TITLE_LIMIT

_NUMBER_LIMIT = 60


@dataclass(frozen=True, kw_only=True)
class Facts:
    """As the form says them. `project` None: rows without a heading go nowhere yet."""

    kind: str
    title: str
    number: str = ""
    issued_on: dt.date | None = None
    project: Project | None = None


def describe(document: SourceDocument, facts: Facts, *, by: User, now: dt.datetime) -> bool:
    """Put the facts right; the rows stay as they are. Gives whether anything was otherwise. Raises `Refused`."""
    title = " ".join(facts.title.split())
    if facts.kind not in SourceDocument.Kind.values:
        raise Refused(Problem("kind", "请选文件的种类。", where="kind"))
    if not title or len(title) > TITLE_LIMIT:
        raise Refused(Problem("title", f"名称要写，{TITLE_LIMIT} 字以内。", where="title"))
    project = facts.project
    values = {
        "kind": facts.kind, "title": title, "number": facts.number.strip()[:_NUMBER_LIMIT], "issued_on": facts.issued_on,
        "project_id": project.pk if project else None, "program_id": project.program_id if project else None,
    }  # fmt: skip
    with transaction.atomic():
        document = SourceDocument.objects.select_for_update().get(pk=document.pk)
        if project is None and document.project_id is None:
            values["program_id"] = document.program_id
        changed = {
            name: [str(getattr(document, name) or ""), str(v or "")]
            for name, v in values.items()
            if getattr(document, name) != v
        }
        if changed:
            SourceDocument.objects.filter(pk=document.pk).update(**values)
            log.write(document, "describe_document", by=by, now=now, data=changed)
    return bool(changed)


def put_away(document: SourceDocument, *, by: User, now: dt.datetime) -> None:
    """Take out a document nothing of the ledger rests on. Raises `Refused` once it was written to the ledger."""
    with transaction.atomic():
        document = SourceDocument.objects.select_for_update().get(pk=document.pk)
        if document.state == SourceDocument.State.READING:
            raise Refused(Problem("reading", "正在读这份文件，读完才能移除。"))
        is_written = document.drafts.filter(state=SourceDraft.State.COMMITTED).exists()
        is_settled = document.answers.exclude(applied_at=None).exists()
        if document.batch_id or is_written or is_settled or document.sentences.exists():
            raise Refused(Problem("written", "这份文件写进过台账，是任务和时限的依据，要留着备查，不能移除。"))
        log.write(document, "put_away_document", by=by, now=now, data={"title": document.title})
        document.delete()
