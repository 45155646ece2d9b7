"""/snap/<token> for residents, /sightings for the office, /intake/new for what comes by other ways."""

import datetime as dt
import hashlib
import hmac
import io
from uuid import UUID, uuid4

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaign import access, attachments, clock
from campaign.access import Right, needs
from campaign.attachments import Upload
from campaign.forms import Plain
from campaign.lockout import address_of
from campaign.models import Unit
from campaign.problems import Problem, Refused
from campaign.serving import file_answer
from campaign.throttling import count
from inspections import intake, problem_lists, sightings
from inspections.models import Finding, Place, Sighting, SnapLink
from inspections.tiles import TILES
from inspections.views.findings import unit_named

#: From one address in ten minutes; to one page in an hour.
FROM_ONE, TO_ONE = 6, 120


@login_not_required
@require_http_methods(["GET", "POST"])
def snap(request: HttpRequest, token: str) -> HttpResponse:
    """Nobody logs in, nobody is asked for a name. `?big=1`: 长辈版."""
    link = SnapLink.objects.select_related("campaign", "place").filter(token=token).first()
    if link is None or not link.is_open:
        return render(request, "inspections/snap_closed.html", status=404)
    context = {"link": link, "tiles": TILES, "is_big": request.GET.get("big") == "1", "campaign": link.campaign}
    if request.method == "GET":
        return render(request, "inspections/snap.html", context)
    if _is_flood(request, link):
        problem = Problem("often", "您刚刚报了好几条。", mend="请过十分钟再报；急事请拨打 12345。")
        return render(request, "inspections/snap.html", context | {"problems": [problem]}, status=429)
    file = request.FILES.get("photo")
    report = sightings.Report(
        text=request.POST.get("text", ""),
        where=request.POST.get("where", ""),
        tile=tile if (tile := request.POST.get("tile", "")) in TILES else "",
        photo=Upload.read(file, file.name, limit=sightings.MOST_BYTES) if file else None,
    )
    try:
        sightings.receive(link, report, now=clock.now(link.campaign))
    except Refused as refused:
        return render(
            request, "inspections/snap.html", context | {"problems": refused.problems, "said": report}, status=422
        )
    return render(request, "inspections/snap_thanks.html", context)


