"""The reader as pages: documents, one document beside its drafted rows, each step of going through it, the commit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from campaign import access, clock
from campaign.access import Right, needs
from campaign.attachments import Upload
from campaign.models import Job, Project, Unit
from campaign.problems import Conflict, Problem, Refused
from tasks.extraction.drafts import DOUBTS, DraftRow
from tasks.models import SourceDocument, SourceDraft
from tasks.reading import committing, deciding, reshaping, taking, totals
from tasks.reading.doubts import doubts_of
from tasks.reading.exporting import export_rows
from tasks.reading.showing import Counts, RowView, chosen, paragraphs, window
from tasks.views.exporting import send_noted
from tasks.views.task import date_of

#: Documents on one page of their list.
PAGE = 50
State = SourceDraft.State
_STANDING = Q(drafts__state__in=SourceDraft.STANDING)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.READ_ALL)
def documents(request: HttpRequest) -> HttpResponse:
    """The documents taken in; POST takes one in and opens it. Nothing of the ledger is touched."""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        access.require(request.actor, Right.MANAGE_LEDGER)
        try:
            document = _take(request)
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect(document)
    rows = (
        SourceDocument.objects.visible_to(request.actor).select_related("created_by").defer("text", "reading", "totals")
    )
    rows = rows.annotate(
        row_count=Count("drafts", filter=_STANDING),
        doubt_count=Count(
            "drafts", filter=Q(drafts__has_doubt=True, drafts__state__in=(State.DRAFTED, State.ACCEPTED))
        ),
        committed_count=Count("drafts", filter=Q(drafts__state=State.COMMITTED)),
        left_count=Count("drafts", filter=Q(drafts__state__in=(State.DRAFTED, State.ACCEPTED))),
    )
    context = {
        "problems": problems,
        "documents": Paginator(rows.order_by("-created_at", "-id"), PAGE).get_page(request.GET.get("page")),
        "kinds": SourceDocument.Kind.choices,
        "kind": request.POST.get("kind") or SourceDocument.Kind.SPEECH,
        "typed": request.POST,
        "projects": Project.objects.visible_to(request.actor).select_related("program").order_by("code"),
        "can_edit": request.actor.can(Right.MANAGE_LEDGER),
        "limit": taking.UPLOAD_LIMIT // (1024 * 1024),
    }
    return render(request, "tasks/reader.html", context, status=422 if problems else 200)


def _take(request: HttpRequest) -> SourceDocument:
    said, file, campaign, now = request.POST, request.FILES.get("file"), request.campaign, clock.now(request.campaign)
    project = (
        Project.objects.visible_to(request.actor).select_related("program").filter(code=said.get("project", "")).first()
    )
    arrival = taking.Arrival(
        kind=said.get("kind", ""), text=said.get("text", ""), title=said.get("title", ""), number=said.get("number", ""),
        issued_on=date_of(said.get("issued_on", "")), project=project,
        upload=Upload.read(file, file.name, limit=taking.UPLOAD_LIMIT) if file else None,
    )  # fmt: skip
    document = taking.take_document(campaign, arrival, by=request.user, now=now)
    if document.created_at != now:
        messages.info(request, f"这份文件以前收过，就是“{document.title}”，接着看。")
    else:
        taking.read_later(document, by=request.user, now=now)
    return document


def document_of(request: HttpRequest, pk: UUID, right: Right = Right.READ_ALL) -> SourceDocument:
    documents = SourceDocument.objects.select_related("program", "project", "batch", "created_by")
    found: SourceDocument = access.get(request.actor, documents, right, pk=pk)
    found.campaign = request.campaign
    return found


# --- one document ---------------------------------------------------------------------------------


@require_safe
@needs(Right.READ_ALL)
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = document_of(request, pk)
    return page(request, found, at=request.GET.get("at", ""), mode=request.GET.get("do", ""))


def page(
    request: HttpRequest, found: SourceDocument, *, at: str = "", mode: str = "", problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    """The two columns; for htmx the columns alone."""
    can_edit = request.actor.can(Right.MANAGE_LEDGER)
    show = request.GET.get("show") or request.POST.get("show", "")
    views = _views(found)
    listed = {view.draft.pk for view in chosen(views, show)}
    shown = [view for view in views if view.draft.pk in listed or (view.draft.label == at and view.is_open)]
    current = _current(shown, at)
    if current is not None:
        current.is_current = True
        if (
            current.draft.label == at and current.is_open and can_edit
        ):  # of a row that is gone nothing is put on another
            current.mode = mode if mode in ("edit", "split") else ""
            current.typed = request.POST if problems else {}
    part = window(found, shown, current)
    stated = totals.checked(found, totals.counts_of(found.campaign))
    context: dict[str, Any] = {
        "document": found, "views": part.views, "part": part, "listed": len(shown), "current": current, "show": show, "problems": problems, "can_edit": can_edit,
        "counts": Counts.of(views), "paragraphs": paragraphs(found, views, part),
        "totals": [one for one in stated if one.there is not None], "apart_totals": [one for one in stated if one.there is None],
        "has_steps": can_edit and found.steps.filter(by=request.user).exists(),
        "unit_names": _unit_names(found) if current and current.mode == "edit" else (),
        "job": Job.objects.filter(campaign=found.campaign, kind=taking.JOB, arguments__document=str(found.pk)).first()
        if found.state != SourceDocument.State.READ else None,
        "is_part": bool(request.htmx),
    }  # fmt: skip
    if not request.htmx:
        return render(request, "tasks/reader_document.html", context, status=422 if problems else 200)
    answer = render(request, "tasks/_reader.html", context)
    for message in messages.get_messages(request):
        trigger_client_event(answer, "toast", {"text": str(message), "level": message.level_tag})
    return answer


def _unit_names(found: SourceDocument) -> list[str]:
    return list(Unit.objects.filter(campaign=found.campaign).active().in_order().values_list("name", flat=True))


def _views(found: SourceDocument) -> list[RowView]:
    drafts = found.drafts.select_related("task").order_by("number", "part")
    return [RowView(draft, found.campaign.year) for draft in drafts]


def _current(views: list[RowView], at: str) -> RowView | None:
    """The row asked for, else the first nobody has looked at, else the first."""
    asked = next((view for view in views if view.draft.label == at), None)
    fresh = next((view for view in views if view.draft.state == State.DRAFTED), None)
    return asked or fresh or next(iter(views), None)


@require_safe
@needs(Right.READ_ALL)
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows of the open list as a workbook."""
    found = document_of(request, pk)
    views = chosen(_views(found), request.GET.get("show", ""))
    return send_noted(request, export_rows(found, views, today=clock.today(request.campaign)))


