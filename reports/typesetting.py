"""Sets a briefing as PDF, as pages to look at, and its charts for the Word file."""

import datetime as dt
from dataclasses import asdict
from functools import cache

import typst

from campaign import typefaces
from reports.sheet import Bars, BriefingSheet, Curve

TEMPLATE = typefaces.TEMPLATES / "briefing.typ"


@cache
def _compiler() -> typst.Compiler:
    return typefaces.compiler(TEMPLATE, root=TEMPLATE.parent)


def pdf(sheet: BriefingSheet, *, now: dt.datetime) -> bytes:
    """The same sheet and second give the same bytes on the same machine; `now` is the date kept in the file."""
    return typefaces.pdf(_compiler(), sheet.as_dict(), now=now)


def pages(sheet: BriefingSheet, *, ppi: int = 96) -> list[bytes]:
    """Each page as PNG: the preview beside the builder."""
    made = _compiler().compile(format="png", ppi=ppi, sys_inputs=typefaces.inputs(sheet.as_dict()))
    return made if isinstance(made, list) else [made]


def chart(block: Bars | Curve) -> bytes:
    """One chart as PNG for the Word file, which sets the caption itself."""
    data = {"mark": "", "number": "", "issuer": "", "blocks": [asdict(block) | {"caption": ""}]}
    made = _compiler().compile(format="png", ppi=220, sys_inputs=typefaces.inputs(data, "chart"))
    return made[0] if isinstance(made, list) else made
