"""What a campaign starts with: types of places, what each must have, and what is looked at (`place_types.toml`)."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from campaign import log
from campaign.models import Campaign, User
from inspections.models import Checklist, ChecklistItem, PlaceType
from inspections.models.places import Severity

SOURCE = "内置通用清单"
SEVERITIES = {label: value for value, label in Severity.choices}


@dataclass(frozen=True)
class Installed:
    types: int
    items: int


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("place_types.toml").read_text(encoding="utf-8"))


def install_defaults(campaign: Campaign, *, by: User | None, now: dt.datetime, today: dt.date) -> Installed:
    """Every default type the campaign does not have yet, each with its checklist. Again: adds nothing, changes nothing."""
    known = set(PlaceType.objects.filter(campaign=campaign).values_list("code", flat=True))
    known |= set(PlaceType.objects.filter(campaign=campaign).values_list("name", flat=True))
    types, lists, items = [], [], []
    for number, said in enumerate(_written()["type"], 1):
        if known & {said["code"], said["name"]}:
            continue
        kind = _type(campaign, said, number)
        checklist = Checklist(campaign=campaign, place_type=kind, version=1, source=SOURCE, valid_from=today)
        types.append(kind)
        lists.append(checklist)
        items += _items(checklist, said)
    if not types:
        return Installed(0, 0)
    with transaction.atomic():
        PlaceType.objects.bulk_create(types)
        Checklist.objects.bulk_create(lists)
        ChecklistItem.objects.bulk_create(items)
        log.write(campaign, "types_installed", by=by, now=now, data={"types": len(types), "items": len(items)})
    return Installed(len(types), len(items))


def _type(campaign: Campaign, said: dict[str, Any], number: int) -> PlaceType:
    return PlaceType(
        campaign=campaign,
        code=said["code"],
        name=said["name"],
        group=said["group"],
        order=number * 10,
        is_without_place=said.get("is_without_place", False),
        revisit_days=said.get("revisit", 30),
        draw_size=said.get("draw", 0),
        elements=[dict(zip(("name", "norm"), pair(text), strict=True)) for text in said.get("elements", [])],
        staffing=[{"post": post, "count": int(count)} for post, count in map(pair, said.get("staffing", []))],
    )


def pair(text: str) -> tuple[str, str]:
    """公益广告：每200米不少于1处 -> its two halves; the second may be empty."""
    first, _, second = text.partition("：")
    return first.strip(), second.strip()


def _items(checklist: Checklist, said: dict[str, Any]) -> list[ChecklistItem]:
    shared = _written()["shared"]
    texts = [shared[name] for name in said.get("use", [])] + [said.get("items", "")]
    return [
        ChecklistItem(campaign_id=checklist.campaign_id, checklist=checklist, order=number, **fields)
        for number, fields in enumerate(lines("\n".join(texts), prefix=said["code"]), 1)
    ]


def lines(text: str, *, prefix: str) -> Iterator[dict[str, Any]]:
    """The fields of each written line, with a code of its own: T14-03."""
    written = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(written, 1):
        what, how, norm, tile, points, severity = (part.strip() for part in line.split("|"))
        yield {
            "code": f"{prefix}-{number:02d}",
            "text": what,
            "how": how,
            "norm": norm,
            "tile": tile,
            "points": Decimal(points),
            "severity": SEVERITIES[severity.rstrip("!")],
            "is_bottom_line": severity.endswith("!"),
        }
