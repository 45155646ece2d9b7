"""Places and rounds over the API: the same access and the same figures as the pages."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from campaign.api import Rows, UnitRef
from campaign.pinyin import normal
from inspections.coverage import knows_record, seen_places
from inspections.models import Place, Round
from inspections.round_results import Coverage, coverage_of


class PlaceShape(serializers.ModelSerializer):
    place_type = serializers.CharField(source="place_type.name", read_only=True)
    type_code = serializers.CharField(source="place_type.code", read_only=True)
    area = serializers.SlugRelatedField(slug_field="code", read_only=True, help_text="片区编号")
    street = UnitRef(read_only=True)
    owner = UnitRef(read_only=True)
    steward_unit = UnitRef(read_only=True)
    elements = serializers.DictField(child=serializers.BooleanField(), read_only=True, help_text="要素：在不在")
    open_count = serializers.IntegerField(source="open_now", read_only=True, help_text="您能看到的未销号问题数")
    last_visit_at = serializers.DateTimeField(
        source="visited_at", read_only=True, allow_null=True, help_text="各单位看不到，为空"
    )
    visit_count = serializers.SerializerMethodField(help_text="各单位看不到，为空")

    class Meta:
        model = Place
        fields = [
            "id",
            "code",
            "name",
            "place_type",
            "type_code",
            "area",
            "street",
            "owner",
            "steward_unit",
            "steward",
            "lane_chief",
            "address",
            "latitude",
            "longitude",
            "grade",
            "elements",
            "is_key",
            "open_count",
            "last_visit_at",
            "visit_count",
            "version",
        ]
        read_only_fields = fields

    def get_visit_count(self, place: Place) -> int | None:
        return place.visit_count if self.context["knows"] else None


class PlaceFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label="名称、编号或拼音首字母")
    type = django_filters.CharFilter(field_name="place_type__code", label="类型编号")
    area = django_filters.CharFilter(field_name="area__code", label="片区编号")
    street = django_filters.UUIDFilter(field_name="street", label="街道 id")
    owner = django_filters.UUIDFilter(field_name="owner", label="责任单位 id")
    grade = django_filters.ChoiceFilter(choices=Place.Grade.choices)
    is_key = django_filters.BooleanFilter()
    is_failing = django_filters.BooleanFilter(method="failing", label="有没有未销号的问题")

    class Meta:
        model = Place
        fields = ["q", "type", "area", "street", "owner", "grade", "is_key", "is_failing"]

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in normal(value).split():
            rows = rows.filter(search_text__contains=word)
        return rows

    def failing(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows.filter(open_now__gt=0) if value else rows.filter(open_now=0)


@extend_schema(tags=["places"])
class PlaceViews(Rows):
    """Places in use. Visits and open findings as far as the caller may know of them."""

    queryset = Place.objects.order_by("code")
    serializer_class = PlaceShape
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    filterset_class = PlaceFilter

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        rows = seen_places(self.actor).select_related("place_type", "area", "street", "owner", "steward_unit")
        return rows.order_by("code")

    def get_serializer_context(self) -> dict[str, Any]:
        knows = not getattr(self, "swagger_fake_view", False) and knows_record(self.actor)
        return super().get_serializer_context() | {"knows": knows}


class RoundShape(serializers.ModelSerializer):
    unit = UnitRef(read_only=True)
    place_type = serializers.SlugRelatedField(slug_field="code", read_only=True)
    area = serializers.SlugRelatedField(slug_field="code", read_only=True)
    listed = serializers.SerializerMethodField(help_text="名单上的点位数")
    seen = serializers.SerializerMethodField(help_text="其中已查")

    class Meta:
        model = Round
        fields = [
            "id",
            "code",
            "name",
            "kind",
            "state",
            "is_hidden",
            "priority",
            "starts_on",
            "ends_on",
            "unit",
            "theme",
            "place_type",
            "area",
            "seed",
            "listed",
            "seen",
            "version",
        ]
        read_only_fields = fields

    def get_listed(self, held: Round) -> int:
        return self._coverage(held).listed

    def get_seen(self, held: Round) -> int:
        return self._coverage(held).seen

    def _coverage(self, held: Round) -> Coverage:
        """Of all rounds of the answer by one query."""
        root = self.root
        if not hasattr(root, "covered"):
            rows = root.instance if isinstance(root, serializers.ListSerializer) else [root.instance]
            root.covered = coverage_of(rows)
        return root.covered[held.pk]


@extend_schema(tags=["rounds"])
class RoundViews(Rows):
    queryset = Round.objects.select_related("unit", "place_type", "area").order_by("-starts_on", "priority", "code")
    serializer_class = RoundShape
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    filterset_fields = ["kind", "state", "unit"]
