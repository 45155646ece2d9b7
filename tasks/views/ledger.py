"""The ledger's pages: list, overdue, peek; layouts and saved views; pickers."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access
from campaign.access import Right, needs
from campaign.models import Program, Project, Unit
from campaign.problems import Problem, Refused
from tasks.columns import COLUMNS, FIXED
from tasks.counting import count_capped
from tasks.filtering import FIELDS, Days
from tasks.grouping import GROUPINGS
from tasks.layouts import DENSITIES, keep_layout
from tasks.ledger import Ledger, read_state, views_of
from tasks.models import SavedView, Task
from tasks.peeking import peek as peek_of
from tasks.reading import totals
from tasks.rows import Page, page_of, whole_of
from tasks.saved_views import drop_view, save_view
from tasks.spans import RELATIVE


def ledger_of(request: HttpRequest, path: str, params: QueryDict | None = None) -> Ledger:
    views = views_of(request.actor)
    return Ledger(read_state(params or request.GET, views, request.user, path=path), request.actor, views)


@require_safe
@needs(Right.READ)
def ledger(request: HttpRequest) -> HttpResponse:
    return _list(request, "/tasks")


@require_safe
@needs(Right.READ)
def overdue(request: HttpRequest) -> HttpResponse:
    return _list(request, "/overdue")


def _list(request: HttpRequest, path: str) -> HttpResponse:
    found = ledger_of(request, path)
    is_print = "print" in request.GET and not found.is_long
    page = whole_of(found) if is_print else page_of(found, number=found.state.page)
    context = _context(request, found) | {"page": page, "is_print": is_print} | _pages(found, page)
    if path == "/overdue" and not page.rows:
        context["next_due_words"] = _next_due(request)
    if path == "/overdue":
        codes = ",".join(row.task.code for row in page.rows)
        context["urge_all_url"] = f"/tasks/urge?codes={codes}" if found.state.is_altered else "/tasks/urge"
    if _may_check_totals(request, found):
        context["disagreement"] = totals.disagreement(request.campaign)
    return render(request, "tasks/ledger.html", context)


def _may_check_totals(request: HttpRequest, found: Ledger) -> bool:
    """The whole ledger as the office opens it: there a total that a speech stated is held against it."""
    return request.actor.can(Right.MANAGE_LEDGER) and found.state.view.key == "all" and not found.state.is_altered


def _context(request: HttpRequest, found: Ledger) -> dict[str, Any]:
    state, actor = found.state, request.actor
    return {
        "ledger": found,
        "state": state,
        "today": actor.today,
        "is_overdue_page": state.path == "/overdue",
        "tabs": [
            {"view": view, "url": f"{state.path}?view={view.key}", "count": found.counts[view.key]}
            for view in found.views
        ],
        "heads": [_head(found, key) for key in state.columns],
        "span": len(state.columns) + 1,
        "chips": _chips(found),
        "filter_words": "，".join(f"{one.label}{one.verb}{one.words}" for one in found.applied) or "全部任务",
        "all_columns": _column_choices(found),
        "densities": DENSITIES,
        "fields": _offered(found),
        "may_urge": actor.can(Right.URGE),
        "may_manage": actor.can(Right.MANAGE_LEDGER),
        "may_verify": actor.can(Right.VERIFY),
        **_links(found),
    }


def _links(found: Ledger) -> dict[str, Any]:
    """Where each control of the page leads; all of them keep the state."""
    state, layer = found.state, found.actor.campaign.layer_name
    exported = {"at": state.path}
    named = ((one.key, layer if one.key == "program" else one.label) for one in GROUPINGS.values())
    groupings = [("none", "不分组"), *named]
    return {
        "own_url": state.url(page=state.page),
        "keep_url": state.url("/tasks/views"),
        "export_xlsx_url": state.url("/tasks/export", format="xlsx", **exported),
        "export_csv_url": state.url("/tasks/export", format="csv", **exported),
        "print_url": state.url(print="1"),
        "find_kept": {name: value for name, value in state.params().items() if name != "q"} | {"view": state.view.key},
        "group_word": dict(groupings)[state.group],
        "group_links": [(state.grouped_by(key).url(), label, key == state.group) for key, label in groupings],
    }


def _column_choices(found: Ledger) -> list[tuple[str, str, bool, bool]]:
    """(key, label, is shown, is fixed): shown ones first and in their order, so that the boxes say what the table says."""
    shown = found.state.columns
    rest = [key for key in COLUMNS if key not in shown]
    return [(key, _label(found, key), key in shown, key in FIXED) for key in (*shown, *rest)]


def _label(found: Ledger, key: str) -> str:
    return found.actor.campaign.layer_name if key == "program" else COLUMNS[key].label


def _pages(found: Ledger, page: Page) -> dict[str, Any]:
    state = found.state
    return {
        "words": f"第 {page.first}–{page.last} 项，共 {found.total} 项" if page.rows else f"共 {found.total} 项",
        "previous_url": state.url(page=page.number - 1) if page.number > 1 else "",
        "next_url": state.url(page=page.number + 1) if page.has_next else "",
    }


def _next_due(request: HttpRequest) -> str:
    """What an empty page of late work may say instead."""
    rows = (
        Task.objects.visible_to(request.actor)
        .of_plan()
        .filter(state=Task.State.OPEN, is_due_assumed=False, due_on__gte=request.actor.today)
    )
    first = rows.order_by("due_on").values_list("due_on", flat=True).first()
    if first is None:
        return ""
    count = count_capped(request.campaign, {"n": rows.filter(due_on=first)})["n"]
    return f"下一项到期：{first.month}月{first.day}日，{count} 项。"


def _head(found: Ledger, key: str) -> dict[str, Any]:
    column, state = COLUMNS[key], found.state
    is_sorted = found.column.key == key
    return {
        "column": column,
        "label": _label(found, key),
        "url": state.sorted_by(key).url() if column.is_indexed or not found.is_long else "",
        "direction": ("descending" if state.is_descending else "ascending") if is_sorted else "",
    }


def _chips(found: Ledger) -> list[dict[str, Any]]:
    """The view's own filter needs no chip until something else is filtered by as well."""
    if dict(found.state.filters) == dict(found.state.view.filters) and not found.state.view.is_own:
        shown = []
    else:
        shown = [one for one in found.applied if one.name != "q"]
    return [
        {"filter": one, "remove": found.state.without(one.name).url(), "edit": _step_url(found, one.name)}
        for one in shown
    ]


