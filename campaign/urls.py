"""All routes. Each app's own are in its `urls.py`; they are named as strings here, never imported."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from campaign import accounts


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For the container's health check: answers when the database does."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("health", health, name="health"),
    path("login", accounts.login, name="login"),
    path("logout", accounts.logout, name="logout"),
    path("", include("campaign.pages")),
    path("", include("tasks.urls")),
    path("", include("inspections.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("campaign.api_urls")),
]
