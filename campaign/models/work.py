"""Work that takes over a second: a row the page follows, and rows for periodic runs."""

from django.db import models
from django.db.models import Q

from campaign.access import Actor, Right
from campaign.models.base import CampaignRow


class Job(CampaignRow):
    """Progress of one long piece of work: steps, counts, result or reason."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "未完成"
        CANCELLED = "cancelled", "已取消"

    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    arguments = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=400, blank=True)
    created_by = models.ForeignKey("campaign.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        """Whoever began it follows it; readers of the whole campaign see every job."""
        return Q() if actor.can(Right.READ_ALL) else Q(created_by=actor.user)


class PeriodicRun(CampaignRow):
    """One turn of a periodic duty of the product (nightly sweep, Thursday's draft): done once for its period."""

    name = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "name", "period"], name="run_once_a_period")]


class RequestCount(models.Model):
    """How often somebody asked the API within one window; the row of the last window is dropped by the next."""

    key = models.CharField(max_length=120)
    window = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="request_count_once")]
