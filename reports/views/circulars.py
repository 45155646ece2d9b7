"""/circulars: 督查通报 and 曝光清单, from draft to the numbered paper."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, attachments, clock
from campaign.access import Right, needs
from campaign.problems import Refused
from campaign.serving import file_answer
from inspections.rates import Span, day_named
from reports import circulating
from reports.models import Circular, Document

ROWS = Circular.objects.select_related("campaign", "document__pdf", "document__docx", "created_by", "approved_by")


@require_safe
@needs(Right.READ)
def circulars(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    may_issue = actor.can(Right.ISSUE)
    now = clock.now(request.campaign)
    context = {
        "rows": ROWS.visible_to(actor)[:60],
        "candidates": circulating.candidates(request.campaign, now=now) if may_issue else [],
        "may_issue": may_issue,
        "first": actor.today.replace(day=1),
        "today": actor.today,
    }
    return render(request, "reports/circulars.html", context)


@require_POST
@needs(Right.ISSUE)
def new(request: HttpRequest) -> HttpResponse:
    try:
        span = Span(day_named(request.POST.get("from", "")), day_named(request.POST.get("to", "")))
        made = circulating.draft(
            request.campaign,
            request.POST.get("kind", ""),
            span,
            by=request.user,
            now=clock.now(request.campaign),
            codes=request.POST.getlist("code")[:100],
        )
    except ValueError:
        messages.error(request, "起止日期没有写对，请写成 2019-09-01。")
    except Refused as refused:
        messages.error(request, f"{refused.problems[0].message}{refused.problems[0].mend}")
    else:
        return redirect(made)
    return redirect("/circulars")


@require_safe
@needs(Right.READ)
def circular(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access.get(request.actor, ROWS.all(), pk=pk)
    sheet = found.document.facts["sheet"] if found.document else None
    context = {
        "circular": found,
        "blocks": sheet["blocks"] if sheet else [block.__dict__ for block in circulating.blocks(found)],
        "may_issue": request.actor.can(Right.ISSUE),
        "may_approve": request.actor.can(Right.INSTRUCT) and found.created_by != request.user,
        "today": request.actor.today,
    }
    return render(request, "reports/circular.html", context)


DEEDS = {
    "submit": (Right.ISSUE, circulating.submit, "已送审批。"),
    "approve": (Right.INSTRUCT, circulating.approve, "已批准。"),
    "return": (Right.INSTRUCT, circulating.send_back, "已退回修改。"),
    "issue": (Right.ISSUE, circulating.issue, "已发出。"),
}


@require_http_methods(["GET", "POST"])
@needs(Right.READ)
def move_or_paper(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """GET …/pdf gives a file, POST …/issue does a deed."""
    return paper(request, pk, deed) if request.method == "GET" else move(request, pk, deed)


def move(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404("没有这个操作。")
    right, act, words = DEEDS[deed]
    found = access.get(request.actor, ROWS.all(), right, pk=pk)
    try:
        act(found, by=request.user, now=clock.now(request.campaign))
    except Refused as refused:
        messages.error(request, f"{refused.problems[0].message}{refused.problems[0].mend}")
    else:
        messages.success(request, words)
    return redirect(found)


def paper(request: HttpRequest, pk: UUID, ending: str) -> HttpResponse:
    found = access.get(request.actor, ROWS.exclude(document=None), pk=pk)
    document: Document | None = found.document
    file = document and {"pdf": document.pdf, "docx": document.docx}.get(ending)
    if not file:
        raise Http404("没有这个文件。")
    return file_answer(attachments.read(file.file), name=file.name, content_type=file.content_type)
