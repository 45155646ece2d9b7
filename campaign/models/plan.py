"""The campaign itself and the upper layers of its plan."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from campaign.access import ScopedQuerySet
from campaign.identifiers import uuid7
from campaign.models.base import CampaignRow


class Campaign(models.Model):
    """One campaign of one district for one year: all the words and numbers that differ between districts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("创建名称", max_length=60, default="全国文明城区创建")
    short_name = models.CharField("简称", max_length=12, default="创城")
    district = models.CharField("地区", max_length=40)
    office_name = models.CharField("办公室名称", max_length=40, default="区创城办")
    office_full_name = models.CharField("办公室全称", max_length=80, blank=True)
    layer_name = models.CharField("顶层名称", max_length=12, default="工程")
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    cycle = models.CharField("创建周期", max_length=40, blank=True)
    time_zone = models.CharField("时区", max_length=40, default="Asia/Shanghai")
    stated_programs = models.PositiveIntegerField("计划所称顶层数", null=True, blank=True)
    stated_projects = models.PositiveIntegerField("计划所称项目数", null=True, blank=True)
    stated_tasks = models.PositiveIntegerField("计划所称任务数", null=True, blank=True)
    adopted_by = models.CharField("审议通过", max_length=80, blank=True)
    adopted_on = models.DateField("通过日期", null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField("临期天数", default=7, validators=[MaxValueValidator(60)])
    weekly_demand_limit = models.PositiveSmallIntegerField("每单位每周催办上限", default=5)
    is_month_before_read_as_end = models.BooleanField("“11月前”读作11月底", default=False)
    is_reward_laid_down = models.BooleanField("按“六定”检查任务（含定奖惩）", default=True)
    reward_policy = models.TextField("奖惩办法", blank=True)
    pinned_on = models.DateField("演示日期", null=True, blank=True, help_text="只用于演示：把“今天”固定在这一天。")
    is_demo = models.BooleanField("演示数据", default=False)
    is_active = models.BooleanField("在用", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.district}{self.name}（{self.year} 年度）"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def completeness_name(self) -> str:
        """What the check of a task is called here: 定目标、定人员、定时间、定进度、定标准, and perhaps 定奖惩."""
        return "六定" if self.is_reward_laid_down else "五定"

    @property
    def office_title(self) -> str:
        """望山区 + 区创城办 -> 望山区创城办: the office as strangers call it."""
        if self.office_full_name:
            return self.office_full_name
        is_said_twice = self.office_name[:1] == self.district[-1:]
        return self.district + self.office_name[is_said_twice:]

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, 12, 31)


class CalendarEvent(CampaignRow):
    """A dated event of the campaign: a phase, the assessment, a meeting. Limits "before the assessment" follow it."""

    unit_path = ""

    class Kind(models.TextChoices):
        PHASE = "phase", "阶段"
        ASSESSMENT = "assessment", "测评"
        MEETING = "meeting", "会议"
        OTHER = "other", "其他"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.OTHER)
    name = models.CharField("名称", max_length=60)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束", null=True, blank=True)
    starts_at_time = models.TimeField("时间", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on", "starts_at_time"]
        indexes = [models.Index(fields=["campaign", "starts_on"], name="event_by_day")]

    def __str__(self) -> str:
        return self.name


class LayerQuerySet(ScopedQuerySet):
    def in_order(self) -> "LayerQuerySet":
        return self.order_by("code")


class Program(CampaignRow):
    """提升工程: the top layer of the year plan (its name is the campaign's `layer_name`)."""

    unit_path = ""
    code = models.CharField("编号", max_length=12)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=20, blank=True)
    lead_unit = models.ForeignKey(
        "campaign.Unit", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="牵头领办单位"
    )

    objects = LayerQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="program_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Project(CampaignRow):
    """项目: the second layer."""

    unit_path = ""
    program = models.ForeignKey(Program, models.PROTECT, related_name="projects")
    code = models.CharField("编号", max_length=24)
    name = models.CharField("名称", max_length=120)

    objects = LayerQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="project_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
