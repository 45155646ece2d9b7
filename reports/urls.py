"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from reports.desk import views as desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.home, name="home"),
    path("read", desk.read, name="read"),
]
