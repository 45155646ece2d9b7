"""Numbered, frozen documents and the briefing they begin as."""

from django.db import models
from django.db.models import Q

from campaign.access import Actor, Right
from campaign.models import Attachment, CampaignRow, Unit, User


class Document(CampaignRow):
    """A numbered, frozen paper: its facts, its PDF and its DOCX. Never changed; a correction is a new one."""

    class Kind(models.TextChoices):
        BRIEFING = "briefing", "简报"
        CIRCULAR = "circular", "督查通报"
        EXPOSURE = "exposure", "曝光清单"
        SUMMARY = "summary", "年度总结"

    unit_path = ""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("期号")
    title = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    fonts = models.JSONField(default=dict)
    pdf = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    docx = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind", "year", "number"], name="document_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}年第{self.number}期"


class Briefing(CampaignRow):
    """A paper that writes itself from the ledger, then an issued document. Hidden from units until issued.

    `period` is what it tells of: 2019-W38 of the weekly briefing, 2019 of the yearly summary.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        FINAL = "final", "已定稿"
        ISSUED = "issued", "已发"

    kind = models.CharField(
        max_length=12, choices=[("briefing", "简报"), ("summary", "年度总结")], default=Document.Kind.BRIEFING
    )
    period = models.CharField("哪一期", max_length=8)
    first_day = models.DateField()
    last_day = models.DateField()
    round = models.PositiveSmallIntegerField("更正次数", default=0)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    correction_note = models.CharField("更正说明", max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    title = models.CharField("标题", max_length=80)
    facts = models.JSONField(default=dict)
    facts_at = models.DateTimeField(null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="briefing")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_day", "-round"]
        constraints = [models.UniqueConstraint(fields=["campaign", "period", "round"], name="briefing_once_a_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.get_kind_display()}"

    @property
    def slug(self) -> str:
        """2019-38; its second correction 2019-38-2. Of the year 2019-year."""
        year, _, number = self.period.partition("-W")
        return f"{year}-{number or 'year'}" + (f"-{self.round}" if self.round else "")

    def get_absolute_url(self) -> str:
        return f"/briefs/{self.slug}"

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        return Q() if actor.can(Right.ISSUE) else Q(state=cls.State.ISSUED)


class Section(CampaignRow):
    """One part of a briefing; `body` None means the text written from the facts is used as it is."""

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=20)
    title = models.CharField("标题", max_length=60)
    body = models.TextField("正文", null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_included = models.BooleanField("采用", default=True)

    class Meta:
        ordering = ["order"]


class Distribution(CampaignRow):
    """Who a kind of document is mailed to."""

    class Line(models.TextChoices):
        REPORT = "report", "报"
        SEND = "send", "送"
        ISSUE = "issue", "发"

    name = models.CharField("单位或姓名", max_length=60)
    address = models.EmailField("邮箱")
    line = models.CharField("行文方向", max_length=8, choices=Line.choices, default=Line.ISSUE)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField("在用", default=True)

    def __str__(self) -> str:
        return f"{self.name} {self.address}"

    class Meta:
        ordering = ["line", "order", "name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "address"], name="distribution_once")]


class Practice(CampaignRow):
    """A good practice a unit sends in for the briefing."""

    class State(models.TextChoices):
        SENT = "sent", "待选用"
        USED = "used", "已选用"
        KEPT = "kept", "留存"

    unit_path = "unit"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=60)
    body = models.TextField("做法")
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENT)
    briefing = models.ForeignKey(Briefing, models.SET_NULL, null=True, related_name="practices")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title

    class Meta:
        ordering = ["-at"]


class Circular(CampaignRow):
    """督查通报 of a span, or a naming list (曝光清单) that a leader approves before it goes out (F9, J8, M4)."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审批"
        APPROVED = "approved", "已批准"
        ISSUED = "issued", "已发"

    kind = models.CharField(max_length=12, choices=[("circular", "督查通报"), ("exposure", "曝光清单")])
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField("标题", max_length=80)
    first_day = models.DateField()
    last_day = models.DateField()
    codes = models.JSONField("点名的问题", default=list, help_text="codes of the findings an exposure names")
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="circular")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["campaign", "state", "created_at"], name="circular_by_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/circulars/{self.pk}"

    @property
    def needs_approval(self) -> bool:
        return self.kind == Document.Kind.EXPOSURE

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        may_know = actor.can(Right.ISSUE) or actor.can(Right.INSTRUCT)
        return Q() if may_know else Q(state=cls.State.ISSUED)
