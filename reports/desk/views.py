"""`/` by role, and `/read` for those who only read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaign import clock
from campaign.access import Right, Role
from campaign.clock import Week
from inspections.board import open_orders
from reports.desk import counts, first_run, overview, ribbon, today, week
from reports.sentence import Street, state_of_play
from tasks.counting import Count
from tasks.lamps import Lamp
from tasks.views.badge import waiting_of

#: The legend's order: what is settled first, as in the ribbon.
LEGEND = (Lamp.DONE, Lamp.REVIEW, Lamp.DOING, Lamp.SOON, Lamp.OVERDUE, Lamp.TODO, Lamp.WAIVED)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everyone's first page."""
    actor = request.actor
    if actor.has_role(Role.OFFICE, Role.ADMINISTRATOR):
        return desk(request)
    if actor.has_role(Role.LEADER):
        return redirect("/read")
    if actor.can(Right.REPORT):
        return redirect("/my")
    if actor.can(Right.INSPECT):
        return redirect("/patrol")
    return render(request, "reports/no_desk.html")


def desk(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    board = counts.count(actor, today=actor.today)
    can_verify = actor.can(Right.VERIFY)
    queue = waiting_of(request).verify if can_verify else today.waiting(actor)
    groups = today.groups(actor, board.whole, today=actor.today, waiting=queue)
    context = {
        "today": actor.today,
        "week": Week.of(actor.today),
        "standing": board.whole,
        "sentence": state_of_play(
            board.whole, today=actor.today, waiting=queue if can_verify else None, street=street_of(request)
        ),
        "strips": ribbon.draw(actor, board),
        "has_ticks": ribbon.has_ticks(board),
        "legend": legend(board.whole),
        "groups": groups,
        "to_do": Count(
            sum(group.count.value for group in groups), is_capped=any(group.count.is_capped for group in groups)
        ),
        "days": week.rhythm(actor, today=actor.today),
        "steps": first_run.steps(actor) if not board.whole.total else [],
        "late_count": board.whole.overdue,
        "can_issue": actor.can(Right.ISSUE),
    }
    return render(request, "reports/desk.html", context)


@require_safe
def read(request: HttpRequest) -> HttpResponse:
    """The leader's page: read in one minute, nothing to operate."""
    actor = request.actor
    if not actor.can(Right.READ_ALL):
        return redirect("/")
    board = counts.count(actor, today=actor.today)
    context = {
        "today": actor.today,
        "week": Week.of(actor.today),
        "standing": board.whole,
        "sentence": state_of_play(board.whole, today=actor.today, street=street_of(request)),
        "strips": ribbon.draw(actor, board),
        "has_ticks": ribbon.has_ticks(board),
        "legend": legend(board.whole),
        "late_units": overview.late_units(actor, today=actor.today),
        "coming": overview.coming(actor, today=actor.today),
        "briefings": overview.latest_briefings(actor),
        "late_count": board.whole.overdue,
    }
    return render(request, "reports/read.html", context)


def street_of(request: HttpRequest) -> Street:
    """One query."""
    return Street(*open_orders(request.actor, now=clock.now(request.campaign)))


def legend(standing: object) -> list[tuple[Lamp, int]]:
    return [(lamp, getattr(standing, lamp)) for lamp in LEGEND if getattr(standing, lamp)]
