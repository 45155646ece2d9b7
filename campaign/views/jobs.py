"""One job as the row that refreshes itself while it runs, or as a page of its own."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import access
from campaign.access import Right
from campaign.models import Job


@require_safe
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access.get(request.actor, Job.objects.select_related("created_by"), Right.READ, pk=pk)
    if not request.htmx:
        return render(request, "campaign/job.html", {"job": found})
    response = render(request, "components/job.html", {"job": found})
    if found.state in (Job.State.DONE, Job.State.FAILED):
        response["HX-Refresh"] = "true"
    return response
