"""What is done to the ticked rows of a list: each way starts from their codes."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaign import clock
from campaign.access import Right, needs
from campaign.forms import day_field
from campaign.problems import Problem, Refused
from tasks import deadlines
from tasks.models import Task

MOST_PICKED = 500


class DeadlineForm(forms.Form):
    to_on = day_field("新的时限")
    basis = forms.CharField(
        label="依据",
        max_length=deadlines.LONGEST_BASIS,
        help_text="文件、会议或批示，如“第 31 期专题纪要”。写进任务的经过，以后不能改。",
        error_messages={
            "required": "请填写“依据”：文件、会议或批示。",
            "max_length": "依据超过 200 个字，请写得短一些。",
        },
    )


PICKS = {"urge": "/tasks/urge?codes=", "deadline": "/tasks/deadline?codes=", "verify": "/verify?codes="}


@require_safe
@needs(Right.READ)
def pick(request: HttpRequest) -> HttpResponse:
    """Without scripts the ticked boxes of the list arrive here and go on as one list."""
    codes = _codes(request.GET)
    if not codes:
        messages.info(request, "还没有选中任务。")
        return redirect("/tasks")
    if request.GET.get("to") == "export":
        return redirect(f"/tasks/export?f.code={','.join(codes)}")
    return redirect(PICKS.get(request.GET.get("to", ""), PICKS["urge"]) + ",".join(codes))


def _codes(params: QueryDict) -> list[str]:
    named = ",".join(params.getlist("codes")).split(",")
    return list(dict.fromkeys(code.strip() for code in named if code.strip()))[:MOST_PICKED]


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_LEDGER)
def deadline(request: HttpRequest) -> HttpResponse:
    """改时限 of some tasks: their next limit, with the basis, all or none."""
    codes = _codes(request.POST if request.method == "POST" else request.GET)
    tasks = Task.objects.allowing(request.actor, Right.MANAGE_LEDGER).filter(code__in=codes).order_by("code")
    milestones = deadlines.next_milestones(tasks)
    form = DeadlineForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            changed = deadlines.change_deadlines(
                milestones, **form.cleaned_data, by=request.user, now=clock.now(request.campaign)
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, f"已改时限 {changed.task_count} 项。")
            return redirect(f"/tasks?f.code={','.join(codes)}&view=all")
    context = {
        "form": form,
        "problems": problems,
        "codes": ",".join(codes),
        "milestones": milestones,
        "left_out": len(set(codes)) - len({milestone.task_id for milestone in milestones}),
    }
    return render(request, "tasks/deadline.html", context, status=422 if problems else 200)
