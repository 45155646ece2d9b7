"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from inspections.views import board, exporting

# What has a name of its own stands before <code>.
urlpatterns: list[URLPattern | URLResolver] = [
    # places, checklists, registers
    # rounds
    # the phone
    # the board: what stands where
    path("orders", board.orders, name="orders"),
    path("orders/export", exporting.export_orders, name="orders-export"),
    path("orders/figures", board.figures, name="orders-figures"),
    path("orders/figures/export", exporting.export_figures, name="orders-figures-export"),
    path("orders/meeting", board.meeting, name="orders-meeting"),
    # orders
    # areas
]
