"""A document beside the ledger, as a page: differences, what the office says to each, and writing what was said."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaign import clock
from campaign.access import Right, needs
from campaign.problems import Problem
from tasks.models import SourceDocument, SourceDraft
from tasks.reading import totals
from tasks.reconciling import comparing, settling
from tasks.reconciling.comparing import Difference, Reconciliation, reconcile
from tasks.reconciling.exporting import export_table
from tasks.views.exporting import send_noted
from tasks.views.reader import deed_on_document, document_of, tasks_named

#: A group shows so many rows until it is opened.
FEW = 8
_WEIGHTS = SourceDraft.Weight.values


@dataclass(frozen=True)
class Group:
    """Differences of one kind; `hidden`: how many more there are than shown."""

    field: str
    name: str
    meaning: str
    count: int
    rows: list["Line"]
    hidden: int


@dataclass(frozen=True)
class Line:
    """A difference, and why writing it was refused just now."""

    one: Difference
    refusal: tuple[Problem, ...] = ()


@require_safe
@needs(Right.READ_ALL)
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, document_of(request, pk))


@require_safe
@needs(Right.READ_ALL)
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The open list as a workbook."""
    document = document_of(request, pk)
    show, today = request.GET.get("show", ""), clock.today(request.campaign)
    return send_noted(request, export_table(document, reconcile(document), show, today=today))


def _page(
    request: HttpRequest,
    document: SourceDocument,
    *,
    problems: tuple[Problem, ...] = (),
    refused: dict[str, tuple[Problem, ...]] | None = None,
) -> HttpResponse:
    found = reconcile(document)
    show = request.GET.get("show") or request.POST.get("show", "")
    done, left = settling.counts(found.differences)
    can_edit = request.actor.can(Right.MANAGE_LEDGER)
    context: dict[str, Any] = {
        "document": document,
        "found": found,
        "show": show,
        "groups": _groups(document, found, show, refused or {}),
        "tabs": [(field, name, found.counts[field]) for field, name, _ in comparing.labels(document)],
        "counts": {"all": len(found.told), "doubtful": sum(one.draft.has_doubt for one in found.told)},
        "same_count": len(found.same),
        "differing": found.differing_rows,
        "done": done,
        "left": left,
        "whole": done + left,
        "chosen": sum(one.answer is not None and not one.is_settled for one in found.differences),
        "totals": [one for one in totals.checked(document, totals.counts_of(document.campaign)) if one.there is not None],
        "problems": problems,
        "can_edit": can_edit,
        "tying": request.GET.get("tie", "") if can_edit else "",
    }  # fmt: skip
    context["task_names"] = tasks_named(document) if context["tying"] else ()
    return render(request, "tasks/reconcile.html", context, status=422 if problems else 200)


def _groups(
    document: SourceDocument, found: Reconciliation, show: str, refused: dict[str, tuple[Problem, ...]]
) -> list[Group]:
    groups = []
    for field, name, meaning in comparing.labels(document):
        found_here = [one for one in found.differences if one.field == field]
        if field == "missing":  # what is measured first, what only urges last
            found_here.sort(key=lambda one: _WEIGHTS.index(one.draft.weight))
        rows = [Line(one, refused.get(one.key, ())) for one in found_here]
        if not rows or (show and show not in (field, "all")):
            continue
        most = len(rows) if show else FEW
        groups.append(Group(field, name, meaning, len(rows), rows[:most], max(0, len(rows) - most)))
    return groups


@deed_on_document(_page)
def choose(request: HttpRequest, document: SourceDocument) -> HttpResponse:
    """The office's word on one difference; `do` is choice:difference."""
    choice, _, key = request.POST.get("do", "").partition(":")
    task_code, now = request.POST.get("task", ""), clock.now(request.campaign)
    settling.choose(document, key, choice, task_code=task_code, by=request.user, now=now)
    return redirect(_back(request, document, key))


@deed_on_document(_page)
def settle(request: HttpRequest, document: SourceDocument) -> HttpResponse:
    """Write everything that was chosen; what the ledger refuses stands with its reason."""
    done = settling.settle(document, by=request.user, now=clock.now(request.campaign))
    messages.success(request, done.words)
    if done.refused:
        return _page(request, document, refused={one.key: problems for one, problems in done.refused})
    return redirect(_back(request, document))


def _back(request: HttpRequest, document: SourceDocument, key: str = "") -> str:
    show = request.POST.get("show", "")
    fields = {*comparing.FIELDS, "same", "unsaid", "all"}
    return (
        f"/tasks/reader/{document.pk}/reconcile"
        + (f"?show={show}" if show in fields else "")
        + (f"#d-{key.replace(':', '-')}" if key else "")
    )
