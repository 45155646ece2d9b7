"""What is done to the ticked rows of the board and its lists: each way shows first what it would do and whom it tells."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaign import clock, working
from campaign.access import Right, needs
from campaign.problems import Problem, Refused
from inspections import jobs, relimiting, sweeping
from inspections.address import MOST_CODES, State
from inspections.models import Finding
from tasks import notices
from tasks.models.ledger import RECTIFICATION
from tasks.views.picked import DeadlineForm

#: So many papers are set while the person waits; more are a job with its own page.
AT_ONCE = 5
#: Of so many at once the office still reads who is told.
MOST_SWEPT = 10


def codes_of(params: QueryDict) -> list[str]:
    named = ",".join(params.getlist("codes")).split(",")
    return list(dict.fromkeys(code.strip() for code in named if code.strip()))[:MOST_CODES]


def _picked(request: HttpRequest, codes: list[str]) -> list[Finding]:
    rows = Finding.objects.visible_to(request.actor).filter(code__in=codes)
    rows = rows.select_related("campaign", "unit", "place", "place_type", "item", "task")
    found = list(rows.order_by("code"))
    for finding in found:
        finding.campaign = request.campaign
    return found


@require_safe
@needs(Right.READ)
def pick(request: HttpRequest) -> HttpResponse:
    """The ticked boxes arrive here and go on as one list; without scripts too."""
    codes, way = codes_of(request.GET), request.GET.get("to", "")
    if not codes:
        messages.info(request, "还没有选中整改单。")
        return redirect("/orders")
    named = ",".join(codes)
    if way == "urge":
        return _to_urge(request, codes)
    here = State(month=request.actor.today)
    ways = {
        "issue": f"/orders/drafts?codes={named}",
        "limits": f"/orders/limits?codes={named}",
        "sweeps": f"/orders/sweeps?codes={named}",
        "list": here.url(code=named, keeps_month=False),
    }
    return redirect(ways.get(way, here.url("/orders/export", code=named, keeps_month=False)))


def _to_urge(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """On to the preview of the ledger, which urges duties: what has none yet, or is answered, is left out and said so."""
    rows = Finding.objects.visible_to(request.actor).filter(code__in=codes, stage=Finding.Stage.FIXING)
    owed = list(rows.exclude(task=None).order_by("code").values_list("code", flat=True))
    if not owed:
        messages.info(request, "选中的都还没有签发，或者已经答复，不用催。")
        return redirect("/orders")
    if len(owed) < len(codes):
        messages.info(request, f"{len(codes) - len(owed)} 处还没有签发或已经答复，没有列入。")
    return redirect("/tasks/urge?codes=" + ",".join(f"{RECTIFICATION}{code}" for code in owed))


@require_http_methods(["GET", "POST"])
@needs(Right.ORDER)
def limits(request: HttpRequest) -> HttpResponse:
    """改时限, with its basis: what moves, from which day, and who is told."""
    codes = codes_of(request.POST if request.method == "POST" else request.GET)
    moving = relimiting.sort_out(_picked(request, codes))
    form = DeadlineForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        now = clock.now(request.campaign)
        try:
            count = relimiting.change_limits(moving, **form.cleaned_data, by=request.user, now=now)
        except Refused as refusal:
            problems = tuple(refusal.problems)
        else:
            messages.success(request, f"已改时限 {count} 处。")
            return redirect(State(month=request.actor.today).url(code=",".join(codes), keeps_month=False))
    told = relimiting.told(moving, today=request.actor.today)
    context: dict[str, Any] = {
        "form": form,
        "problems": problems,
        "codes": ",".join(codes),
        "moving": moving,
        "issued": [(finding, step, told.get(step.unit_id, ())) for finding, step in moving.issued],
    }
    status = 422 if problems or (request.method == "POST" and form.errors) else 200
    return render(request, "inspections/limits.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(Right.ORDER)
def sweeps(request: HttpRequest) -> HttpResponse:
    """举一反三: to which units and places each of the picked ones would go; the ticked ones are sent."""
    codes = codes_of(request.POST if request.method == "POST" else request.GET)
    rows = [
        row
        for row in _picked(request, codes)
        if row.place_type_id and row.source != Finding.Source.SWEEP and not row.is_hidden
    ]
    outlooks = [sweeping.outlook(finding) for finding in rows[:MOST_SWEPT]]
    if request.method == "POST":
        chosen = set(request.POST.getlist("finding"))
        return _sweep(request, [one for one in outlooks if one.finding.code in chosen and one.places])
    units = {unit.pk for one in outlooks for unit in one.units}
    staff = notices.staff_of(request.campaign, units, today=request.actor.today) if units else {}
    context = {
        "codes": ",".join(codes),
        "lines": [
            (one, [(unit, places, staff[unit.pk].answering) for unit, places in one.units.items()]) for one in outlooks
        ],
        "left": len(codes) - len(outlooks),
        "is_any": any(one.places for one in outlooks),
    }
    return render(request, "inspections/sweeps.html", context)


def _sweep(request: HttpRequest, chosen: list[sweeping.Outlook]) -> HttpResponse:
    if not chosen:
        messages.info(request, "没有选要举一反三的问题。")
        return redirect("/orders")
    now, papers = clock.now(request.campaign), sum(len(one.units) for one in chosen)
    if papers > AT_ONCE:
        job = working.begin(
            request.campaign,
            kind=jobs.SWEEP,
            title=f"举一反三：{len(chosen)} 处问题，{papers} 张自查单",
            arguments={"findings": [str(one.finding.pk) for one in chosen]},
            by=request.user,
            now=now,
        )
        return redirect("job", pk=job.pk)
    done = [sweeping.sweep(one.finding, by=request.user, now=now) for one in chosen]
    places, orders = sum(one.places for one in done), sum(one.orders for one in done)
    messages.success(request, f"已向同类点位 {places} 处发出 {orders} 张自查单。")
    return redirect("/orders/papers")