# --- steps ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What the form says: a verb, the row it is about, and for a doubt its code and the answer."""

    verb: str
    label: str
    code: str = ""
    value: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Step":
        """`do` is verb, verb:row, or settle:row:code:answer; without a row the one at hand is meant."""
        verb, label, code, value = [*request.POST.get("do", "accept").split(":", 3), "", "", ""][:4]
        label = label or request.POST.get("at", "")
        if verb == "day":
            verb, value = "settle", "day:" + request.POST.get(f"day-{label}", "")
        return cls(verb, label, code, value)


@require_POST
@needs(Right.MANAGE_LEDGER)
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One step. The page comes back with the next row at hand, and the refused step's row with its reason."""
    found, step = document_of(request, pk, Right.MANAGE_LEDGER), Step.of(request)
    now = clock.now(request.campaign)
    try:
        at = _do(request, found, step, now=now)
    except Refused as refused:
        mode = step.verb if step.verb in ("edit", "split") else ""
        return page(request, found, at=step.label, mode=mode, problems=refused.problems)
    if request.htmx:
        return page(request, found, at=at)
    show = request.POST.get("show", "")
    return redirect(f"/tasks/reader/{found.pk}?at={at}" + (f"&show={show}" if re.fullmatch(r"\w+", show) else ""))


def _do(request: HttpRequest, found: SourceDocument, step: Step, *, now: Any) -> str:
    """Does the step; gives the label of the row that is at hand after it."""
    by: dict[str, Any] = {"by": request.user, "now": now}
    if step.verb == "undo":
        back = deciding.undo(found, by=request.user)
        return back.label if back else step.label
    if step.verb == "accept_clear":
        count = deciding.accept_clear(found, **by)
        messages.success(request, f"采用了没有疑问的 {count} 项，按 Z 可撤销")
        return step.label
    number, _, part = step.label.partition("-")
    if not _is_label(step.label):
        raise Http404("没有这一项。")
    draft = found.drafts.filter(number=number, part=part or 0).first()
    if draft is None:
        raise Conflict(
            Problem("gone", f"第 {step.label} 项已经没有了：别人刚刚撤销了拆分，或改过这一项。请看一眼再办。")
        )
    draft.document = found
    draft.seen_as = request.POST.get("seen", "") if step.label == request.POST.get("at") else ""
    after = _next_label(found, draft, request.POST.get("show", ""))
    if step.verb == "settle":
        deciding.settle(draft, step.code, step.value, **by)
        return draft.label
    if step.verb == "edit":
        reshaping.edit(draft, _edits(request), **by)
        return after
    if step.verb == "split":
        return reshaping.split(draft, request.POST.get("lines", "").splitlines(), **by)[0].label
    if step.verb == "merge":
        return _merge(request, draft, **by)
    if step.verb == "accept" and (day := request.POST.get(f"day-{draft.label}", "").strip()):
        draft = _settle_by_day(found, draft, day, **by)
    if step.verb in ("apart", "together"):
        return deciding.set_apart(draft, is_apart=step.verb == "apart", **by).label
    deeds = {"accept": deciding.accept, "drop": deciding.drop, "take_up": deciding.take_up}
    if step.verb not in deeds:
        raise BadRequest("没有这种处理办法。")
    deeds[step.verb](draft, **by)
    return after


