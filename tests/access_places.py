"""The lines of the access table for places, checklists, rounds and areas; their objects."""

from inspections.models import Place, PlaceType
from tests.access_rows import row

ROWS = [
    row("places", "GET /sites", members=200, third_party=403),
    row("place", "GET /sites/{site}", members=200, third_party=404, outsider=404),
    row("place-new", "GET /sites/new", office=200, outsider=200, rest=403),
    row("place-new", "POST /sites/new", office=422, outsider=422, rest=403),
    row("place-edit", "GET /sites/{site}/edit", office=200, third_party=404, outsider=404, rest=403),
    row("place-edit", "POST /sites/{site}/edit", office=422, third_party=404, outsider=404, rest=403),
    row("place-elements", "POST /sites/{site}/elements", office=302, inspector=302, third_party=404, outsider=404, rest=403),
    row("place-types", "GET /sites/types", members=200, third_party=403),
    row("place-types-install", "POST /sites/types/install", office=302, outsider=302, rest=403),
    row("place-type-new", "GET /sites/types/new", office=200, outsider=200, rest=403),
    row("place-type-new", "POST /sites/types/new", office=422, outsider=422, rest=403),
    row("place-type", "GET /sites/types/{place_type}", members=200, third_party=200, outsider=404),
    row("place-type-edit", "GET /sites/types/{place_type}/edit", office=200, outsider=404, rest=403),
    row("place-type-edit", "POST /sites/types/{place_type}/edit", office=422, outsider=404, rest=403),
    row("checklist-edit", "GET /sites/types/{place_type}/checklist", office=200, outsider=404, rest=403),
    row("checklist-edit", "POST /sites/types/{place_type}/checklist", office=422, outsider=404, rest=403),
]  # fmt: skip


def objects(campaign):
    """A place nobody was sent to."""
    kind = PlaceType.objects.create(campaign=campaign, code="T99", name="备用类型")
    site = Place.objects.create(campaign=campaign, code="S0099", name="备用点位", place_type=kind)
    return {"site": site.code, "place_type": kind.code}
