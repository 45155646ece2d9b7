"""Places, their types, and what is looked at in each type."""

from django.db import models
from django.db.models import Q

from campaign.access import Actor, ScopedQuerySet
from campaign.models import Area, CampaignRow, Unit, User


class PlaceType(CampaignRow):
    """点位类型 (背街小巷, 农贸市场 …) with what every place of it must have."""

    is_for_inspectors = True

    unit_path = ""
    code = models.CharField("编号", max_length=12)
    name = models.CharField("名称", max_length=40)
    group = models.CharField("大类", max_length=20, blank=True)
    order = models.PositiveIntegerField("排序", default=1000)
    is_without_place = models.BooleanField("无固定点位", default=False, help_text="call and see: 消费者投诉电话 …")
    revisit_days = models.PositiveSmallIntegerField("多少天内应再查", default=30)
    draw_size = models.PositiveSmallIntegerField("测评时抽几处", default=0, help_text="for the draw risk; 0 unknown")
    elements = models.JSONField(
        "必备要素", default=list, blank=True, help_text='[{"name": 公益广告, "norm": 每200米≥1处}]'
    )
    staffing = models.JSONField("值守配置", default=list, blank=True, help_text='[{"post": 交警, "count": 1}]')
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="place_type_once")]

    def __str__(self) -> str:
        return self.name


class Checklist(CampaignRow):
    """One version of what is checked in a type of place. A version in use is never changed: the next one replaces it."""

    is_for_inspectors = True

    unit_path = ""
    place_type = models.ForeignKey(PlaceType, models.PROTECT, related_name="checklists")
    version = models.PositiveSmallIntegerField("版本", default=1)
    source = models.CharField("依据", max_length=120, blank=True, help_text="the manual and its year")
    valid_from = models.DateField("启用")
    is_current = models.BooleanField("现行", default=True)

    class Meta:
        ordering = ["place_type", "-version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "place_type", "version"], name="checklist_once")]


class Severity(models.TextChoices):
    """How bad a failed item is; the campaign says how long each may take to mend."""

    MINOR = "minor", "一般"
    MAJOR = "major", "较重"
    URGENT = "urgent", "紧急"
    INSTANT = "instant", "立即"


class ChecklistItem(CampaignRow):
    """检查项: what, how, by which norm, worth how many points, in the manual's own words."""

    is_for_inspectors = True

    unit_path = ""
    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    code = models.CharField("编号", max_length=12)
    order = models.PositiveSmallIntegerField("排序", default=0)
    text = models.CharField("检查内容", max_length=200)
    how = models.CharField("怎么查", max_length=300, blank=True)
    norm = models.CharField("标准", max_length=200, blank=True)
    manual = models.TextField("手册原文", blank=True)
    tile = models.CharField(
        "问题类别", max_length=16, default="其他", help_text="the tile an inspector taps: 环境脏乱 …"
    )
    points = models.DecimalField("分值", max_digits=6, decimal_places=2, default=1)
    severity = models.CharField("轻重", max_length=8, choices=Severity.choices, default=Severity.MINOR)
    is_bottom_line = models.BooleanField("底线项", default=False, help_text="any fail is an alarm (E29)")

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "checklist", "code"], name="check_item_once")]

    def __str__(self) -> str:
        return self.text


class PlaceQuerySet(ScopedQuerySet):
    def active(self) -> "PlaceQuerySet":
        return self.filter(is_active=True)

    def without_owner(self) -> "PlaceQuerySet":
        """Places nobody answers for (D13)."""
        return self.active().filter(owner=None)

    def in_order(self) -> "PlaceQuerySet":
        return self.order_by("code")


