"""Findings and their rates over the API: the same access, the same conditions, the same one definition as the board."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from campaign import clock
from campaign.api import MayRead, Rows, UnitRef, refusals
from campaign.problems import Problem, Refused
from inspections import board, kinds, rates
from inspections.kinds import Kind
from inspections.models import Finding
from inspections.rates import By, Span, day_named


class FindingShape(serializers.ModelSerializer):
    unit = UnitRef(read_only=True)
    place = serializers.SlugRelatedField(slug_field="code", read_only=True, help_text="点位编号")
    place_type = serializers.CharField(source="place_type.name", read_only=True, default="")
    area = serializers.CharField(source="area.name", read_only=True, default="")
    task = serializers.SlugRelatedField(slug_field="code", read_only=True, help_text="签发以后它在台账里的任务编号")
    relapse_of = serializers.SlugRelatedField(slug_field="code", read_only=True, help_text="反弹：最早那一次的编号")
    joined_into = serializers.SlugRelatedField(slug_field="code", read_only=True, help_text="并入的编号；并入的不计数")
    kind = serializers.SerializerMethodField(help_text="看板上的分组：todo review overdue relapse doing done")

    class Meta:
        model = Finding
        fields = [
            "id",
            "code",
            "source",
            "place",
            "place_type",
            "area",
            "unit",
            "tile",
            "text",
            "where",
            "severity",
            "stage",
            "kind",
            "found_at",
            "found_on",
            "issued_at",
            "due_at",
            "answered_at",
            "closed_at",
            "late_hours",
            "returns",
            "is_on_spot",
            "mended_by",
            "is_difficult",
            "cause",
            "measure",
            "is_relapse",
            "relapse_of",
            "joined_into",
            "task",
            "version",
        ]
        read_only_fields = fields

    def get_kind(self, finding: Finding) -> str:
        return str(kinds.kind_of(finding, now=self.context["now"]).value)


class FindingFilter(django_filters.FilterSet):
    stage = django_filters.MultipleChoiceFilter(choices=Finding.Stage.choices)
    kind = django_filters.ChoiceFilter(choices=Kind.choices, method="of_kind", label="看板上的分组")
    source = django_filters.MultipleChoiceFilter(choices=Finding.Source.choices)
    unit = django_filters.UUIDFilter(field_name="unit", label="责任单位 id")
    place = django_filters.CharFilter(field_name="place__code", label="点位编号")
    place_type = django_filters.UUIDFilter(field_name="place_type", label="点位类型 id")
    area = django_filters.UUIDFilter(field_name="area", label="片区 id")
    found_from = django_filters.DateFilter(field_name="found_on", lookup_expr="gte", label="发现日期自")
    found_to = django_filters.DateFilter(field_name="found_on", lookup_expr="lte", label="发现日期至")
    is_relapse = django_filters.BooleanFilter()
    is_counted = django_filters.BooleanFilter(method="counted", label="只要计数的：不含撤销、并入和举一反三的")

    class Meta:
        model = Finding
        fields = [
            "stage",
            "kind",
            "source",
            "unit",
            "place",
            "place_type",
            "area",
            "found_from",
            "found_to",
            "is_relapse",
            "is_counted",
        ]

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(kinds.of_kind(value, now=clock.now(self.request.actor.campaign)))

    def counted(self, rows: Any, name: str, value: Any) -> Any:
        return rows.counted() if value else rows


@extend_schema(tags=["findings"])
class FindingViews(Rows):
    """问题和整改：单位只看到已经签发给自己的。"""

    queryset = Finding.objects.select_related(
        "unit", "place", "place_type", "area", "task", "relapse_of", "joined_into"
    ).order_by("-found_on", "-code")
    serializer_class = FindingShape
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    filterset_class = FindingFilter

    def get_serializer_context(self) -> dict[str, Any]:
        campaign = None if getattr(self, "swagger_fake_view", False) else self.actor.campaign
        return super().get_serializer_context() | {"now": clock.now(campaign)}


class RateShape(serializers.Serializer):
    key = serializers.CharField(allow_blank=True, help_text="单位、类型、片区的 id，来源或月份；没有归属的为空")
    name = serializers.CharField()
    found = serializers.IntegerField(help_text="发现")
    closed = serializers.IntegerField(help_text="其中现在已销号的")
    held = serializers.IntegerField(help_text="其中销号后没有再反弹的")
    rate = serializers.DecimalField(5, 1, allow_null=True, help_text="整改率，百分数；没有发现时为空")
    held_rate = serializers.DecimalField(5, 1, allow_null=True, help_text="治理率，百分数")


class RatesShape(serializers.Serializer):
    first = serializers.DateField(source="span.first", help_text="发现日期自（含）")
    last = serializers.DateField(source="span.last", help_text="发现日期至（含）")
    by = serializers.ChoiceField(choices=By.choices)
    whole = RateShape()
    lines = RateShape(many=True)


def _day(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.DATE, description=words)


@extend_schema(tags=["findings"])
class RateViews(mixins.ListModelMixin, viewsets.GenericViewSet):
    """整改率和治理率，与看板、简报、导出同一个算法。"""

    permission_classes = [permissions.IsAuthenticated, MayRead]
    serializer_class = RatesShape
    queryset = Finding.objects.none()
    pagination_class = None
    filter_backends: list[type] = []

    @extend_schema(
        parameters=[
            OpenApiParameter("by", enum=By.values, description="按什么分；不写按单位"),
            _day("found_from", "发现日期自（含）；不写是本月第一天"),
            _day("found_to", "发现日期至（含）；不写是今天"),
        ],
        responses={200: RatesShape} | refusals(400, 401, 403, 429),
    )
    def list(self, request: Request) -> Response:
        """整改率＝已销号÷发现，治理率＝销号后没有再反弹的÷发现；撤销的和并入别处的不计。"""
        actor = request.actor
        by = request.query_params.get("by", By.UNIT)
        if by not in By.values:
            raise Refused(Problem("by", f"不能按“{by[:20]}”分。", where="by", mend=f"可用：{'、'.join(By.values)}。"))
        span = Span(
            _read_day(request, "found_from", actor.today.replace(day=1)), _read_day(request, "found_to", actor.today)
        )
        rows: QuerySet = board.seen(actor)
        lines = rates.lines(actor.campaign, rows, by, span)
        whole = sum((line.rate for line in lines), rates.Rate())
        found = {
            "span": span,
            "by": by,
            "whole": {"key": "", "name": "合计", **whole.as_dict()},
            "lines": [{"key": line.key, "name": line.name, **line.rate.as_dict()} for line in lines],
        }
        return Response(RatesShape(found).data)


def _read_day(request: Request, name: str, otherwise: dt.date) -> dt.date:
    text = request.query_params.get(name, "")
    if not text:
        return otherwise
    try:
        return day_named(text)
    except ValueError:
        problem = Problem("day", f"{name} 写的是“{text[:20]}”，不是日期。", where=name, mend="请写成 2019-09-01。")
        raise Refused(problem) from None
