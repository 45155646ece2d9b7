"""Pages of places: the list with its picture and draw risk, one place, adding and changing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, clock, log
from campaign.access import Right, needs
from campaign.models import Unit
from campaign.problems import Refused
from inspections import drawrisk
from inspections.forms import PlaceForm
from inspections.models import Place
from inspections.place_list import GROUPINGS, SORTS, VIEWS, PlaceList, State
from inspections.place_page import page_of
from inspections.places import add_place, change_place, see_elements
from inspections.views.patrol import is_on_phone

#: More rows than this are exported, not printed.
PRINTED = 2000


def list_of(request: HttpRequest) -> PlaceList:
    return PlaceList(State.read(request.GET), request.actor, now=clock.now(request.campaign))


@require_safe
@needs(Right.READ)
def places(request: HttpRequest) -> HttpResponse:
    found = list_of(request)
    is_print = "print" in request.GET and found.total <= PRINTED
    context = {
        "list": found,
        "state": found.state,
        "tabs": found.tabs,
        "is_print": is_print,
        "rows": found.whole() if is_print else [] if found.is_grouped else found.page,
        "groups": found.grouped if found.is_grouped and not is_print else [],
        "group_links": [
            (found.state.url(group=key, page=1), words, key == found.state.group) for key, words in GROUPINGS.items()
        ],
        "group_word": GROUPINGS[found.state.group],
        "sort_links": [
            (found.state.url(sort=key, page=1), words, key == found.state.sort) for key, words in SORTS.items()
        ],
        "sort_word": SORTS[found.state.sort],
        "chips": _chips(found),
        "filter_words": "，".join(words for words, _ in _chips(found)) or VIEWS[found.state.view],
        "types": found.types,
        "areas": found.areas,
        "may_manage": request.actor.can(Right.MANAGE_PLACES),
        "may_order": request.actor.can(Right.ORDER),
        "export_url": found.state.url("/sites/export"),
        "print_url": found.state.url(print="1"),
        **_pages(found),
    }
    if found.knows and not is_print:
        context |= _rail(found)
    return render(request, "inspections/places.html", context)


def _pages(found: PlaceList) -> dict[str, Any]:
    state, last = found.state, found.state.page * 50
    has_next = not found.is_grouped and last < found.total
    first = (state.page - 1) * 50 + 1
    return {
        "words": f"第 {first}–{min(last, found.total)} 个，共 {found.total} 个" if found.total else "共 0 个",
        "previous_url": state.url(page=state.page - 1) if state.page > 1 and not found.is_grouped else "",
        "next_url": state.url(page=state.page + 1) if has_next else "",
    }


def _chips(found: PlaceList) -> list[tuple[str, str]]:
    """(what is filtered by, the link without it)."""
    words = {
        "type": lambda value: next((kind.name for kind in found.types if kind.code == value), value),
        "area": lambda value: next((area.name for area in found.areas if area.code == value), "未划片"),
        "grade": lambda value: "未定级" if value == "none" else f"{value} 类",
    }
    chips = []
    for name, value in found.state.filters.items():
        said = words[name](value) if name in words else _unit_name(found, name, value)
        chips.append((said, found.state.url(**{name: None, "page": 1})))
    return chips


def _unit_name(found: PlaceList, name: str, value: str) -> str:
    label = {"street": "街道", "owner": "责任单位", "steward": "包抓单位"}[name]
    if value == "none":
        return f"{label}未定"
    try:
        unit = Unit.objects.filter(campaign=found.campaign, pk=UUID(value)).first()
    except ValueError:
        unit = None
    return unit.name if unit is not None else f"{label}不存在"


def _rail(found: PlaceList) -> dict[str, Any]:
    """The picture of the district and the draw risk, from the figures of the tabs."""
    draw = found.cube.draw()
    risky = [one for one in drawrisk.riskiest(found.cube.draws()) if one.bad]
    return {
        "total": found.cube.total,
        "picture": found.picture,
        "late_places": len(found.late_places),
        "draw": draw,
        "riskiest": risky[0] if risky else None,
    }


# --- one place ------------------------------------------------------------------------------------
ROWS = Place.objects.select_related("campaign", "place_type", "area__parent", "street", "owner", "steward_unit")


def place_of(request: HttpRequest, code: str, right: Right = Right.READ) -> Place:
    return access.get(request.actor, ROWS, right, code=code)


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """A place's page. Who scans its QR code with a phone, to inspect, comes to its checklist; `?view=page` stays."""
    if is_on_phone(request) and request.actor.can(Right.INSPECT) and "view" not in request.GET:
        return redirect(f"/patrol/new?site={code}")
    own = Right.READ if request.actor.can(Right.READ) else Right.INSPECT
    found = place_of(request, code, own)
    context = {
        "place": found,
        "page": page_of(found, request.actor),
        "may_manage": request.actor.can(Right.MANAGE_PLACES),
        "may_inspect": request.actor.can(Right.INSPECT),
        "entries": log.history(request.campaign, object_id=found.pk)[:8] if request.actor.can(Right.READ_LOG) else [],
    }
    return render(request, "inspections/place.html", context)


@needs(Right.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.POST or None, campaign=request.campaign, initial={"is_active": True})
    if request.method == "POST" and form.is_valid():
        try:
            made = add_place(request.campaign, form.cleaned_data, by=request.user, now=clock.now(request.campaign))
        except Refused as refused:
            show(form, refused)
        else:
            messages.success(request, f"已添加 {made.code} {made.name}。")
            return redirect(made.get_absolute_url())
    return render(request, "inspections/place_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    held = place_of(request, code, Right.MANAGE_PLACES)
    form = PlaceForm(request.POST or None, campaign=request.campaign, instance=held)
    if request.method == "POST" and form.is_valid() and is_kept(request, form, change_place, place_of(request, code)):
        messages.success(request, f"{held.name}已保存。")
        return redirect(f"/sites/{held.code}")
    context = {"form": form, "place": held}
    return render(request, "inspections/place_form.html", context, status=422 if form.errors else 200)


@require_POST
def elements(request: HttpRequest, code: str) -> HttpResponse:
    """What an inspector saw of the required elements: the ticked ones are there, the others are missing."""
    found = place_of(request, code, Right.INSPECT)
    access.require(request.actor, Right.READ)
    there = set(request.POST.getlist("there"))
    asked = [element["name"] for element in found.place_type.elements]
    see_elements(found, {name: name in there for name in asked}, by=request.user, now=clock.now(request.campaign))
    messages.success(request, f"{found.name}的要素配置已记下。")
    return redirect(f"/sites/{found.code}")


def is_kept(request: HttpRequest, form: Any, deed: Callable[..., object], held: Any) -> bool:
    """Change it as the person saw it (`version`). A refusal, also that somebody else was first, stands in the form."""
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else 0
    try:
        deed(held, form.cleaned_data, version=seen, by=request.user, now=clock.now(request.campaign))
    except Refused as refused:
        show(form, refused)
        return False
    return True


def show(form: Any, refused: Refused) -> None:
    """A refusal stands at the field it is about."""
    for problem in refused.problems:
        form.add_error(problem.where if problem.where in form.fields else None, problem.message + problem.mend)
