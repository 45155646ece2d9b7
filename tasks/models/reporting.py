"""What units say about their tasks, what they prove it with, and what the office answers. Append-only."""

from django.db import models

from campaign.access import ScopedQuerySet
from campaign.models import Attachment, CampaignRow, Unit, User
from tasks.models.ledger import Milestone, TaskRow


class ClosingRequirementQuerySet(ScopedQuerySet):
    def wanted(self) -> "ClosingRequirementQuerySet":
        return self.filter(dropped_at=None)


class ClosingRequirement(TaskRow):
    """销号要件: what must lie before the office closes a task. One asked for no longer stays with what proved it."""

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="requirements")
    label = models.CharField("要件", max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    least_files = models.PositiveSmallIntegerField("至少几份", default=1)
    dropped_at = models.DateTimeField("不再要求", null=True)

    objects = ClosingRequirementQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        indexes = [models.Index(fields=["campaign", "task", "order"], name="requirement_of_task")]

    def __str__(self) -> str:
        return self.label


class ProgressReport(TaskRow):
    """One report of a unit: 进展情况, 存在问题, 推进措施, and the new quantity."""

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="reports")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    progress = models.TextField("进展情况", blank=True)
    problems = models.TextField("存在问题", blank=True)
    measures = models.TextField("推进措施", blank=True)
    quantity_before = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    quantity_after = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    is_submission = models.BooleanField("提请销号", default=False)
    token = models.CharField(max_length=64, help_text="made by the form: a second arrival of it is the same report")
    body_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "token"], name="report_token_once")]
        indexes = [
            models.Index(fields=["campaign", "task", "at"], name="report_of_task"),
            models.Index(fields=["campaign", "at"], name="report_by_day"),
        ]


class Evidence(TaskRow):
    """佐证: a stored file, what it shows, and the day it is about (not the day it was uploaded)."""

    class Kind(models.TextChoices):
        FILE = "file", "文件"
        PICTURE = "picture", "图片"
        DATA = "data", "数据"

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="evidence")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="evidence")
    report = models.ForeignKey(ProgressReport, models.PROTECT, null=True, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    requirement = models.ForeignKey(ClosingRequirement, models.PROTECT, null=True, blank=True, related_name="evidence")
    name = models.CharField("文件名", max_length=255)
    shows = models.CharField("说明什么", max_length=200, blank=True)
    about_on = models.DateField("所指日期", null=True, blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    search_text = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["campaign", "task", "at"], name="evidence_of_task"),
            models.Index(fields=["campaign", "attachment"], name="evidence_by_file"),
        ]

    def __str__(self) -> str:
        return self.shows or self.name


class Draft(CampaignRow):
    """What a person has typed for a milestone and not yet sent; theirs alone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "user", "milestone"], name="draft_once")]


class VerdictQuerySet(ScopedQuerySet):
    def standing(self) -> "VerdictQuerySet":
        """Those that hold: not taken back within the seconds in which nobody had been told."""
        return self.filter(taken_back_at=None)


class Verdict(TaskRow):
    """The office's answer to a submission. One taken back stays, marked: it counts for nothing and is still shown."""

    class Outcome(models.TextChoices):
        PASS = "pass", "通过"
        RETURN = "return", "退回"
        HOLD = "hold", "搁置"

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="verdicts")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="verdicts")
    report = models.ForeignKey(ProgressReport, models.PROTECT, null=True, related_name="verdicts")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.TextField("理由", blank=True)
    missing = models.JSONField(default=list)
    limit_on = models.DateField("补正时限", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField("撤回时间", null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["campaign", "task", "at"], name="verdict_of_task"),
            models.Index(fields=["campaign", "outcome", "at"], name="verdict_by_day"),
        ]


class Request(TaskRow):
    """A unit's request about its duty: more time (延期) or that it is not theirs (退单); the office rules on it."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", "申请延期"
        DECLINE = "decline", "退单"

    class State(models.TextChoices):
        OPEN = "open", "待定"
        GRANTED = "granted", "同意"
        REFUSED = "refused", "不同意"
        WITHDRAWN = "withdrawn", "已撤回"

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="requests")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField("理由")
    proposed_on = models.DateField("申请延至", null=True, blank=True)
    proposed_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="建议由谁承担"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    ruling = models.TextField("答复", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["campaign", "state", "kind", "at"], name="request_queue"),
            models.Index(fields=["campaign", "task", "at"], name="request_of_task"),
        ]


class DeadlineChange(TaskRow):
    """One change of one limit, with the basis it rests on."""

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="deadline_changes")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="deadline_changes")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    basis = models.CharField("依据", max_length=200)
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["campaign", "task", "at"], name="change_of_task")]


class Instruction(TaskRow):
    """批示: a leader's word on a task, shown to all its parties."""

    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="instructions")
    text = models.TextField("批示")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["campaign", "task", "at"], name="instruction_of_task")]
