"""Forms of the pages of places and rounds. What they accept is listed field by field."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaign.forms import Plain, day_field
from campaign.models import Area, Campaign, Stewardship, Unit, User
from inspections.defaults import pair
from inspections.district import check_shape
from inspections.models import Place, PlaceType, Round


class OfCampaign(Plain, forms.ModelForm):
    """Whatever a field may refer to is of the same campaign."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        units = Unit.objects.filter(campaign=campaign, is_active=True).in_order()
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField):
                continue
            model = field.queryset.model
            if model is Unit:
                field.queryset = units.filter(kind=Unit.Kind.STREET) if name == "street" else units
            elif model is not User:
                field.queryset = model.objects.filter(campaign=campaign)
            field.empty_label = "（未定）"
        for field in self.fields.values():
            field.error_messages.setdefault("required", f"请填写“{field.label}”。")
            field.error_messages["required"] = f"请填写“{field.label}”。"


class PlaceForm(OfCampaign):
    class Meta:
        model = Place
        fields = [
            "name",
            "place_type",
            "area",
            "street",
            "owner",
            "steward_unit",
            "steward",
            "lane_chief",
            "address",
            "latitude",
            "longitude",
            "grade",
            "note",
            "is_key",
            "is_active",
        ]
        help_texts = {
            "latitude": "例如 39.9042；没有就不填，不影响巡查。",
            "longitude": "例如 116.4074。",
            "is_key": "测评常抽的、领导常看的。",
            "is_active": "停用后不再列出，历史保留。",
            "steward": "包抓这个点位的领导；片区已有包抓的不必再填。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_type"].queryset = PlaceType.objects.filter(campaign=self.campaign, is_active=True)
        self.fields["area"].queryset = Area.objects.filter(campaign=self.campaign)
        self.fields["grade"].choices = [("", "（未定）"), *Place.Grade.choices]


class PlaceTypeForm(OfCampaign):
    elements = forms.CharField(
        label="必备要素",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一个，冒号后写标准，例如：公益广告：每200米不少于1处",
    )
    staffing = forms.CharField(
        label="值守配置",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一岗，冒号后写人数，例如：交警：1",
    )

    class Meta:
        model = PlaceType
        fields = ["name", "group", "order", "revisit_days", "draw_size", "is_without_place", "is_active"]
        help_texts = {
            "is_without_place": "打电话、上网查的，例如消费者投诉电话。",
            "revisit_days": "超过这么多天没查，列进“超期未查”。",
            "draw_size": "测评组一次大约抽几处；抽查把握按它算，不知道填 0。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance
        self.initial["elements"] = "\n".join(
            f"{one['name']}：{one['norm']}" if one.get("norm") else one["name"] for one in held.elements
        )
        self.initial["staffing"] = "\n".join(f"{one['post']}：{one['count']}" for one in held.staffing)

    def clean_elements(self) -> list[dict[str, str]]:
        lines = [line for line in self.cleaned_data["elements"].replace(":", "：").splitlines() if line.strip()]
        return [dict(zip(("name", "norm"), pair(line), strict=True)) for line in lines[:30]]

    def clean_staffing(self) -> list[dict[str, Any]]:
        found = []
        for line in self.cleaned_data["staffing"].replace(":", "：").splitlines():
            post, count = pair(line)
            if post and not count.isdecimal():
                raise ValidationError(f"“{line.strip()}”没有写人数，请写成“交警：1”这样。")
            if post:
                found.append({"post": post[:20], "count": int(count)})
        return found[:20]


class RoundForm(OfCampaign):
    starts_on = day_field("开始")
    ends_on = day_field("结束")

    class Meta:
        model = Round
        fields = [
            "name",
            "kind",
            "priority",
            "starts_on",
            "ends_on",
            "unit",
            "theme",
            "place_type",
            "area",
            "is_hidden",
        ]
        help_texts = {
            "is_hidden": "各单位看不到这一轮，也看不到查出的问题，直到签发整改单。",
            "priority": "",
        }
        widgets = {"priority": forms.Select(choices=[(1, "急"), (2, "一般"), (3, "不急")])}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_type"].label, self.fields["area"].label = "只查哪一类", "只查哪一片"
        self.fields["place_type"].empty_label = self.fields["area"].empty_label = "（不限）"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", f"结束日期 {last} 早于开始日期 {first}，请改正。")
        return data


class AreaForm(OfCampaign):
    outline = forms.CharField(
        label="边界",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="可选：GeoJSON 的 Polygon 或 MultiPolygon，经度在前（WGS-84）。没有边界时用方格示意。",
    )

    class Meta:
        model = Area
        fields = ["code", "name", "kind", "parent", "unit", "order"]
        help_texts = {"order": "数字小的排在前。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tops = Area.objects.filter(campaign=self.campaign, parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = tops
        self.fields["parent"].label = "属于哪一片"
        self.fields["parent"].empty_label = "（不属于别的片区）"
        if self.instance.shape:
            self.initial["outline"] = json.dumps(self.instance.shape, ensure_ascii=False)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if Area.objects.filter(campaign=self.campaign, code=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"编号“{code}”已经有片区用了，请换一个。")
        return code

    def clean_outline(self) -> dict[str, Any] | None:
        text = self.cleaned_data["outline"].strip()
        if not text:
            return None
        try:
            shape = json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError("边界不是 GeoJSON，读不出来。请整段粘贴，或清空。") from None
        if isinstance(shape, dict) and shape.get("type") == "Feature":
            shape = shape.get("geometry")
        reason = check_shape(shape)
        if reason:
            raise ValidationError(reason)
        return {"type": shape["type"], "coordinates": shape["coordinates"]}

    def clean_parent(self) -> Area | None:
        parent = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and self.instance.children.exists():
            raise ValidationError(f"“{self.instance.name}”下面还有网格，不能再放进别的片区。")
        return parent


class StewardshipForm(OfCampaign):
    valid_from = day_field("自")

    class Meta:
        model = Stewardship
        fields = ["kind", "community", "unit", "person", "valid_from"]
        labels = {"community": "包抓的社区", "unit": "包抓单位", "person": "领导或干部（姓名职务）"}
        help_texts = {"community": "不选就是包抓整个片区。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Unit.Kind.STREET, Unit.Kind.COMMUNITY]
        self.fields["community"].queryset = Unit.objects.filter(
            campaign=self.campaign, is_active=True, kind__in=kinds
        ).in_order()
        self.fields["community"].empty_label = "（整个片区）"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("unit") and not data.get("person"):
            self.add_error("person", "请选包抓单位，或填写领导、干部的姓名职务。")
        return data
