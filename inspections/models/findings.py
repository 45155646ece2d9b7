"""Findings. Nothing here is ever deleted (F19)."""

import datetime as dt

from django.db import models
from django.db.models import Q

from campaign.access import Actor, Right, ScopedQuerySet
from campaign.models import Area, CampaignRow, Unit, User
from inspections.models.days import LocalDay
from inspections.models.places import ChecklistItem, Place, PlaceType, Severity
from inspections.models.rounds import Round
from inspections.models.visits import Visit


class ProblemList(CampaignRow):
    """An outside list with a fixed count (企业反映的18个问题, 35项失分): all of it must close (F10, F14)."""

    unit_path = ""
    name = models.CharField("名称", max_length=80)
    source = models.CharField("来源", max_length=80, blank=True)
    stated_count = models.PositiveIntegerField("共几项")
    received_on = models.DateField("收到")
    due_on = models.DateField("办结时限", null=True, blank=True)

    class Meta:
        ordering = ["-received_on", "name"]


class FindingQuerySet(ScopedQuerySet):
    def open(self) -> "FindingQuerySet":
        return self.filter(stage__in=Finding.OPEN_STAGES)

    def counted(self) -> "FindingQuerySet":
        """What every rate is taken over: not revoked, not joined into another, not a place told to look at itself."""
        return self.exclude(stage=Finding.Stage.REVOKED).exclude(source=Finding.Source.SWEEP).filter(joined_into=None)

    def overdue(self, *, now: dt.datetime) -> "FindingQuerySet":
        """超期: with the unit, and past its limit to the minute."""
        return self.filter(stage=Finding.Stage.FIXING, due_at__lt=now)

    def to_recheck(self) -> "FindingQuerySet":
        """Answered, and waiting for another person to look."""
        return self.filter(stage=Finding.Stage.RECHECK)

    def to_order(self, *, today: dt.date) -> "FindingQuerySet":
        """What belongs on an order: not yet issued, not put off to a later day."""
        pending = self.filter(stage=Finding.Stage.PENDING, joined_into=None)
        return pending.filter(Q(not_before_on=None) | Q(not_before_on__lte=today))

    def to_look_at_again(self, *, today: dt.date) -> "FindingQuerySet":
        """Closed, and the day has come to see whether it stayed so (F13, F16)."""
        return self.filter(stage=Finding.Stage.CLOSED, rechecked_on=None, recheck_on__lte=today)

    def to_escalate(self, *, rounds: int) -> "FindingQuerySet":
        """Sent back so often that the office should propose more than another round (F18)."""
        return self.open().filter(returns__gte=rounds, escalated_at=None, joined_into=None)

    def issued(self) -> "FindingQuerySet":
        return self.exclude(issued_at=None)


