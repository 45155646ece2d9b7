"""Before and after: which two of a finding's photos stand side by side, on a page as on paper."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from campaign import log
from campaign.models import User
from campaign.problems import Problem, Refused
from inspections.models import Finding, Photo

Moment = Photo.Moment


def before_of(photos: Iterable[Photo]) -> Photo | None:
    """The one the office chose, else the earliest of those that show what was wrong."""
    shown = [photo for photo in photos if photo.moment == Moment.BEFORE]
    return min(shown, key=_before_order, default=None)


def _before_order(photo: Photo) -> tuple[bool, dt.datetime, str]:
    return (not photo.is_chosen, photo.taken_at or photo.received_at, str(photo.pk))


def after_of(photos: Iterable[Photo]) -> Photo | None:
    """The latest: what the unit shows now."""
    shown = [photo for photo in photos if photo.moment == Moment.AFTER]
    return max(shown, key=lambda photo: (photo.received_at, str(photo.pk)), default=None)


def choose(photo: Photo, *, by: User, now: dt.datetime) -> None:
    """This one of several is printed and compared. A paper that is issued keeps the one it was printed with."""
    finding = photo.finding
    if finding is None or photo.moment != Moment.BEFORE:
        raise Refused(Problem("not_before", "只能从整改前的照片里选。", where="photo"))
    if finding.stage not in Finding.OPEN_STAGES:
        message = f"整改 {finding.code} {finding.get_stage_display()}，不用再选照片。"
        raise Refused(Problem("not_open", message, where="photo"))
    with transaction.atomic():
        Photo.objects.filter(finding=finding, is_chosen=True).exclude(pk=photo.pk).update(is_chosen=False)
        if Photo.objects.filter(pk=photo.pk, is_chosen=False).update(is_chosen=True):
            log.write(finding, "choose_photo", by=by, now=now, task_id=finding.task_id)
