"""Routes of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from reports.desk import views as desk
from reports.views import briefs, circulars, practices, recipients

urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.home, name="home"),
    path("read", desk.read, name="read"),
    # briefings
    path("briefs", briefs.briefs, name="briefs"),
    path("briefs/new", briefs.new, name="brief-new"),
    path("briefs/recipients", recipients.recipients, name="recipients"),
    path("briefs/recipients/<uuid:pk>", recipients.change, name="recipient"),
    path("briefs/<slug:slug>", briefs.brief, name="brief"),
    path("briefs/<slug:slug>/title", briefs.title, name="brief-title"),
    path("briefs/<slug:slug>/sections", briefs.add, name="brief-add"),
    path("briefs/<slug:slug>/sections/<uuid:pk>", briefs.section, name="brief-section"),
    path("briefs/<slug:slug>/final", briefs.final, name="brief-final"),
    path("briefs/<slug:slug>/reopen", briefs.reopen, name="brief-reopen"),
    path("briefs/<slug:slug>/issue", briefs.issue, name="brief-issue"),
    path("briefs/<slug:slug>/correct", briefs.correct, name="brief-correct"),
    path("briefs/<slug:slug>/pages/<int:number>", briefs.picture, name="brief-picture"),
    path("briefs/<slug:slug>/pdf", briefs.pdf, name="brief-pdf"),
    path("briefs/<slug:slug>/docx", briefs.docx, name="brief-docx"),
    # circulars
    path("circulars", circulars.circulars, name="circulars"),
    path("circulars/new", circulars.new, name="circular-new"),
    path("circulars/<uuid:pk>", circulars.circular, name="circular"),
    path("circulars/<uuid:pk>/<slug:deed>", circulars.move_or_paper, name="circular-deed"),
    path("practices", practices.practices, name="practices"),
    path("practices/<uuid:pk>/choose", practices.choose, name="practice-choose"),
    path("practices/<uuid:pk>/keep", practices.keep, name="practice-keep"),
]
