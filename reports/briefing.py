"""The weekly briefing: a draft that writes itself, a freeze, an issue that happens once."""

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.template.loader import render_to_string

from campaign import attachments, log, mail, typefaces
from campaign.clock import Week
from campaign.models import Attachment, Campaign, User
from campaign.problems import Conflict, Problem, Refused
from reports import kinds, paper, typesetting, wordfile, wording
from reports.models import Briefing, Distribution, Document, Section
from reports.sheet import BriefingSheet

WORD_TYPE = attachments.ACCEPTED[".docx"][1]
TRIES = 5


# ---------- drafting


def draft(campaign: Campaign, week: Week, *, by: User | None, now: dt.datetime) -> Briefing:
    """The week's briefing, made when it is not there yet; its text is written from the ledger each time it is read."""
    return _latest(campaign, str(week)) or _begin(campaign, Period.of_week(week), by=by, now=now)


def draft_year(campaign: Campaign, *, by: User | None, now: dt.datetime) -> Briefing:
    """年度总结 of the campaign's year, made when it is not there yet; it too writes itself until it is frozen."""
    period = Period.of_year(campaign)
    return _latest(campaign, period.name) or _begin(campaign, period, by=by, now=now)


def _latest(campaign: Campaign, period: str) -> Briefing | None:
    return Briefing.objects.filter(campaign=campaign, period=period).order_by("-round").first()


@dataclass(frozen=True)
class Period:
    """What a paper tells of."""

    kind: str
    name: str
    first: dt.date
    last: dt.date

    @classmethod
    def of_week(cls, week: Week) -> "Period":
        return cls(Document.Kind.BRIEFING, str(week), week.monday, week.sunday)

    @classmethod
    def of_year(cls, campaign: Campaign) -> "Period":
        return cls(Document.Kind.SUMMARY, str(campaign.year), campaign.first_day, campaign.last_day)

    @classmethod
    def of(cls, briefing: Briefing) -> "Period":
        return cls(briefing.kind, briefing.period, briefing.first_day, briefing.last_day)


def _begin(
    campaign: Campaign,
    period: Period,
    *,
    by: User | None,
    now: dt.datetime,
    round_number: int = 0,
    corrects: Briefing | None = None,
    note: str = "",
) -> Briefing:
    key = {"campaign": campaign, "period": period.name, "round": round_number}
    fields = {
        "kind": period.kind,
        "first_day": period.first,
        "last_day": period.last,
        "title": corrects.title if corrects else "",
        "corrects": corrects,
        "correction_note": note,
        "created_by": by,
        "created_at": now,
    }
    with transaction.atomic():
        briefing, is_new = Briefing.objects.get_or_create(**key, defaults=fields)
        if is_new:
            Section.objects.bulk_create(_sections(briefing, corrects))
            log.write(briefing, "briefing_drafted", by=by, now=now)
    return briefing


def _sections(briefing: Briefing, corrects: Briefing | None) -> list[Section]:
    """The usual parts; a correction begins with the sections of what it corrects."""
    if corrects is None:
        rows: list[dict[str, Any]] = [{"kind": part.key, "title": part.title} for part in kinds.of(briefing).parts]
    else:
        rows = [dict(row) for row in corrects.sections.values("kind", "title", "body", "is_included")]
    return [
        Section(campaign_id=briefing.campaign_id, briefing=briefing, order=order, **row)
        for order, row in enumerate(rows, 1)
    ]


