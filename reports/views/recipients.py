"""发送名单: to whom an issue is mailed, and whom its last lines name."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaign import access, clock
from campaign.access import Right, needs
from reports import distributing
from reports.forms import RecipientForm
from reports.models import Distribution


@needs(Right.ISSUE)
@require_http_methods(["GET", "POST"])
def recipients(request: HttpRequest) -> HttpResponse:
    form = RecipientForm(request.POST or None, instance=Distribution(campaign=request.campaign))
    if request.method == "POST" and form.is_valid() and distributing.is_free(form):
        distributing.add(form.save(commit=False), by=request.user, now=clock.now(request.campaign))
        messages.success(request, f"已加入名单：{form.instance.name}。")
        return redirect("recipients")
    places = list(Distribution.Line.values)  # 报, 送, 发: as the paper's last lines name them
    rows = sorted(Distribution.objects.visible_to(request.actor), key=lambda row: (places.index(row.line), row.order))
    return render(request, "reports/recipients.html", {"form": form, "rows": rows})


@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`do`: stop, start, remove."""
    row = access.get(request.actor, Distribution.objects.all(), Right.ISSUE, pk=pk)
    deed = {"by": request.user, "now": clock.now(request.campaign)}
    if request.POST.get("do") == "remove":
        distributing.remove(row, **deed)
        messages.success(request, f"已移出名单：{row.name}。")
    else:
        is_active = request.POST.get("do") == "start"
        distributing.switch(row, is_active=is_active, **deed)
        messages.success(request, f"{'已恢复' if is_active else '已停发'}：{row.name}。")
    return redirect("recipients")
