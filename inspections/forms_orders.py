"""Forms of the rules for orders, and of lists that come from outside."""

from typing import Any

from django import forms

from inspections.models import Finding, ProblemList
from inspections.models.orders import OrderPolicy


class PolicyForm(forms.ModelForm):
    class Meta:
        model = OrderPolicy
        fields = (
            "instant_hours", "urgent_days", "major_days", "minor_days", "is_in_working_days", "day_ends_at", "drafts_at",
            "relapse_days", "look_again_urgent_days", "look_again_major_days", "look_again_minor_days",
            "rounds_to_escalate", "is_finder_barred", "decline_hours", "contact", "copies_to",
        )  # fmt: skip
        widgets = {
            "day_ends_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "drafts_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }


class ListForm(forms.ModelForm):
    """An outside list: its name, its count, and its lines as pasted text or as a sheet."""

    kind = forms.ChoiceField(
        label="这是什么清单",
        choices=[
            (Finding.Source.LIST, "问题清单（企业反映、失分清单等）"),
            (Finding.Source.ASSESSOR, "测评组反馈意见"),
            (Finding.Source.THIRD_PARTY, "第三方测评问题"),
        ],
    )
    lines = forms.CharField(
        label="问题", required=False, widget=forms.Textarea(attrs={"rows": 10}), max_length=200_000, strip=False
    )
    file = forms.FileField(label="或者传表格", required=False)

    class Meta:
        model = ProblemList
        fields = ("name", "source", "stated_count", "received_on", "due_on")
        widgets = {
            "received_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("lines") or "").strip() and not cleaned.get("file"):
            self.add_error("lines", "请粘贴问题，一行一个；或者传一张表格。")
        return cleaned
