"""Forms of the briefing's pages."""

from typing import Any

from django import forms

from campaign.forms import Plain
from campaign.models import Unit
from reports.models import Distribution, Practice


class RecipientForm(Plain, forms.ModelForm):
    class Meta:
        model = Distribution
        fields = ["name", "address", "line"]
        error_messages = {
            "name": {"required": "请填写单位或姓名。"},
            "address": {"required": "请填写邮箱。", "invalid": "邮箱写法不对，例如 bgs@example.cn。"},
        }
        help_texts = {"line": "报：上级和领导；送：平级和指挥部成员；发：下级和各责任单位。"}


class PracticeForm(Plain, forms.ModelForm):
    """A unit's own account; who belongs to several units says for which."""

    class Meta:
        model = Practice
        fields = ["unit", "title", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 6})}
        labels = {"unit": "单位", "body": "做法和效果"}
        error_messages = {
            "unit": {"required": "请选单位。", "invalid_choice": "请选自己的单位。"},
            "title": {"required": "请写标题。"},
            "body": {"required": "请写做法和效果。"},
        }
        help_texts = {"body": "怎么做的、效果怎样，三五句即可。选用后登在当周简报的“典型做法”里。"}

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = None
        self.fields["body"].max_length = 2000
        self.fields["body"].widget.attrs["maxlength"] = 2000

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].strip()
        if len(body) > 2000:
            raise forms.ValidationError("做法超过 2000 字，请写得短些。")
        return body

    @property
    def single_unit(self) -> Unit | None:
        units = list(self.fields["unit"].queryset[:2])
        return units[0] if len(units) == 1 else None
