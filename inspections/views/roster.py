"""/readiness/roster: who stands where on a day; adding, changing and removing duties, from another day, by paste."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaign import access, clock
from campaign.access import Right, needs
from campaign.problems import Problem, Refused
from inspections import readiness, rostering
from inspections.forms_roster import CopyForm, DutyForm, PasteForm
from inspections.models import Place, RosterDuty
from inspections.views.places import show

#: How far from today a roster is looked at.
FAR = 400


@require_http_methods(["GET", "POST"])
@needs(Right.READ_ALL)
def roster(request: HttpRequest) -> HttpResponse:
    """Who stands where on a day. POST puts people there, or everybody of another day."""
    day = day_of(request.GET.get("day", ""), today=request.actor.today)
    form, copying = _forms(request, day)
    if request.method == "POST":
        access.require(request.actor, Right.MANAGE_PLACES)
        answer = _written(request, form if form.is_bound else copying, day)
        if answer is not None:
            return answer
    shifts = readiness.roster(request.actor, day=day)
    stands = [stand for found in shifts.values() for stand in found]
    may_manage = request.actor.can(Right.MANAGE_PLACES)
    context = {
        "day": day,
        "shifts": shifts.items(),
        "stands": stands,
        "people": sum(len(stand.duties) for stand in stands),
        "gaps": sum(count for stand in stands for _, count in stand.missing),
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1),
        "may_manage": may_manage,
        "form": form,
        "copying": copying,
        "token": _token(request),
        **(_offered(request) if may_manage else {}),
    }
    status = 422 if form.errors or copying.errors else 200
    return render(request, "inspections/roster.html", context, status=status)


def _forms(request: HttpRequest, day: dt.date) -> tuple[DutyForm, CopyForm]:
    """The one that was sent is bound; the other offers what the address says."""
    is_copy = request.POST.get("do") == "copy"
    said = {name: request.GET.get(name, "")[:80] for name in ("place", "shift", "post")} | {"on": day}
    sent = request.POST if request.method == "POST" else None
    form = DutyForm(None if is_copy else sent, campaign=request.campaign, initial=said)
    before = {"source": day - dt.timedelta(days=1)}
    return form, CopyForm(sent if is_copy else None, initial=before)


def _written(request: HttpRequest, form: DutyForm | CopyForm, day: dt.date) -> HttpResponse | None:
    if not form.is_valid():
        return None
    said: dict[str, Any] = {"by": request.user, "now": clock.now(request.campaign), "token": _token(request)}
    try:
        if isinstance(form, CopyForm):
            done = rostering.copy_day(request.campaign, form.cleaned_data["source"], day, **said)
        else:
            done, day = rostering.write_duties(request.campaign, form.duties, **said), form.cleaned_data["on"]
    except Refused as refused:
        show(form, refused)
        return None
    messages.success(request, _words(done))
    return redirect(f"/readiness/roster?day={day:%Y-%m-%d}")


def _token(request: HttpRequest) -> str:
    """Of the form that was sent; a new one for a page that is opened."""
    return request.POST.get("token", "")[:64] or str(uuid4())


def _words(done: rostering.Written) -> str:
    more = [f"{done.known} 人本来就在"] if done.known else []
    more += [f"替换了原来的 {done.removed} 人"] if done.removed else []
    return "，".join([f"排上 {done.added} 人", *more]) + "。"


def _offered(request: HttpRequest) -> dict[str, Any]:
    """What the fields of the form offer: places that have a norm, shifts and posts used before."""
    rows = RosterDuty.objects.visible_to(request.actor)
    since = request.actor.today - dt.timedelta(days=60)
    recent = rows.filter(on__gte=since).order_by()
    return {
        "offered_places": Place.objects.visible_to(request.actor).active().exclude(place_type__staffing=[])[:1000],
        "offered_shifts": sorted(set(recent.values_list("shift", flat=True).distinct()[:40])),
        "offered_posts": sorted(set(recent.values_list("post", flat=True).distinct()[:40])),
    }


def day_of(text: str, *, today: dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs((day - today).days) < FAR else today


@require_http_methods(["GET", "POST"])
@needs(Right.READ_ALL)
def duty(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One duty: another person, place or shift; or off the roster."""
    rows = RosterDuty.objects.select_related("place", "unit", "campaign")
    held = access.get(request.actor, rows, Right.MANAGE_PLACES, pk=pk)
    now, back = clock.now(request.campaign), f"/readiness/roster?day={held.on:%Y-%m-%d}"
    if request.method == "POST" and request.POST.get("do") == "remove":
        rostering.remove_duty(held, by=request.user, now=now)
        messages.success(request, f"{held.place.name}的这一岗已取消。")
        return redirect(back)
    names = ("on", "shift", "post", "unit", "person")
    initial = {name: getattr(held, name) for name in names} | {"place": held.place.code}
    form = DutyForm(request.POST or None, campaign=request.campaign, is_one=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        rostering.change_duty(held, form.cleaned_data, by=request.user, now=now)
        messages.success(request, "值守已改好。")
        return redirect(f"/readiness/roster?day={form.cleaned_data['on']:%Y-%m-%d}")
    context = {"form": form, "duty": held, "back": back, **_offered(request)}
    return render(request, "inspections/duty.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_PLACES)
def paste(request: HttpRequest) -> HttpResponse:
    """A pasted table: read first, written when told, whole or not at all."""
    day = day_of(request.GET.get("day", ""), today=request.actor.today)
    form = PasteForm(request.POST or None, initial={"on": day})
    token, reading, problems = _token(request), None, tuple[Problem, ...]()
    if request.method == "POST" and form.is_valid():
        reading = rostering.read_roster(request.campaign, form.cleaned_data["lines"], day=form.day)
        problems = tuple(reading.problems)
        if request.POST.get("do") == "write" and reading.is_clean:
            done = rostering.write_duties(
                request.campaign,
                reading.duties,
                is_replacing=form.cleaned_data["is_replacing"],
                by=request.user,
                now=clock.now(request.campaign),
                token=token,
            )
            messages.success(request, _words(done))
            return redirect(f"/readiness/roster?day={min(duty.on for duty in reading.duties):%Y-%m-%d}")
    context = {"form": form, "reading": reading, "problems": problems[:50], "day": day, "token": token}
    status = 422 if form.errors or problems else 200
    return render(request, "inspections/roster_paste.html", context, status=status)
