"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from tasks.search.views import search

urlpatterns: list[URLPattern | URLResolver] = [
    path("search", search, name="search"),
]
