"""Forms of the duty roster."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaign.forms import Plain, day_field
from campaign.models import Campaign, Unit
from inspections.models import Place
from inspections.rostering import LONGEST, NAMES, Duty, names_in


def _place_field() -> forms.CharField:
    return forms.CharField(
        label="点位",
        max_length=80,
        widget=forms.TextInput(attrs={"list": "roster-places", "autocomplete": "off"}),
        error_messages={"required": "请填写点位的名称或编号。"},
    )


class DutyForm(Plain, forms.Form):
    """One or several people of one post. `is_one`: an existing duty has one person."""

    place = _place_field()
    on = day_field("日期")
    shift = forms.CharField(
        label="时段",
        max_length=LONGEST["shift"],
        widget=forms.TextInput(attrs={"list": "roster-shifts", "placeholder": "早高峰 7:00–9:00"}),
        error_messages={"required": "请填写时段。"},
    )
    post = forms.CharField(
        label="岗位",
        max_length=LONGEST["post"],
        widget=forms.TextInput(attrs={"list": "roster-posts", "placeholder": "志愿者"}),
        error_messages={"required": "请填写岗位。"},
    )
    unit = forms.ModelChoiceField(
        label="派出单位", queryset=Unit.objects.none(), required=False, empty_label="（未定）"
    )
    person = forms.CharField(label="姓名", max_length=400, required=False)

    def __init__(self, *args: Any, campaign: Campaign, is_one: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.is_one = campaign, is_one
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = Unit.objects.filter(campaign=campaign, is_active=True).in_order()
        self.fields["person"].help_text = "空着就是待定。" if is_one else "几个人用顿号隔开；空着就是待定。"

    def clean_place(self) -> Place:
        """By its code, else by its name where only one is called so."""
        words = self.cleaned_data["place"]
        rows = Place.objects.active().filter(campaign=self.campaign)
        found = list(rows.filter(code=words)[:1]) or list(rows.filter(name=words)[:2])
        if len(found) != 1:
            reason = "有几个点位叫这个名称，请写编号。" if found else "不在点位表里，请写名称或编号，例如 S0012。"
            raise ValidationError(f"“{words}”{reason}")
        return found[0]

    def clean_person(self) -> str:
        names = names_in(self.cleaned_data["person"])
        if self.is_one and NAMES.search(self.cleaned_data["person"]):
            raise ValidationError("这里只写一个人；要加人请在值守页上加。")
        if max(map(len, names)) > LONGEST["person"]:
            raise ValidationError(f"一个姓名最多 {LONGEST['person']} 个字，几个人请用顿号隔开。")
        return "、".join(names)

    @property
    def duties(self) -> list[Duty]:
        said = {name: self.cleaned_data[name] for name in ("place", "on", "shift", "post", "unit")}
        return [Duty(**said, person=name) for name in names_in(self.cleaned_data["person"])]


class CopyForm(forms.Form):
    source = day_field("照搬哪一天")


class PasteForm(forms.Form):
    """A table as it stands in a document of the office."""

    on = day_field("日期")
    lines = forms.CharField(
        label="一行一处",
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=200_000,
        error_messages={"required": "还没有粘贴内容。", "max_length": "一次粘贴的内容太多，请分几次。"},
    )
    is_replacing = forms.BooleanField(
        label="替换这些点位同一时段原有的人",
        required=False,
        help_text="不勾选就是在原有的人之外再加，同一个人不会加两遍。",
    )

    @property
    def day(self) -> dt.date:
        return self.cleaned_data["on"]
