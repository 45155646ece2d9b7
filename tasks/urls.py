"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from tasks.search.views import search
from tasks.views import exporting, importing, inbox, ledger, picked, reminder_rules, reporting, task, urging, verifying

urlpatterns: list[URLPattern | URLResolver] = [
    path("search", search, name="search"),
    path("inbox", inbox.list_page, name="inbox"),
    path("inbox/acknowledge", inbox.acknowledge_many, name="inbox-acknowledge-many"),
    path("inbox/<uuid:pk>", inbox.item, name="inbox-item"),
    path("inbox/<uuid:pk>/acknowledge", inbox.acknowledge, name="inbox-acknowledge"),
    path("tasks/urge", urging.urge, name="urge"),
    path("tasks/urge/<uuid:batch>", urging.batch, name="urge-batch"),
    path("tasks/urge/<uuid:batch>/take-back", urging.take_back, name="urge-take-back"),
    path("tasks/<str:code>/urge", urging.urge_one, name="urge-one"),
    path("tasks/import", importing.upload, name="import"),
    path("tasks/import/template", importing.download_template, name="import-template"),
    path("tasks/import/<uuid:pk>", importing.batch_page, name="import-batch"),
    path("tasks/import/<uuid:pk>/answer", importing.answer, name="import-answer"),
    path("tasks/import/<uuid:pk>/commit", importing.commit, name="import-commit"),
    path("tasks/import/<uuid:pk>/returned", importing.returned, name="import-returned"),
    path("tasks/import/<uuid:pk>/undo", importing.undo, name="import-undo"),
    # the ledger; what has a name of its own stands before tasks/<code>
    path("tasks", ledger.ledger, name="ledger"),
    path("overdue", ledger.overdue, name="overdue"),
    path("tasks/filter", ledger.filter_step, name="ledger-filter"),
    path("tasks/options/<str:what>", ledger.options, name="ledger-options"),
    path("tasks/layout", ledger.layout, name="ledger-layout"),
    path("tasks/views", ledger.keep_view, name="ledger-keep-view"),
    path("tasks/views/<uuid:pk>/remove", ledger.remove_view, name="ledger-remove-view"),
    path("tasks/pick", picked.pick, name="ledger-pick"),
    path("tasks/deadline", picked.deadline, name="ledger-deadline"),
    path("tasks/export", exporting.export_ledger, name="ledger-export"),
    path("tasks/exports/<uuid:pk>", exporting.exported, name="ledger-exported"),
    # what a liaison does
    path("my", reporting.my, name="my"),
    path("tasks/<str:code>/update", reporting.update, name="update"),
    path("tasks/<str:code>/draft", reporting.draft, name="draft"),
    path("tasks/<str:code>/retract", reporting.retract, name="retract"),
    path("tasks/<str:code>/ask", reporting.ask, name="ask"),
    path("requests/<uuid:pk>/withdraw", reporting.withdraw, name="request-withdraw"),
    path("files/<uuid:pk>", reporting.file, name="file"),
    path("files/<uuid:pk>/<str:name>", reporting.file, name="file-named"),
    path("tasks/<str:code>/peek", ledger.peek, name="ledger-peek"),
    # a task's own page
    path("tasks/<str:code>", task.detail, name="task"),
    path("tasks/<str:code>/checks", task.part, {"name": "checks"}, name="task-checks"),
    path("tasks/<str:code>/evidence", task.part, {"name": "evidence"}, name="task-evidence"),
    path("tasks/<str:code>/notices", task.part, {"name": "notices"}, name="task-notices"),
    path("tasks/<str:code>/history", task.part, {"name": "history"}, name="task-history"),
    path("tasks/<str:code>/edit", task.edit, name="task-edit"),
    path("tasks/<str:code>/instruct", task.instruct, name="task-instruct"),
    path("requests/<uuid:pk>/rule", task.rule, name="request-rule"),
    path("evidence/<uuid:pk>/describe", task.describe, name="evidence-describe"),
    path("settings/reminders", reminder_rules.reminder_rules, name="reminder-rules"),
    path("verify", verifying.verify, name="verify"),
    path("verify/many", verifying.verify_many, name="verify-many"),
    path("verify/<uuid:pk>", verifying.item, name="verify-item"),
    path("verify/<uuid:pk>/decide", verifying.decide, name="verify-decide"),
]
