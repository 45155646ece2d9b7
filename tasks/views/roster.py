"""名册 by page: a workbook is read, looked at row by row, then brought in whole; those new to it are invited by link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from campaign import attachments, clock, invitations
from campaign.access import Right, needs
from campaign.models import Attachment
from campaign.problems import Refused
from campaign.roster import columns, reading, writing
from campaign.views.kept_files import kept_workbook
from tasks.exporting import FORMATS
from tasks.importing.cells import cell_text
from tasks.importing.opening import open_workbook

Rows = list[list[str]]


@require_safe
@needs(Right.MANAGE_PEOPLE)
def template(request: HttpRequest) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename="名册模板.xlsx") or "attachment"
    return HttpResponse(columns.template(), content_type=FORMATS["xlsx"], headers={"Content-Disposition": header})


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_PEOPLE)
def import_roster(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what it would do, bring it in. The file is kept between the steps by its hash."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            context["file"] = kept_workbook(request)
            rows = _rows(context["file"])
            if request.POST.get("do") == "commit":
                return _commit(request, rows)
            context["reading"] = reading.read(request.campaign, rows, today=request.actor.today)
        except Refused as refused:
            context["problems"] = refused.problems
    return render(request, "tasks/roster.html", context, status=422 if context.get("problems") else 200)


def _commit(request: HttpRequest, rows: Rows) -> HttpResponse:
    """The links stand in this answer only; each can be made anew on the person's page."""
    now, today = clock.now(request.campaign), request.actor.today
    written = writing.bring_in(request.campaign, rows, by=request.user, now=now, today=today)
    links = [
        invitations.invite(post, by=request.user, now=now, real_now=clock.now())
        for post in (written.newcomers if request.POST.get("invite") else ())
    ]
    return render(request, "tasks/roster_done.html", {"written": written, "links": links})


def _rows(stored: Attachment) -> Rows:
    """The cells of the first sheet that has the heads, else of the first one, as texts."""
    with attachments.read(stored.file) as file:
        sheets = open_workbook(file.read()).sheets
    tables = [[[cell_text(value) for value in row] for row in sheet.cells] for sheet in sheets]
    return next((rows for rows in tables if reading.has_heads(rows)), tables[0] if tables else [])
