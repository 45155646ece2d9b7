"""How well the places are looked after, and how the draw risk is worked out."""

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import clock
from campaign.access import Right, needs
from inspections import coverage as questions
from inspections import drawrisk
from inspections.models import Place, Round
from inspections.place_list import PlaceList, State
from inspections.round_results import coverage_of

MENDED_SHOWN = 60
SWEEPS_SHOWN = 8


@require_safe
@needs(Right.READ_ALL)
def coverage(request: HttpRequest) -> HttpResponse:
    found = PlaceList(State(), request.actor, now=clock.now(request.campaign))
    by_type = found.cube.by_type
    sweeps = list(
        Round.objects.visible_to(request.actor)
        .filter(kind__in=[Round.Kind.SWEEP, Round.Kind.PATROL, Round.Kind.THEMED])
        .exclude(state=Round.State.PLANNED)
        .order_by("-starts_on", "-code")[:SWEEPS_SHOWN]
    )
    covered = coverage_of(sweeps)
    lacking = found.every.exclude(elements={}).only("elements").iterator(chunk_size=2000)
    context = {
        "total": found.cube.total,
        "types": [(kind, by_type[kind.pk]) for kind in found.types if kind.pk in by_type],
        "areas": _by_area(found),
        "worst": list(questions.worst(found.every.select_related("place_type", "owner"))),
        "grades": questions.grades(found.every),
        "sweeps": [(one, covered[one.pk]) for one in sweeps],
        "missing": list(questions.missing_elements(lacking).items())[:12],
    }
    return render(request, "inspections/coverage.html", context)


def _by_area(found: PlaceList) -> list[tuple[Any, questions.Figures]]:
    figures = found.cube.by_area
    return [(area, figures[area.pk]) for area in found.areas if area.pk in figures]


@require_safe
@needs(Right.READ_ALL)
def risk(request: HttpRequest) -> HttpResponse:
    """The sum, the table behind the curve, every type, and which places to mend first."""
    found = PlaceList(State(), request.actor, now=clock.now(request.campaign))
    draw = found.cube.draw()
    context = {
        "draw": draw,
        "curve": [(mended, draw.bad - mended, chance) for mended, chance in draw.curve(20)],
        "types": drawrisk.riskiest(found.cube.draws()),
        "unknown": [one for one in found.cube.draws() if not one.drawn],
        "first": _first(found, draw),
        "may_manage": request.actor.can(Right.MANAGE_PLACES),
    }
    return render(request, "inspections/risk.html", context)


def _first(found: PlaceList, draw: drawrisk.Draw) -> list[Place]:
    """Failing places, those first whose mending moves the chance most; of one type the easier ones first."""
    order = [one.key for one in drawrisk.worth_mending_first(found.cube.draws())]
    rank = Case(
        *(When(place_type__code=code, then=Value(number)) for number, code in enumerate(order)),
        default=Value(len(order)),
        output_field=IntegerField(),
    )
    rows = found.every.filter(found.conditions.failing, place_type__code__in=order)
    rows = rows.select_related("place_type", "owner").annotate(rank=rank).order_by("rank", "open_now", "code")
    return list(rows[: min(draw.repairs, MENDED_SHOWN)])
