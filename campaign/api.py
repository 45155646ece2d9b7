"""The API's ground: who may ask, how problems and pages look; campaigns and units."""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import mixins, permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.views import APIView

from campaign.access import Actor, Right, refusal
from campaign.models import Campaign, Unit


class ProblemShape(serializers.Serializer):
    """One thing that is wrong, where, and how to mend it."""

    code = serializers.CharField(help_text="稳定的代码，给程序看")
    message = serializers.CharField(help_text="给人看的一句话")
    level = serializers.ChoiceField(choices=["blocks", "warns"])
    where = serializers.CharField(help_text="哪个字段；与整体有关时为空", allow_blank=True)
    mend = serializers.CharField(help_text="怎么改", allow_blank=True)


class ProblemsShape(serializers.Serializer):
    problems = ProblemShape(many=True)


def refusals(*codes: int) -> dict[int, OpenApiResponse]:
    """The answers of an operation that is refused, for the schema."""
    words = {
        400: "请求写错了",
        401: "没有令牌，或令牌失效",
        403: "没有这项权限",
        404: "没有，或不在您的范围内",
        409: "别人先改了，或同一个 Idempotency-Key 换了内容",
        415: "请求体的类型不对",
        422: "不能这样做，problems 里有原因",
        429: "太频繁",
    }
    return {code: OpenApiResponse(ProblemsShape, description=words[code]) for code in codes}


class MayRead(permissions.BasePermission):
    """Whoever holds a post that reads; the reason is told to those who do not."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        actor = request.actor
        self.message = refusal(actor, Right.READ)
        return actor.can(Right.READ)


class Rows(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Read-only rows of the actor's campaign. A subclass names its model's `queryset` and its shape."""

    permission_classes = [permissions.IsAuthenticated, MayRead]

    def get_queryset(self) -> QuerySet:
        """The one filter of access, before any other."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return super().get_queryset().visible_to(self.actor)

    @property
    def actor(self) -> Actor:
        return self.request.actor


class CampaignShape(serializers.ModelSerializer):
    today = serializers.SerializerMethodField(help_text="这个创建活动的“今天”；演示活动固定在某一天")

    class Meta:
        model = Campaign
        fields = [
            "code",
            "name",
            "short_name",
            "district",
            "office_name",
            "layer_name",
            "year",
            "cycle",
            "notice_days",
            "stated_programs",
            "stated_projects",
            "stated_tasks",
            "adopted_by",
            "adopted_on",
            "is_demo",
            "today",
        ]
        read_only_fields = fields

    def get_today(self, campaign: Campaign) -> str:
        return str(self.context["request"].actor.today)


@extend_schema(tags=["campaigns"])
class CampaignViews(Rows):
    """The campaign the token (or the session) is for."""

    queryset = Campaign.objects.all()
    serializer_class = CampaignShape
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    filter_backends: list[type] = []

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return Campaign.objects.filter(pk=self.actor.campaign.pk).order_by("code")


class UnitRef(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ["id", "name", "short_name"]
        read_only_fields = fields


class UnitShape(serializers.ModelSerializer):
    parent = UnitRef(allow_null=True, read_only=True)
    aliases = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Unit
        fields = ["id", "name", "short_name", "kind", "parent", "aliases", "order", "is_active"]
        read_only_fields = fields


class UnitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label="名称、别名或拼音首字母")
    kind = django_filters.ChoiceFilter(choices=Unit.Kind.choices)
    is_active = django_filters.BooleanFilter()

    class Meta:
        model = Unit
        fields = ["q", "kind", "is_active"]

    def find(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value)


@extend_schema(tags=["units"])
class UnitViews(Rows):
    queryset = Unit.objects.select_related("parent").order_by("order", "name", "id")
    serializer_class = UnitShape
    filterset_class = UnitFilter


def tell_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Every operation says that it may be refused, and how a refusal looks (a hook of drf-spectacular)."""
    shape = {"application/json": {"schema": {"$ref": "#/components/schemas/Problems"}}}
    for path, operations in result["paths"].items():
        for operation in operations.values():
            codes = {"400": "请求写错了", "401": "没有令牌，或令牌失效", "403": "没有这项权限", "429": "太频繁"}
            if "{" in path:
                codes["404"] = "没有，或不在您的范围内"
            for code, words in codes.items():
                operation["responses"].setdefault(code, {"description": words, "content": shape})
    return result


class SchemaView(SpectacularAPIView):
    """The description of the API (OpenAPI 3). Whoever has a login may read it."""

    permission_classes = [permissions.IsAuthenticated]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The viewer: Swagger UI from the sidecar package, started by a script of our own, because none may be inline."""
    return render(request, "campaign/api_docs.html", {"title": settings.SPECTACULAR_SETTINGS["TITLE"]})