def prepare_draft(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Thursday's duty."""
    return {"week": draft(campaign, Week.of(today), by=None, now=now).period}


def week_to_prepare(day: dt.date) -> str:
    """From Thursday on the week wants its draft; a missed Thursday heals on Friday."""
    return str(Week.of(day)) if day.weekday() >= 3 else ""


def facts_for(briefing: Briefing, *, today: dt.date) -> kinds.Facts:
    """Living while it is a draft, as frozen afterwards."""
    kind = kinds.of(briefing)
    return kind.revive(briefing.facts) if briefing.facts else kind.collect(briefing, today)


# ---------- freezing


def problems(briefing: Briefing) -> list[Problem]:
    """Why it cannot be issued, or what the office should know first."""
    found = []
    sections = list(briefing.sections.filter(is_included=True))
    if not sections:
        found.append(Problem("empty", "这一期没有内容。", mend="请至少采用一段。"))
    found += [
        Problem("no_text", f"自加的一段“{section.title}”还没有写。", where=section.title, mend="请写上或删去。")
        for section in sections
        if section.kind == wording.OWN.key and not (section.body or "").strip()
    ]
    if not Distribution.objects.filter(campaign=briefing.campaign, is_active=True).exists():
        found.append(
            Problem("nobody", "发送名单是空的，签发后不会寄给任何人。", level="warns", mend="可在“发送名单”里添加。")
        )
    return found


def finalise(briefing: Briefing, *, by: User | None, today: dt.date, now: dt.datetime) -> Briefing:
    """定稿: the facts and the title stand from here on."""
    blocks = [problem for problem in problems(briefing) if problem.level == "blocks"]
    if blocks:
        raise Refused(*blocks)
    facts = facts_for(briefing, today=today)
    moved = _unchanged(briefing, Briefing.State.DRAFT).update(
        state=Briefing.State.FINAL,
        facts=facts.as_dict(),
        facts_at=now,
        title=paper.title_of(briefing, facts),
        version=F("version") + 1,
    )
    return _told(briefing, moved, "briefing_finalised", by=by, now=now)


def reopen(briefing: Briefing, *, by: User | None, now: dt.datetime) -> Briefing:
    """Back to the draft, whose figures live again."""
    moved = _unchanged(briefing, Briefing.State.FINAL).update(
        state=Briefing.State.DRAFT, facts={}, facts_at=None, version=F("version") + 1
    )
    return _told(briefing, moved, "briefing_reopened", by=by, now=now)


def _unchanged(briefing: Briefing, state: str) -> Any:
    return Briefing.objects.filter(pk=briefing.pk, state=state, version=briefing.version)


def _told(briefing: Briefing, moved: int, verb: str, *, by: User | None, now: dt.datetime) -> Briefing:
    if not moved:
        raise Conflict(changed_meanwhile())
    briefing.refresh_from_db()
    log.write(briefing, verb, by=by, now=now)
    return briefing


def changed_meanwhile() -> Problem:
    return Problem("changed", "这一期刚被别人改过。", mend="请看过新的内容再改。")


# ---------- issuing


@dataclass(frozen=True)
class Papers:
    """An issue ready to be kept: its number and its two files."""

    number: int
    sheet: BriefingSheet
    pdf: bytes
    docx: bytes


class _NumberTaken(Exception):  # noqa: N818 - an answer, not an error of the program
    pass


def issue(briefing: Briefing, *, by: User | None, now: dt.datetime) -> Document:
    """Number, freeze, keep and put into the outbox, all or nothing; asked again it gives the same document."""
    for _ in range(TRIES):
        briefing.refresh_from_db()
        if briefing.document is not None:
            return briefing.document
        if briefing.state != Briefing.State.FINAL:
            raise Refused(Problem("not_final", "还没有定稿，不能发送。", mend="请先点“定稿”。"))
        papers = _made(briefing, now)
        try:
            with transaction.atomic():
                return _kept(briefing, papers, by, now)
        except (_NumberTaken, IntegrityError):
            continue
    raise Conflict(Problem("busy", "同时有别的期号在签发。", mend="请再点一次“发送”。"))


def day_in(campaign: Campaign, *, now: dt.datetime) -> dt.date:
    return now.astimezone(campaign.zone).date()


def next_number(campaign: Campaign, kind: str, year: int) -> int:
    issued = Document.objects.filter(campaign=campaign, kind=kind, year=year)
    return (issued.aggregate(last=Max("number"))["last"] or 0) + 1


def _made(briefing: Briefing, now: dt.datetime) -> Papers:
    """Set outside the transaction: writers do not wait for it."""
    campaign = briefing.campaign
    day = day_in(campaign, now=now)
    number = next_number(campaign, briefing.kind, day.year)
    total = Document.objects.filter(campaign=campaign, kind=briefing.kind).count() + 1
    facts = kinds.of(briefing).revive(briefing.facts)
    sheet = paper.sheet_of(briefing, facts, day=day, number=number, total=total)
    pdf, docx = typesetting.pdf(sheet, now=briefing.facts_at), wordfile.docx(sheet, now=briefing.facts_at)
    return Papers(number, sheet, pdf, docx)


def _kept(briefing: Briefing, papers: Papers, by: User | None, now: dt.datetime) -> Document:
    campaign, day = briefing.campaign, day_in(briefing.campaign, now=now)
    claim = {"state": Briefing.State.ISSUED, "version": F("version") + 1}
    if not _unchanged(briefing, Briefing.State.FINAL).update(**claim) or papers.number != next_number(
        campaign, briefing.kind, day.year
    ):
        raise _NumberTaken
    name = paper.file_name(papers.sheet, day.year)
    document = Document.objects.create(
        campaign=campaign,
        kind=briefing.kind,
        year=day.year,
        number=papers.number,
        title=briefing.title,
        facts={
            "facts": briefing.facts,
            "sheet": papers.sheet.as_dict(),
            "set_at": briefing.facts_at.isoformat(),
        },
        fonts={"used": [asdict(use) | {"words": use.words} for use in typefaces.fonts_used()]},
        pdf=_file(campaign, f"{name}.pdf", papers.pdf, "application/pdf", by, now),
        docx=_file(campaign, f"{name}.docx", papers.docx, WORD_TYPE, by, now),
        issued_by=by,
        issued_at=now,
        corrects=briefing.corrects.document if briefing.corrects else None,
    )
    Briefing.objects.filter(pk=briefing.pk).update(document=document)
    _mail(document, by=by, now=now)
    log.write(document, "briefing_issued", by=by, now=now)
    return document


def _file(campaign: Campaign, name: str, content: bytes, kind: str, by: User | None, now: dt.datetime) -> Attachment:
    upload = attachments.Upload(name=name, content=content)
    return attachments.keep(campaign, upload, by=by, now=now, content_type=kind)


def _mail(document: Document, *, by: User | None, now: dt.datetime) -> None:
    """One mail to each line of the distribution list, in the transaction of the issue."""
    sheet = document.facts["sheet"]
    words = {
        "document": document,
        "sheet": sheet,
        "sentence": next((block["text"] for block in sheet["blocks"] if block["kind"] == "paragraph"), ""),
    }
    name = f"{sheet['mark']}{document.year}年第{document.number}期"
    for line in Distribution.objects.filter(campaign=document.campaign, is_active=True):
        mail.queue_mail(
            document.campaign,
            key=f"briefing:{document.pk}:{line.pk}",
            to=mail.Recipient(line.name, line.address),
            subject=f"{name}：{document.title}",
            text=render_to_string("mail/briefing.txt", words | {"line": line}),
            kind="briefing",
            about_id=document.pk,
            parts=[(f"{name}.pdf", document.pdf), (f"{name}.docx", document.docx)],
            now=now,
        )


def set_again(document: Document) -> bytes:
    """The PDF made anew from what was frozen: the same bytes on a machine with the same typefaces."""
    sheet = paper.sheet_from(document.facts["sheet"])
    return typesetting.pdf(sheet, now=dt.datetime.fromisoformat(document.facts["set_at"]))


# ---------- correcting


def correct(briefing: Briefing, note: str, *, by: User | None, now: dt.datetime) -> Briefing:
    """A new issue that says what it corrects; the old one stays as it went out."""
    note = " ".join(note.split())[:200]
    if not note:
        raise Refused(Problem("no_note", "没有写更正什么。", where="note", mend="请用一句话写明哪里错了、应是什么。"))
    if briefing.document is None:
        raise Refused(Problem("not_issued", "还没有发送，直接改就行，不必更正。"))
    latest = Briefing.objects.filter(campaign=briefing.campaign, period=briefing.period).order_by("-round")[0]
    if latest.document is None:
        return latest
    return _begin(
        briefing.campaign,
        Period.of(briefing),
        round_number=latest.round + 1,
        by=by,
        now=now,
        corrects=latest,
        note=note,
    )


def preview(briefing: Briefing, *, today: dt.date) -> BriefingSheet:
    """The paper as it would go out today; a number not yet given is shown as the one that comes next."""
    if briefing.document is not None:
        return paper.sheet_from(briefing.document.facts["sheet"])
    facts = facts_for(briefing, today=today)
    number = next_number(briefing.campaign, briefing.kind, today.year)
    sheet = paper.sheet_of(briefing, facts, day=today, number=number)
    return replace(sheet, total="（送审稿）")