class Finding(CampaignRow):
    """问题: what was wrong, where, and who has to mend it.

    Once issued it has its rectification task; `stage`, `due_at`, `closed_at` and `returns` then follow the task's one
    milestone and are written by `inspections.standing.refresh` only.
    """

    is_for_inspectors = True

    class Source(models.TextChoices):
        PATROL = "patrol", "巡查"
        THIRD_PARTY = "third_party", "第三方"
        ASSESSOR = "assessor", "测评组"
        HOTLINE = "hotline", "12345"
        GRID = "grid", "网格"
        MEDIA = "media", "媒体"
        LETTER = "letter", "信访"
        PUBLIC = "public", "随手拍"
        LIST = "list", "问题清单"
        SWEEP = "sweep", "举一反三"

    class Stage(models.TextChoices):
        PENDING = "pending", "待签发"
        FIXING = "fixing", "整改中"
        RECHECK = "recheck", "待复查"
        CLOSED = "closed", "已销号"
        REVOKED = "revoked", "已撤销"

    OPEN_STAGES = (Stage.PENDING, Stage.FIXING, Stage.RECHECK)

    code = models.CharField("编号", max_length=16, help_text="0142: unique in the campaign, said aloud and printed")
    source = models.CharField("来源", max_length=12, choices=Source.choices, default=Source.PATROL)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="findings")
    place_type = models.ForeignKey(PlaceType, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="责任单位"
    )
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="findings")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="findings")
    problem_list = models.ForeignKey(ProblemList, models.PROTECT, null=True, blank=True, related_name="findings")
    client_id = models.CharField(max_length=64, blank=True)
    tile = models.CharField("问题类别", max_length=16)
    text = models.CharField("问题", max_length=400)
    where = models.CharField("具体位置", max_length=120, blank=True)
    severity = models.CharField("轻重", max_length=8, choices=Severity.choices, default=Severity.MINOR)
    found_at = models.DateTimeField("发现")
    found_on = LocalDay(of="found_at", null=True, editable=False, help_text="found_at's day; what rates count by")
    found_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    is_on_spot = models.BooleanField("立行立改", default=False, help_text="mended while the inspector stood there (F6)")
    mended_by = models.CharField("谁改的", max_length=60, blank=True, help_text="who mended it on the spot")
    is_hidden = models.BooleanField("未公开", default=True, help_text="units do not see it until it is issued")
    is_difficult = models.BooleanField("重点难点", default=False, help_text="goes on the weekly meeting's list (F4)")
    cause = models.CharField("成因", max_length=200, blank=True)
    measure = models.CharField("治本措施", max_length=200, blank=True, help_text="what keeps it from coming back (F7)")
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined")
    relapse_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="relapses")
    is_relapse = models.BooleanField("反弹", default=False)
    revoked_reason = models.CharField("撤销理由", max_length=200, blank=True)
    task = models.OneToOneField("tasks.Task", models.PROTECT, null=True, blank=True, related_name="finding")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PENDING, editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    late_hours = models.PositiveIntegerField(default=0, editable=False)
    returns = models.PositiveSmallIntegerField(default=0, editable=False)
    recheck_on = models.DateField(null=True, blank=True, help_text="when a closed one is looked at again (F13, F16)")
    rechecked_on = models.DateField(null=True, blank=True)
    not_before_on = models.DateField("最早签发", null=True, blank=True, help_text="the office put it off to this day")
    sweep_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sweep")
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalation = models.CharField("提级处理", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="finding_code_once"),
            models.UniqueConstraint(
                fields=["campaign", "client_id"], condition=~Q(client_id=""), name="finding_sent_once"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "stage", "found_at"], name="finding_by_stage"),
            models.Index(fields=["campaign", "found_at"], name="finding_by_day"),
            models.Index(fields=["campaign", "is_relapse", "found_on"], name="finding_relapsed"),
            # everything the rates and the board's picture read, so that they never touch the rows
            models.Index(
                fields=[
                    "campaign",
                    "found_on",
                    "stage",
                    "unit",
                    "source",
                    "joined_into",
                    "is_relapse",
                    "due_at",
                    "place_type",
                    "area",
                    "place",
                    "id",
                ],
                name="finding_by_rates",
            ),
            models.Index(fields=["campaign", "unit", "stage", "found_at"], name="finding_by_unit"),
            models.Index(fields=["campaign", "place", "item", "found_at"], name="finding_of_place"),
            models.Index(fields=["campaign", "area", "stage"], name="finding_by_area"),
            models.Index(fields=["campaign", "closed_at"], name="finding_by_closing"),
            models.Index(fields=["campaign", "recheck_on"], name="finding_by_recheck"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def get_absolute_url(self) -> str:
        return f"/orders/{self.code}"

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        """Readers of the campaign see all; a unit what was issued to it; whoever found it, and its round, see it.

        An inspector of the campaign's own also sees what was issued to others: a re-check is another person's.
        """
        if actor.can(Right.READ_ALL):
            return Q()
        own = Q(found_by=actor.user) | Q(visit__in=Visit.objects.visible_to(actor).values("pk"))
        if actor.is_outsider:
            return own
        if actor.can(Right.INSPECT):
            return own | Q(is_hidden=False)
        asked = Signature.objects.filter(campaign=actor.campaign, unit__in=actor.unit_ids)
        return own | Q(is_hidden=False) & (Q(unit__in=actor.unit_ids) | Q(pk__in=asked.values("finding")))


class Signature(CampaignRow):
    """会签: one office's name under a joint review (F23). The finding closes when everybody asked has signed.

    A name holds for the answer it was given on: after a return the office signs anew, and the earlier row stays.
    """

    unit_path = "unit"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="signatures")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="会签单位")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField("意见", max_length=200, blank=True)
    returns = models.PositiveSmallIntegerField(default=0, help_text="how often the finding had been sent back by then")

    class Meta:
        ordering = ["asked_at", "returns", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "finding", "unit", "returns"], name="signature_once")
        ]
