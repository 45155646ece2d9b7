"""Routes of the ground's own pages: units and people, settings, mail, files, help."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
