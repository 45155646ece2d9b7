"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver

# What has a name of its own stands before <code>.
urlpatterns: list[URLPattern | URLResolver] = [
    # places, checklists, registers
    # rounds
    # the phone
    # orders
    # areas
]
