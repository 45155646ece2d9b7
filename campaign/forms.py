"""Forms of the ground's pages. What they accept is listed field by field; nothing else can be changed through them."""

import re
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from campaign.access import Role
from campaign.models import ApiToken, CalendarEvent, Campaign, Membership, Program, Project, Unit, User

PHONE = re.compile(r"[0-9+() -]{5,20}")
LOGIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")


def one_line(text: str) -> str:
    """Without line breaks and control characters: a name goes into mail heads, file names and logs."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


class Plain(forms.BaseForm):
    """Single-line fields hold a single line."""

    def _clean_fields(self) -> None:
        super()._clean_fields()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.Textarea):
                self.cleaned_data[name] = one_line(value)


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": f"“{label}”不是日期，请写成 2019-09-30 这样。",
            "required": f"请填写“{label}”。",
        },
        **options,
    )


class PhoneField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "电话", "required": False, "max_length": 20} | options)

    def clean(self, value: Any) -> str:
        phone = one_line(super().clean(value))
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError("电话只写数字，可以带区号和短横线，例如 13812341234。")
        return phone


# --- one's own account ------------------------------------------------------------------------


class MeForm(Plain, forms.ModelForm):
    phone = PhoneField(help_text="催办和移交时同事靠它找到您；别的单位只看到前三后四位。")

    class Meta:
        model = User
        fields = ["phone", "email", "has_shortcuts"]
        labels = {"email": "邮箱"}
        help_texts = {
            "email": "提醒、催办和简报发到这里。",
            "has_shortcuts": "J、K、Enter、X 等单键操作，用读屏软件时可关掉。",
        }


class NewPasswordForm(Plain, forms.Form):
    """A first password, or a new one for somebody who forgot theirs."""

    password = forms.CharField(
        label="新密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label="再输一遍", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts()[:2])
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写“{field.label}”。"

    def _clean_fields(self) -> None:
        forms.Form._clean_fields(self)  # noqa: SLF001 - a password keeps every character typed

    def clean(self) -> dict[str, Any]:
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if first and second and first != second:
            self.add_error("again", "两遍不一样，请重新输入。")
        elif first:
            try:
                password_validation.validate_password(first, self.user)
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


class PasswordForm(NewPasswordForm):
    current = forms.CharField(
        label="现在的密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["current", "password", "again"]

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise ValidationError("现在的密码不对。")
        return self.cleaned_data["current"]


class TokenForm(Plain, forms.Form):
    name = forms.CharField(label="用途", max_length=60, help_text="给谁、给哪个系统用，例如：数据大屏。")
    scope = forms.ChoiceField(label="范围", choices=ApiToken.Scope.choices, initial=ApiToken.Scope.READ)
    days = forms.TypedChoiceField(
        label="有效期", coerce=int, choices=[(30, "30 天"), (90, "90 天"), (365, "一年")], initial=90
    )


# --- people and units -------------------------------------------------------------------------


class PersonForm(Plain, forms.Form):
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名。"})
    phone = PhoneField()
    email = forms.EmailField(
        label="邮箱",
        required=False,
        error_messages={"invalid": "邮箱写法不对，例如 wanglei@example.cn。"},
        help_text="有邮箱时，邀请链接同时发过去。",
    )


class PostFields(Plain, forms.Form):
    post = forms.ChoiceField(label="职务", choices=Membership.Post.choices, initial=Membership.Post.LIAISON)
    role = forms.ChoiceField(label="权限", choices=Role.choices, initial=Role.LIAISON)
    title = forms.CharField(label="称谓", required=False, max_length=30, help_text="例如指挥长、组长。")
    from_on = day_field("自哪天起")


class PostForm(PostFields):
    """A post in one of these units."""

    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Unit.objects.none(),
        error_messages={"required": "请选单位。", "invalid_choice": "请选名单里的单位。"},
    )
    field_order = ["unit", "post", "role", "title", "from_on"]

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class EndForm(Plain, forms.Form):
    last_day = day_field("任职到哪天（含）")
    reason = forms.CharField(label="原因", required=False, max_length=200)


class NewPersonForm(PersonForm, PostFields):
    username = forms.CharField(
        label="登录账号", required=False, max_length=40, help_text="字母和数字；不填就用姓名的拼音。"
    )
    field_order = ["name", "post", "role", "title", "phone", "email", "username", "from_on"]

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if username and not LOGIN_NAME.fullmatch(username):
            raise ValidationError("登录账号只用字母、数字、点和短横线，2 到 40 位。")
        if username and User.objects.filter(username__iexact=username).exists():
            raise ValidationError(f"登录账号“{username}”已经有人用了，请换一个，或不填。")
        return username


class HandoverForm(NewPersonForm):
    """The next holder of a post: somebody of the unit already known, or a new person."""

    known = forms.ModelChoiceField(
        label="交给", queryset=User.objects.none(), required=False, empty_label="一位新同事（在下面登记）"
    )
    field_order = ["from_on", "known", "name", "phone", "email", "username"]

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known"].queryset = candidates
        del self.fields["post"], self.fields["role"], self.fields["title"]
        self.fields["name"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("known") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "请选一位同事，或填写新同事的姓名。")
        return data


class UnitForm(Plain, forms.ModelForm):
    aliases = forms.CharField(
        label="别名",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="计划和表格里的其他叫法，一行一个；导入台账时按它们认单位。",
    )

    class Meta:
        model = Unit
        fields = ["name", "short_name", "kind", "parent", "order", "aliases", "is_active"]
        help_texts = {"order": "数字小的排在前，按行政次序。", "is_active": "停用后不再出现在选单里，历史保留。"}

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        parents = Unit.objects.filter(campaign=campaign, is_active=True).in_order()
        self.fields["parent"].queryset = parents.exclude(pk=self.instance.pk) if self.instance.pk else parents
        self.fields["parent"].empty_label = "（没有上级）"
        self.fields["name"].error_messages["required"] = "请填写单位名称。"
        self.initial["aliases"] = "\n".join(self.instance.aliases or [])

    def clean_aliases(self) -> list[str]:
        lines = self.cleaned_data["aliases"].splitlines()
        return [line for line in dict.fromkeys(one_line(line)[:60] for line in lines) if line][:40]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        same = Unit.objects.filter(campaign=self.campaign, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(f"已经有单位叫“{name}”。同名的请写全称区分。")
        return name


# --- settings ---------------------------------------------------------------------------------


class WordsForm(Plain, forms.ModelForm):
    """What this district calls things, and the numbers it goes by."""

    adopted_on = day_field("通过日期", required=False)

    class Meta:
        model = Campaign
        fields = [
            "name",
            "short_name",
            "district",
            "office_name",
            "office_full_name",
            "layer_name",
            "cycle",
            "year",
            "stated_programs",
            "stated_projects",
            "stated_tasks",
            "adopted_by",
            "adopted_on",
            "notice_days",
            "weekly_demand_limit",
            "is_month_before_read_as_end",
            "is_reward_laid_down",
            "reward_policy",
        ]
        widgets = {"reward_policy": forms.Textarea(attrs={"rows": 4})}


class SwitchForm(forms.ModelForm):
    """Only where the data are a demonstration: the day it pretends to be."""

    pinned_on = day_field("演示日期", required=False, help_text="把“今天”固定在这一天；清空就用真实日期。")

    class Meta:
        model = Campaign
        fields = ["pinned_on"]


class NewCampaignForm(Plain, forms.ModelForm):
    copies_units = forms.BooleanField(
        label="带上现在的单位和岗位", required=False, initial=True, help_text="单位、人员和职务照搬，任务和历史不带。"
    )

    class Meta:
        model = Campaign
        fields = ["code", "name", "short_name", "district", "office_name", "layer_name", "cycle", "year"]
        help_texts = {"code": "小写字母、数字和短横线，例如 dongcheng-2020；建好后不能改。"}

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].lower()
        if Campaign.objects.filter(code=code).exists():
            raise ValidationError(f"代码“{code}”已经用过，请换一个。")
        return code


class EventForm(Plain, forms.ModelForm):
    starts_on = day_field("开始")
    ends_on = day_field("结束", required=False)
    starts_at_time = forms.TimeField(
        label="时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    class Meta:
        model = CalendarEvent
        fields = ["kind", "name", "starts_on", "ends_on", "starts_at_time", "note"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", f"结束日期 {last} 早于开始日期 {first}，请改正。")
        return data


class ProgramForm(Plain, forms.ModelForm):
    class Meta:
        model = Program
        fields = ["name", "short_name", "lead_unit"]

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_unit"].queryset = Unit.objects.filter(campaign=campaign, is_active=True).in_order()
        self.fields["lead_unit"].empty_label = "（未定）"


class ProjectForm(Plain, forms.ModelForm):
    class Meta:
        model = Project
        fields = ["name"]
