"""The board and its figures as files."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaign import clock, log
from campaign.access import Right, needs
from inspections import board, listing, photopack, rates
from inspections.address import read_state
from inspections.rates import By
from tasks.exporting import Export


@require_safe
@needs(Right.READ)
def export_orders(request: HttpRequest) -> HttpResponse:
    now = clock.now(request.campaign)
    state = read_state(request.GET.dict(), today=request.actor.today)
    return sent(request, listing.export(request.actor, state, now=now), now=now)


@require_safe
@needs(Right.READ_ALL)
def photo_pack(request: HttpRequest) -> HttpResponse:
    """The photos of what the page shows, a page each: for the screen of a meeting."""
    now = clock.now(request.campaign)
    state = read_state(request.GET.dict(), today=request.actor.today)
    rows = listing.rows_of(request.actor, state, now=now).filter(photos__isnull=False).distinct()
    file = photopack.make(request.campaign, rows, today=request.actor.today)
    return sent(request, file, now=now)


@require_safe
@needs(Right.READ)
def export_figures(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    state = read_state(request.GET.dict(), today=actor.today)
    by = request.GET.get("by", By.UNIT)
    by = By(by) if by in By.values else By.UNIT
    span = rates.span_of(request.GET, month=state.month, today=actor.today)
    lines = rates.lines(actor.campaign, board.seen(actor), by, span)
    file = listing.export_rates(lines, by, span, today=actor.today)
    return sent(request, file, now=clock.now(request.campaign))


def sent(request: HttpRequest, file: Export, *, now: object) -> HttpResponse:
    log.write(request.campaign, "export", by=request.user, now=now, data={"rows": file.rows, "name": file.name})
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    response["X-Rows"] = str(file.rows)
    return response
