"""Tasks, milestones, reports, evidence. Each action finds its row by the access getter and calls one deed."""

import hashlib
import re
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import F, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.filters import OrderingFilter
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaign import access, clock, throttling
from campaign.access import Actor, Right
from campaign.api import Rows, refusals
from campaign.attachments import Upload
from campaign.models import Unit
from campaign.problems import Problem, Refused
from tasks import closing, deadlines
from tasks.api import shapes
from tasks.evidence import NewFile
from tasks.filters import LedgerFilter
from tasks.models import Evidence, Milestone, ProgressReport, Task
from tasks.progress import Entry, report_progress, reportable

KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="8 到 64 个字母、数字、短横线，由调用方生成；同一个键再发一次，得到第一次的结果，不会写两遍。",
)
TOKEN = re.compile(r"[A-Za-z0-9_.:-]{8,64}")
ROWS = Milestone.objects.select_related("task__campaign", "unit", "submitted_by")


@extend_schema(tags=["tasks"])
class TaskViews(Rows):
    """The same filters as the ledger page: `f.lamp=overdue`, `f.unit=区交通支队`, `q=jtzd` …"""

    queryset = Task.objects.select_related("program", "project", "main_unit").order_by("code")
    serializer_class = shapes.TaskShape
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    filterset_class = LedgerFilter
    filter_backends = [*Rows.filter_backends, OrderingFilter]
    ordering_fields = ["code", "due_on", "title", "updated_at", "progress_share"]

    def get_serializer_class(self) -> Any:
        return shapes.TaskDetailShape if self.action == "retrieve" else shapes.TaskShape

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """A task asked for by its code is found whatever its kind; lists are of the plan unless `f.kind` says else."""
        return queryset if self.action == "retrieve" else super().filter_queryset(queryset)

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if self.action == "retrieve":
            return rows.prefetch_related("assignments__unit", "targets", "milestones__unit", "milestones__task")
        return rows


class MilestoneFilter(django_filters.FilterSet):
    task = django_filters.CharFilter(field_name="task__code", label="任务编号")
    unit = django_filters.UUIDFilter(field_name="unit", label="单位 id")
    state = django_filters.MultipleChoiceFilter(choices=Milestone.State.choices)
    kind = django_filters.MultipleChoiceFilter(choices=Task.Kind.choices, label="任务的类型")
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label="时限自")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label="时限至")
    is_assumed = django_filters.BooleanFilter()

    class Meta:
        model = Milestone
        fields = ["task", "unit", "state", "kind", "due_from", "due_to", "is_assumed"]


