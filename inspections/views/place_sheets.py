"""Places taken out and brought in as a workbook; their QR labels on paper."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from campaign import attachments, clock, log
from campaign.access import Right, needs
from campaign.problems import Refused
from campaign.views.kept_files import kept_workbook
from inspections import qrcodes
from inspections.coverage import seen_places
from inspections.models import Place
from inspections.place_list import PlaceList, State
from inspections.place_sheets import commit_places, export, headings, read_places
from inspections.views.places import list_of
from tasks.exporting import FORMATS, as_workbook


@require_safe
@needs(Right.READ)
def export_places(request: HttpRequest) -> HttpResponse:
    file = export(list_of(request), today=request.actor.today)
    data = {"name": file.name, "rows": file.rows}
    log.write(request.campaign, "export", by=request.user, now=clock.now(request.campaign), data=data)
    return _sent(file.content, file.name, file.content_type)


@require_safe
@needs(Right.MANAGE_PLACES)
def template(request: HttpRequest) -> HttpResponse:
    return _sent(as_workbook(headings(knows=False)[:-1], [], "点位"), "点位表模板.xlsx", FORMATS["xlsx"])


def _sent(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HttpResponse(content, content_type=kind, headers=headers)


@needs(Right.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def import_places(request: HttpRequest) -> HttpResponse:
    """Upload, look at what it would do, write it whole. The file is kept between the two steps by its hash."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            stored = kept_workbook(request)
            with attachments.read(stored.file) as file:
                reading = read_places(request.campaign, file.read())
            if request.POST.get("do") == "commit":
                new, changed = commit_places(
                    request.campaign, reading, by=request.user, now=clock.now(request.campaign)
                )
                messages.success(request, f"已导入：新增 {new} 个点位，修改 {changed} 个。")
                return redirect("/sites")
            context = {"reading": reading, "file": stored}
        except Refused as refused:
            context["problems"] = refused.problems
    status = 422 if context.get("problems") else 200
    return render(request, "inspections/place_import.html", context, status=status)


# --- labels -----------------------------------------------------------------------------------
def _asked(request: HttpRequest) -> QuerySet[Place]:
    """The ticked places, or all that the list's address means."""
    codes = request.GET.getlist("codes")
    if codes:
        rows = seen_places(request.actor).filter(code__in=codes[:500])
    else:
        rows = PlaceList(State.read(request.GET), request.actor, now=clock.now(request.campaign)).rows
    return rows.select_related("place_type", "owner").order_by("code")


@require_safe
@needs(Right.READ)
def labels(request: HttpRequest) -> HttpResponse:
    found = list(_asked(request)[: qrcodes.MOST])
    context = {
        "places": found,
        "most": qrcodes.MOST,
        "pages": -(-len(found) // 8),
        "pdf_url": "/sites/qr.pdf?" + request.META.get("QUERY_STRING", ""),
        "sample": f"/sites/{found[0].code}/qr.svg" if found else "",
    }
    return render(request, "inspections/labels.html", context)


@require_safe
@needs(Right.READ)
def labels_pdf(request: HttpRequest) -> HttpResponse:
    found = list(_asked(request)[: qrcodes.MOST])
    if not found:
        raise Http404("没有选中点位。")
    content = qrcodes.labels_pdf(request.campaign, found, base=settings.SITE_URL, now=clock.now(request.campaign))
    name = f"点位二维码-{len(found)}个.pdf"
    header = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": header})


@require_safe
@needs(Right.READ)
def code_svg(request: HttpRequest, code: str) -> HttpResponse:
    place = seen_places(request.actor).filter(code=code).first()
    if place is None:
        raise Http404("没有这个点位。")
    picture = qrcodes.code_svg(qrcodes.address(place, settings.SITE_URL))
    return HttpResponse(picture, content_type="image/svg+xml")