def _offered(found: Ledger) -> list[dict[str, str]]:
    layer = found.actor.campaign.layer_name
    return [
        {"label": layer if field.name == "f.program" else field.label, "url": _step_url(found, field.name)}
        for field in FIELDS.values()
        if field.is_offered
    ]


def _step_url(found: Ledger, name: str) -> str:
    return found.state.url("/tasks/filter", field=name, at=found.state.path)


@require_safe
@needs(Right.READ)
def filter_step(request: HttpRequest) -> HttpResponse:
    """The second step of 筛选: the values of one field. A fragment for the menu, a page without scripts."""
    field = FIELDS.get(request.GET.get("field", ""))
    if field is None:
        raise Http404("没有这个筛选条件。")
    path = "/overdue" if request.GET.get("at") == "/overdue" else "/tasks"
    found = ledger_of(request, path)
    given = found.state.filters.get(field.name, "")
    others = {name: text for name, text in found.state.filters.items() if name != field.name}
    context = {
        "field": field,
        "label": found.filter.reading.label_of(field),
        "path": path,
        "kept": {"view": found.state.view.key, **others, **found.state.layout},
        "given": [value for value in given.removeprefix("!").split(",") if value],
        "is_not": given.startswith("!"),
        "is_days": isinstance(field, Days),
        "quick_days": [(key, word) for key, (word, _) in RELATIVE.items()],
        "named": next((one.words for one in found.applied if one.name == field.name), ""),
    }
    template = "tasks/_filter_step.html" if request.htmx else "tasks/filter_step.html"
    return render(request, template, context)


@require_safe
@needs(Right.READ)
def options(request: HttpRequest, what: str) -> JsonResponse:
    """What a picker offers: {"options": [{"value", "label", "note"}]}; words or 拼音首字母."""
    text = request.GET.get("q", "").strip()
    if what == "unit":
        units = Unit.objects.visible_to(request.actor).active().matching(text).in_order()[:20]
        found = [{"value": str(unit.pk), "label": unit.name, "note": unit.get_kind_display()} for unit in units]
    else:
        model = {"program": Program, "project": Project}.get(what)
        if model is None:
            raise Http404("没有这个名单。")
        rows = model.objects.visible_to(request.actor).filter(Q(name__contains=text) | Q(code__startswith=text))
        found = [{"value": row.code, "label": row.name, "note": row.code} for row in rows.in_order()[:40]]
    return JsonResponse({"options": found})


@require_safe
@needs(Right.READ)
def peek(request: HttpRequest, code: str) -> HttpResponse:
    rows = Task.objects.select_related("main_unit", "program", "project")
    task = access.get(request.actor, rows, code=code)
    context = {"peek": peek_of(task, request.actor), "task": task, "today": request.actor.today}
    return render(request, "tasks/_peek.html" if request.htmx else "tasks/peek.html", context)


# --- layouts and saved views ---------------------------------------------------------------------
@require_POST
@needs(Right.READ)
def layout(request: HttpRequest) -> HttpResponse:
    """Columns, row height, folded groups of one view, kept for the person."""
    changes: dict[str, Any] = {}
    if "columns" in request.POST:
        changes["columns"] = request.POST.getlist("columns")
    if "density" in request.POST:
        changes["density"] = request.POST["density"]
    for name in ("fold", "unfold"):
        if name in request.POST:
            changes[name] = [key[:40] for key in request.POST.getlist(name)]
    keep_layout(request.user, request.POST.get("view", "open")[:40], **changes)
    return redirect(_back(request))


@require_http_methods(["GET", "POST"])
@needs(Right.READ)
def keep_view(request: HttpRequest) -> HttpResponse:
    found = ledger_of(request, "/tasks")
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            row = save_view(
                found.state,
                request.POST.get("name", ""),
                request.actor,
                is_for_all=bool(request.POST.get("is_for_all")),
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, f"已存为视图“{row.name}”。")
            return redirect(f"/tasks?view={row.pk}")
    context = {
        "state": found.state,
        "own_url": found.state.url("/tasks/views"),
        "chips": found.applied,
        "problems": problems,
        "name": request.POST.get("name", ""),
        "may_pin": request.actor.can(Right.MANAGE_LEDGER),
    }
    return render(request, "tasks/keep_view.html", context, status=422 if problems else 200)


@require_POST
@needs(Right.READ)
def remove_view(request: HttpRequest, pk: str) -> HttpResponse:
    own = SavedView.objects.visible_to(request.actor).filter(Q(user=None) | Q(user=request.user))
    view = access.get(request.actor, own, pk=pk)
    try:
        drop_view(view, request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已删除视图“{view.name}”。")
    return redirect("/tasks")


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else "/tasks"
