"""The lines of the access table for places, checklists, rounds and areas; their objects."""

import datetime as dt

from campaign.models import Area, Stewardship
from inspections.models import Place, PlaceType, Register, RosterDuty, Round
from tests.access_rows import row

ROWS = [
    row("places", "GET /sites", members=200, third_party=403),
    row("place", "GET /sites/{site}", members=200, third_party=404, outsider=404),
    row("place-new", "GET /sites/new", office=200, outsider=200, rest=403),
    row("place-new", "POST /sites/new", office=200, outsider=200, rest=403),
    row("place-edit", "GET /sites/{site}/edit", office=200, third_party=404, outsider=404, rest=403),
    row("place-edit", "POST /sites/{site}/edit", office=200, third_party=404, outsider=404, rest=403),
    row("place-elements", "POST /sites/{site}/elements", office=302, inspector=302, third_party=404, outsider=404, rest=403),
    row("place-types", "GET /sites/types", members=200, third_party=403),
    row("place-types-install", "POST /sites/types/install", office=302, outsider=302, rest=403),
    row("place-type-new", "GET /sites/types/new", office=200, outsider=200, rest=403),
    row("place-type-new", "POST /sites/types/new", office=200, outsider=200, rest=403),
    row("place-type", "GET /sites/types/{place_type}", members=200, third_party=200, outsider=404),
    row("place-type-edit", "GET /sites/types/{place_type}/edit", office=200, outsider=404, rest=403),
    row("place-type-edit", "POST /sites/types/{place_type}/edit", office=200, outsider=404, rest=403),
    row("checklist-edit", "GET /sites/types/{place_type}/checklist", office=200, outsider=404, rest=403),
    row("checklist-edit", "POST /sites/types/{place_type}/checklist", office=422, outsider=404, rest=403),
    row("places-pick", "GET /sites/pick?codes={site}", members=302, third_party=403),
    row("places-assign", "GET /sites/assign?codes={site}", office=200, outsider=200, rest=403),
    row("places-assign", "POST /sites/assign", data={"codes": "{site}"}, office=422, outsider=422, rest=403),
    row("places-sweep", "GET /sites/sweep?codes={site}", office=200, outsider=200, rest=403),
    row("places-sweep", "POST /sites/sweep", data={"codes": "{site}"}, office=422, outsider=422, rest=403),
    row("rounds", "GET /rounds", logged_in=200),
    row("round-new", "GET /rounds/new", office=200, outsider=200, rest=403),
    row("round-new", "POST /rounds/new", office=200, outsider=200, rest=403),
    row("round-add", "GET /rounds/add?codes={site}", office=200, outsider=200, rest=403),
    row("round-add", "POST /rounds/add", data={"round": "{round}"}, office=302, outsider=404, rest=403),
    row("round-compare", "GET /rounds/compare", readers=200, outsider=200, rest=403),
    row("round", "GET /rounds/{round}", members=200, third_party=404, outsider=404),
    row("round-proof", "GET /rounds/{round}/proof", members=200, third_party=404, outsider=404),
    row("round-edit", "GET /rounds/{round}/edit", office=200, third_party=404, outsider=404, rest=403),
    row("round-edit", "POST /rounds/{round}/edit", office=200, third_party=404, outsider=404, rest=403),
    row("round-members", "POST /rounds/{round}/members", office=302, third_party=404, outsider=404, rest=403),
    row("round-list", "POST /rounds/{round}/list", office=302, third_party=404, outsider=404, rest=403),
    row("round-move", "POST /rounds/{round}/move", office=302, third_party=404, outsider=404, rest=403),
    row("places-import", "GET /sites/import", office=200, outsider=200, rest=403),
    row("places-import", "POST /sites/import", office=422, outsider=422, rest=403),
    row("places-template", "GET /sites/template", office=200, outsider=200, rest=403),
    row("places-export", "GET /sites/export", members=200, third_party=403),
    row("labels", "GET /sites/qr?codes={site}", members=200, third_party=403),
    row("labels-pdf", "GET /sites/qr.pdf?codes={site}", members=200, third_party=403, outsider=404),
    row("place-code", "GET /sites/{site}/qr.svg", members=200, third_party=403, outsider=404),
    row("coverage", "GET /sites/coverage", readers=200, outsider=200, rest=403),
    row("draw-risk", "GET /sites/risk", readers=200, outsider=200, rest=403),
    row("registers", "GET /sites/registers", members=200, third_party=403),
    row("registers", "POST /sites/registers", office=200, outsider=200, rest=403),
    row("register", "GET /sites/registers/{register}", members=200, third_party=404, outsider=404),
    row("register-change", "POST /sites/registers/{register}/change", office=302, third_party=404, outsider=404, rest=403),
    row("areas", "GET /areas", members=200, third_party=403),
    row("area-new", "GET /areas/new", office=200, outsider=200, rest=403),
    row("area-new", "POST /areas/new", office=200, outsider=200, rest=403),
    row("area", "GET /areas/{area}", members=200, third_party=404, outsider=404),
    row("area", "POST /areas/{area}", office=200, third_party=404, outsider=404, rest=403),
    row("area-edit", "GET /areas/{area}/edit", office=200, third_party=404, outsider=404, rest=403),
    row("area-edit", "POST /areas/{area}/edit", office=200, third_party=404, outsider=404, rest=403),
    row("steward-end", "POST /areas/{area}/stewards/{steward}/end", office=302, third_party=404, outsider=404, rest=403),
    row("api-places-list", "GET /api/v1/places", members=200, third_party=403),
    row("api-places-detail", "GET /api/v1/places/{site}", members=200, third_party=403, outsider=404),
    row("api-rounds-list", "GET /api/v1/rounds", members=200, third_party=403),
    row("api-rounds-detail", "GET /api/v1/rounds/{round}", members=200, third_party=403, outsider=404),
]  # fmt: skip


def objects(campaign, now):
    """A place nobody was sent to."""
    kind = PlaceType.objects.create(campaign=campaign, code="T99", name="备用类型")
    site = Place.objects.create(campaign=campaign, code="S0099", name="备用点位", place_type=kind)
    day = dt.date(2019, 9, 24)
    held = Round.objects.create(
        campaign=campaign, code="R999", name="公开一轮", starts_on=day, ends_on=day, created_at=now
    )
    area = Area.objects.create(campaign=campaign, code="A99", name="备用片区")
    steward = Stewardship.objects.create(campaign=campaign, kind="leader", area=area, person="某人", valid_from=day)
    register = Register.objects.create(campaign=campaign, name="备用台账")
    duty = RosterDuty.objects.create(campaign=campaign, place=site, on=day, shift="早高峰", post="志愿者")
    return {
        "site": site.code,
        "place_type": kind.code,
        "round": held.code,
        "area": area.code,
        "steward": steward.pk,
        "register": register.pk,
        "duty": duty.pk,
    }
