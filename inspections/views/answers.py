"""A unit's own answers: what its phone still holds (drawn by script), and what the server has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import access
from campaign.access import Right
from inspections import answering


@require_safe
@access.needs(Right.REPORT)
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "inspections/answers_mine.html", {"handed_in": answering.handed_in(request.actor)})
