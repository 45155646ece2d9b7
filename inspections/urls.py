"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from inspections.views import board, checklists, exporting, places, patrol

# What has a name of its own stands before <code>.
urlpatterns: list[URLPattern | URLResolver] = [
    # places, checklists, registers
    path("sites", places.places, name="places"),
    path("sites/new", places.new, name="place-new"),
    path("sites/types", checklists.types, name="place-types"),
    path("sites/types/install", checklists.install, name="place-types-install"),
    path("sites/types/new", checklists.new_type, name="place-type-new"),
    path("sites/types/<str:code>", checklists.place_type, name="place-type"),
    path("sites/types/<str:code>/edit", checklists.edit_type, name="place-type-edit"),
    path("sites/types/<str:code>/checklist", checklists.edit_checklist, name="checklist-edit"),
    path("sites/<str:code>", places.place, name="place"),
    path("sites/<str:code>/edit", places.edit, name="place-edit"),
    path("sites/<str:code>/elements", places.elements, name="place-elements"),
    # rounds
    # the phone
    path("patrol", patrol.patrol, name="patrol"),
    path("patrol/new", patrol.new, name="patrol-new"),
    path("patrol/pack", patrol.pack, name="patrol-pack"),
    path("patrol/places", patrol.choose, name="patrol-places"),
    path("patrol/records", patrol.records, name="patrol-records"),
    path("patrol/route", patrol.route, name="patrol-route"),
    path("patrol/worker.js", patrol.worker, name="patrol-worker"),
    path("patrol/manifest.webmanifest", patrol.manifest, name="patrol-manifest"),
    path("photos/<uuid:pk>", patrol.photo, name="photo"),
    # the board: what stands where
    path("orders", board.orders, name="orders"),
    path("orders/export", exporting.export_orders, name="orders-export"),
    path("orders/figures", board.figures, name="orders-figures"),
    path("orders/figures/export", exporting.export_figures, name="orders-figures-export"),
    path("orders/meeting", board.meeting, name="orders-meeting"),
    # orders
    # areas
]
