"""Units: the tree with who answers for each, one unit's page, adding and changing."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaign import access, clock, handover, log, units
from campaign.access import Actor, Right, needs
from campaign.forms import UnitForm
from campaign.models import Membership, Unit
from campaign.problems import Refused

OPTIONS = 30


@require_safe
@needs(Right.READ)
def unit_list(request: HttpRequest) -> HttpResponse:
    actor, kind, text = request.actor, request.GET.get("kind", ""), request.GET.get("q", "")
    every = Unit.objects.visible_to(actor).active()
    shown = every.filter(kind=kind) if kind in Unit.Kind.values else every
    posts = Membership.objects.visible_to(actor).current(today=actor.today).select_related("user")
    branches = units.tree(shown.matching(text).in_order(), posts.order_by("post", "valid_from", "id"))
    _add_work(branches, actor)
    context = {
        "branches": branches,
        "kinds": _kinds(every, kind),
        "kind": kind,
        "q": text,
        "total": every.count(),
        "vacancies": units.vacancies(actor.campaign, today=actor.today) if actor.can(Right.READ_ALL) else [],
        "may_manage": actor.can(Right.MANAGE_PEOPLE),
    }
    return render(request, "campaign/units.html", context)


def _kinds(every: Any, chosen: str) -> list[tuple[str, str, int]]:
    """(kind, words, count) of the kinds that exist, in the model's order."""
    counts: dict[str, int] = {}
    for kind in every.values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    return [(kind, words, counts[kind]) for kind, words in Unit.Kind.choices if counts.get(kind) or kind == chosen]


def _add_work(branches: list[units.Branch], actor: Actor) -> None:
    """How much each unit has open: of one's own units, or of all for who reads all."""
    counts = handover.open_counts(actor.campaign, today=actor.today)
    for branch in branches:
        if actor.can(Right.READ_ALL) or branch.unit.pk in actor.unit_ids:
            branch.work = counts.get(branch.unit.pk)


@require_safe
@needs(Right.READ)
def unit_options(request: HttpRequest) -> HttpResponse:
    """What a picker offers: by name, short name, alias or 拼音首字母."""
    found = Unit.objects.visible_to(request.actor).active().matching(request.GET.get("q", "")).in_order()
    options = [{"value": str(unit.pk), "label": unit.name, "note": unit.get_kind_display()} for unit in found[:OPTIONS]]
    return JsonResponse({"options": options})


@require_safe
def unit_detail(request: HttpRequest, pk: str) -> HttpResponse:
    actor = request.actor
    unit = access.get(actor, Unit.objects.select_related("parent", "campaign"), pk=pk)
    posts = Membership.objects.visible_to(actor).filter(unit=unit).select_related("user", "unit")
    is_open = actor.can(Right.READ_ALL) or unit.pk in actor.unit_ids
    work = handover.open_work(unit, today=actor.today) if is_open else []
    still = Q(valid_to=None) | Q(valid_to__gte=actor.today)
    context = {
        "unit": unit,
        "posts": sorted(posts.filter(still, user__is_active=True), key=_rank),
        "past": posts.exclude(still, user__is_active=True).order_by("-valid_to")[:30],
        "children": unit.children.filter(is_active=True).in_order(),
        "work": work[:30],
        "work_count": len(work),
        "overdue_count": sum(item.lamp == "overdue" for item in work),
        "is_open": is_open,
        "is_vacant": unit.kind in units.OWING_KINDS and unit in units.vacancies(actor.campaign, today=actor.today),
        "may_manage": actor.can(Right.MANAGE_PEOPLE),
        "entries": log.history(actor.campaign, object_id=unit.pk)[:10] if actor.can(Right.READ_LOG) else [],
    }
    return render(request, "campaign/unit.html", context)


def _rank(post: Membership) -> tuple[int, str]:
    """Posts in the order of the model: the principal first."""
    return list(Membership.Post.values).index(post.post), str(post.valid_from)


@needs(Right.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def unit_new(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, campaign=request.campaign, initial={"parent": request.GET.get("parent")})
    if request.method == "POST" and form.is_valid():
        try:
            unit = units.add(request.campaign, form.cleaned_data, by=request.user, now=clock.now(request.campaign))
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, f"已添加{unit}。")
            return redirect(f"/units/duties?unit={unit.pk}")
    return render(request, "campaign/unit_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def unit_edit(request: HttpRequest, pk: str) -> HttpResponse:
    unit = access.get(request.actor, Unit.objects.all(), Right.MANAGE_PEOPLE, pk=pk)
    form = UnitForm(request.POST or None, campaign=request.campaign, instance=unit)
    if request.method == "POST" and form.is_valid():
        fresh = Unit.objects.get(pk=unit.pk)
        try:
            units.change(fresh, form.cleaned_data, by=request.user, now=clock.now(request.campaign))
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, f"{fresh}已保存。")
            return redirect(f"/units/duties?unit={unit.pk}")
    return render(request, "campaign/unit_form.html", {"form": form, "unit": unit})


def _show(form: Any, refused: Refused) -> None:
    """A refusal stands at the field it is about."""
    for problem in refused.problems:
        form.add_error(problem.where if problem.where in form.fields else None, problem.message + problem.mend)
