"""Documents the office reads: what was taken in, the rows drafted from them, and the commit of what was accepted."""

from typing import Any
from uuid import UUID

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaign import access, clock
from campaign.access import Right
from campaign.api import Rows, refusals
from campaign.models import Project
from campaign.problems import Problem, Refused
from tasks.api.shapes import Bounded
from tasks.models import SourceDocument, SourceDraft
from tasks.reading import committing, taking


class DraftShape(serializers.ModelSerializer):
    label = serializers.CharField(help_text="第几项；拆开的写成 26-2")
    task = serializers.CharField(source="task.code", default=None, help_text="写入后是哪一项；写入前是台账里相同的一项")
    row = serializers.JSONField(help_text="读出的内容：任务、单位、时限、数量、疑问，和导入表格的行相同")

    class Meta:
        model = SourceDraft
        fields = ["id", "label", "state", "weight", "has_doubt", "start", "end", "task", "row"]
        read_only_fields = fields


class DocumentShape(serializers.ModelSerializer):
    class Meta:
        model = SourceDocument
        fields = ["id", "kind", "title", "number", "issued_on", "state", "created_at", "committed_at"]
        read_only_fields = fields


class DocumentBody(Bounded):
    kind = serializers.ChoiceField(choices=SourceDocument.Kind.choices)
    text = serializers.CharField(max_length=taking.TEXT_LIMIT, help_text="正文；同一份正文再发一次，得到原来那一份")
    title = serializers.CharField(required=False, allow_blank=True, max_length=160, default="")
    number = serializers.CharField(required=False, allow_blank=True, max_length=60, default="", help_text="文号")
    issued_on = serializers.DateField(required=False, allow_null=True, default=None)
    project = serializers.CharField(
        required=False, allow_blank=True, max_length=24, default="", help_text="没写在哪个工程下的归到这个项目（编号）"
    )


class CommittedShape(serializers.Serializer):
    created = serializers.IntegerField(help_text="新增的任务")
    tied = serializers.IntegerField(help_text="接到台账已有任务上的")
    units = serializers.ListField(child=serializers.CharField(), help_text="新建的单位")
    milestones = serializers.IntegerField(help_text="新增的节点")


class DocumentFilter(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=SourceDocument.Kind.choices)
    state = django_filters.MultipleChoiceFilter(choices=SourceDocument.State.choices)

    class Meta:
        model = SourceDocument
        fields = ["kind", "state"]


@extend_schema(tags=["documents"])
class DocumentViews(Rows):
    """讲话、纪要、通知、问题清单，和从里面读出的任务草稿。"""

    queryset = SourceDocument.objects.defer("text").order_by("-created_at", "-id")
    serializer_class = DocumentShape
    filterset_class = DocumentFilter

    @extend_schema(
        request=DocumentBody, responses={201: DocumentShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429)
    )
    def create(self, request: Request) -> Response:
        """收进一份正文并读出草稿，台账不动。很长的由后台读，state 变成 read 才有草稿。"""
        access.require(self.actor, Right.MANAGE_LEDGER)
        body = DocumentBody(data=request.data)
        body.is_valid(raise_exception=True)
        said = dict(body.validated_data)
        said["project"] = self._project(said["project"])
        now = clock.now(self.actor.campaign)
        found = taking.take_document(self.actor.campaign, taking.Arrival(**said), by=request.user, now=now)
        if found.created_at == now:
            taking.read_later(found, by=request.user, now=now)
        return Response(DocumentShape(found).data, status=status.HTTP_201_CREATED)

    def _project(self, code: str) -> Project | None:
        if not code:
            return None
        project = Project.objects.visible_to(self.actor).select_related("program").filter(code=code).first()
        if project is None:
            raise Refused(Problem("no_project", f"没有编号“{code}”的项目。", where="project"))
        return project

    @extend_schema(responses={200: DraftShape(many=True)} | refusals(400, 401, 403, 404, 429))
    @action(detail=True, methods=["get"], filterset_class=None)
    def drafts(self, request: Request, pk: str) -> Response:
        """读出的各项，按原文的先后。"""
        document = self._document(pk, Right.READ_ALL)
        rows = self.paginate_queryset(document.drafts.select_related("task").order_by("number", "part"))
        return self.get_paginated_response(DraftShape(rows, many=True).data)

    @extend_schema(request=None, responses={200: CommittedShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429))
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def commit(self, request: Request, pk: str) -> Response:
        """把已采用的项写入台账，要么全写，要么不写；台账已有的接到原任务上。"""
        document = self._document(pk, Right.MANAGE_LEDGER)
        done = committing.commit(document, by=request.user, now=clock.now(self.actor.campaign))
        return Response(CommittedShape(done).data)

    def _document(self, pk: str, right: Right) -> SourceDocument:
        try:
            key = UUID(pk)
        except ValueError:
            raise access.Http404("没有这份文件。") from None
        found: Any = access.get(self.actor, SourceDocument.objects.all(), right, pk=key)
        return found
