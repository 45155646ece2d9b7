"""What the board's findings add up to: 整改率 by whatever it is asked by, and the list for the weekly meeting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import clock
from campaign.access import Right, needs
from inspections import ages, board, boardrows, rates, recurring
from inspections import meeting as meetings
from inspections.address import State, read_state
from inspections.rates import By

MOST_FOR_MEETING = 200


@require_safe
@needs(Right.READ)
def figures(request: HttpRequest) -> HttpResponse:
    """整改率 by unit, type, area, source, month; how long things take; what comes back."""
    actor, now = request.actor, clock.now(request.campaign)
    state = read_state(request.GET.dict(), today=actor.today)
    by = request.GET.get("by", By.UNIT)
    by = By(by) if by in By.values else By.UNIT
    span = rates.span_of(request.GET, month=state.month, today=actor.today)
    rows = board.seen(actor)
    lines = rates.lines(actor.campaign, rows, by, span)
    start, end = rates.moments(span, actor.campaign)
    context = {
        "state": state,
        "today": actor.today,
        "by": by,
        "bys": [(one, _figures_url(request, one)) for one in By],
        "lines": [(line, _line_url(by, line, span)) for line in lines],
        "whole": sum((line.rate for line in lines), rates.Rate()),
        "span": span,
        "handling": ages.handling(rows, start, end),
        "trend": recurring.relapse_trend(rows, today=actor.today),
        "again": recurring.relapses_by_type(rows, span),
        "worst": recurring.worst_places(rows, span, most=10),
        "export_url": _figures_url(request, by, path="/orders/figures/export"),
        "now": now,
    }
    return render(request, "inspections/figures.html", context)


def _figures_url(request: HttpRequest, by: str, path: str = "/orders/figures") -> str:
    words = {name: request.GET[name] for name in ("month", "from", "to") if request.GET.get(name)}
    return State(month=request.actor.today).url(path, keeps_month=False, by=by, **words)


def _line_url(by: str, line: rates.Line, span: rates.Span) -> str:
    if by == By.MONTH:
        return State(month=rates.month_named(line.key)).url(tab="month")
    ends: dict[str, Any] = {"from": span.first and span.first.isoformat(), "to": span.last and span.last.isoformat()}
    if not line.key or span.first is None or span.last is None:
        return ""
    return State(month=span.first).url(keeps_month=False, **{by: line.key}, **ends)


@require_safe
@needs(Right.READ)
def meeting(request: HttpRequest) -> HttpResponse:
    """重点难点: what the weekly meeting has to settle, why it is on the list, what it comes from."""
    actor, now = request.actor, clock.now(request.campaign)
    found = list(board.with_names(meetings.hard_ones(board.seen(actor), now=now))[:MOST_FOR_MEETING])
    lines = [
        (row, _agenda_words(row, now=now), meetings.why_of(row.finding))
        for row in boardrows.rows_of(actor, found, now=now)
    ]
    context = {
        "lines": lines,
        "unexplained": sum(not why.cause for *_, why in lines),
        "may_order": actor.can(Right.ORDER),
        "today": actor.today,
        "codes": ",".join(finding.code for finding in found),
    }
    return render(request, "inspections/meeting.html", context)


def _agenda_words(row: boardrows.Row, *, now: Any) -> list[str]:
    """Where it stands and why it is on the list; 超期 5 天 says both."""
    reasons = meetings.reasons(row.finding, now=now)
    return reasons if any(reason.startswith(row.kind.label) for reason in reasons) else [row.kind.label, *reasons]
