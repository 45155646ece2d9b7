"""撤销合格 from the phone."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from campaign import clock
from campaign.access import Right
from campaign.api import refusals
from campaign.parsing import Json
from inspections.api.recording import (
    KEY,
    OWNER,
    PHONE_TIME,
    MayInspectOrRead,
    PhotoReceiptShape,
    receipt,
    sent,
)
from inspections.models import Visit
from inspections.withdrawing import withdraw


class WithdrawalBody(serializers.Serializer):
    client_id = serializers.RegexField(KEY)
    visit = serializers.RegexField(KEY, help_text="要撤销的那次“合格”的编号")
    at = serializers.DateTimeField(help_text="点“撤销”的时间，在“合格”后 10 分钟以内")


@extend_schema(tags=["visits"])
class WithdrawalViews(viewsets.ViewSet):
    permission_classes = [permissions.IsAuthenticated, MayInspectOrRead]
    parser_classes = [Json]

    @extend_schema(
        parameters=[PHONE_TIME, OWNER],
        request=WithdrawalBody,
        responses={200: PhotoReceiptShape} | refusals(400, 401, 403, 404, 409, 415, 422, 429),
    )
    def create(self, request: Request) -> Response:
        """撤销一次误点的“合格”。记录还在，注明已撤销，不再算数。"""
        actor = request.actor
        said, now = sent(request, WithdrawalBody, Right.INSPECT), clock.now(actor.campaign)
        visit = Visit.objects.visible_to(actor).filter(client_id=said["visit"]).select_related("place").first()
        if visit is None:
            raise Http404
        withdraw(visit, by=request.user, at=said["at"] or now, now=now)
        return receipt(request, said["client_id"])