def _merge(request: HttpRequest, draft: SourceDraft, **by: Any) -> str:
    above, limit = reshaping.merge(draft, **by), draft.row["deadline_text"]
    if limit and limit not in above.row["deadline_text"]:
        messages.info(request, f"并入了第 {above.label} 项，时限照上项；下项的“{limit}”没有带过去，要改请按 E")
    return above.label


def _settle_by_day(found: SourceDocument, draft: SourceDraft, day: str, **by: Any) -> SourceDraft:
    """A date was written beside the doubt and the row taken at once: the date is meant, not the reading."""
    asked = next(
        (one for one in doubts_of(DraftRow.from_dict(draft.row), found.campaign.year) if one.asks_for == "day"), None
    )
    if asked is not None:
        draft = deciding.settle(draft, asked.code, f"day:{day}", **by)[0]
        draft.document = found
    return draft


def _is_label(label: str) -> bool:
    return bool(re.fullmatch(r"\d{1,6}(-\d{1,4})?", label))


def _next_label(found: SourceDocument, draft: SourceDraft, show: str) -> str:
    """The next row of the list nobody has looked at; the row itself where there is none."""
    rows = found.drafts.filter(state=State.DRAFTED).exclude(pk=draft.pk)
    if show == "doubt":
        rows = rows.filter(has_doubt=True)
    elif show in SourceDraft.Weight.values:
        rows = rows.filter(weight=show)
    elif show in DOUBTS:
        rows = rows.filter(pk__in=[view.draft.pk for view in chosen(_views(found), show)])
    below = Q(number__gt=draft.number) | Q(number=draft.number, part__gt=draft.part)
    following = rows.filter(below).order_by("number", "part").first() or rows.order_by("number", "part").first()
    return following.label if following else draft.label


def _edits(request: HttpRequest) -> reshaping.Edits:
    said = request.POST
    return reshaping.Edits(
        title=said.get("title"),
        units={role: said.get(f"units-{role}", "") for role in reshaping.ROLES},
        is_open_ended="is_open_ended" in said,
        limit=said.get("limit"),
        targets=said.get("targets"),
        program=said.get("program"),
        project=said.get("project"),
    )


# --- commit ---------------------------------------------------------------------------------------
_Deed = Callable[[HttpRequest, SourceDocument], HttpResponse]


def deed_on_document(
    show: Callable[..., HttpResponse],
) -> Callable[[_Deed], Callable[[HttpRequest, UUID], HttpResponse]]:
    """A deed of the office on one document: where it is refused, the page comes back with the reasons."""

    def decorate(deed: _Deed) -> Callable[[HttpRequest, UUID], HttpResponse]:
        @wraps(deed)
        def view(request: HttpRequest, pk: UUID) -> HttpResponse:
            found = document_of(request, pk, Right.MANAGE_LEDGER)
            try:
                return deed(request, found)
            except Refused as refused:
                return show(request, found, problems=refused.problems)

        return require_POST(needs(Right.MANAGE_LEDGER)(view))

    return decorate


def _page_at_hand(request: HttpRequest, found: SourceDocument, *, problems: tuple[Problem, ...]) -> HttpResponse:
    return page(request, found, at=request.POST.get("at", ""), problems=problems)


@deed_on_document(_page_at_hand)
def commit(request: HttpRequest, found: SourceDocument) -> HttpResponse:
    said = request.POST.get("expected", "")
    expected = int(said) if said.isdecimal() and len(said) < 7 else None
    done = committing.commit(found, by=request.user, now=clock.now(request.campaign), expected=expected)
    messages.success(request, done.words)
    return _go(
        request, f"/tasks/reader/{found.pk}/reconcile" if done.tied else f"/tasks/reader/{found.pk}?show=committed"
    )


@deed_on_document(_page_at_hand)
def take_back(request: HttpRequest, found: SourceDocument) -> HttpResponse:
    count = committing.take_back(found, by=request.user, now=clock.now(request.campaign))
    messages.success(request, f"已撤回，{count} 项回到已采用")
    return _go(request, f"/tasks/reader/{found.pk}")


def _go(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
