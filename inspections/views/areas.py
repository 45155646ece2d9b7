"""Areas: the district's pieces with their chiefs and figures; who answers for each."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, clock, log
from campaign.access import Right, needs
from campaign.models import Area, Stewardship
from inspections.coverage import Figures
from inspections.forms import AreaForm, StewardshipForm
from inspections.models import Place
from inspections.place_list import PlaceList, State
from inspections.stewards import add_area, change_area, end_steward, held_on, name_steward


@require_safe
@needs(Right.READ)
def areas(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    found = PlaceList(State(), actor, now=clock.now(request.campaign))
    held: dict[UUID, list[Stewardship]] = defaultdict(list)
    stewards = Stewardship.objects.visible_to(actor).filter(held_on(actor.today)).exclude(area=None)
    for one in stewards.select_related("unit", "community", "user"):
        held[one.area_id].append(one)
    figures = found.cube.by_area
    below: dict[UUID | None, list[Area]] = defaultdict(list)
    for area in found.areas:
        below[area.parent_id].append(area)
    lines = []
    for top in below[None]:
        cells = below[top.pk]
        total = sum((figures.get(one.pk, Figures()) for one in [top, *cells]), Figures())
        lines.append({"area": top, "figures": total, "stewards": held[top.pk], "level": 0})
        lines += [
            {"area": cell, "figures": figures.get(cell.pk, Figures()), "stewards": held[cell.pk], "level": 1}
            for cell in cells
        ]
    context = {
        "lines": lines,
        "knows": found.knows,
        "unplaced": figures.get(None, Figures()).places,
        "picture": found.picture if found.knows else None,
        "may_manage": actor.can(Right.MANAGE_PLACES),
    }
    return render(request, "inspections/areas.html", context)


def area_of(request: HttpRequest, code: str, right: Right = Right.READ) -> Area:
    rows = Area.objects.select_related("parent", "unit", "campaign")
    return access.get(request.actor, rows, right, code=code)


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_PLACES)
def new(request: HttpRequest) -> HttpResponse:
    parent = Area.objects.visible_to(request.actor).filter(code=request.GET.get("parent", "")).first()
    initial: dict[str, Any] = {"parent": parent, "kind": Area.Kind.GRID if parent else Area.Kind.AREA, "order": 1000}
    form = AreaForm(request.POST or None, campaign=request.campaign, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = add_area(request.campaign, _fields(form), by=request.user, now=clock.now(request.campaign))
        messages.success(request, f"已添加{made.name}。")
        return redirect(f"/areas/{made.code}")
    return render(request, "inspections/area_form.html", {"form": form}, status=422 if form.errors else 200)


def _fields(form: AreaForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    data["shape"] = data.pop("outline")
    return data


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    held = area_of(request, code, Right.MANAGE_PLACES)
    form = AreaForm(request.POST or None, campaign=request.campaign, instance=held)
    if request.method == "POST" and form.is_valid():
        change_area(area_of(request, code), _fields(form), by=request.user, now=clock.now(request.campaign))
        messages.success(request, f"{form.cleaned_data['name']}已保存。")
        return redirect(f"/areas/{form.cleaned_data['code']}")
    context = {"form": form, "area": held}
    return render(request, "inspections/area_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: its figures, its stewards, its lane chiefs. POST names a steward."""
    held = area_of(request, code)
    actor = request.actor
    form = StewardshipForm(
        request.POST or None, campaign=request.campaign, initial={"valid_from": actor.today, "kind": "leader"}
    )
    if request.method == "POST":
        access.require(actor, Right.MANAGE_PLACES)
        if form.is_valid():
            name_steward(held, form.cleaned_data, by=request.user, now=clock.now(request.campaign))
            messages.success(request, "包抓已记下。")
            return redirect(f"/areas/{code}")
    within = [held.pk, *held.children.values_list("pk", flat=True)]
    every = Stewardship.objects.filter(area=held).select_related("unit", "community", "user")
    chiefs = Place.objects.visible_to(actor).active().filter(area__in=within).exclude(lane_chief="")
    context = {
        "area": held,
        "cells": held.children.all(),
        "place_count": Place.objects.visible_to(actor).active().filter(area__in=within).count(),
        "stewards": every.filter(held_on(actor.today)),
        "past": every.filter(valid_to__lt=actor.today)[:30],
        "chiefs": chiefs.order_by("code")[:200],
        "form": form,
        "may_manage": actor.can(Right.MANAGE_PLACES),
        "entries": log.history(request.campaign, object_id=held.pk)[:8] if actor.can(Right.READ_LOG) else [],
    }
    return render(request, "inspections/area.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    held = area_of(request, code, Right.MANAGE_PLACES)
    steward = access.get(request.actor, Stewardship.objects.select_related("area", "unit"), pk=pk, area=held)
    end_steward(steward, by=request.user, now=clock.now(request.campaign), today=request.actor.today)
    messages.success(request, "这项包抓已结束，记录保留。")
    return redirect(f"/areas/{code}")
