"""How rows look in the API, and what a request may say. Every field is named; nothing else is read or written."""

from typing import Any

from rest_framework import serializers

from campaign.api import UnitRef
from tasks import lamps
from tasks.lamps import Lamp
from tasks.models import Assignment, Evidence, Milestone, ProgressReport, Target, Task, Verdict


class LampField(serializers.ChoiceField):
    """todo doing soon overdue review done waived, by the one definition; sits on whatever has a limit and a state."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Lamp.choices, source="*", read_only=True, **options)

    def to_representation(self, row: Any) -> str:
        actor = self.context["request"].actor
        return str(lamps.lamp_of(row, today=actor.today, notice_days=actor.campaign.notice_days))


class TaskShape(serializers.ModelSerializer):
    program = serializers.SlugRelatedField(slug_field="code", read_only=True)
    project = serializers.SlugRelatedField(slug_field="code", read_only=True)
    main_unit = UnitRef(read_only=True)
    lamp = LampField()

    class Meta:
        model = Task
        fields = [
            "id",
            "code",
            "title",
            "kind",
            "program",
            "project",
            "description",
            "main_unit",
            "deadline_text",
            "deadline_kind",
            "freq",
            "freq_count",
            "day_of_month",
            "strength",
            "is_standing",
            "is_key_item",
            "open_ended_units",
            "state",
            "lamp",
            "due_on",
            "is_due_assumed",
            "closed_on",
            "recheck_on",
            "open_count",
            "submitted_count",
            "done_count",
            "milestone_count",
            "quantity_done",
            "quantity_goal",
            "quantity_unit",
            "evidence_count",
            "last_report_at",
            "version",
            "updated_at",
        ]
        read_only_fields = fields


class AssignmentShape(serializers.ModelSerializer):
    unit = UnitRef(read_only=True)

    class Meta:
        model = Assignment
        fields = ["role", "unit", "group_text"]
        read_only_fields = fields


class TargetShape(serializers.ModelSerializer):
    class Meta:
        model = Target
        fields = ["what", "op", "value", "unit_of_measure", "value_done", "numerator", "denominator", "measured_on"]
        read_only_fields = fields


class MilestoneShape(serializers.ModelSerializer):
    task = serializers.SlugRelatedField(slug_field="code", read_only=True)
    unit = UnitRef(read_only=True)
    lamp = LampField()

    class Meta:
        model = Milestone
        fields = [
            "id",
            "task",
            "kind",
            "unit",
            "label",
            "period_on",
            "due_on",
            "first_due_on",
            "is_assumed",
            "basis",
            "quantity",
            "quantity_done",
            "quantity_approved",
            "state",
            "lamp",
            "is_recheck",
            "is_returned",
            "is_held",
            "returns",
            "submitted_at",
            "closed_on",
            "late_days",
            "last_report_at",
            "version",
        ]
        read_only_fields = fields


class TaskDetailShape(TaskShape):
    assignments = AssignmentShape(many=True, read_only=True)
    targets = TargetShape(many=True, read_only=True)
    milestones = MilestoneShape(many=True, read_only=True)

    class Meta(TaskShape.Meta):
        fields = [*TaskShape.Meta.fields, "standard", "remark", "assignments", "targets", "milestones"]
        read_only_fields = fields


class EvidenceShape(serializers.ModelSerializer):
    task = serializers.SlugRelatedField(slug_field="code", read_only=True)
    size = serializers.IntegerField(source="attachment.size", read_only=True)
    content_type = serializers.CharField(source="attachment.content_type", read_only=True)
    sha256 = serializers.CharField(source="attachment.sha256", read_only=True)

    class Meta:
        model = Evidence
        fields = [
            "id",
            "task",
            "milestone",
            "report",
            "name",
            "kind",
            "shows",
            "about_on",
            "document_number",
            "requirement",
            "size",
            "content_type",
            "sha256",
            "at",
        ]
        read_only_fields = fields


class ReportShape(serializers.ModelSerializer):
    task = serializers.SlugRelatedField(slug_field="code", read_only=True)
    unit = UnitRef(read_only=True)
    by = serializers.CharField(source="by.name", read_only=True, help_text="填报人姓名")
    evidence = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = ProgressReport
        fields = [
            "id",
            "task",
            "milestone",
            "unit",
            "by",
            "at",
            "progress",
            "problems",
            "measures",
            "quantity_before",
            "quantity_after",
            "numerator",
            "denominator",
            "is_submission",
            "evidence",
        ]
        read_only_fields = fields


class VerdictShape(serializers.ModelSerializer):
    class Meta:
        model = Verdict
        fields = ["id", "milestone", "outcome", "reason", "missing", "limit_on", "at"]
        read_only_fields = fields


# --- what a request may say -------------------------------------------------------------------


class Bounded(serializers.Serializer):
    """A field nobody knows is a mistake told, not a wish ignored."""

    def to_internal_value(self, data: Any) -> Any:
        strange = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if strange:
            raise serializers.ValidationError({name: [f"没有“{name}”这个字段。"] for name in strange})
        return super().to_internal_value(data)


def number(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, required=False, allow_null=True, **options)


class ReportBody(Bounded):
    milestone = serializers.UUIDField(help_text="节点的 id")
    version = serializers.IntegerField(
        min_value=1, max_value=2_000_000_000, required=False, help_text="读到节点时的 version；不写就不比对别人是否改过"
    )
    progress = serializers.CharField(required=False, allow_blank=True, max_length=4000, help_text="进展情况")
    problems = serializers.CharField(required=False, allow_blank=True, max_length=4000, help_text="存在问题")
    measures = serializers.CharField(required=False, allow_blank=True, max_length=4000, help_text="推进措施")
    quantity = number(min_value=0, help_text="完成量的累计数，不是增加数")
    numerator = number(min_value=0)
    denominator = number(min_value=0)
    is_submission = serializers.BooleanField(required=False, default=False, help_text="提请销号")


class EvidenceBody(serializers.Serializer):
    milestone = serializers.UUIDField(help_text="节点的 id")
    file = serializers.FileField(help_text="一个文件；种类和大小与页面相同")
    shows = serializers.CharField(required=False, allow_blank=True, max_length=200, help_text="说明什么")
    about_on = serializers.DateField(required=False, allow_null=True, help_text="所指日期，不是上传日期")
    document_number = serializers.CharField(required=False, allow_blank=True, max_length=60, help_text="文号")
    requirement = serializers.UUIDField(required=False, allow_null=True, help_text="销号要件的 id")


class VerdictBody(Bounded):
    outcome = serializers.ChoiceField(choices=Verdict.Outcome.choices)
    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000, help_text="读到节点时的 version")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    limit_on = serializers.DateField(required=False, allow_null=True, default=None)
    missing = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=40
    )


class DeadlineBody(Bounded):
    to_on = serializers.DateField(help_text="新的时限")
    basis = serializers.CharField(max_length=200, help_text="依据：文件、会议或批示")