class Place(CampaignRow):
    """点位: somewhere an assessor may walk in.

    The columns below `search_text` are a summary of visits and findings, kept by `inspections.standing.refresh_places`.
    """

    is_for_inspectors = True

    unit_path = ""

    class Grade(models.TextChoices):
        A = "A", "A类"
        B = "B", "B类"
        C = "C", "C类"

    code = models.CharField("编号", max_length=16, help_text="S0123: printed under the QR code")
    name = models.CharField("名称", max_length=80)
    place_type = models.ForeignKey(PlaceType, models.PROTECT, related_name="places", verbose_name="类型")
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="places", verbose_name="片区")
    street = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="属地街道")
    owner = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="owned_places", verbose_name="责任单位"
    )
    steward_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="包抓单位"
    )
    steward = models.CharField("包抓领导", max_length=60, blank=True)
    lane_chief = models.CharField("街巷长", max_length=60, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True, help_text="WGS-84")
    longitude = models.FloatField("经度", null=True, blank=True, help_text="WGS-84")
    grade = models.CharField("等级", max_length=1, choices=Grade.choices, blank=True)
    elements = models.JSONField("要素配置", default=dict, blank=True, help_text="{name: true|false}, as last seen")
    note = models.CharField("备注", max_length=200, blank=True)
    is_key = models.BooleanField("重点点位", default=False)
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.CharField(max_length=400, blank=True, editable=False)

    last_visit_at = models.DateTimeField(null=True, editable=False)
    last_failed_at = models.DateTimeField(null=True, editable=False)
    visit_count = models.PositiveIntegerField(default=0, editable=False)
    finding_count = models.PositiveIntegerField(default=0, editable=False)
    open_count = models.PositiveIntegerField(default=0, editable=False, help_text="findings not yet closed")
    relapse_count = models.PositiveIntegerField(default=0, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="place_code_once")]
        indexes = [
            models.Index(fields=["campaign", "place_type", "code"], name="place_by_type"),
            models.Index(fields=["campaign", "area", "code"], name="place_by_area"),
            models.Index(fields=["campaign", "street", "code"], name="place_by_street"),
            models.Index(fields=["campaign", "owner", "code"], name="place_by_owner"),
            models.Index(fields=["campaign", "last_visit_at", "code"], name="place_by_visit"),
            models.Index(fields=["campaign", "open_count", "code"], name="place_by_open"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/sites/{self.code}"

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        """Members of the campaign see every place, a third party those of its rounds (G1)."""
        from inspections.models.rounds import RoundPlace  # rounds are lists of places

        if not actor.is_outsider:
            return Q()
        return Q(pk__in=RoundPlace.objects.visible_to(actor).values("place"))


class Register(CampaignRow):
    """底数台账: a typed list (堵点乱点, 工地, 公厕 …), of which the total is known or still being counted (B13, B14)."""

    unit_path = ""
    name = models.CharField("名称", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记单位")
    task = models.ForeignKey("tasks.Task", models.SET_NULL, null=True, blank=True, related_name="registers")
    columns = models.JSONField("栏目", default=list)
    stated_total = models.PositiveIntegerField("应有总数", null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="register_once")]


class RegisterEntry(CampaignRow):
    unit_path = ""
    register = models.ForeignKey(Register, models.CASCADE, related_name="entries")
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="register_entries")
    order = models.PositiveIntegerField(default=0)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["order", "id"]


class RegisterVersion(CampaignRow):
    """What a register held before it was filled anew: whole, as it stood. Append-only."""

    unit_path = ""
    register = models.ForeignKey(Register, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    columns = models.JSONField(default=list)
    entries = models.JSONField(default=list, help_text="in their order: the place's id, if any, and the values")
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "register", "number"], name="register_version_once")]


class RosterDuty(CampaignRow):
    """Who stands at a place on a day: 1 police and 4 volunteers at a crossing (E28). A plan, never a check-in."""

    unit_path = ""
    place = models.ForeignKey(Place, models.CASCADE, related_name="duties")
    on = models.DateField("日期")
    shift = models.CharField("时段", max_length=20)
    post = models.CharField("岗位", max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.CharField("姓名", max_length=40, blank=True)
    form_key = models.CharField(max_length=64, blank=True, editable=False, help_text="of the form that put it there")

    class Meta:
        ordering = ["on", "shift", "post", "id"]
        indexes = [models.Index(fields=["campaign", "on", "place"], name="roster_by_day")]

    def __str__(self) -> str:
        return f"{self.on:%m-%d} {self.shift} {self.place} {self.post}"
