"""What a document is called: its kind, title, number, day and place in the plan put right, or the document taken out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaign import clock
from campaign.access import Right, needs
from campaign.models import Project
from campaign.problems import Problem, Refused
from tasks.models import SourceDocument
from tasks.reading import describing
from tasks.views.reader import document_of
from tasks.views.task import date_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_LEDGER)
def about(request: HttpRequest, pk: UUID) -> HttpResponse:
    document = document_of(request, pk, Right.MANAGE_LEDGER)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            return _done(request, document)
        except Refused as refused:
            problems = refused.problems
    projects = Project.objects.visible_to(request.actor).select_related("program").order_by("code")
    context = {
        "document": document, "problems": problems, "kinds": SourceDocument.Kind.choices, "projects": projects,
        "typed": request.POST if problems and "title" in request.POST else _facts(document),
    }  # fmt: skip
    return render(request, "tasks/reader_about.html", context, status=422 if problems else 200)


def _done(request: HttpRequest, document: SourceDocument) -> HttpResponse:
    now, said = clock.now(request.campaign), request.POST
    if said.get("do") == "remove":
        describing.put_away(document, by=request.user, now=now)
        messages.success(request, f"已移除“{document.title}”")
        return redirect("reader")
    project = Project.objects.visible_to(request.actor).filter(code=said.get("project", "")).first()
    facts = describing.Facts(
        kind=said.get("kind", ""), title=said.get("title", ""), number=said.get("number", ""),
        issued_on=date_of(said.get("issued_on", "")), project=project,
    )  # fmt: skip
    if describing.describe(document, facts, by=request.user, now=now):
        messages.success(request, "已改好")
    return redirect(document)


def _facts(document: SourceDocument) -> dict[str, Any]:
    return {
        "kind": document.kind, "title": document.title, "number": document.number,
        "issued_on": document.issued_on.isoformat() if document.issued_on else "",
        "project": document.project.code if document.project else "",
    }  # fmt: skip
