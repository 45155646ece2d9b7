"""What residents show by an open page: nobody's name, nobody's address. Looked at by the office before it is a finding."""

from django.db import models

from campaign.models import Attachment, CampaignRow, User
from inspections.models.findings import Finding
from inspections.models.places import Place


class SnapLink(CampaignRow):
    """随手拍: one public page behind a secret word, of a place or of the whole district. Closed until the office opens it."""

    unit_path = None

    token = models.CharField(max_length=32, db_index=True)
    name = models.CharField("贴在哪里", max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="点位")
    is_open = models.BooleanField("开放", default=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "token"], name="snap_token_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/snap/{self.token}"


class Sighting(CampaignRow):
    """One report of a resident. Holds no person, no address, no position; the photo has lost its metadata."""

    unit_path = None

    class State(models.TextChoices):
        WAITING = "waiting", "待审"
        TAKEN = "taken", "已采用"
        DECLINED = "declined", "未采用"

    link = models.ForeignKey(SnapLink, models.PROTECT, related_name="sightings")
    tile = models.CharField("问题类别", max_length=16, blank=True)
    text = models.CharField("说明", max_length=200, blank=True)
    where = models.CharField("在哪里", max_length=120, blank=True)
    photo = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    sent_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("理由", max_length=120, blank=True)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="sightings")

    class Meta:
        ordering = ["sent_at", "id"]
        indexes = [models.Index(fields=["campaign", "state", "sent_at"], name="sighting_by_state")]

    def __str__(self) -> str:
        return self.text or self.tile or "随手拍"
