"""Routes of the ground's own pages: units and people, settings, mail, files, help."""

from django.urls import URLPattern, URLResolver, path

from campaign import help as help_pages
from campaign import pulse

urlpatterns: list[URLPattern | URLResolver] = [
    path("session", pulse.session, name="session"),
    path("help", help_pages.index, name="help"),
    path("help/kit", help_pages.kit, name="kit"),
    path("help/<slug:slug>", help_pages.topic, name="help-topic"),
]
