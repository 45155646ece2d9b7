"""What a phone sends: a visit, and each of its photos by itself. Every answer carries a receipt the phone compares."""

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaign import access, clock
from campaign.access import Actor, Right
from campaign.api import Rows, refusals
from campaign.attachments import Upload
from campaign.parsing import Json
from campaign.problems import Problem, Refused
from inspections.models import Answer, Checklist, ChecklistItem, Finding, Photo, Place, Round, Visit
from inspections.photos import MOST_BYTES, Shot, take_photo
from inspections.recording import Failing, Judged, Seen, record_visit

KEY = r"^[A-Za-z0-9_.:-]{4,64}$"
PHONE_TIME = OpenApiParameter(
    "X-Phone-Now",
    location=OpenApiParameter.HEADER,
    type=dt.datetime,
    description="发送时手机上的时间。与服务器的差会从 at、taken_at 里扣掉，手机时间不准也不影响记录。",
)
OWNER = OpenApiParameter(
    "X-Recorded-By",
    location=OpenApiParameter.HEADER,
    description="记录是谁拍的（用户 id）。与现在登录的人不同则拒绝，免得记到别人名下。",
)


class MayInspectOrRead(permissions.BasePermission):
    """Readers see what their post lets them see; a third party sees what it inspects."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        actor = request.actor
        self.message = access.refusal(actor, Right.READ)
        return actor.can(Right.READ) or actor.can(Right.INSPECT)


class ReceiptShape(serializers.Serializer):
    client_id = serializers.CharField()
    sha256 = serializers.CharField(help_text="服务器收到的内容的 SHA-256；与手机自己算的一致才算收到")


class FiledShape(serializers.Serializer):
    client_id = serializers.CharField()
    code = serializers.CharField(help_text="问题编号")
    joined_into = serializers.CharField(allow_blank=True, help_text="同点位同项还没销号：并入的编号")
    is_relapse = serializers.BooleanField(help_text="销号后又出现")


class RecordedShape(serializers.Serializer):
    receipt = ReceiptShape()
    findings = FiledShape(many=True)


class PhotoReceiptShape(serializers.Serializer):
    receipt = ReceiptShape()


class JudgedBody(serializers.Serializer):
    item = serializers.UUIDField(help_text="检查项 id")
    verdict = serializers.ChoiceField(choices=Answer.Verdict.choices)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class FailingBody(serializers.Serializer):
    client_id = serializers.RegexField(KEY)
    tile = serializers.CharField(max_length=16)
    text = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    where = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    item = serializers.UUIDField(required=False, allow_null=True, default=None)
    photos = serializers.ListField(
        child=serializers.RegexField(KEY), max_length=12, help_text="照片的编号；照片另外上传，先后不限"
    )
    is_on_spot = serializers.BooleanField(
        required=False, default=False, help_text="立行立改：当场改好，整改前、整改后照片都要有；不再签发"
    )
    mended_by = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="", help_text="立行立改是谁改的"
    )


class Position(serializers.Serializer):
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True, default=None)
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False, allow_null=True, default=None)


class VisitBody(Position):
    client_id = serializers.RegexField(KEY, help_text="手机生成；同一个编号再发一次，得到第一次的结果")
    at = serializers.DateTimeField(help_text="到场时间")
    place = serializers.CharField(required=False, allow_blank=True, default="", max_length=16, help_text="点位编号")
    round = serializers.CharField(required=False, allow_blank=True, default="", max_length=16, help_text="轮次编号")
    checklist = serializers.UUIDField(required=False, allow_null=True, default=None)
    is_fine = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    accuracy = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None)
    answers = JudgedBody(many=True, required=False, default=list)
    findings = FailingBody(many=True, required=False, default=list)


class PhotoBody(Position):
    client_id = serializers.RegexField(KEY)
    visit = serializers.RegexField(KEY, help_text="所属记录或答复的编号；记录可以后到，答复要等照片到齐")
    finding = serializers.RegexField(KEY, required=False, allow_blank=True, default="")
    moment = serializers.ChoiceField(choices=Photo.Moment.choices, default=Photo.Moment.BEFORE)
    taken_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    file = serializers.FileField()


class VisitShape(serializers.ModelSerializer):
    """Where it was filed is shown to the office only."""

    place = serializers.SlugRelatedField(slug_field="code", read_only=True)
    round = serializers.SlugRelatedField(slug_field="code", read_only=True)
    findings = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Visit
        fields = [
            "id",
            "client_id",
            "place",
            "round",
            "at",
            "received_at",
            "is_fine",
            "note",
            "passed_count",
            "failed_count",
            "withdrawn_at",
            "findings",
        ]
        read_only_fields = fields


class PhotoShape(serializers.ModelSerializer):
    finding = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Photo
        fields = ["id", "client_id", "visit", "finding", "moment", "sha256", "taken_at", "received_at"]
        read_only_fields = fields


class VisitFilter(django_filters.FilterSet):
    place = django_filters.CharFilter(field_name="place__code", label="点位编号")
    round = django_filters.CharFilter(field_name="round__code", label="轮次编号")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte", label="此时以后")

    class Meta:
        model = Visit
        fields = ["place", "round", "since"]


@extend_schema(tags=["visits"])
class VisitViews(Rows):
    """巡查记录。"""

    permission_classes = [permissions.IsAuthenticated, MayInspectOrRead]
    queryset = Visit.objects.select_related("place", "round").prefetch_related("findings").order_by("-at", "-id")
    serializer_class = VisitShape
    filterset_class = VisitFilter
    parser_classes = [Json]

    @extend_schema(
        parameters=[PHONE_TIME, OWNER],
        request=VisitBody,
        responses={201: RecordedShape, 200: RecordedShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    def create(self, request: Request) -> Response:
        """交一条巡查记录。照片另交 /photos，先后不限；回执里的 sha256 是请求体的。"""
        access.require(self.actor, Right.INSPECT)
        sha256 = hashlib.sha256(request.body).hexdigest()
        own(request)
        body = VisitBody(data=request.data)
        body.is_valid(raise_exception=True)
        seen = read_seen(self.actor, body.validated_data, sha256=sha256, skew=skew_of(request))
        now = clock.now(self.actor.campaign)
        kept = record_visit(self.actor.campaign, seen, by=request.user, now=now)
        said = {
            "receipt": {"client_id": kept.visit.client_id, "sha256": kept.visit.sha256},
            "findings": [
                {
                    "client_id": found.client_id,
                    "code": found.code,
                    "joined_into": found.joined_into.code if found.joined_into else "",
                    "is_relapse": found.is_relapse,
                }
                for found in kept.findings
            ],
        }
        return Response(said, status=201 if kept.is_new else 200)


@extend_schema(tags=["photos"])
class PhotoViews(Rows):
    """巡查与整改照片的登记；图片本身在 /photos/<id>。"""

    permission_classes = [permissions.IsAuthenticated, MayInspectOrRead]
    queryset = Photo.objects.select_related("finding").order_by("-received_at", "-id")
    serializer_class = PhotoShape
    filter_backends: list[type] = []
    parser_classes = [MultiPartParser]

    @extend_schema(
        parameters=[PHONE_TIME, OWNER],
        request={"multipart/form-data": PhotoBody},
        responses={201: PhotoReceiptShape, 200: PhotoReceiptShape} | refusals(400, 401, 403, 409, 415, 422, 429),
    )
    def create(self, request: Request) -> Response:
        """交一张照片。回执里的 sha256 是文件的；断了就整张再传一次，不会变成两张。单位答复用的整改后照片先交，答复后交。"""
        if not self.actor.can(Right.REPORT):
            access.require(self.actor, Right.INSPECT)
        own(request)
        body = PhotoBody(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        if said["moment"] != Photo.Moment.AFTER:
            access.require(self.actor, Right.INSPECT)
        shot = Shot(
            client_id=said["client_id"],
            upload=Upload.read(said["file"], said["file"].name, limit=MOST_BYTES),
            visit_key=said["visit"],
            finding_key=said["finding"],
            moment=said["moment"],
            taken_at=moment_of(self.actor, said["taken_at"], skew_of(request)),
            latitude=said["latitude"],
            longitude=said["longitude"],
        )
        is_known = Photo.objects.filter(campaign=self.actor.campaign, client_id=shot.client_id).exists()
        photo = take_photo(self.actor.campaign, shot, by=request.user, now=clock.now(self.actor.campaign))
        receipt = {"client_id": photo.client_id, "sha256": photo.sha256}
        return Response({"receipt": receipt}, status=200 if is_known else 201)


def read_seen(actor: Actor, said: dict[str, Any], *, sha256: str, skew: dt.timedelta) -> Seen:
    """The words of a message as rows the actor may know of; the deed says what is missing."""
    place = _named(actor, Place, said["place"])
    round_ = _named(actor, Round, said["round"])
    if place is None and actor.is_outsider:
        raise Refused(Problem("place_needed", "请选本轮次的点位。", where="place"))
    items = _items(actor, [row["item"] for row in (*said["answers"], *said["findings"]) if row["item"]])
    checklists = Checklist.objects.visible_to(actor).filter(pk=said["checklist"])
    return Seen(
        client_id=said["client_id"],
        at=moment_of(actor, said["at"], skew) or said["at"],
        place=place,
        round=round_,
        checklist=checklists.first() if said["checklist"] else None,
        is_fine=said["is_fine"],
        note=said["note"],
        answers=tuple(
            Judged(item=items[row["item"]], verdict=row["verdict"], note=row["note"]) for row in said["answers"]
        ),
        failings=tuple(
            Failing(
                client_id=row["client_id"],
                tile=row["tile"],
                text=row["text"],
                where=row["where"],
                item=items[row["item"]] if row["item"] else None,
                photos=tuple(row["photos"]),
                is_on_spot=row["is_on_spot"],
                mended_by=row["mended_by"],
            )
            for row in said["findings"]
        ),
        latitude=said["latitude"],
        longitude=said["longitude"],
        accuracy=said["accuracy"],
        source=Finding.Source.THIRD_PARTY if actor.is_outsider else Finding.Source.PATROL,
        sha256=sha256,
    )


def _named(actor: Actor, model: Any, code: str) -> Any:
    return access.get(actor, model.objects.all(), Right.INSPECT, code=code) if code else None


def _items(actor: Actor, ids: list[UUID]) -> dict[UUID, ChecklistItem]:
    found = ChecklistItem.objects.visible_to(actor).filter(pk__in=ids).select_related("checklist").in_bulk()
    missing = [pk for pk in ids if pk not in found]
    if missing:
        message = "检查表里没有这一项，可能已经改版。"
        raise Refused(Problem("item_gone", message, where=str(missing[0]), mend="请联网刷新检查表后再提交。"))
    return found


def moment_of(actor: Actor, moment: dt.datetime | None, skew: dt.timedelta) -> dt.datetime | None:
    """The phone's time by the server's clock, on the campaign's day, never later than now."""
    if moment is None or actor.campaign is None:
        return None
    try:
        return min(clock.pinned(moment + skew, actor.campaign), clock.now(actor.campaign))
    except OverflowError:
        return clock.now(actor.campaign)


def skew_of(request: Request) -> dt.timedelta:
    said = request.headers.get("X-Phone-Now", "")
    try:
        moment = dt.datetime.fromisoformat(said)
    except ValueError:
        return dt.timedelta()
    return clock.now() - moment if moment.tzinfo else dt.timedelta()


def own(request: Request) -> None:
    owner = request.headers.get("X-Recorded-By", "")
    if owner and owner != str(request.user.pk):
        raise PermissionDenied("这条记录是用另一个账号拍的，请用那个账号登录后补传。")


def sent(request: Request, shape: type[serializers.Serializer], right: Right) -> dict[str, Any]:
    """What a phone sent, held against its shape: `at` is the moment by our clock, None where the phone's cannot be.

    Raises 403 without the right, 409 where the phone belongs to another, 400 with a sentence for each wrong field."""
    access.require(request.actor, right)
    own(request)
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    said = dict(body.validated_data)
    return said | {"at": moment_of(request.actor, said["at"], skew_of(request))}


def receipt(request: Request, client_id: str) -> Response:
    """The sum of the very bytes that came, so that the phone knows it may let go of them."""
    return Response({"receipt": {"client_id": client_id, "sha256": hashlib.sha256(request.body).hexdigest()}})
