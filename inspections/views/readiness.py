"""/readiness: the days before the assessors come."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign.access import Right, needs
from campaign.models import Area
from inspections import readiness as deeds
from inspections.drawrisk import percent


@require_safe
@needs(Right.READ_ALL)
def readiness(request: HttpRequest) -> HttpResponse:
    """What to mend tonight, ordered by what it does to the draw; readiness of each type."""
    actor = request.actor
    found = deeds.readiness(actor, today=actor.today)
    context = {
        "found": found,
        "today": actor.today,
        "chance": percent(found.draw.chance),
        "tonight": [(one, percent(one.chance), percent(one.chance_then)) for one in found.tonight],
        "draws": [(draw, percent(draw.chance), percent(draw.chance_then)) for draw in found.draws],
        "days_left": (found.next_visit.starts_on - actor.today).days if found.next_visit else None,
    }
    return render(request, "inspections/readiness.html", context)


@require_safe
@needs(Right.READ_ALL)
def cards(request: HttpRequest) -> HttpResponse:
    """Route cards to print, one an area."""
    areas = Area.objects.visible_to(request.actor).order_by("order", "code")
    chosen = areas.filter(code=request.GET.get("area", "")).first()
    context = {
        "areas": areas,
        "chosen": chosen,
        "cards": deeds.cards(request.actor, area=chosen),
        "today": request.actor.today,
    }
    return render(request, "inspections/route_cards.html", context)
