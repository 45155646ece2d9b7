"""Photos of visits and repairs: taken in one by one, in any order with the record they belong to, each once.

The phone makes the ids. A photo that comes before its record waits by `visit_key`; whichever comes second ties them.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from campaign import attachments
from campaign.access import Actor, Right
from campaign.attachments import Upload
from campaign.models import Campaign, User
from campaign.problems import Conflict, Problem, Refused
from inspections.finding import settle_on_spot
from inspections.models import Finding, Photo, Place, Visit
from inspections.stamping import stamp

MOST_BYTES = 10 * 1024 * 1024
KNOWN = "code:"


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture as it came. `visit_key` and `finding_key` are client ids; `taken_at` and the position are the phone's
    own fields, because a picture drawn smaller has lost its EXIF."""

    client_id: str
    upload: Upload
    visit_key: str = ""
    finding_key: str = ""
    moment: str = Photo.Moment.BEFORE
    taken_at: dt.datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.upload.content).hexdigest()


def take_photo(
    campaign: Campaign, shot: Shot, *, by: User | None, now: dt.datetime, finding: Finding | None = None
) -> Photo:
    """Keep one picture. The same id with the same bytes is the same photo; with other bytes it is refused (`Conflict`).

    `finding` ties a picture of a repair to a finding already known to the caller.
    """
    photo = _earlier(campaign, shot, by=by)
    if photo is not None and finding is not None and photo.finding_id != finding.pk:
        raise _another()
    if photo is None:
        problems = objections(shot)
        if problems:
            raise Refused(*problems)
        photo = _write(campaign, shot, by=by, now=now, finding=finding)
    if shot.visit_key:
        tie(campaign, shot.visit_key, now=now)
        photo.refresh_from_db()
    elif not photo.stamped:
        _stamp(photo)
    return photo


def objections(shot: Shot) -> list[Problem]:
    found = [] if shot.client_id else [Problem("id", "照片没有编号，请刷新页面后再传。", where="client_id")]
    if len(shot.upload.content) > MOST_BYTES:
        found.append(Problem("too_large", f"照片“{shot.upload.name}”超过 10 MB。请缩小后再传。", where="file"))
    elif not (broken := attachments.check(shot.upload)):
        ending = attachments.ending_of(shot.upload.name)
        if attachments.ACCEPTED[ending][0] not in attachments.PICTURES:
            found.append(Problem("kind", f"“{shot.upload.name}”不是照片。请拍照或从相册里选。", where="file"))
    else:
        found += broken
    return found


def _earlier(campaign: Campaign, shot: Shot, *, by: User | None) -> Photo | None:
    photo = Photo.objects.filter(campaign=campaign, client_id=shot.client_id).select_related("attachment").first()
    if photo is not None and (photo.sha256 != shot.sha256 or photo.by_id != (by.pk if by else None)):
        raise _another()
    return photo


def _another() -> Conflict:
    return Conflict(Problem("other_photo", "这个编号已经有另一张照片。请重新拍一张。", where="client_id"))


def _write(campaign: Campaign, shot: Shot, *, by: User | None, now: dt.datetime, finding: Finding | None) -> Photo:
    stored = attachments.store(campaign, shot.upload, by=by, now=now)
    taken_at = shot.taken_at or stored.taken_at
    fields = {
        "visit_key": shot.visit_key,
        "finding_key": shot.finding_key,
        "finding": finding,
        "moment": shot.moment,
        "attachment": stored,
        "sha256": shot.sha256,
        "by": by,
        "taken_at": taken_at if taken_at is not None and taken_at <= now else now,
        "received_at": now,
        "latitude": shot.latitude,
        "longitude": shot.longitude,
    }
    try:
        with transaction.atomic():
            return Photo.objects.create(campaign=campaign, client_id=shot.client_id, **fields)
    except IntegrityError:
        photo = _earlier(campaign, shot, by=by)  # the same picture arrived twice at once
        if photo is None:
            raise
        return photo


def tie(campaign: Campaign, visit_key: str, *, now: dt.datetime) -> int:
    """Give waiting photos their visit and finding, once the visit is there. Gives how many were tied.

    Called after both the visit's and the photo's own commit, so that of two that cross one sees the other.
    """
    visit = Visit.objects.filter(campaign=campaign, client_id=visit_key).first()
    if visit is None:
        return 0
    waiting = Photo.objects.filter(campaign=campaign, visit_key=visit_key, visit=None, by=visit.by_id)
    findings = _named(visit)
    photos = list(waiting.select_related("attachment"))
    for photo in photos:
        photo.visit = visit
        photo.finding_id = findings.get(photo.finding_key)
    Photo.objects.bulk_update(photos, ["visit", "finding"])
    for photo in photos:
        _stamp(photo)
    for found in Finding.objects.filter(pk__in={photo.finding_id for photo in photos}, is_on_spot=True):
        settle_on_spot(found, now=now)
    return len(photos)


