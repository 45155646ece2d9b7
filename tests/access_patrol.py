"""The inspector's phone: every route x every role (see tests/access_table.py)."""

import io

from PIL import Image

from campaign.attachments import Upload, store
from inspections.models import Photo, Place, PlaceType, Visit
from tests.access_rows import row

ROWS = [
    # the inspector's phone: whoever inspects, each with what their rounds show; the worker and manifest hold no data
    row("patrol", "GET /patrol", office=200, outsider=200, inspector=200, third_party=200, rest=403),
    row(
        "patrol",
        "POST /patrol",
        data={"token": "t"},
        office=422,
        outsider=422,
        inspector=422,
        third_party=422,
        rest=403,
    ),
    row(
        "patrol-new",
        "GET /patrol/new?site={checked_place}",
        office=302,
        inspector=302,
        rest=404,
        members=403,
        outsider=404,
    ),
    row(
        "patrol-new",
        "POST /patrol/new?site={checked_place}",
        office=302,
        inspector=302,
        rest=404,
        members=403,
        outsider=404,
    ),
    row("patrol-pack", "GET /patrol/pack", office=200, outsider=200, inspector=200, third_party=200, rest=403),
    row("patrol-places", "GET /patrol/places", office=200, outsider=200, inspector=200, third_party=200, rest=403),
    row("patrol-records", "GET /patrol/records", office=200, outsider=200, inspector=200, third_party=200, rest=403),
    row("patrol-withdraw", "POST /patrol/withdraw", office=404, outsider=404, inspector=404, third_party=404, rest=403),
    row("patrol-route", "GET /patrol/route", office=200, outsider=200, inspector=200, third_party=200, rest=403),
    row("patrol-rechecks", "GET /patrol/rechecks", office=200, outsider=200, inspector=200, third_party=200, rest=403),
    row(
        "patrol-recheck",
        "GET /patrol/rechecks/none",
        office=404,
        outsider=404,
        inspector=404,
        third_party=404,
        rest=403,
    ),
    row(
        "patrol-recheck",
        "POST /patrol/rechecks/none",
        office=404,
        outsider=404,
        inspector=404,
        third_party=404,
        rest=403,
    ),
    row("patrol-worker", "GET /patrol/worker.js", all=200),
    row("patrol-manifest", "GET /patrol/manifest.webmanifest", all=200),
    row("photo", "GET /photos/{photo}?view=thumb", readers=200, own=404, stranger=404, inspector=200, rest=404),
    row("photo", "GET /photos/{photo}?view=original", office=200, readers=403, own=404, inspector=403, rest=404),
    row("api-visits-list", "GET /api/v1/visits", logged_in=200),
    row("api-visits-list", "POST /api/v1/visits", office=400, outsider=400, inspector=400, third_party=400, rest=403),
    row("api-visits-detail", "GET /api/v1/visits/{visit}", readers=200, inspector=200, rest=404),
    row(
        "api-rechecks-list", "POST /api/v1/rechecks", office=400, outsider=400, inspector=400, third_party=400, rest=403
    ),
    row("api-photos-list", "GET /api/v1/photos", logged_in=200),
    # a unit's people send the photos of what they mended, in the same way
    row("api-photos-list", "POST /api/v1/photos", leader=403, administrator=403, logged_in=415),
    row(
        "api-answers-list",
        "POST /api/v1/answers",
        leader=403,
        administrator=403,
        inspector=403,
        third_party=403,
        logged_in=400,
    ),
    row(
        "api-withdrawals-list",
        "POST /api/v1/withdrawals",
        office=400,
        outsider=400,
        inspector=400,
        third_party=400,
        rest=403,
    ),
    row("api-photos-detail", "GET /api/v1/photos/{photo}", readers=200, inspector=200, rest=404),
]


def objects(campaign, inspector, now):
    """A place, and a visit of the inspector's with one photo."""
    kind = PlaceType.objects.create(campaign=campaign, code="X9", name="商超")
    place = Place.objects.create(campaign=campaign, code="S9999", name="金桥超市", place_type=kind)
    visit = Visit.objects.create(
        campaign=campaign, client_id="v", place=place, by=inspector, at=now, received_at=now, is_fine=True
    )
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG")
    stored = store(campaign, Upload("现场.jpg", buffer.getvalue()), by=inspector, now=now)
    photo = Photo.objects.create(
        campaign=campaign, client_id="p", visit=visit, attachment=stored, sha256="p", by=inspector, received_at=now
    )
    return {"checked_place": place.code, "visit": visit.pk, "photo": photo.pk}