@extend_schema(tags=["milestones"])
class MilestoneViews(Rows):
    queryset = ROWS.order_by(F("due_on").asc(nulls_last=True), "id")
    serializer_class = shapes.MilestoneShape
    filterset_class = MilestoneFilter

    @extend_schema(
        request=shapes.VerdictBody,
        responses={201: shapes.VerdictShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def verdicts(self, request: Request, pk: str) -> Response:
        """核验：pass 通过并销号，return 退回（要写理由），hold 搁置。"""
        milestone = access.get(self.actor, ROWS.all(), Right.VERIFY, pk=_id(pk))
        if milestone.task.kind == Task.Kind.RECTIFICATION:
            raise Refused(Problem("rectification", "整改由另一个人复查，不在这里核验。", mend="请用 rechecks。"))
        body = _read(shapes.VerdictBody, request)
        verdict = closing.decide(milestone, **body, by=request.user, now=clock.now(self.actor.campaign))
        return Response(shapes.VerdictShape(verdict).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=shapes.DeadlineBody,
        responses={200: shapes.MilestoneShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def deadline(self, request: Request, pk: str) -> Response:
        """改时限，必须写依据；原来的时限留着。"""
        milestone = access.get(self.actor, ROWS.all(), Right.MANAGE_LEDGER, pk=_id(pk))
        body = _read(shapes.DeadlineBody, request)
        deadlines.change_deadline(milestone, **body, by=request.user, now=clock.now(self.actor.campaign))
        milestone.refresh_from_db()
        return Response(self.get_serializer(milestone).data)


class ReportFilter(django_filters.FilterSet):
    task = django_filters.CharFilter(field_name="task__code", label="任务编号")
    milestone = django_filters.UUIDFilter(field_name="milestone", label="节点 id")
    unit = django_filters.UUIDFilter(field_name="unit", label="单位 id")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte", label="此时以后")
    is_submission = django_filters.BooleanFilter()

    class Meta:
        model = ProgressReport
        fields = ["task", "milestone", "unit", "since", "is_submission"]


class Creating(Rows):
    """Rows that are added by a report; the caller's key makes a second arrival the same report."""

    throttle_scope = "report"

    def get_throttles(self) -> list[Any]:
        return [*super().get_throttles(), *([throttling.Scoped()] if self.request.method == "POST" else [])]

    def take(self, request: Request, milestone_id: UUID, **entry: Any) -> tuple[ProgressReport, bool]:
        """The report, and whether it is new."""
        milestone = access.get(self.actor, ROWS.all(), Right.REPORT, pk=milestone_id)
        mine = Milestone.objects.filter(reportable(self.actor, milestone.task), pk=milestone.pk)
        if not mine.exists():
            raise access.PermissionDenied("这个节点不归您的单位填报。")
        token = _token(request)
        is_known = ProgressReport.objects.filter(campaign=milestone.campaign_id, token=token).exists()
        version = entry.pop("version", milestone.version)
        report = report_progress(
            milestone,
            Entry(token=token, version=version, **entry),
            by=request.user,
            unit=_answering(self.actor, milestone),
            now=clock.now(self.actor.campaign),
        )
        return report, not is_known


def _token(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not TOKEN.fullmatch(key):
        raise Refused(
            Problem(
                "key",
                "请求头 Idempotency-Key 没有写，或者写法不对。",
                where="Idempotency-Key",
                mend="请写 8 到 64 个字母、数字或短横线，每份填报换一个。",
            )
        )
    return f"api:{key}" if len(key) <= 60 else key


def _answering(actor: Actor, milestone: Milestone) -> Unit:
    """The unit the report is of: the one that owes it where the actor belongs to it, else the actor's own."""
    if milestone.unit is not None and (milestone.unit_id in actor.unit_ids or actor.can(Right.READ_ALL)):
        return milestone.unit
    return actor.memberships[0].unit


@extend_schema(tags=["reports"])
class ReportViews(Creating):
    queryset = (
        ProgressReport.objects.select_related("task", "unit", "by").prefetch_related("evidence").order_by("-at", "-id")
    )
    serializer_class = shapes.ReportShape
    filterset_class = ReportFilter

    @extend_schema(
        parameters=[KEY],
        request=shapes.ReportBody,
        responses={201: shapes.ReportShape, 200: shapes.ReportShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    def create(self, request: Request) -> Response:
        """填报进展；is_submission 为真时同时提请销号。"""
        body = _read(shapes.ReportBody, request)
        report, is_new = self.take(request, body.pop("milestone"), **body)
        return Response(self.get_serializer(report).data, status=201 if is_new else 200)


class EvidenceFilter(django_filters.FilterSet):
    task = django_filters.CharFilter(field_name="task__code", label="任务编号")
    milestone = django_filters.UUIDFilter(field_name="milestone", label="节点 id")
    kind = django_filters.ChoiceFilter(choices=Evidence.Kind.choices)

    class Meta:
        model = Evidence
        fields = ["task", "milestone", "kind"]


@extend_schema(tags=["evidence"])
class EvidenceViews(Creating):
    queryset = Evidence.objects.select_related("task", "attachment").order_by("-at", "-id")
    serializer_class = shapes.EvidenceShape
    filterset_class = EvidenceFilter
    parser_classes = [MultiPartParser]

    @extend_schema(
        parameters=[KEY],
        request={"multipart/form-data": shapes.EvidenceBody},
        responses={201: shapes.EvidenceShape, 200: shapes.EvidenceShape}
        | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    def create(self, request: Request) -> Response:
        """上传一个佐证文件，作为一次填报记入历史。"""
        body = _read(shapes.EvidenceBody, request)
        file = NewFile(
            upload=Upload.read(body["file"], body["file"].name),
            shows=body.get("shows", ""),
            about_on=body.get("about_on"),
            document_number=body.get("document_number", ""),
            requirement_id=body.get("requirement"),
        )
        report, is_new = self.take(request, body["milestone"], files=[file])
        found = Evidence.objects.filter(milestone=report.milestone_id, attachment__sha256=_hash(file)).first()
        return Response(self.get_serializer(found).data, status=201 if is_new else 200)


def _hash(file: NewFile) -> str:
    return hashlib.sha256(file.upload.content).hexdigest()


def _read(shape: type, request: Request) -> dict[str, Any]:
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise access.Http404("没有这个节点。") from None
