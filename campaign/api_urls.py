"""Routes of the API, from the routers each app offers (named as strings)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