def came_ahead(finding: Finding, client_ids: Sequence[str], *, by: User, is_tied: bool = False) -> list[Photo]:
    """Photos of a repair that a phone sends before the answer they belong to; once it is taken in, they are tied."""
    rows = Photo.objects.filter(campaign=finding.campaign_id, client_id__in=client_ids, by=by, visit=None)
    return list(rows.filter(moment=Photo.Moment.AFTER, finding=finding if is_tied else None))


def hand_in(finding: Finding, photos: Iterable[Photo]) -> None:
    for photo in photos:
        photo.finding = finding
        photo.save(update_fields=["finding"])
        _stamp(photo)


def of_finding(code: str) -> str:
    """The key of a photo that belongs to a finding already known, on a visit made to look at it again."""
    return f"{KNOWN}{code}"


def _named(visit: Visit) -> dict[str, UUID]:
    """The findings photos of this visit may belong to: its own, and the one it went to see."""
    codes = [key.removeprefix(KNOWN) for key in visit.photo_keys if key.startswith(KNOWN)]
    known = Finding.objects.filter(campaign=visit.campaign_id, code__in=codes).values_list("code", "pk")
    own = visit.findings.exclude(client_id="").values_list("client_id", "pk")
    return dict(own) | {of_finding(code): pk for code, pk in known}


def shown(photo: Photo) -> str:
    """Storage key of the copy that people see: stamped, at most 1600 px, without metadata."""
    return photo.stamped if photo.stamped and default_storage.exists(photo.stamped) else _stamp(photo)


def shown_to(actor: Actor, photo: Photo) -> str:
    """The same for one reader: who may not know of the visit reads when and where, not by whom nor in which round."""
    is_theirs = photo.by_id == getattr(actor.user, "pk", None)
    is_answer = photo.visit_id is None and photo.moment == Photo.Moment.AFTER
    if is_theirs or is_answer or actor.can(Right.READ_ALL):
        return shown(photo)
    if photo.visit_id and Visit.objects.visible_to(actor).filter(pk=photo.visit_id).exists():
        return shown(photo)
    path = _plain_path(photo)
    return path if default_storage.exists(path) else default_storage.save(path, _stamped(photo, plain_words(photo)))


def _plain_path(photo: Photo) -> str:
    return f"{photo.attachment.file}.{photo.pk.hex}.plain.jpg"


def _stamped(photo: Photo, lines: list[str]) -> ContentFile:
    with attachments.read(photo.attachment.preview or photo.attachment.file) as file:
        return ContentFile(stamp(file.read(), lines))


def _stamp(photo: Photo) -> str:
    path = f"{photo.attachment.file}.{photo.pk.hex}.shown.jpg"
    content = _stamped(photo, words(photo))
    for old in (path, _plain_path(photo)):  # the plain one is made anew when it is asked for
        if default_storage.exists(old):
            default_storage.delete(old)
    photo.stamped = default_storage.save(path, content)
    photo.save(update_fields=["stamped"])
    return photo.stamped


def words(photo: Photo) -> list[str]:
    """What the stamp says: the moment and place, then street, person and round."""
    round_ = photo.visit.round if photo.visit else None
    second = [
        _street(photo),
        str(photo.by) if photo.by else "",
        round_.name if round_ else "",
        Photo.Moment(photo.moment).label,
    ]
    return [_when_and_where(photo), " · ".join(filter(None, second))]


def plain_words(photo: Photo) -> list[str]:
    """The same without the inspector and the round, which may be an unannounced one."""
    return [_when_and_where(photo), " · ".join(filter(None, [_street(photo), "巡查"]))]


def _place(photo: Photo) -> Place | None:
    if photo.visit is not None:
        return photo.visit.place
    return photo.finding.place if photo.finding else None


def _street(photo: Photo) -> str:
    place = _place(photo)
    return place.street.name if place and place.street else ""


def _when_and_where(photo: Photo) -> str:
    moment = (photo.taken_at or photo.received_at).astimezone(photo.campaign.zone)
    place = _place(photo)
    where = place.name if place else (photo.finding.where if photo.finding else "")
    return " · ".join(filter(None, [f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}", where]))


def in_transit(findings: Iterable[Finding]) -> dict[UUID, int]:
    """How many photos of each finding are still on the sender's phone (照片在途), by two queries."""
    rows = [finding for finding in findings if finding.visit_id and finding.client_id]
    keys = dict(Visit.objects.filter(pk__in={row.visit_id for row in rows}).values_list("pk", "photo_keys"))
    wanted = {row.pk: set(keys.get(row.visit_id, {}).get(row.client_id, ())) for row in rows}
    here = set(
        Photo.objects.filter(visit__in=list(keys), finding__in=[row.pk for row in rows]).values_list(
            "client_id", flat=True
        )
    )
    return {pk: len(ids - here) for pk, ids in wanted.items() if ids - here}
