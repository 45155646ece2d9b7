"""Taking a document in: its file kept once, its text read once, however often and in whatever form it comes."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, replace

from django.db import transaction

from campaign import attachments, log, working
from campaign.attachments import Upload
from campaign.models import Attachment, Campaign, Job, Program, Project, User
from campaign.problems import Problem, Refused
from tasks.extraction import read_document, read_plan
from tasks.extraction.drafts import DraftRow, Plan
from tasks.importing.rows import RowProblem
from tasks.importing.units import Roster
from tasks.language.units import Directory, group_kind, is_open_group
from tasks.models import SourceDocument, SourceDraft
from tasks.reading.listing import listed_rows
from tasks.reconciling import sides

JOB = "tasks.jobs.read_document"
UPLOAD_LIMIT = 10 * 1024 * 1024
TEXT_LIMIT = 400_000
#: A longer text is read by a worker while the page follows.
AT_ONCE = 40_000
TITLE_LIMIT = 160
_URGING = re.compile(
    r"^(?:[一二三四五六七八九十]+是)?(?:要|应|须|切实|全力|着力|深入|扎实|大力|继续|抓好|做好|推进|实施|开展)+"
)
#: 十大提升工程 counts the programs; it is none.
_COUNTED = re.compile(r"^[0-9一二三四五六七八九十]+(?:大|项|个)")
_TYPES = {".docx": attachments.ACCEPTED[".docx"][1], ".txt": "text/plain", ".md": "text/plain"}


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A document as it arrives: a file, or pasted text. `title` empty: what the text itself says."""

    kind: str
    upload: Upload | None = None
    text: str = ""
    title: str = ""
    number: str = ""
    issued_on: dt.date | None = None
    program: Program | None = None
    project: Project | None = None


def take_document(campaign: Campaign, arrival: Arrival, *, by: User | None, now: dt.datetime) -> SourceDocument:
    """Keep a document; the same text again gives the same document. It is read here, or by a worker where it is long.

    Raises `Refused` for what is no readable text; nothing is kept then.
    """
    text = _text_of(arrival)
    sha256 = hashlib.sha256("".join(text.split()).encode()).hexdigest()
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        found = SourceDocument.objects.filter(campaign=campaign, sha256=sha256).first()
        if found is not None:
            return found
        document = SourceDocument(
            campaign=campaign,
            kind=arrival.kind,
            title=_title(arrival, text),
            number=arrival.number.strip()[:60],
            issued_on=arrival.issued_on,
            file_name=arrival.upload.name if arrival.upload else "",
            sha256=sha256,
            attachment=_kept(campaign, arrival, by=by, now=now),
            text=text,
            program=arrival.program or (arrival.project.program if arrival.project else None),
            project=arrival.project,
            created_by=by,
            created_at=now,
        )
        document.save(force_insert=True)
        log.write(document, "take_document", by=by, now=now, data={"kind": document.get_kind_display()})
        if len(text) <= AT_ONCE:
            draft_rows(document, now=now)
            document.refresh_from_db()
    return document


def read_later(document: SourceDocument, *, by: User | None, now: dt.datetime) -> Job | None:
    """A worker reads what was too long to be read at once; None where nothing is left to read."""
    if document.state != SourceDocument.State.READING:
        return None
    said = {"document": str(document.pk)}
    return working.begin(document.campaign, kind=JOB, title=f"读“{document.title}”", arguments=said, by=by, now=now)


def _text_of(arrival: Arrival) -> str:
    if arrival.kind not in SourceDocument.Kind.values:
        raise Refused(Problem("kind", "请选文件的种类。", where="kind"))
    if arrival.upload is not None:
        text = read_document(arrival.upload.content, arrival.upload.name)
    else:
        text = arrival.text.replace("\r\n", "\n").replace("\x00", "")
    if not text.strip():
        raise Refused(
            Problem("no_text", "没有文字可读。请选一个 .docx、.txt 或 .md 文件，或者把正文粘贴进来。", where="file")
        )
    if len(text) > TEXT_LIMIT:
        said = f"全文有 {len(text)} 个字，超过 {TEXT_LIMIT // 10_000} 万字。请分成几份。"
        raise Refused(Problem("too_long", said, where="text"))
    return text


def _title(arrival: Arrival, text: str) -> str:
    if arrival.title.strip():
        return arrival.title.strip()[:TITLE_LIMIT]
    if arrival.upload is not None:
        return arrival.upload.name.rpartition(".")[0][:TITLE_LIMIT] or arrival.upload.name
    first = next(line.strip() for line in text.splitlines() if line.strip())
    return first[:40]


