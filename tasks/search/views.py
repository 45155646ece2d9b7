"""`/search?q=`: a page of its own, and the same list as a fragment while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tasks.search.finding import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    actor = request.actor
    found = find(actor, text) if text and actor.campaign is not None else None
    is_fragment = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    template = "tasks/_found.html" if is_fragment else "tasks/search.html"
    return render(request, template, {"q": text, "found": found, "today": actor.today})
