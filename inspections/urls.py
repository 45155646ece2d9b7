"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from inspections.views import board, checklists, exporting, findings, papers, patrol, places, revisiting, rounds, ruling

# What has a name of its own stands before <code>.
urlpatterns: list[URLPattern | URLResolver] = [
    # places, checklists, registers
    path("sites", places.places, name="places"),
    path("sites/new", places.new, name="place-new"),
    path("sites/pick", places.pick, name="places-pick"),
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
    path("rounds", rounds.rounds, name="rounds"),
    path("rounds/new", rounds.new, name="round-new"),
    path("rounds/add", rounds.add, name="round-add"),
    path("rounds/compare", rounds.compare, name="round-compare"),
    path("rounds/<str:code>", rounds.detail, name="round"),
    path("rounds/<str:code>/edit", rounds.edit, name="round-edit"),
    path("rounds/<str:code>/members", rounds.members, name="round-members"),
    path("rounds/<str:code>/list", rounds.change_list, name="round-list"),
    path("rounds/<str:code>/move", rounds.move, name="round-move"),
    path("rounds/<str:code>/proof", rounds.proof, name="round-proof"),
    # the phone
    path("patrol", patrol.patrol, name="patrol"),
    path("patrol/new", patrol.new, name="patrol-new"),
    path("patrol/pack", patrol.pack, name="patrol-pack"),
    path("patrol/places", patrol.choose, name="patrol-places"),
    path("patrol/records", patrol.records, name="patrol-records"),
    path("patrol/route", patrol.route, name="patrol-route"),
    path("patrol/worker.js", patrol.worker, name="patrol-worker"),
    path("patrol/manifest.webmanifest", patrol.manifest, name="patrol-manifest"),
    path("patrol/rechecks", revisiting.rechecks, name="patrol-rechecks"),
    path("patrol/rechecks/<str:code>", revisiting.recheck, name="patrol-recheck"),
    path("photos/<uuid:pk>", patrol.photo, name="photo"),
    # the board: what stands where
    path("orders", board.orders, name="orders"),
    path("orders/export", exporting.export_orders, name="orders-export"),
    path("orders/figures", board.figures, name="orders-figures"),
    path("orders/figures/export", exporting.export_figures, name="orders-figures-export"),
    path("orders/meeting", board.meeting, name="orders-meeting"),
    # orders
    path("orders/drafts", papers.drafts, name="order-drafts"),
    path("orders/drafts/gather", papers.gather, name="order-gather"),
    path("orders/drafts/issue", papers.issue_drafts, name="order-issue-drafts"),
    path("orders/papers", papers.papers, name="order-papers"),
    path("orders/papers/<str:slug>", papers.paper, name="order-paper"),
    path("orders/papers/<str:slug>/pdf", papers.paper_pdf, name="order-paper-pdf"),
    path("orders/papers/<str:slug>/receive", papers.receive, name="order-receive"),
    path("orders/rules", papers.policy, name="order-rules"),
    path("orders/lists", papers.lists, name="problem-lists"),
    path("orders/lists/new", papers.new_list, name="problem-list-new"),
    path("orders/<str:code>", findings.detail, name="finding"),
    path("orders/<str:code>/reply", findings.reply, name="finding-reply"),
    path("orders/<str:code>/retract", findings.retract, name="finding-retract"),
    path("orders/<str:code>/decline", findings.decline, name="finding-decline"),
    path("orders/<str:code>/extend", findings.extend, name="finding-extend"),
    path("orders/<str:code>/change", ruling.change, name="finding-change"),
    path("orders/<str:code>/issue", ruling.issue, name="finding-issue"),
    path("orders/<str:code>/revoke", ruling.revoke, name="finding-revoke"),
    path("orders/<str:code>/recheck", ruling.recheck, name="finding-recheck"),
    path("orders/<str:code>/requests/<uuid:pk>", ruling.rule, name="finding-rule"),
    path("orders/<str:code>/sweep", ruling.sweep, name="finding-sweep"),
    path("orders/<str:code>/signers", ruling.ask_to_sign, name="finding-signers"),
    path("orders/<str:code>/sign/<uuid:pk>", ruling.sign, name="finding-sign"),
    path("orders/<str:code>/escalate", ruling.escalate, name="finding-escalate"),
    path("orders/<str:code>/look-again", ruling.look_again, name="finding-look-again"),
    # areas
]
