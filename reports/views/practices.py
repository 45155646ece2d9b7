"""典型做法: units send in what works, the office chooses for the week."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaign import access, clock
from campaign.access import Right, needs
from campaign.clock import Week
from campaign.models import Unit
from campaign.problems import Refused
from reports import briefing as deeds
from reports import editing
from reports.forms import PracticeForm
from reports.models import Practice

LISTED = 100


@needs(Right.READ)
@require_http_methods(["GET", "POST"])
def practices(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    if request.method == "POST":
        access.require(actor, Right.REPORT)
    units = Unit.objects.filter(campaign=request.campaign, pk__in=actor.own_unit_ids).in_order()
    form = PracticeForm(
        request.POST or None,
        units=units,
        instance=Practice(campaign=request.campaign, by=request.user, at=clock.now(request.campaign)),
    )
    if request.method == "POST" and form.is_valid():
        editing.send_in(form.save(commit=False), now=clock.now(request.campaign))
        messages.success(request, "已报送，创建办选用后会登在简报里。")
        return redirect("practices")
    rows = Practice.objects.visible_to(actor).select_related("unit", "by", "briefing__document")
    context = {
        "form": form,
        "rows": rows[:LISTED],
        "can_send": actor.can(Right.REPORT),
        "can_choose": actor.can(Right.ISSUE),
        "week": Week.of(actor.today),
    }
    return render(request, "reports/practices.html", context)


@require_POST
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Into this week's draft, which is begun when it is not there yet."""
    row = access.get(request.actor, Practice.objects.all(), Right.ISSUE, pk=pk)
    deed = {"by": request.user, "now": clock.now(request.campaign)}
    try:
        draft = deeds.draft(request.campaign, Week.of(request.actor.today), **deed)
        editing.choose(row, draft, **deed)
        messages.success(request, f"已选入第 {Week.of(request.actor.today).number} 周简报：{row.title}。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("practices")


@require_POST
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = access.get(request.actor, Practice.objects.select_related("briefing"), Right.ISSUE, pk=pk)
    try:
        editing.keep(row, by=request.user, now=clock.now(request.campaign))
        messages.success(request, f"已留存：{row.title}。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("practices")