def _is_flood(request: HttpRequest, link: SnapLink) -> bool:
    """Counted under a keyed hash that nobody can turn back into an address, and dropped with the next window."""
    seconds = int(clock.now().timestamp())
    secret = f"{settings.SECRET_KEY}:{seconds // 86400}".encode()
    who = hmac.new(secret, (address_of(request) or "").encode(), hashlib.sha256).hexdigest()[:24]
    if count(f"snap:{link.pk}:{who}", seconds // 600) > FROM_ONE:
        return True  # and is not counted below: one phone alone does not close the page for everybody
    return count(f"snap:{link.pk}", seconds // 3600) > TO_ONE


@require_http_methods(["GET"])
@needs(Right.ORDER)
def queue(request: HttpRequest) -> HttpResponse:
    """待审的随手拍, the oldest first; and the pages with their codes."""
    rows = Sighting.objects.visible_to(request.actor).select_related("link__place", "photo", "finding", "decided_by")
    links = SnapLink.objects.visible_to(request.actor).select_related("place")
    context = {
        "waiting": rows.filter(state=Sighting.State.WAITING)[:50],
        "decided": rows.exclude(state=Sighting.State.WAITING).order_by("-decided_at")[:20],
        "links": [(link, request.build_absolute_uri(link.get_absolute_url())) for link in links],
        "units": Unit.objects.visible_to(request.actor).active().in_order(),
        "today": request.actor.today,
    }
    return render(request, "inspections/sightings.html", context)


@require_POST
@needs(Right.ORDER)
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    rows = Sighting.objects.select_related("link__place", "campaign", "photo")
    sighting = access.get(request.actor, rows, Right.ORDER, pk=pk)
    now = clock.now(request.campaign)
    try:
        if request.POST.get("outcome") == "take":
            row = sightings.take(
                sighting,
                text=request.POST.get("text", "")[:400],
                place=_place(request, request.POST.get("place", "")),
                unit=unit_named(request, "unit"),
                by=request.user,
                now=now,
            )
            messages.success(request, f"已采用，编号 整改 {row.code}，在待签发里。")
        else:
            sightings.decline(sighting, request.POST.get("reason", ""), by=request.user, now=now)
            messages.success(request, "已记为未采用。")
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message}{problem.mend}")
    return redirect("/sightings")


def _place(request: HttpRequest, code: str) -> Place | None:
    """The place of a number; `Refused` where there is none of it, so that no report is filed nowhere."""
    code = code.strip()
    found = Place.objects.visible_to(request.actor).filter(code=code).first() if code else None
    if code and found is None:
        raise Refused(Problem("place", f"没有编号是“{code[:20]}”的点位。", where="place", mend="请照点位表写编号。"))
    return found


@require_POST
@needs(Right.ORDER)
def links(request: HttpRequest) -> HttpResponse:
    """Add a page, or open and close one."""
    now = clock.now(request.campaign)
    try:
        if request.POST.get("link"):
            key = request.POST["link"]
            link = access.get(request.actor, SnapLink.objects.select_related("campaign"), Right.ORDER, token=key)
            sightings.set_open(link, is_open=request.POST.get("open") == "1", by=request.user, now=now)
            messages.success(request, f"“{link.name}”已{'开放' if link.is_open else '关闭'}。")
        else:
            place = _place(request, request.POST.get("place", ""))
            link = sightings.add_link(request.campaign, request.POST.get("name", ""), place, by=request.user, now=now)
            messages.success(request, f"已建“{link.name}”，还没有开放。")
    except Refused as refused:
        messages.error(request, refused.problems[0].message)
    return redirect("/sightings#links")


@require_http_methods(["GET"])
@needs(Right.ORDER)
def code(request: HttpRequest, token: str) -> HttpResponse:
    link = access.get(request.actor, SnapLink.objects.all(), Right.ORDER, token=token)
    out = io.BytesIO()
    segno.make(request.build_absolute_uri(link.get_absolute_url()), error="q").save(out, kind="svg", border=4)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@require_http_methods(["GET"])
@needs(Right.ORDER)
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only the office sees what has not been looked at."""
    sighting = access.get(
        request.actor, Sighting.objects.exclude(photo=None).select_related("photo"), Right.ORDER, pk=pk
    )
    return file_answer(attachments.read(sighting.photo.file), name="随手拍.jpg", content_type="image/jpeg")


class IntakeForm(Plain, forms.Form):
    source = forms.ChoiceField(label="来源", choices=[(one.value, one.label) for one in intake.SOURCES])
    tile = forms.ChoiceField(label="问题类别", choices=[(tile, tile) for tile in TILES])
    found_on = forms.DateField(label="收到日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    lines = forms.CharField(label="一行一件", widget=forms.Textarea(attrs={"rows": 8}), max_length=100_000)


@require_http_methods(["GET", "POST"])
@needs(Right.ORDER)
def register(request: HttpRequest) -> HttpResponse:
    now, today = clock.now(request.campaign), request.actor.today
    posted = request.POST if request.method == "POST" else None
    form = IntakeForm(posted, initial={"found_on": today, "source": Finding.Source.HOTLINE})
    token = request.POST.get("token", "")[:64] or str(uuid4())
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        lines = problem_lists.recognise(request.campaign, problem_lists.read_lines(said["lines"]))
        at = min(now, dt.datetime.combine(said["found_on"], dt.time(9), request.campaign.zone))
        try:
            rows = intake.take_in(
                request.campaign,
                said["source"],
                lines,
                found_at=at,
                tile=said["tile"],
                by=request.user,
                now=now,
                token=token,
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, f"已登记 {len(rows)} 件，在待签发里。")
            return redirect("/orders?kind=todo")
    status = 422 if problems or form.errors else 200
    context = {"form": form, "problems": problems, "token": token}
    return render(request, "inspections/intake.html", context, status=status)
