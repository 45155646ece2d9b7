"""Stored files: the same content is stored once in a campaign."""

from django.db import models
from django.utils import timezone

from campaign.models.base import CampaignRow


class Attachment(CampaignRow):
    """The bytes of one file, keyed by their hash. What shows it (evidence, a document) decides who may fetch it."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    file = models.CharField(max_length=200)
    preview = models.CharField(max_length=200, blank=True)
    thumb = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("campaign.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "sha256"], name="attachment_stored_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
