"""简报: the list, the builder, the issued paper, its files."""

import hashlib
import json
import re
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaign import access, attachments, clock, log, typefaces
from campaign.access import Right
from campaign.clock import Week
from campaign.models import OutgoingMail
from campaign.problems import Conflict, Problem, Refused
from campaign.serving import PDF, file_answer
from reports import briefing as deeds
from reports import editing, kinds, paper, typesetting, wordfile, wording
from reports.kinds import Facts
from reports.models import Briefing, Distribution, Document, Section
from reports.sheet import BriefingSheet, Paragraph

SLUG = re.compile(r"(\d{4})-(\d{2}|year)(?:-(\d{1,2}))?")
LISTED = 60
#: One page picture is asked for by several requests at once; the first sets all of them.
setting = threading.Lock()


def _get(request: HttpRequest, slug: str, right: Right = Right.READ) -> Briefing:
    named = SLUG.fullmatch(slug)
    if named is None:
        raise Http404("没有这一期。")
    rows = Briefing.objects.select_related("campaign", "document__pdf", "document__docx", "corrects__document")
    period = named[1] if named[2] == "year" else f"{named[1]}-W{named[2]}"
    return access.get(request.actor, rows, right, period=period, round=int(named[3] or 0))


def _deed(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": clock.now(request.campaign)}


# ---------- list and beginning


@require_safe
@access.needs(Right.READ)
def briefs(request: HttpRequest) -> HttpResponse:
    rows = Briefing.objects.visible_to(request.actor).select_related("document")[:LISTED]
    week = Week.of(request.actor.today)
    context = {
        "rows": rows,
        "week": week,
        "can_issue": request.actor.can(Right.ISSUE),
        "is_begun": any(row.period == str(week) for row in rows),
        "has_summary": any(row.kind == Document.Kind.SUMMARY for row in rows),
    }
    return render(request, "reports/briefs.html", context)


@require_POST
@access.needs(Right.ISSUE)
def new(request: HttpRequest) -> HttpResponse:
    """生成简报, 起草年度总结: the draft of the week or of the year, or what became of it."""
    if request.POST.get("kind") == Document.Kind.SUMMARY:
        return redirect(deeds.draft_year(request.campaign, **_deed(request)))
    try:
        week = Week.named(request.POST["week"]) if request.POST.get("week") else Week.of(request.actor.today)
    except ValueError as error:
        raise BadRequest("周次写法不对，请写成 2019-W39 这样。") from error
    return redirect(deeds.draft(request.campaign, week, **_deed(request)))


# ---------- the builder


@require_safe
def brief(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _get(request, slug))


def _page(
    request: HttpRequest,
    briefing: Briefing,
    *,
    problems: tuple[Problem, ...] = (),
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    can_issue = request.actor.can(Right.ISSUE)
    sheet = deeds.preview(briefing, today=request.actor.today)
    digest = _digest(sheet)
    context: dict[str, Any] = {
        "briefing": briefing,
        "sheet": sheet,
        "digest": digest,
        "numbers": range(1, len(_pictures(sheet, digest)) + 1),
        "can_issue": can_issue,
        "problems": problems,
        "typed": typed or {},
    }
    if can_issue:
        context |= _office_side(request, briefing)
    return render(request, "reports/brief.html", context, status=status)


def _office_side(request: HttpRequest, briefing: Briefing) -> dict[str, Any]:
    facts = deeds.facts_for(briefing, today=request.actor.today)
    document = briefing.document
    context = {
        "sections": _shown_sections(briefing, facts),
        "title": paper.title_of(briefing, facts),
        "fonts": [use["words"] for use in document.fonts["used"]]
        if document
        else [use.words for use in typefaces.fonts_used()],
        "is_substituted": any(not use.is_official for use in typefaces.fonts_used()),
        "recipients": Distribution.objects.filter(campaign=briefing.campaign, is_active=True),
        "warnings": deeds.problems(briefing) if briefing.state != Briefing.State.ISSUED else [],
        "entries": log.history(briefing.campaign, object_id=briefing.pk)[:12],
    }
    if document is not None:
        mails = OutgoingMail.objects.filter(campaign=briefing.campaign, about_id=document.pk)
        context["mails"] = mails.order_by("to_name")
        context["later"] = Briefing.objects.filter(corrects=briefing).select_related("document")
    return context


def _shown_sections(briefing: Briefing, facts: Facts) -> list[dict[str, Any]]:
    found, place = [], 0
    rows = list(briefing.sections.all())
    for number, section in enumerate(rows):
        said = paper.sentences(section, facts)
        shown = [block for block in kinds.part_of(section.kind).show(facts) if not isinstance(block, Paragraph)]
        is_printed = section.is_included and bool(said or shown)
        place += is_printed
        found.append(
            {
                "section": section,
                "place": wording.in_chinese(place) if is_printed else "",
                "said": said,
                "text": "\n".join(sentence.text for sentence in said),
                "shown": [block.caption for block in shown],
                "is_own": section.kind == wording.OWN.key,
                "is_first": number == 0,
                "is_last": number == len(rows) - 1,
            }
        )
    return found


# ---------- editing


def _edit(request: HttpRequest, slug: str, deed: Callable[[Briefing], object]) -> HttpResponse:
    """Do one change of the draft; what is refused is told on the page, with all that was typed."""
    briefing = _get(request, slug, Right.ISSUE)
    try:
        deed(briefing)
    except Refused as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        briefing = _get(request, slug, Right.ISSUE)
        return _page(request, briefing, problems=refused.problems, typed=request.POST.dict(), status=status)
    return redirect(briefing.get_absolute_url() + (f"#{request.POST['at']}" if request.POST.get("at") else ""))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise BadRequest("表单里少了版本号，请刷新页面再试。")
    return int(text)


@require_POST
def title(request: HttpRequest, slug: str) -> HttpResponse:
    words = request.POST.get("title", "")
    return _edit(request, slug, lambda row: editing.rename(row, words, version=_version(request), **_deed(request)))


@require_POST
def section(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """`do`: save, reset, up, down, drop, take, remove."""

    def change(briefing: Briefing) -> None:
        row = Section.objects.select_related("briefing").filter(briefing=briefing, pk=pk).first()
        if row is None:
            raise Http404("这一段已经删去。")
        _change(request, row)

    return _edit(request, slug, change)


def _change(request: HttpRequest, row: Section) -> None:
    do, version, deed = request.POST.get("do", "save"), _version(request), _deed(request)
    if do in {"up", "down"}:
        editing.move(row, -1 if do == "up" else 1, version=version)
    elif do in {"drop", "take"}:
        editing.take(row, is_included=do == "take", version=version, **deed)
    elif do == "remove":
        editing.remove(row, version=version, **deed)
    elif do == "reset":
        editing.write(row, row.title, None, version=version, **deed)
    else:
        editing.write(row, request.POST.get("title", ""), request.POST.get("body", ""), version=version, **deed)


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    words = request.POST.get("title", ""), request.POST.get("body", "")
    return _edit(request, slug, lambda row: editing.add(row, *words, version=_version(request), **_deed(request)))


# ---------- freezing, issuing, correcting


@require_POST
def final(request: HttpRequest, slug: str) -> HttpResponse:
    today = request.actor.today
    return _edit(request, slug, lambda row: deeds.finalise(row, today=today, **_deed(request)))


@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(request, slug, lambda row: deeds.reopen(row, **_deed(request)))


@require_POST
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    def send(row: Briefing) -> None:
        document = deeds.issue(row, **_deed(request))
        sent = OutgoingMail.objects.filter(campaign=row.campaign, about_id=document.pk).count()
        messages.success(request, f"已发送第 {document.number} 期，寄给 {sent} 个收件人。")

    return _edit(request, slug, send)


@require_POST
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    briefing = _get(request, slug, Right.ISSUE)
    try:
        return redirect(deeds.correct(briefing, request.POST.get("note", ""), **_deed(request)))
    except Refused as refused:
        return _page(request, briefing, problems=refused.problems, typed=request.POST.dict(), status=422)


# ---------- files


def _digest(sheet: BriefingSheet) -> str:
    return hashlib.sha256(json.dumps(sheet.as_dict(), ensure_ascii=False).encode()).hexdigest()[:24]


def _pictures(sheet: BriefingSheet, digest: str) -> list[bytes]:
    with setting:
        found = cache.get(f"brief:{digest}")
        if found is None:
            found = typesetting.pages(sheet)
            cache.set(f"brief:{digest}", found, 600)
    return found


@require_safe
def picture(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A page of the preview. Its address carries the digest, so that a change is seen at once."""
    sheet = deeds.preview(_get(request, slug), today=request.actor.today)
    pictures = _pictures(sheet, _digest(sheet))
    if not 1 <= number <= len(pictures):
        raise Http404("没有这一页。")
    return HttpResponse(
        pictures[number - 1], content_type="image/png", headers={"Cache-Control": "private, max-age=600"}
    )


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _file(request, slug, "pdf")


@require_safe
def docx(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _file(request, slug, "docx")


def _file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The issued file as it went out; of a draft, what it would be now."""
    briefing = _get(request, slug)
    if briefing.document is not None:
        kept = getattr(briefing.document, kind)
        return file_answer(attachments.read(kept.file), name=kept.name, content_type=kept.content_type)
    sheet = deeds.preview(briefing, today=request.actor.today)
    now = clock.now(request.campaign)
    made = typesetting.pdf(sheet, now=now) if kind == "pdf" else wordfile.docx(sheet, now=now)
    name = f"{paper.file_name(sheet, request.actor.today.year)}送审稿.{kind}"
    return file_answer(BytesIO(made), name=name, content_type=PDF if kind == "pdf" else deeds.WORD_TYPE)