def _kept(campaign: Campaign, arrival: Arrival, *, by: User | None, now: dt.datetime) -> Attachment | None:
    if arrival.upload is None:
        return None
    content_type = _TYPES[attachments.ending_of(arrival.upload.name)]
    return attachments.keep(campaign, arrival.upload, by=by, now=now, content_type=content_type)


def draft_rows(document: SourceDocument, *, now: dt.datetime) -> int:
    """Read the document's text into drafted rows, once. Gives their number."""
    with transaction.atomic():
        document = SourceDocument.objects.select_for_update().select_related("campaign").get(pk=document.pk)
        if document.state == SourceDocument.State.READ:
            return document.drafts.count()
        plan = read_for(document)
        directory = Directory(Roster.of(document.campaign).known())
        layers = Layers.of(document.campaign)
        rows = [layers.settled(with_near_names(row, directory)) for row in plan.rows]
        SourceDraft.objects.bulk_create(_draft(document, row, number) for number, row in enumerate(rows, start=1))
        suggest(document)
        document.reading = {
            "body": [list(span) for span in plan.body],
            "problems": [problem.as_dict() for problem in plan.problems],
        }
        document.totals = [total.as_dict() for total in plan.totals]
        if plan.title and document.title == document.file_name.rpartition(".")[0]:  # nobody named it
            document.title = plan.title[:TITLE_LIMIT]
        document.state, document.read_at = SourceDocument.State.READ, now
        document.save(update_fields=["title", "reading", "totals", "state", "read_at"])
    return len(plan.rows)


def suggest(document: SourceDocument) -> None:
    """Beside each row the task of the ledger that is surely the same, as far as the ledger goes today."""
    roster = Roster.of(document.campaign)
    told = sides.told_by(document, roster)
    made = sides.pairs(told, sides.held_tasks(document.campaign))
    like = [one.draft for one in told if one.draft.pk in made and made[one.draft.pk].is_sure]
    for draft in like:
        draft.task_id = made[draft.pk].task
    SourceDraft.objects.bulk_update(like, ["task"], batch_size=200)


def read_for(document: SourceDocument) -> Plan:
    """The text as this campaign reads it. A list of problems is one row an item, whatever its words."""
    campaign = document.campaign
    plan = read_plan(
        document.text,
        year=campaign.year,
        units=Roster.of(campaign).known(),
        layer_name=campaign.layer_name,
        is_month_included=campaign.is_month_before_read_as_end,
    )
    if document.kind != SourceDocument.Kind.PROBLEMS:
        return plan
    rows = listed_rows(
        document.text, year=campaign.year, is_month_included=campaign.is_month_before_read_as_end, read=plan.rows
    )
    return replace(plan, rows=tuple(rows), body=tuple(row.span for row in rows)) if rows else plan


@dataclass(frozen=True)
class Layers:
    """The upper layers a heading may speak of: 一是要切实抓好社区环境提升工程 is 社区环境提升工程."""

    word: str
    programs: tuple[str, ...]

    @classmethod
    def of(cls, campaign: Campaign) -> "Layers":
        names = Program.objects.filter(campaign=campaign).order_by("code").values_list("name", flat=True)
        return cls(campaign.layer_name, tuple(names))

    def settled(self, row: DraftRow) -> DraftRow:
        for heading in filter(None, (row.project, row.program)):
            known = next((name for name in self.programs if name in heading), "")
            named = known or (_URGING.sub("", heading) if self.word and heading.endswith(self.word) else "")
            if named and not _COUNTED.match(named):
                return replace(row, program=named, project="" if heading == row.project else row.project)
        return row


def with_near_names(row: DraftRow, directory: Directory) -> DraftRow:
    """Asks about each name the directory lacks while it holds one much like it: a slip, or another unit?"""
    names = dict.fromkeys(name for names in row.units.values() for name in names)
    near = [
        RowProblem("unit_near", "warns", f"“{name}”不在名录里，是不是“{found.near}”？", near=found.near, text=name)
        for name in names
        if not is_open_group(name) and not group_kind(name) and not (found := directory.find(name)).name and found.near
    ]
    return replace(row, problems=(*row.problems, *near)) if near else row


def _draft(document: SourceDocument, row: DraftRow, number: int) -> SourceDraft:
    return SourceDraft(
        campaign_id=document.campaign_id,
        document=document,
        number=number,
        weight=row.specificity,
        row=row.as_dict(),
        start=row.span[0],
        end=row.span[1],
        has_doubt=row.is_doubtful,
    )
