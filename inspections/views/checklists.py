"""Types of places and their checklists: what is asked, in which version, and what a new version changed."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, clock, log
from campaign.access import Right, needs
from campaign.forms import one_line
from campaign.problems import Problem, Refused
from campaign.revising import revise
from inspections.checklists import FIELDS, add_type, as_fields, current_checklist, difference, is_used, write_checklist
from inspections.defaults import install_defaults
from inspections.forms import PlaceTypeForm
from inspections.models import Checklist, PlaceType
from inspections.models.places import Severity
from inspections.tiles import ICONS, OTHER
from inspections.views.places import show

#: Empty lines offered below the items.
SPARE = 4
MOST_ITEMS = 120
BY_LABEL = {str(label): value for value, label in Severity.choices}


@require_safe
@needs(Right.READ)
def types(request: HttpRequest) -> HttpResponse:
    counted = PlaceType.objects.visible_to(request.actor).annotate(
        place_count=Count("places", filter=Q(places__is_active=True), distinct=True),
        item_count=Count("checklists__items", filter=Q(checklists__is_current=True), distinct=True),
    )
    counted = counted.order_by("order", "code")  # counting drops the order a type has by itself
    context = {"types": list(counted), "may_manage": request.actor.can(Right.MANAGE_PLACES)}
    return render(request, "inspections/types.html", context)


@require_POST
@needs(Right.MANAGE_PLACES)
def install(request: HttpRequest) -> HttpResponse:
    made = install_defaults(
        request.campaign, by=request.user, now=clock.now(request.campaign), today=request.actor.today
    )
    if made.types:
        messages.success(request, f"已装入 {made.types} 类点位、{made.items} 个检查项，请按本地手册校改。")
    else:
        messages.info(request, "默认的类型都已经有了，没有再装。")
    return redirect("/sites/types")


def type_of(request: HttpRequest, code: str, right: Right = Right.READ) -> PlaceType:
    return access.get(request.actor, PlaceType.objects.select_related("campaign"), right, code=code)


@require_safe
def place_type(request: HttpRequest, code: str) -> HttpResponse:
    """The current checklist; `?version=1` an older one, with what changed since."""
    kind = type_of(request, code, Right.READ if request.actor.can(Right.READ) else Right.INSPECT)
    versions = list(kind.checklists.order_by("-version"))
    asked = request.GET.get("version", "")
    current = next((one for one in versions if one.is_current), None)
    shown = next((one for one in versions if str(one.version) == asked), current)
    if asked and (shown is None or str(shown.version) != asked):
        raise Http404("没有这一版检查清单。")
    before = next((one for one in versions if shown and one.version < shown.version), None)
    context = {
        "kind": kind,
        "versions": versions,
        "shown": shown,
        "items": shown.items.all() if shown else [],
        "points": sum((item.points for item in shown.items.all()), Decimal(0)) if shown else 0,
        "before": before,
        "changes": _worded(before, shown) if before and shown else None,
        "may_manage": request.actor.can(Right.MANAGE_PLACES),
        "is_used": shown is not None and is_used(shown),
        "entries": log.history(request.campaign, object_id=kind.pk)[:8] if request.actor.can(Right.READ_LOG) else [],
    }
    return render(request, "inspections/place_type.html", context)


def _worded(before: Checklist, shown: Checklist) -> Any:
    return difference(_said(before), _said(shown))


def _said(checklist: Checklist) -> list[dict[str, Any]]:
    """Fields as people read them."""
    words = dict(Severity.choices)
    return [
        fields
        | {
            "severity": str(words[fields["severity"]]),
            "is_bottom_line": "是" if fields["is_bottom_line"] else "否",
            "points": f"{fields['points'].normalize():f}",
        }
        for fields in as_fields(checklist)
    ]


@require_http_methods(["GET", "POST"])
def edit_type(request: HttpRequest, code: str) -> HttpResponse:
    kind = type_of(request, code, Right.MANAGE_PLACES)
    form = PlaceTypeForm(request.POST or None, campaign=request.campaign, instance=kind)
    if request.method == "POST" and form.is_valid():
        revise(type_of(request, code), form.cleaned_data, by=request.user, now=clock.now(request.campaign))
        messages.success(request, f"{kind.name}已保存。")
        return redirect(f"/sites/types/{code}")
    context = {"form": form, "kind": kind}
    return render(request, "inspections/type_form.html", context, status=422 if form.errors else 200)


@needs(Right.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def new_type(request: HttpRequest) -> HttpResponse:
    form = PlaceTypeForm(request.POST or None, campaign=request.campaign, initial={"is_active": True})
    if request.method == "POST" and form.is_valid():
        try:
            kind = add_type(request.campaign, form.cleaned_data, by=request.user, now=clock.now(request.campaign))
        except Refused as refused:
            show(form, refused)
        else:
            messages.success(request, f"已添加“{kind.name}”，接着写检查清单。")
            return redirect(f"/sites/types/{kind.code}/checklist")
    return render(request, "inspections/type_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_checklist(request: HttpRequest, code: str) -> HttpResponse:
    kind = type_of(request, code, Right.MANAGE_PLACES)
    held = current_checklist(kind)
    rows: list[dict[str, Any]] = as_fields(held) if held else []
    problems: tuple[Problem, ...] = ()
    source = held.source if held else ""
    if request.method == "POST":
        rows, source = _typed(request), one_line(request.POST.get("source", ""))[:120]
        try:
            items = _read(rows)
            made = write_checklist(
                kind, items, source=source, by=request.user, now=clock.now(request.campaign), today=request.actor.today
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, f"{kind.name}的检查清单已存为第 {made.version} 版，{len(items)} 项。")
            return redirect(f"/sites/types/{code}")
    blank: dict[str, Any] = dict.fromkeys(("code", *FIELDS), "") | {"points": 1, "severity": "minor", "tile": "其他"}
    context = {
        "kind": kind,
        "held": held,
        "source": source,
        "rows": [row | {"shown_points": _short(row["points"])} for row in [*rows, *[blank] * SPARE]],
        "problems": problems,
        "tiles": [*ICONS, OTHER],
        "severities": Severity.choices,
        "is_used": held is not None and is_used(held),
    }
    return render(request, "inspections/checklist_form.html", context, status=422 if problems else 200)


def _short(points: Any) -> str:
    """2.00 -> 2; what was typed wrongly stands as it was typed."""
    return f"{points.normalize():f}" if isinstance(points, Decimal) else str(points)


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the form, row by row; a row without its text is dropped. The boxes name their rows."""
    lists = {name: request.POST.getlist(name) for name in ("code", *FIELDS) if name != "is_bottom_line"}
    ticked = set(request.POST.getlist("is_bottom_line"))
    limits = {"text": 200, "how": 300, "norm": 200, "tile": 16, "code": 12}
    rows = []
    for number in range(min(len(lists["text"]), MOST_ITEMS)):
        row = {name: values[number] if number < len(values) else "" for name, values in lists.items()}
        row = {
            name: one_line(value)[: limits.get(name, 20)] if name != "manual" else value.strip()[:4000]
            for name, value in row.items()
        }
        if row["text"]:
            rows.append(row | {"is_bottom_line": str(number) in ticked})
    return rows


def _read(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields with their types; every mistake at once."""
    problems, items = [], []
    for row in rows:
        try:
            points = Decimal(row["points"] or "0")
        except InvalidOperation:
            points = Decimal(-1)
        if not points.is_finite() or not 0 <= points <= 1000:
            problems.append(Problem("points", f"“{row['text']}”的分值“{row['points']}”不是 0 到 1000 的数。"))
        if row["severity"] not in Severity.values:
            problems.append(Problem("severity", f"“{row['text']}”没有选轻重。"))
        items.append(row | {"points": points, "tile": row["tile"] or "其他"})
    if problems:
        raise Refused(*problems)
    return items
