"""Orders that put findings right, and the campaign's rules for them."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from campaign.access import Actor, Right, ScopedQuerySet
from campaign.models import Attachment, CampaignRow, Unit, User
from inspections.models.findings import Finding


class Counter(CampaignRow):
    """The last number given of a series. Numbers are taken under the row's lock, so a rolled-back deed leaves no gap."""

    name = models.CharField(max_length=40)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="counter_once")]


class OrderPolicy(CampaignRow):
    """How long each kind of finding may take, when it is looked at again, and what the paper says."""

    unit_path = ""

    instant_hours = models.PositiveSmallIntegerField(
        "立即（小时）", default=4, validators=[MinValueValidator(1), MaxValueValidator(72)]
    )
    urgent_days = models.PositiveSmallIntegerField(
        "紧急（天）", default=1, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    major_days = models.PositiveSmallIntegerField(
        "较重（天）", default=3, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    minor_days = models.PositiveSmallIntegerField(
        "一般（天）", default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    is_in_working_days = models.BooleanField("天数按工作日算", default=True)
    day_ends_at = models.TimeField("当天几点截止", default=dt.time(18))
    drafts_at = models.TimeField("每天几点汇成督察单", default=dt.time(17))
    relapse_days = models.PositiveSmallIntegerField(
        "销号后多少天内再现算反弹", default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    look_again_urgent_days = models.PositiveSmallIntegerField(
        "紧急的销号后几天回头看", default=7, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    look_again_major_days = models.PositiveSmallIntegerField(
        "较重的销号后几天回头看", default=14, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    look_again_minor_days = models.PositiveSmallIntegerField(
        "一般的销号后几天回头看", default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    rounds_to_escalate = models.PositiveSmallIntegerField(
        "退回几次提请问责", default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    is_finder_barred = models.BooleanField("谁发现的不由谁复查", default=False)
    decline_hours = models.PositiveSmallIntegerField(
        "签收后几小时内可退单", default=4, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    contact = models.CharField("联系人和电话", max_length=120, blank=True)
    copies_to = models.CharField("抄送", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign"], name="order_policy_once")]

    @classmethod
    def of(cls, campaign_id: object) -> "OrderPolicy":
        """The campaign's own, or the default, which is not yet saved."""
        return cls.objects.filter(campaign_id=campaign_id).first() or cls(campaign_id=campaign_id)


class OrderQuerySet(ScopedQuerySet):
    def drafts(self) -> "OrderQuerySet":
        return self.filter(state=Order.State.DRAFT)

    def issued(self) -> "OrderQuerySet":
        return self.filter(state=Order.State.ISSUED)

    def unsigned(self) -> "OrderQuerySet":
        """Issued, and nobody of the unit has signed for it."""
        return self.issued().filter(received_at=None)


class Order(CampaignRow):
    """督察单: one unit's findings of a day, numbered, frozen as PDF, with the unit's receipt."""

    class Kind(models.TextChoices):
        DAILY = "daily", "督察单"
        SWEEP = "sweep", "举一反三"
        JOINT = "joint", "联合督查"

    class State(models.TextChoices):
        DRAFT = "draft", "待签发"
        ISSUED = "issued", "已签发"

    number = models.PositiveIntegerField("编号", null=True, blank=True, help_text="given when issued, no gaps")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.DAILY)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="orders")
    batch = models.PositiveIntegerField("批次", default=0)
    on = models.DateField("日期")
    title = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict, help_text="what the paper says, frozen on issue")
    paper = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField("签收", null=True, blank=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-number", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "year", "number"], name="order_number_once"),
            models.UniqueConstraint(
                fields=["campaign", "unit", "kind"], condition=Q(state="draft"), name="order_draft_once"
            ),
        ]
        indexes = [models.Index(fields=["campaign", "unit", "on"], name="order_by_unit")]

    def __str__(self) -> str:
        return f"督察单 {self.year}-{self.number}" if self.number else "待签发的督察单"

    def get_absolute_url(self) -> str:
        return f"/orders/papers/{self.year}-{self.number}" if self.number else "/orders/drafts"

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        if actor.can(Right.READ_ALL):
            return Q()
        return Q(pk__in=[]) if actor.is_outsider else Q(state="issued", unit__in=actor.unit_ids)


class OrderLine(CampaignRow):
    """A finding on an order, in the order it is printed."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "order", "finding"], name="order_line_once")]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        return Q() if actor.can(Right.READ_ALL) else Q(order__in=Order.objects.visible_to(actor).values("pk"))
