"""随手拍: an open page that is off by default, a report without a name, and the office that decides what it is."""

import datetime as dt
import io
import secrets
from dataclasses import dataclass

from django.db import transaction
from PIL import Image, ImageOps

from campaign import attachments, log
from campaign.attachments import Upload
from campaign.models import Campaign, Unit, User
from campaign.problems import Conflict, Problem, Refused
from inspections import finding as filing
from inspections.models import Finding, Place, Sighting, SnapLink
from inspections.photos import Shot, take_photo

MOST_BYTES, EDGE = 10 * 1024 * 1024, 1600
#: What phones send. Pillow knows more kinds, one of which runs programs, and nobody logs in here.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_TEXT = 200


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a resident sends. Nothing of who or from where."""

    text: str = ""
    where: str = ""
    tile: str = ""
    photo: Upload | None = None


def add_link(campaign: Campaign, name: str, place: Place | None, *, by: User | None, now: dt.datetime) -> SnapLink:
    """A new page, closed: it opens when the office says so."""
    name = " ".join(name.split())[:60] or (place.name if place else "")
    if not name:
        raise Refused(Problem("name", "没有写贴在哪里。", where="name", mend="例如“各社区公告栏”。"))
    with transaction.atomic():
        link = SnapLink.objects.create(
            campaign=campaign, token=secrets.token_urlsafe(12), name=name, place=place, created_by=by, created_at=now
        )
        log.write(link, "snap_added", by=by, now=now)
    return link


def set_open(link: SnapLink, *, is_open: bool, by: User | None, now: dt.datetime) -> None:
    with transaction.atomic():
        if SnapLink.objects.filter(pk=link.pk, is_open=not is_open).update(is_open=is_open):
            log.write(link, "snap_opened" if is_open else "snap_closed", by=by, now=now)
    link.is_open = is_open


def receive(link: SnapLink, report: Report, *, now: dt.datetime) -> Sighting:
    """Keep a report for the office. Raises `Refused`; nothing is kept then."""
    wrong = _objections(link, report)
    if wrong:
        raise Refused(*wrong)
    photo = _bare(report.photo) if report.photo is not None else None
    with transaction.atomic():
        stored = attachments.store(link.campaign, photo, by=None, now=now) if photo is not None else None
        return Sighting.objects.create(
            campaign=link.campaign,
            link=link,
            tile=report.tile[:16],
            text=" ".join(report.text.split())[:MOST_TEXT],
            where=" ".join(report.where.split())[:120],
            photo=stored,
            sent_at=now.replace(minute=0, second=0, microsecond=0),  # to the hour: a moment could point at a person
        )


def _objections(link: SnapLink, report: Report) -> list[Problem]:
    if not link.is_open:
        return [Problem("closed", "这个页面现在没有开放。", mend="如有急事，请拨打 12345。")]
    found = []
    if report.photo is None and not report.text.strip():
        found.append(Problem("empty", "还没有照片，也没有写字。", where="photo", mend="请拍一张照片，或写一句话。"))
    if link.place is None and not report.where.strip():
        found.append(Problem("where", "没有写在哪里。", where="where", mend="例如“古桥一巷东口”。"))
    if report.photo is not None and len(report.photo.content) > MOST_BYTES:
        found.append(Problem("too_large", "照片超过 10 MB。", where="photo", mend="请换一张小一点的。"))
    return found


def _bare(upload: Upload) -> Upload:
    """The picture drawn anew: no position, no camera, nothing but what it shows."""
    try:
        with Image.open(io.BytesIO(upload.content), formats=FORMATS) as opened:
            if opened.width * opened.height > attachments.MOST_PIXELS:
                raise Image.DecompressionBombError
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except Image.DecompressionBombError as error:
        raise Refused(Problem("pixels", "照片超过 5000 万像素。", where="photo", mend="请换一张小一点的。")) from error
    except attachments.BROKEN as error:
        message = "这个文件不是照片，或者已经损坏。"
        raise Refused(Problem("photo", message, where="photo", mend="请重新拍一张。")) from error
    picture.thumbnail((EDGE, EDGE))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=80)
    return Upload("随手拍.jpg", out.getvalue())


# ---------- the office decides


def take(
    sighting: Sighting, *, text: str, place: Place | None, unit: Unit | None, by: User, now: dt.datetime
) -> Finding:
    """采用: it becomes a finding with its photo, hidden until issued like any other. Raises `Conflict` when decided already."""
    with transaction.atomic():
        _claim(sighting, Sighting.State.TAKEN, "", by=by, now=now)
        found = filing.Found(
            text=text.strip() or str(sighting),
            tile=sighting.tile or "其他",
            found_at=sighting.sent_at,
            place=place or sighting.link.place,
            where=sighting.where,
            unit=unit,
            source=Finding.Source.PUBLIC,
            client_id=f"snap:{sighting.pk.hex}",
        )
        row = filing.file(sighting.campaign, found, by=by, now=now)
        if sighting.photo is not None:
            with attachments.read(sighting.photo.file) as file:
                content = file.read()
            shot = Shot(
                client_id=f"snap:{sighting.pk.hex}", upload=Upload("随手拍.jpg", content), taken_at=sighting.sent_at
            )
            take_photo(sighting.campaign, shot, by=None, now=now, finding=row)
        Sighting.objects.filter(pk=sighting.pk).update(finding=row)
    return row


def decline(sighting: Sighting, reason: str, *, by: User, now: dt.datetime) -> None:
    reason = " ".join(reason.split())[:120]
    if not reason:
        raise Refused(Problem("reason", "没有写为什么不采用。", where="reason", mend="例如“看不清地点”。"))
    with transaction.atomic():
        _claim(sighting, Sighting.State.DECLINED, reason, by=by, now=now)


def _claim(sighting: Sighting, state: str, reason: str, *, by: User, now: dt.datetime) -> None:
    rows = Sighting.objects.filter(pk=sighting.pk, state=Sighting.State.WAITING)
    if not rows.update(state=state, reason=reason, decided_by=by, decided_at=now):
        raise Conflict(Problem("decided", "别人刚刚处理过这一条。", mend="请看下一条。"))
    log.write(sighting, f"sighting_{state}", by=by, now=now)
