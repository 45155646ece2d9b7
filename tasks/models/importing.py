"""A workbook brought in: kept with its reading, its choices and what became of it."""

from django.db import models

from campaign.models import Attachment, CampaignRow, User


class ImportBatch(CampaignRow):
    """One reading of one file. Committed whole (or its chosen rows) or not at all; the same file adds nothing twice."""

    class State(models.TextChoices):
        READ = "read", "待确认"
        COMMITTED = "committed", "已导入"
        UNDONE = "undone", "已撤销"

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READ)
    reading = models.JSONField(default=dict, help_text="rows with their problems, as read")
    choices = models.JSONField(default=dict, help_text="what the office chose row by row")
    row_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["campaign", "sha256", "state"], name="batch_by_file")]

    def __str__(self) -> str:
        return self.file_name


class ImportHabit(CampaignRow):
    """A word of this campaign's plans and what it means: a column's header, a limit nobody else would understand."""

    class Kind(models.TextChoices):
        COLUMN = "column", "列名"
        LIMIT = "limit", "时限"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=120)
    meaning = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "kind", "words"], name="habit_by_words")]

    def __str__(self) -> str:
        return f"{self.words} → {self.meaning}"
