"""Findings with photos, and the way through to an issued order."""

import datetime as dt
import io
from uuid import uuid4

from PIL import Image, ImageDraw

from campaign.attachments import Upload
from inspections import drafting, finding, issuing
from inspections.finding import Found
from inspections.models import Order, Photo
from inspections.photos import Shot, take_photo
from tests.conftest import NOON, TODAY

HOUR = dt.timedelta(hours=1)


def picture(seed=0):
    """A small JPEG; another seed gives other bytes."""
    image = Image.new("RGB", (640, 480), ((seed * 37) % 200 + 30, (seed * 91) % 200 + 30, 150))
    ImageDraw.Draw(image).rectangle((40 + seed % 300, 120, 240 + seed % 300, 360), fill=(230, 190, 60))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", comment=str(seed).encode())
    return buffer.getvalue()


def shoot(row, *, moment=Photo.Moment.BEFORE, by=None, at=NOON, seed=0, **position):
    shot = Shot(
        client_id=str(uuid4()), upload=Upload(f"{seed}.jpg", picture(seed)), moment=moment, taken_at=at, **position
    )
    return take_photo(row.campaign, shot, by=by, now=at, finding=row)


def found(campaign, place=None, text="果筐占用通道约12米", *, at=NOON, by=None, now=None, **fields):
    said = {"text": text, "tile": "占道经营", "found_at": at, "place": place} | fields
    return finding.file(campaign, Found(**said), by=by, now=now or at)


def issue_all(campaign, *, by, now=NOON, today=TODAY):
    """Gather and issue; gives the issued orders."""
    drafting.draft_orders(campaign, today=today, now=now)
    drafts = list(Order.objects.drafts().filter(campaign=campaign).select_related("campaign", "unit"))
    done = issuing.issue_many(drafts, by=by, now=now)
    assert not done.left, done.left
    return done.done
