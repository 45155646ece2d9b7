"""The append-only history: who did what to which object, from what to what, and why."""

from django.db import models

from campaign.models.base import CampaignRow


class LogEntry(CampaignRow):
    """One deed. `by` None means the system. `digest` chains the entries once the nightly run has sealed them."""

    verb = models.CharField(max_length=40)
    object_type = models.CharField(max_length=30)
    object_id = models.UUIDField()
    object_label = models.CharField(max_length=200, blank=True)
    task_id = models.UUIDField(null=True)
    by = models.ForeignKey("campaign.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    sequence = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["campaign", "task_id", "at"], name="log_of_task"),
            models.Index(fields=["campaign", "object_id", "at"], name="log_of_object"),
            models.Index(fields=["campaign", "sequence"], name="log_chain"),
        ]
