"""Settings of a campaign: its words and numbers, calendar, layers of the plan, other campaigns, the log."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import access, calendar_events, clock, founding, log, totals, verbs
from campaign.access import Right, needs
from campaign.forms import EventForm, NewCampaignForm, ProgramForm, ProjectForm, SwitchForm, WordsForm
from campaign.models import CalendarEvent, Campaign, LogEntry, Program, Project
from campaign.problems import Refused
from campaign.revising import revise

PAGE = 50
LAST_PAGE = 400


def _deed(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": clock.now(request.campaign)}


@needs(Right.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    campaign = Campaign.objects.get(pk=request.campaign.pk)
    form = WordsForm(request.POST or None, instance=campaign)
    if request.method == "POST" and form.is_valid():
        revise(Campaign.objects.get(pk=campaign.pk), form.cleaned_data, **_deed(request))
        messages.success(request, "设置已保存。")
        return redirect("/settings")
    context = {
        "form": form,
        "totals": totals.totals(request.campaign),
        "problems": totals.problems(request.campaign),
        "switch": SwitchForm(instance=request.campaign) if campaign.is_demo else None,
        "tab": "words",
    }
    return render(request, "campaign/settings.html", context)


@needs(Right.MANAGE_CAMPAIGN)
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """The day a demonstration pretends to be. Real campaigns live on real days."""
    campaign = access_demo(request)
    form = SwitchForm(request.POST, instance=campaign)
    if not form.is_valid():
        messages.error(request, "演示日期写法不对，请写成 2019-09-24 这样。")
        return redirect("/settings")
    revise(Campaign.objects.get(pk=campaign.pk), form.cleaned_data, **_deed(request))
    messages.success(request, f"演示日期已改为 {form.cleaned_data['pinned_on'] or '真实日期'}。")
    return redirect("/settings")


def access_demo(request: HttpRequest) -> Campaign:
    campaign = Campaign.objects.get(pk=request.campaign.pk)
    if not campaign.is_demo:
        raise access.PermissionDenied("只有演示用的创建活动能固定日期。")
    return campaign


@needs(Right.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = calendar_events.add(request.campaign, form.cleaned_data, **_deed(request))
        messages.success(request, f"日历里已添上“{event}”。")
        return redirect("/settings/calendar")
    events = CalendarEvent.objects.visible_to(request.actor)
    gone = Q(ends_on=None, starts_on__lt=request.actor.today) | Q(ends_on__lt=request.actor.today)
    context = {"form": form, "events": events.exclude(gone), "past": events.filter(gone), "tab": "calendar"}
    return render(request, "campaign/settings_calendar.html", context)


@require_http_methods(["GET", "POST"])
def event(request: HttpRequest, pk: str) -> HttpResponse:
    found = access.get(request.actor, CalendarEvent.objects.all(), Right.MANAGE_CAMPAIGN, pk=pk)
    form = EventForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        moved = calendar_events.change(CalendarEvent.objects.get(pk=pk), form.cleaned_data, **_deed(request))
        followed = f"，{moved} 项任务的时限跟着改了" if moved else ""
        messages.success(request, f"“{form.cleaned_data['name']}”已保存{followed}。")
        return redirect("/settings/calendar")
    context = {"form": form, "event": found, "bound": calendar_events.bound_count(found), "tab": "calendar"}
    return render(request, "campaign/settings_event.html", context)


@require_POST
def event_remove(request: HttpRequest, pk: str) -> HttpResponse:
    found = access.get(request.actor, CalendarEvent.objects.all(), Right.MANAGE_CAMPAIGN, pk=pk)
    try:
        calendar_events.remove(found, **_deed(request))
    except Refused as refused:
        messages.error(request, "".join(problem.message + problem.mend for problem in refused.problems))
    else:
        messages.success(request, f"“{found.name}”已从日历里删去。")
    return redirect("/settings/calendar")


@needs(Right.MANAGE_CAMPAIGN)
@require_safe
def layers(request: HttpRequest) -> HttpResponse:
    programs = Program.objects.visible_to(request.actor).in_order().select_related("lead_unit")
    context = {
        "programs": programs.prefetch_related("projects"),
        "totals": totals.totals(request.campaign),
        "problems": totals.problems(request.campaign),
        "tab": "layers",
    }
    return render(request, "campaign/settings_layers.html", context)


@require_http_methods(["GET", "POST"])
def program(request: HttpRequest, code: str) -> HttpResponse:
    found = access.get(request.actor, Program.objects.all(), Right.MANAGE_CAMPAIGN, code=code)
    form = ProgramForm(request.POST or None, instance=found, campaign=request.campaign)
    return _layer(request, form, Program.objects.get(pk=found.pk))


@require_http_methods(["GET", "POST"])
def project(request: HttpRequest, code: str) -> HttpResponse:
    found = access.get(request.actor, Project.objects.all(), Right.MANAGE_CAMPAIGN, code=code)
    form = ProjectForm(request.POST or None, instance=found)
    return _layer(request, form, Project.objects.get(pk=found.pk))


def _layer(request: HttpRequest, form: Any, row: Program | Project) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        revise(row, form.cleaned_data, **_deed(request))
        messages.success(request, f"{row}已保存。")
        return redirect("/settings/programs")
    return render(request, "campaign/settings_layer.html", {"form": form, "row": row, "tab": "layers"})


@needs(Right.MANAGE_CAMPAIGN)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    mine = Campaign.objects.filter(pk__in=request.user.memberships.values("campaign")).order_by("-year", "code")
    return render(request, "campaign/settings_campaigns.html", {"campaigns_here": mine, "tab": "campaigns"})


@needs(Right.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    old = request.campaign
    kept = ("name", "short_name", "district", "office_name", "layer_name", "cycle")
    form = NewCampaignForm(
        request.POST or None, initial={name: getattr(old, name) for name in kept} | {"year": old.year + 1}
    )
    if request.method == "POST" and form.is_valid():
        with_units = form.cleaned_data.pop("copies_units")
        made = founding.next_year(old, form.cleaned_data, with_units=with_units, **_deed(request))
        messages.success(request, f"已新建{made}。现在就在这个创建活动里，先导入台账。")
        return redirect(f"/settings?campaign={made.code}")
    return render(request, "campaign/settings_campaign_new.html", {"form": form, "tab": "campaigns"})


@require_POST
def campaign_switch(request: HttpRequest, code: str) -> HttpResponse:
    """Put a campaign aside or take it up again. The present one is switched from another."""
    found = Campaign.objects.filter(code=code).first()
    if found is None or not _may_manage(request, found):
        raise access.Http404("没有这个创建活动，或者不归您管。")
    if found.pk == request.campaign.pk:
        messages.error(request, "不能停用正在用的创建活动，请先换到别的再停用。")
        return redirect("/settings/campaigns")
    revise(found, {"is_active": not found.is_active}, by=request.user, now=clock.now(found))
    messages.success(request, f"{found}已{'启用' if found.is_active else '停用'}。")
    return redirect("/settings/campaigns")


def _may_manage(request: HttpRequest, campaign: Campaign) -> bool:
    there = access.actor_for(request.user, campaign, today=clock.today(campaign))
    return there.can(Right.MANAGE_CAMPAIGN) and request.actor.can(Right.MANAGE_CAMPAIGN)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1


@needs(Right.READ_LOG)
@require_safe
def log_page(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first; the chain over all sealed entries is walked on asking."""
    entries = log.history(request.campaign)
    text, verb = request.GET.get("q", "").strip()[:60], request.GET.get("verb", "")
    if text:
        entries = entries.filter(object_label__icontains=text) | entries.filter(by__name__icontains=text)
    if verb:
        entries = entries.filter(verb=verb)
    number = _page_number(request)
    rows = list(entries[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "entries": verbs.with_tasks(rows[:PAGE]),
        "number": number,
        "has_more": len(rows) > PAGE,
        "q": text,
        "verb": verb,
        "check": log.verify(request.campaign) if "check" in request.GET else None,
        "night": log.last_night(request.campaign),
        "unsealed": LogEntry.objects.filter(campaign=request.campaign, sequence=None).count(),
    }
    return render(request, "campaign/log.html", context)
