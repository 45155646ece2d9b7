"""复查 from the phone: whether it is mended, said on the spot; its photos come by /photos."""

import hashlib

from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from campaign import access, clock
from campaign.access import Right
from campaign.api import refusals
from campaign.parsing import Json
from inspections.api.recording import (
    KEY,
    OWNER,
    PHONE_TIME,
    MayInspectOrRead,
    PhotoReceiptShape,
    sent,
)
from inspections.models import Finding
from inspections.revisiting import Looked, revisit


class RecheckBody(serializers.Serializer):
    client_id = serializers.RegexField(KEY)
    finding = serializers.CharField(max_length=16, help_text="问题编号")
    at = serializers.DateTimeField()
    is_mended = serializers.BooleanField()
    version = serializers.IntegerField(min_value=0, help_text="看到的节点版本；别人先定了就是冲突")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    photos = serializers.ListField(
        child=serializers.RegexField(KEY), max_length=12, required=False, default=list, help_text="说没整改要有照片"
    )


@extend_schema(tags=["visits"])
class RecheckViews(viewsets.ViewSet):
    permission_classes = [permissions.IsAuthenticated, MayInspectOrRead]
    parser_classes = [Json]

    @extend_schema(
        parameters=[PHONE_TIME, OWNER],
        request=RecheckBody,
        responses={200: PhotoReceiptShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    def create(self, request: Request) -> Response:
        """现场复查：已整改就销号，未整改就退回；销号后回头看又坏了，记为反弹。"""
        actor = request.actor
        said = sent(request, RecheckBody, Right.INSPECT)
        rows = Finding.objects.select_related("campaign", "place", "item__checklist", "unit", "area")
        row = access.get(actor, rows, Right.INSPECT, code=said.pop("finding"))
        reason = "" if not actor.is_outsider else "复查由创建办或巡查员来做。"
        if reason:
            raise access.PermissionDenied(reason)
        now = clock.now(actor.campaign)
        sha256 = hashlib.sha256(request.body).hexdigest()
        looked = Looked(**said | {"at": said["at"] or now, "sha256": sha256, "photos": tuple(said["photos"])})
        visit = revisit(row, looked, by=request.user, now=now)
        return Response({"receipt": {"client_id": visit.client_id, "sha256": visit.sha256}})
