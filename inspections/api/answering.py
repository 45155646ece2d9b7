"""拍照答复 from the phone: a unit's answer, after its photos have come by /photos."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from campaign import access, clock
from campaign.access import Right
from campaign.api import MayRead, refusals
from campaign.parsing import Json
from inspections import answering
from inspections.api.recording import KEY, OWNER, PHONE_TIME, PhotoReceiptShape, receipt, sent
from inspections.findingpage import ROWS


class AnswerBody(serializers.Serializer):
    client_id = serializers.RegexField(KEY, help_text="手机生成；同一个编号再发一次，得到第一次的结果")
    finding = serializers.CharField(max_length=16, help_text="整改编号")
    at = serializers.DateTimeField(help_text="在手机上提交的时间；时限以收到为准")
    version = serializers.IntegerField(min_value=0, help_text="看到的节点版本；这期间退回、改派就是冲突")
    words = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    photos = serializers.ListField(
        child=serializers.RegexField(KEY),
        max_length=answering.MOST_PHOTOS,
        required=False,
        default=list,
        help_text="已经交来的照片编号；撤回后再答复、照片已在的可以没有",
    )


@extend_schema(tags=["findings"])
class AnswerViews(viewsets.ViewSet):
    permission_classes = [IsAuthenticated, MayRead]
    parser_classes = [Json]

    @extend_schema(
        parameters=[PHONE_TIME, OWNER],
        request=AnswerBody,
        responses={200: PhotoReceiptShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    def create(self, request: Request) -> Response:
        """责任单位的答复：整改后照片先交 /photos（moment=after），到齐了再交这一条；同一个编号只算一次。"""
        actor = request.actor
        said = sent(request, AnswerBody, Right.REPORT)
        finding = access.get(actor, ROWS, Right.REPORT, code=said["finding"])
        reason = answering.why_not(actor, finding)
        if reason or finding.unit is None:
            raise PermissionDenied(reason or "这处问题还没有责任单位。")
        given = answering.Said(
            token=said["client_id"],
            version=said["version"],
            words=said["words"],
            photos=tuple(said["photos"]),
            filed_at=said["at"],
        )
        answering.answer(finding, given, by=request.user, unit=finding.unit, now=clock.now(actor.campaign))
        return receipt(request, given.token)
