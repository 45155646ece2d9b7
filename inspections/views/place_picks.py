"""What is done to ticked places: labels, a round, whose they are, 举一反三. Each way first shows what it would do."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaign import clock, working
from campaign.access import Right, needs
from campaign.forms import Plain
from campaign.models import Area, Campaign, Unit
from campaign.problems import Refused
from inspections import jobs, places, sweeping
from inspections.models import Finding, Place
from inspections.views.picking import AT_ONCE
from inspections.views.places import show

MOST, OFFERED = 500, 40
WAYS = {"labels": "/sites/qr", "round": "/rounds/add", "assign": "/sites/assign", "sweep": "/sites/sweep"}


@require_safe
@needs(Right.READ)
def pick(request: HttpRequest) -> HttpResponse:
    """The ticked boxes arrive here and go on; without scripts too."""
    codes = codes_of(request.GET)
    if not codes:
        messages.info(request, "还没有选中点位。")
        return redirect("/sites")
    way = WAYS.get(request.GET.get("to", ""), WAYS["labels"])
    return redirect(f"{way}?{urlencode([('codes', code) for code in codes])}")


def codes_of(params: QueryDict) -> list[str]:
    return list(dict.fromkeys(code for code in params.getlist("codes") if code))[:MOST]


def _picked(request: HttpRequest) -> QuerySet[Any]:
    codes = codes_of(request.POST if request.method == "POST" else request.GET)
    rows = Place.objects.visible_to(request.actor).active().filter(code__in=codes)
    return rows.select_related("place_type", "owner", "street", "area", "steward_unit").order_by("code")


class AssignForm(Plain, forms.Form):
    owner = forms.ModelChoiceField(label="责任单位", queryset=Unit.objects.none(), required=False)
    area = forms.ModelChoiceField(label="片区", queryset=Area.objects.none(), required=False)
    street = forms.ModelChoiceField(label="属地街道", queryset=Unit.objects.none(), required=False)
    steward_unit = forms.ModelChoiceField(label="包抓单位", queryset=Unit.objects.none(), required=False)
    steward = forms.CharField(label="包抓领导", max_length=60, required=False)
    is_only_missing = forms.BooleanField(
        label="只填空着的", required=False, initial=True, help_text="已经写着的不动；不勾选就一律改成上面选的。"
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(campaign=campaign, is_active=True).in_order()
        self.fields["owner"].queryset = self.fields["steward_unit"].queryset = units
        self.fields["street"].queryset = units.filter(kind=Unit.Kind.STREET)
        self.fields["area"].queryset = Area.objects.filter(campaign=campaign)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = "（不改）"


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_PLACES)
def assign(request: HttpRequest) -> HttpResponse:
    """Whose the ticked places are, all at once; first where nothing is said yet."""
    picked = list(_picked(request).select_related("campaign"))
    form = AssignForm(request.POST if request.method == "POST" else None, campaign=request.campaign)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        is_only_missing = said.pop("is_only_missing")
        now = clock.now(request.campaign)
        try:
            done = places.assign_places(picked, said, is_only_missing=is_only_missing, by=request.user, now=now)
        except Refused as refused:
            show(form, refused)
        else:
            kept = f"，{done.kept} 个原来就有，没有动" if done.kept else ""
            messages.success(request, f"已改 {done.changed} 个点位{kept}。")
            return redirect("/sites")
    lacking = [
        (words, sum(not getattr(place, f"{name}_id", None) for place in picked))
        for name, words in (("owner", "责任单位"), ("area", "片区"), ("street", "属地街道"))
    ]
    lacking.append(("包抓", sum(not (place.steward or place.steward_unit_id) for place in picked)))
    context = {"form": form, "places": picked, "lacking": [(words, count) for words, count in lacking if count]}
    return render(request, "inspections/place_assign.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.ORDER)
def sweep(request: HttpRequest) -> HttpResponse:
    """举一反三 to the ticked places: one finding is chosen, each unit gets one paper, each place its own answer."""
    picked = list(_picked(request))
    offered = _offered(request, picked)
    if request.method == "POST":
        chosen = next((row for row in offered if row.code == request.POST.get("finding")), None)
        if chosen is not None and picked:
            return _sweep(request, chosen, picked)
        messages.error(request, "还没有选是哪个问题。请选一个再发。")
    units = {unit for place in picked if (unit := place.owner or place.street)}
    context = {
        "places": picked,
        "offered": offered,
        "units": sorted(units, key=lambda unit: (unit.order, unit.name)),
        "homeless": [place for place in picked if not (place.owner or place.street)],
    }
    return render(request, "inspections/place_sweep.html", context, status=422 if request.method == "POST" else 200)


def _offered(request: HttpRequest, picked: list[Place]) -> list[Finding]:
    """What may be swept: found at places of these types and issued, latest first."""
    types = {place.place_type_id for place in picked}
    rows = Finding.objects.visible_to(request.actor).counted().filter(place_type__in=types, is_hidden=False)
    rows = rows.select_related("campaign", "place", "place_type", "item", "unit", "task")
    return list(rows.order_by("-found_at", "-id")[:OFFERED])


def _sweep(request: HttpRequest, chosen: Finding, picked: list[Place]) -> HttpResponse:
    now, codes = clock.now(request.campaign), [place.code for place in picked]
    papers = len({place.owner_id or place.street_id for place in picked} - {None})
    if papers > AT_ONCE:
        job = working.begin(
            request.campaign,
            kind=jobs.SWEEP,
            title=f"举一反三：{len(picked)} 个点位，{papers} 张自查单",
            arguments={"findings": [str(chosen.pk)], "places": codes},
            by=request.user,
            now=now,
        )
        return redirect("job", pk=job.pk)
    try:
        done = sweeping.sweep(chosen, by=request.user, now=now, among=codes)
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
        return redirect("/sites")
    known = f"，{done.known} 处以前发过" if done.known else ""
    messages.success(request, f"已向 {done.orders} 个单位的 {done.places} 处点位发出自查单{known}。")
    return redirect("/orders/papers" if done.orders else "/sites")
