"""督查通报 and 曝光清单: written from what was issued, approved where it names and shames, numbered and frozen once.

A naming list needs a leader's approval (批示) by somebody other than its author; a circular is the office's own.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet

from campaign import attachments, log, typefaces
from campaign.attachments import Upload
from campaign.models import Attachment, Campaign, User
from campaign.problems import Conflict, Problem, Refused
from inspections import rates
from inspections.meeting import reasons
from inspections.models import Finding, Visit
from inspections.models.findings import FindingQuerySet
from inspections.rates import By, Span
from reports import typesetting, wordfile
from reports.briefing import WORD_TYPE, day_in
from reports.models import Circular, Document
from reports.paper import words_of_day
from reports.sheet import Block, BriefingSheet, Column, Heading, Paragraph, Table
from reports.wording import in_chinese

State = Circular.State
MOST_FOUND = 300


def draft(
    campaign: Campaign, kind: str, span: Span, *, by: User, now: dt.datetime, codes: Sequence[str] = ()
) -> Circular:
    """Begin a paper of a span. A naming list begins with what the office picked."""
    if kind not in (Document.Kind.CIRCULAR, Document.Kind.EXPOSURE) or span.first is None or span.last is None:
        raise Refused(Problem("kind", "请选是督查通报还是曝光清单，并写明起止日期。"))
    known = _named(campaign).filter(code__in=codes).order_by("code").values_list("code", flat=True)
    if kind == Document.Kind.EXPOSURE and not known:
        raise Refused(Problem("nobody", "一处也没有点名。", where="codes", mend="请勾选要曝光的问题。"))
    words = {"circular": "督查情况的通报", "exposure": "点名曝光的问题"}
    title = f"关于{span.first.month}月{span.first.day}日至{span.last.month}月{span.last.day}日{words[kind]}"
    with transaction.atomic():
        made = Circular.objects.create(
            campaign=campaign, kind=kind, title=title, first_day=span.first, last_day=span.last, codes=list(known),
            created_by=by, created_at=now,
        )  # fmt: skip
        log.write(made, "circular_drafted", by=by, now=now)
    return made


def _named(campaign: Campaign) -> FindingQuerySet:
    """What a paper that units read may name: issued, counted."""
    return Finding.objects.filter(campaign=campaign, is_hidden=False).counted()


def candidates(campaign: Campaign, *, now: dt.datetime) -> list[tuple[Finding, list[str]]]:
    """What may deserve to be named: open and past its limit, come back, or sent back twice."""
    rows = _named(campaign).open().select_related("unit", "place").order_by("due_at", "code")
    found = [(row, reasons(row, now=now)) for row in rows[:2000]]
    return [(row, why) for row, why in found if why][:100]


# ---------- approval


def submit(circular: Circular, *, by: User, now: dt.datetime) -> None:
    _move(circular, State.DRAFT, State.SUBMITTED, "circular_submitted", by=by, now=now)


def approve(circular: Circular, *, by: User, now: dt.datetime) -> None:
    if by.pk == circular.created_by_id:
        raise Refused(Problem("own", "这份清单是您起草的。", mend="请另一位领导审批。"))
    changes = {"approved_by": by, "approved_at": now}
    _move(circular, State.SUBMITTED, State.APPROVED, "circular_approved", by=by, now=now, **changes)


def send_back(circular: Circular, *, by: User, now: dt.datetime) -> None:
    _move(circular, State.SUBMITTED, State.DRAFT, "circular_sent_back", by=by, now=now)


def _move(circular: Circular, old: str, new: str, verb: str, *, by: User, now: dt.datetime, **changes: Any) -> None:
    rows = Circular.objects.filter(pk=circular.pk, state=old, version=circular.version)
    with transaction.atomic():
        if not rows.update(state=new, version=F("version") + 1, **changes):
            raise Conflict(Problem("changed", "这一份刚被别人改过。", mend="请看过现在的内容再定。"))
        circular.refresh_from_db()
        log.write(circular, verb, by=by, now=now)


# ---------- the paper


def blocks(circular: Circular) -> tuple[Block, ...]:
    span = Span(circular.first_day, circular.last_day)
    rows = _named(circular.campaign).filter(span.condition)
    if circular.needs_approval:
        rows = _named(circular.campaign).filter(code__in=circular.codes)
        return (Heading("一、点名的问题"), *_by_street(rows))
    return (
        Heading("一、督查情况"),
        *_situation(circular.campaign, span, rows),
        Heading("二、存在问题"),
        *_by_street(rows),
    )


def _situation(campaign: Campaign, span: Span, rows: QuerySet) -> list[Block]:
    start, end = rates.moments(span, campaign)
    seen_then = Visit.objects.standing().filter(campaign=campaign, at__gte=start, at__lt=end)
    visits = seen_then.filter(round__is_hidden=False) | seen_then.filter(round=None)
    places = visits.values("place").distinct().count()
    lines = rates.lines(campaign, rows, By.TYPE, span)
    whole = sum((line.rate for line in lines), rates.Rate())
    seen = f"督查点位{places}处，" if places else ""
    said = f"{seen}发现并交办问题{whole.found}个，已整改销号{whole.closed}个，整改率{whole.words}。"
    if not lines:
        return [Paragraph("这一时期没有交办的问题。")]
    columns = (Column("点位类型", 5, is_centred=False), *(Column(word, 1.6) for word in ("问题", "已销号", "整改率")))
    cells = [(line.name, str(line.rate.found), str(line.rate.closed), line.rate.words) for line in lines]
    total = ("合计", str(whole.found), str(whole.closed), whole.words)
    return [Paragraph(said), Table("表1　各类点位问题整改情况（个）", columns, (*cells, total), last_is_total=True)]


def _by_street(rows: QuerySet) -> list[Block]:
    """（一）河湾街道（5个）; then each place: (1) …；(2) …。"""
    found = rows.select_related("unit", "place").order_by("unit__order", "unit__name", "place__code", "code")[
        :MOST_FOUND
    ]
    units: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        units[row.unit.name if row.unit else "未指派单位"][row.place.name if row.place else row.where].append(row)
    made: list[Block] = []
    for number, (unit, places) in enumerate(units.items(), 1):
        count = sum(len(findings) for findings in places.values())
        made.append(Heading(f"（{in_chinese(number) if number < 100 else number}）{unit}（{count}个）", level=2))
        made += [Paragraph(f"{place}：{_items(findings)}。") for place, findings in places.items()]
    return made or [Paragraph("没有问题。")]


def _items(findings: Sequence[Finding]) -> str:
    words = [
        f"{row.text.rstrip('。；')}{'（已整改）' if row.stage == Finding.Stage.CLOSED else ''}" for row in findings
    ]
    return words[0] if len(words) == 1 else "；".join(f"（{n}）{word}" for n, word in enumerate(words, 1))


def sheet_of(circular: Circular, *, number: int, day: dt.date) -> BriefingSheet:
    campaign = circular.campaign
    office = campaign.office_full_name or campaign.office_name
    return BriefingSheet(
        mark=f"{campaign.short_name}{Document.Kind(circular.kind).label}",
        number=f"第{number}期",
        issuer=office,
        day=words_of_day(day),
        title=circular.title,
        blocks=blocks(circular),
        printed_by=office,
        printed=f"{words_of_day(day)}印发",
    )


def next_number(circular: Circular, year: int) -> int:
    issued = Document.objects.filter(campaign=circular.campaign_id, kind=circular.kind, year=year)
    return (issued.aggregate(last=Max("number"))["last"] or 0) + 1


def issue(circular: Circular, *, by: User, now: dt.datetime) -> Document:
    """Number, freeze, keep: once. A naming list only after its approval."""
    if circular.document is not None:
        return circular.document
    ready = State.APPROVED if circular.needs_approval else State.DRAFT
    if circular.state != ready:
        raise Refused(Problem("not_approved", "曝光清单还没有批准，不能发出。", mend="请先送领导审批。"))
    day = day_in(circular.campaign, now=now)
    number = next_number(circular, day.year)  # the paper says it; where it is taken meanwhile the row is refused
    sheet = sheet_of(circular, number=number, day=day)
    pdf, docx = typesetting.pdf(sheet, now=now), wordfile.docx(sheet, now=now)
    try:
        with transaction.atomic():
            document = _kept(circular, sheet, number, pdf, docx, day, by=by, now=now)
            _move(circular, ready, State.ISSUED, "circular_issued", by=by, now=now, document=document)
    except IntegrityError as error:
        raise Conflict(Problem("busy", "同时有别的期号在签发。", mend="请再点一次“发出”。")) from error
    return document


def _kept(
    circular: Circular,
    sheet: BriefingSheet,
    number: int,
    pdf: bytes,
    docx: bytes,
    day: dt.date,
    *,
    by: User,
    now: dt.datetime,
) -> Document:
    name = f"{sheet.mark}{day.year}年{sheet.number}"

    def file(ending: str, content: bytes, kind: str) -> Attachment:
        return attachments.keep(
            circular.campaign, Upload(f"{name}{ending}", content), by=by, now=now, content_type=kind
        )

    return Document.objects.create(
        campaign=circular.campaign,
        kind=circular.kind,
        year=day.year,
        number=number,
        title=circular.title,
        facts={"sheet": sheet.as_dict(), "set_at": now.isoformat(), "codes": circular.codes},
        fonts={"used": [asdict(use) | {"words": use.words} for use in typefaces.fonts_used()]},
        pdf=file(".pdf", pdf, "application/pdf"),
        docx=file(".docx", docx, WORD_TYPE),
        issued_by=by,
        issued_at=now,
    )
