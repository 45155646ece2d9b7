"""Rounds: who looks at which places when, and how the places were drawn."""

from django.db import models
from django.db.models import Q

from campaign.access import Actor, Right
from campaign.models import Area, CampaignRow, Unit, User
from inspections.models.places import Place, PlaceType


class Round(CampaignRow):
    """轮次: a planned piece of inspection.

    A hidden round (暗访) is unknown to units until its findings are issued; a third party sees only its own rounds.
    """

    is_for_inspectors = True

    class Kind(models.TextChoices):
        PATROL = "patrol", "日常巡查"
        THEMED = "themed", "专项督查"
        UNANNOUNCED = "unannounced", "暗访"
        SWEEP = "sweep", "拉网排查"
        MOCK = "mock", "模拟测评"
        THIRD_PARTY = "third_party", "第三方测评"
        OFFICIAL = "official", "正式测评"
        JOINT = "joint", "联合督查"

    class State(models.TextChoices):
        PLANNED = "planned", "待开展"
        RUNNING = "running", "进行中"
        FINISHED = "finished", "已结束"

    code = models.CharField("编号", max_length=16)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("方式", max_length=12, choices=Kind.choices, default=Kind.PATROL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    is_hidden = models.BooleanField("对单位保密", default=False)
    priority = models.PositiveSmallIntegerField("轻重缓急", default=2, help_text="1 first, 3 last")
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承担单位")
    theme = models.CharField("主题", max_length=120, blank=True)
    place_type = models.ForeignKey(PlaceType, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    seed = models.CharField("抽签种子", max_length=64, blank=True, help_text="with draw_rule redraws the same places")
    draw_rule = models.JSONField(default=dict, blank=True, help_text="what was drawn from what; a frozen copy")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on", "priority", "code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="round_code_once")]
        indexes = [models.Index(fields=["campaign", "state", "starts_on"], name="round_by_day")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        """Readers of the whole campaign see every round, its members their own, units those not hidden."""
        if actor.can(Right.READ_ALL):
            return Q()
        own = Q(pk__in=RoundMember.objects.filter(campaign=actor.campaign, user=actor.user).values("round"))
        if actor.is_outsider:
            return own | Q(unit__in=actor.own_unit_ids)
        return own | Q(is_hidden=False)


class RoundMember(CampaignRow):
    unit_path = ""
    round = models.ForeignKey(Round, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.CharField("组", max_length=20, blank=True)

    class Meta:
        ordering = ["team", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "round", "user"], name="round_member_once")]


class RoundPlace(CampaignRow):
    """A place on a round's list, in walking or drawing order."""

    is_for_inspectors = True

    unit_path = None
    round = models.ForeignKey(Round, models.CASCADE, related_name="round_places")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=0)
    team = models.CharField("组", max_length=20, blank=True)
    is_drawn = models.BooleanField(default=False)
    visited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "round", "place"], name="round_place_once")]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        if actor.can(Right.READ_ALL):
            return Q()
        return Q(round__in=Round.objects.visible_to(actor).values("pk"))
