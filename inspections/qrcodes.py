"""QR labels of places: what hangs on the wall, so that a phone opens the right checklist.

The code holds nothing but where to go: the address of the checklist with the place's number. Level Q stands a quarter
of the picture being dirty or torn.
"""

import datetime as dt
import io
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno

from campaign import typefaces
from campaign.models import Campaign
from inspections.models import Place

TEMPLATE = typefaces.TEMPLATES / "labels.typ"
MOST = 400


def address(place: Place, base: str) -> str:
    """`base` is where the product answers: https://host."""
    return f"{base.rstrip('/')}/patrol/new?site={place.code}"


def code_svg(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="q", boost_error=False, micro=False).save(out, kind="svg", border=4, xmldecl=False)
    return out.getvalue()


def labels_pdf(campaign: Campaign, places: Sequence[Place], *, base: str, now: dt.datetime) -> bytes:
    """Eight labels a page, in the order given."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        shutil.copy(TEMPLATE, root / TEMPLATE.name)
        labels: list[dict[str, Any]] = []
        for number, place in enumerate(places):
            (root / f"{number}.svg").write_bytes(code_svg(address(place, base)))
            owner = place.owner.name if place.owner else ""
            labels.append(
                {
                    "code": place.code,
                    "name": place.name,
                    "type": place.place_type.name,
                    "owner": owner,
                    "qr": f"{number}.svg",
                }
            )
        compiler = typefaces.compiler(root / TEMPLATE.name, root=root)
        return typefaces.pdf(compiler, {"office": campaign.office_title, "labels": labels}, now=now)
