"""提醒规则: the table of who is told how many days before and after a limit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaign import clock
from campaign.access import Right, needs
from campaign.models import Membership
from campaign.problems import Problem, Refused
from tasks import rules
from tasks.models import ReminderRule
from tasks.periods import last_of_month

POSTS = [(post.value, post.label) for post in Membership.Post if post != Membership.Post.STAFF]
SIDES = [("before", "时限前"), ("on", "时限当天"), ("after", "时限后")]


class RuleForm(forms.Form):
    side = forms.ChoiceField(label="何时", choices=SIDES)
    days = forms.IntegerField(
        label="天数",
        min_value=0,
        max_value=rules.FARTHEST,
        required=False,
        error_messages={
            "invalid": "“天数”要写整数，例如 3。",
            "min_value": "“天数”不能是负数，请选“时限前”或“时限后”。",
            "max_value": f"“天数”最多 {rules.FARTHEST}。",
        },
    )
    is_in_working_days = forms.BooleanField(label="按工作日算", required=False)
    post = forms.ChoiceField(label="对象", choices=POSTS)
    tone = forms.ChoiceField(label="语气", choices=ReminderRule.Tone.choices)
    is_active = forms.BooleanField(label="启用", required=False)
    is_removed = forms.BooleanField(label="删去", required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("side") != "on" and not found.get("days") and "days" not in self.errors:
            self.add_error("days", "请填写“天数”，例如 3；当天请选“时限当天”。")
        return found

    @property
    def line(self) -> rules.Line:
        found = self.cleaned_data
        days = {"before": -1, "on": 0, "after": 1}[found["side"]] * (found["days"] or 0)
        return rules.Line(days, found["post"], found["tone"], found["is_in_working_days"], found["is_active"])


Table = forms.formset_factory(RuleForm, extra=0, max_num=60)


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_CAMPAIGN)
def reminder_rules(request: HttpRequest) -> HttpResponse:
    campaign = request.campaign
    if request.method == "GET":
        kept = [_initial(line) for line in rules.lines_of(campaign)]
        fresh = {"side": "before", "days": None, "post": "liaison", "tone": "remind", "is_active": True}
        more = [fresh | {"is_in_working_days": True}] if "add" in request.GET else []
        return _page(request, Table(initial=kept + more))
    table = Table(request.POST)
    if not table.is_valid():
        return _page(request, table, status=422)
    lines = [form.line for form in table if not form.cleaned_data.get("is_removed")]
    try:
        is_changed = rules.revise_rules(campaign, lines, by=request.user, now=clock.now(campaign))
    except Refused as refused:
        return _page(request, table, problems=refused.problems, status=422)
    messages.success(request, "提醒规则已保存，今晚起按新规则。" if is_changed else "没有改动。")
    return redirect("reminder-rules")


def _initial(line: rules.Line) -> dict[str, Any]:
    side = "before" if line.offset_days < 0 else ("after" if line.offset_days else "on")
    return vars(line) | {"side": side, "days": abs(line.offset_days) or None}


def _page(
    request: HttpRequest, table: forms.BaseFormSet, *, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    today = request.actor.today
    due_on = last_of_month(today.year, today.month)
    kept = rules.lines_of(request.campaign)
    examples = [rules.example(line, due_on) for line in kept]
    errors = [
        Problem("row", f"第 {number} 行：{text}")
        for number, form in enumerate(table, 1)
        for texts in (form.errors.values() if table.is_bound else ())
        for text in texts
    ]
    context = {
        "table": table,
        "rows": [
            (form, examples[n] if n < len(examples) and not table.is_bound else None) for n, form in enumerate(table)
        ],
        "problems": [*errors, *problems],
        "due_on": due_on,
        "tab": "reminders",
        "calendar_note": rules.calendar_note(request.campaign.year, today=today),
    }
    return render(request, "tasks/reminder_rules.html", context, status=status)
