"""Visits: what an inspector saw at a place, item by item, with photos. Append-only."""

from django.db import models
from django.db.models import Q

from campaign.access import Actor, Right, ScopedQuerySet
from campaign.models import Attachment, CampaignRow, User
from inspections.models.places import Checklist, ChecklistItem, Place
from inspections.models.rounds import Round, RoundMember


def seen_with_round(actor: Actor, prefix: str = "") -> Q:
    """Rows about a visit: the whole campaign's for its readers, else one's own and those of the rounds one is in."""
    if actor.can(Right.READ_ALL):
        return Q()
    mine = RoundMember.objects.filter(campaign=actor.campaign, user=actor.user).values("round")
    return Q(**{f"{prefix}by": actor.user}) | Q(**{f"{prefix}round__in": mine})


class VisitQuerySet(ScopedQuerySet):
    def standing(self) -> "VisitQuerySet":
        """What counts as having been there: not taken back by its maker."""
        return self.filter(withdrawn_at=None)


class Visit(CampaignRow):
    """One look at one place. `client_id` is made on the phone: the same visit arriving twice is one visit."""

    is_for_inspectors = True

    client_id = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of what was sent: another body is no repetition")
    photo_keys = models.JSONField(
        default=dict, blank=True, help_text="client ids of the photos the sender holds, by finding's client id"
    )
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="visits")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="visits")
    checklist = models.ForeignKey(Checklist, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("到场", help_text="the phone's time, never later than received_at")
    received_at = models.DateTimeField()
    is_fine = models.BooleanField("合格", default=False)
    note = models.CharField("说明", max_length=400, blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text="where it was filed, once; no track is kept")
    longitude = models.FloatField(null=True, blank=True)
    accuracy = models.PositiveIntegerField(null=True, blank=True, help_text="metres")
    passed_count = models.PositiveSmallIntegerField(default=0)
    failed_count = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField("撤销", null=True, blank=True, help_text="a 合格 tapped by mistake; it stays")

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "client_id"], name="visit_once")]
        indexes = [
            models.Index(fields=["campaign", "place", "at"], name="visit_of_place"),
            models.Index(fields=["campaign", "by", "at"], name="visit_by_person"),
            models.Index(fields=["campaign", "round", "at"], name="visit_of_round"),
            models.Index(fields=["campaign", "at"], name="visit_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.place or "无固定点位")

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        return seen_with_round(actor)


class Answer(CampaignRow):
    """One item of the checklist at one visit. A million a year: no text beside what is needed."""

    is_for_inspectors = True

    class Verdict(models.TextChoices):
        PASS = "pass", "合格"
        FAIL = "fail", "不合格"
        SKIP = "skip", "不适用"

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "visit", "item"], name="answer_once")]
        indexes = [models.Index(fields=["campaign", "place", "item", "at"], name="answer_of_place")]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        return Q() if actor.can(Right.READ_ALL) else Q(visit__in=Visit.objects.visible_to(actor).values("pk"))


class Photo(CampaignRow):
    """A photo of a visit or of a repair. The original is kept; the shown copy carries the server's stamp and no EXIF."""

    is_for_inspectors = True

    class Moment(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"
        CONTEXT = "context", "现场"

    client_id = models.CharField(max_length=64)
    visit_key = models.CharField(max_length=64, blank=True, help_text="client id of the visit it waits for")
    finding_key = models.CharField(max_length=64, blank=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="photos")
    finding = models.ForeignKey("inspections.Finding", models.PROTECT, null=True, blank=True, related_name="photos")
    moment = models.CharField(max_length=8, choices=Moment.choices, default=Moment.BEFORE)
    is_chosen = models.BooleanField(
        "印在单上", default=False, help_text="of several, the office chose it for the paper"
    )
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    stamped = models.CharField(max_length=200, blank=True, help_text="storage key of the shown copy")
    sha256 = models.CharField(max_length=64, help_text="of the bytes as received: the phone compares its own")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "client_id"], name="photo_once")]
        indexes = [
            models.Index(fields=["campaign", "finding", "moment"], name="photo_of_finding"),
            models.Index(fields=["campaign", "visit_key"], name="photo_of_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}照片"

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        from inspections.models.findings import Finding  # a photo is seen with its finding, which itself names photos

        if actor.can(Right.READ_ALL):
            return Q()
        own = Q(by=actor.user) | Q(visit__in=Visit.objects.visible_to(actor).values("pk"))
        return own | Q(finding__in=Finding.objects.visible_to(actor).values("pk"))
