"""A document beside the ledger, as a page: differences, what the office says to each, and writing what was said."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from rapidfuzz import fuzz, process

from campaign import clock
from campaign.access import Right, needs
from campaign.problems import Problem
from tasks.models import SourceDocument, SourceDraft, Task
from tasks.reading import totals
from tasks.reconciling import comparing, settling
from tasks.reconciling.comparing import Difference, Reconciliation, reconcile
from tasks.reconciling.exporting import export_table
from tasks.views.exporting import send_noted
from tasks.views.reader import deed_on_document, document_of

#: A group shows so many rows until it is opened.
FEW = 8
#: Rows of a list on one page; tasks offered to put a row into.
PAGE, OFFERED = 100, 60
_WEIGHTS = SourceDraft.Weight.values
_OPEN = (SourceDraft.State.DRAFTED, SourceDraft.State.ACCEPTED)


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
    first = _number(request.GET.get("from", ""))
    done, left = settling.counts(found.differences)
    can_edit = request.actor.can(Right.MANAGE_LEDGER)
    context: dict[str, Any] = {
        "document": document,
        "found": found,
        "show": show,
        "groups": _groups(document, found, show, refused or {}, first),
        "same": found.same[first : first + PAGE],
        "unsaid": found.unsaid[first : first + PAGE],
        "pager": _pager(found, show, first),
        "first": first,
        "tabs": [(field, name, found.counts[field]) for field, name, _ in comparing.labels(document)],
        "counts": {"all": len(found.told), "doubtful": sum(one.draft.has_doubt and one.draft.state in _OPEN for one in found.told)},
        "same_count": len(found.same),
        "differing": found.differing_rows,
        "done": done,
        "left": left,
        "whole": done + left,
        "chosen": sum(one.answer is not None and not one.is_settled for one in found.differences),
        "seen_as": settling.mark_of(found.differences),
        "totals": [one for one in totals.checked(document, totals.counts_of(document.campaign)) if one.there is not None],
        "problems": problems,
        "can_edit": can_edit,
        "tying": _tying(found, request.GET.get("tie") or request.POST.get("tie", "")) if can_edit else None,
    }  # fmt: skip
    context["task_names"] = _likeliest(found, context["tying"]) if context["tying"] else ()
    return render(request, "tasks/reconcile.html", context, status=422 if problems else 200)


def _tying(found: Reconciliation, said: str) -> Difference | None:
    """The missing row for which a task is being looked for, by its label or its key."""
    missing = (one for one in found.differences if one.field == "missing")
    return next((one for one in missing if said in (one.draft.label, one.key)), None)


def _likeliest(found: Reconciliation, missing: Difference) -> list[Task]:
    """Tasks the row may be put into, the likest titles first; any other by its code."""
    tasks = {pk: held.task for pk, held in found.held.items()}
    titles = {pk: task.title for pk, task in tasks.items()}
    like = process.extract(missing.row.title, titles, scorer=fuzz.partial_ratio, limit=OFFERED)
    return [tasks[pk] for _, _, pk in like]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _pager(found: Reconciliation, show: str, first: int) -> dict[str, Any] | None:
    """Where a long list goes on; None where it is on one page."""
    whole = {"same": len(found.same), "unsaid": len(found.unsaid)}.get(show, found.counts[show])
    if whole <= PAGE:
        return None
    last = min(first + PAGE, whole)
    return {
        "words": f"第 {first + 1}–{last} 项，共 {whole} 项",
        "previous_url": f"?show={show}&from={max(0, first - PAGE)}" if first else "",
        "next_url": f"?show={show}&from={last}" if last < whole else "",
    }


def _groups(
    document: SourceDocument, found: Reconciliation, show: str, refused: dict[str, tuple[Problem, ...]], first: int
) -> list[Group]:
    groups = []
    for field, name, meaning in comparing.labels(document):
        found_here = [one for one in found.differences if one.field == field]
        if field == "missing":  # what is measured first, what only urges last
            found_here.sort(key=lambda one: _WEIGHTS.index(one.draft.weight))
        rows = [Line(one, refused.get(one.key, ())) for one in found_here]
        if not show:  # what is settled makes room for what is open
            rows.sort(key=lambda line: line.one.is_settled)
        if not rows or (show and show not in (field, "all")):
            continue
        part = rows[first : first + PAGE] if show == field else rows[:FEW]
        groups.append(Group(field, name, meaning, len(rows), part, 0 if show == field else len(rows) - len(part)))
    return groups


@deed_on_document(_page)
def choose(request: HttpRequest, document: SourceDocument) -> HttpResponse:
    """The office's word on one difference; `do` is choice:difference."""
    choice, _, key = request.POST.get("do", "").partition(":")
    task_code = request.POST.get("task", "") if request.POST.get("tie", key) == key else ""
    now = clock.now(request.campaign)
    settling.choose(document, key, choice, task_code=task_code, by=request.user, now=now)
    return redirect(_back(request, document, key))


@deed_on_document(_page)
def settle(request: HttpRequest, document: SourceDocument) -> HttpResponse:
    """Write everything that was chosen; what the ledger refuses stands with its reason."""
    now, seen_as = clock.now(request.campaign), request.POST.get("seen", "")
    done = settling.settle(document, by=request.user, now=now, seen_as=seen_as)
    messages.success(request, done.words)
    if done.refused:
        return _page(request, document, refused={one.key: problems for one, problems in done.refused})
    return redirect(_back(request, document))


def _back(request: HttpRequest, document: SourceDocument, key: str = "") -> str:
    show, first = request.POST.get("show", ""), _number(request.POST.get("from", ""))
    fields = {*comparing.FIELDS, "same", "unsaid", "all"}
    return (
        f"/tasks/reader/{document.pk}/reconcile"
        + (f"?show={show}" + (f"&from={first}" if first else "") if show in fields else "")
        + (f"#d-{key.replace(':', '-')}" if key else "")
    )
