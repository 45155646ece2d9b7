"""The outbox: a mail is a row born with its cause, delivered later, its fate visible."""

from django.db import models

from campaign.models.base import CampaignRow


class OutgoingMail(CampaignRow):
    """One mail to one address."""

    class State(models.TextChoices):
        QUEUED = "queued", "待发"
        SENDING = "sending", "发送中"
        SENT = "sent", "已送出"
        FAILED = "failed", "未送达"
        UNKNOWN = "unknown", "结果不明"
        CANCELLED = "cancelled", "已放弃"

    key = models.CharField(max_length=200, help_text="what, about whom, for which occasion: the second copy fails")
    kind = models.CharField(max_length=20, default="notice")
    to_name = models.CharField(max_length=60, blank=True)
    to_address = models.CharField(max_length=254)
    to_user = models.ForeignKey("campaign.User", models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120)
    about_id = models.UUIDField(null=True, help_text="the document or notice batch this mail carries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    last_error = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="mail_key_once")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="mail_due"),
            models.Index(fields=["campaign", "about_id"], name="mail_about"),
            models.Index(fields=["campaign", "created_at"], name="mail_by_day"),
        ]


class MailPart(CampaignRow):
    """A file that goes with a mail."""

    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="parts")
    attachment = models.ForeignKey("campaign.Attachment", models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
