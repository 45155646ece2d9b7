"""Group duties that do not agree with the roster: shown to the office, mended by one press each."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaign import access, clock
from campaign.access import Right
from campaign.models import Unit
from tasks import group_duties


@require_safe
@access.needs(Right.READ)
def page(request: HttpRequest) -> HttpResponse:
    """All gaps, or those of one unit (`unit`); where there are none of it, its own page."""
    unit = _unit(request.GET.get("unit", ""), request)
    if not request.actor.can(Right.MANAGE_LEDGER):
        return redirect(f"/units/{unit.pk}" if unit else "/units")
    found = group_duties.gaps(request.campaign, units=[unit.pk] if unit else None)
    if unit and not found:
        return redirect(f"/units/{unit.pk}")
    return render(request, "tasks/group_duties.html", {"gaps": found, "unit": unit})


def _unit(text: str, request: HttpRequest) -> Unit | None:
    try:
        return Unit.objects.visible_to(request.actor).filter(pk=UUID(text)).first()
    except ValueError:
        return None


@require_POST
@access.needs(Right.MANAGE_LEDGER)
def mend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the unit its share in the duties of one group, or let it off them."""
    unit = access.get(request.actor, Unit.objects.select_related("campaign"), Right.MANAGE_LEDGER, pk=pk)
    now, text = clock.now(request.campaign), request.POST.get("group", "")
    done = [gap for gap in group_duties.gaps(request.campaign, units=[unit.pk]) if gap.group_text == text]
    for gap in done:
        if gap.is_leaving:
            count = group_duties.leave(gap, by=request.user, now=now)
            messages.success(request, f"{unit}的 {count} 个节点已免办。")
        else:
            joined = group_duties.join(gap, by=request.user, now=now)
            messages.success(
                request, f"{unit}已加入 {joined.tasks} 项任务，今后的 {joined.milestones} 个节点由它承担。"
            )
    if not done:
        messages.info(request, "没有要补的，可能别人刚补过。")
    return redirect(f"/units/duties?unit={unit.pk}")
