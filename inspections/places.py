"""Adding and changing places by hand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from campaign import log
from campaign.models import Campaign, User
from campaign.pinyin import search_text
from campaign.problems import Conflict, Problem, Refused
from campaign.revising import revise
from inspections.models import Place
from inspections.numbering import take

#: What of a place people write; the rest is derived from visits and findings.
FIELDS = (
    "name", "place_type", "area", "street", "owner", "steward_unit", "steward", "lane_chief", "address", "latitude",
    "longitude", "grade", "note", "is_key", "is_active",
)  # fmt: skip


def next_codes(campaign: Campaign, count: int = 1) -> list[str]:
    """S0001 …: free ones, in the caller's transaction. Codes brought in by a workbook are passed over."""
    found: list[str] = []
    while len(found) < count:
        codes = [f"S{number:04d}" for number in take(campaign, "place", count - len(found))]
        taken = set(Place.objects.filter(campaign=campaign, code__in=codes).values_list("code", flat=True))
        found += [code for code in codes if code not in taken]
    return found


def found_by(place: Place) -> str:
    return search_text(place.name, place.code, place.address, place.lane_chief)


def add_place(campaign: Campaign, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> Place:
    place = Place(campaign=campaign, **{name: value for name, value in fields.items() if name in {*FIELDS, "code"}})
    _check(place)
    with transaction.atomic():
        place.code = place.code or next_codes(campaign)[0]
        place.search_text = found_by(place)
        place.save(force_insert=True)
        log.write(place, "added", by=by, now=now, data={"code": place.code, "type": str(place.place_type)})
    return place


def change_place(
    place: Place, fields: Mapping[str, Any], *, version: int, by: User | None, now: dt.datetime
) -> dict[str, list[Any]]:
    """Gives what moved, {field: [from, to]}. `version` is what the person saw; somebody else's change wins."""
    changes = {name: value for name, value in fields.items() if name in FIELDS or name == "elements"}
    with transaction.atomic():
        held = Place.objects.filter(pk=place.pk, version=version).update(version=F("version") + 1)
        if not held:
            current = Place.objects.get(pk=place.pk)
            raise Conflict(
                Problem("changed", "别人刚刚改过这个点位。", mend="请重新打开后再改，您填的还在下面。"), current=current
            )
        moved = revise(place, changes, by=by, now=now)
        _check(place)
        Place.objects.filter(pk=place.pk).update(search_text=found_by(place))
    return moved


def _check(place: Place) -> None:
    """Both of a position or none, and one on this earth."""
    if (place.latitude is None) != (place.longitude is None):
        raise Refused(Problem("position", "经度和纬度要么都填，要么都不填。", where="latitude"))
    if place.latitude is not None and not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise Refused(
            Problem(
                "position", "经纬度写反了或超出了范围。", where="latitude", mend="纬度在前，例如 39.9042、116.4074。"
            )
        )


def see_elements(place: Place, seen: Mapping[str, bool], *, by: User | None, now: dt.datetime) -> None:
    """Which required elements are there (E22), as last seen; names the type does not ask for are dropped."""
    asked = {element["name"] for element in place.place_type.elements}
    elements = {**place.elements, **seen}
    revise(place, {"elements": {name: elements[name] for name in elements if name in asked}}, by=by, now=now)


# ---------- several at once

#: What of several places is said at once.
ASSIGNED = ("owner", "area", "street", "steward_unit", "steward")


@dataclass(frozen=True)
class Assigned:
    """What one assignment did. `kept` places had it said already and were left as they are."""

    changed: int
    kept: int


def assign_places(
    places: Sequence[Place], fields: Mapping[str, Any], *, is_only_missing: bool, by: User | None, now: dt.datetime
) -> Assigned:
    """Say whose these places are: unit, area, street, steward. What is empty in `fields` stays as it is.

    `is_only_missing`: only where nothing was said yet. Each place keeps in the log what it was before.
    """
    said = {name: value for name, value in fields.items() if name in ASSIGNED and value}
    if not said:
        raise Refused(Problem("empty", "还没有选要改成什么。", mend="请至少选一项。"))
    changed = 0
    with transaction.atomic():
        for place in places:
            moved = {name: value for name, value in said.items() if not (is_only_missing and getattr(place, name))}
            if revise(place, moved, by=by, now=now):
                changed += 1
                Place.objects.filter(pk=place.pk).update(version=F("version") + 1)
    return Assigned(changed, len(places) - changed)
