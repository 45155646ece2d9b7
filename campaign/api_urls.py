"""Routes of the API, from the views each app offers (named as strings: the ground imports none of them)."""

from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import import_string
from rest_framework.routers import SimpleRouter

from campaign.api import SchemaView, docs

VIEWS = {
    "campaigns": "campaign.api.CampaignViews",
    "units": "campaign.api.UnitViews",
    "tasks": "tasks.api.views.TaskViews",
    "milestones": "tasks.api.views.MilestoneViews",
    "reports": "tasks.api.views.ReportViews",
    "evidence": "tasks.api.views.EvidenceViews",
    "places": "inspections.api.places.PlaceViews",
    "rounds": "inspections.api.places.RoundViews",
    "documents": "tasks.api.documents.DocumentViews",
    "findings": "inspections.api.findings.FindingViews",
    "rates": "inspections.api.findings.RateViews",
    "visits": "inspections.api.recording.VisitViews",
    "photos": "inspections.api.recording.PhotoViews",
    "rechecks": "inspections.api.revisiting.RecheckViews",
    "answers": "inspections.api.answering.AnswerViews",
    "withdrawals": "inspections.api.withdrawing.WithdrawalViews",
}

router = SimpleRouter(trailing_slash=False)
for name, place in VIEWS.items():
    router.register(name, import_string(place), basename=f"api-{name}")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema", SchemaView.as_view(), name="api-schema"),
    path("docs", docs, name="api-docs"),
    *router.urls,
]
