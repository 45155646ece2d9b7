"""What the reader of cells does not tell of a sheet: hidden rows and columns, formulas without a value, how a date is shown."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)/?>")
_IS_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"|\bht="0(?:\.0+)?"')
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>((?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?f\b.*?)</(?:\w+:)?c>", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
#: Built-in formats of Chinese Excel that show a year and a month only.
_BUILTIN_MONTHS = {17, 27, 36, 50, 52, 57}
_BUILTIN_SHARES = {9, 10}
_LAST_COLUMN = 200
_EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Markings:
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    unvalued: frozenset[str]
    months: frozenset[str]
    """Cells whose date is shown as a month: 2019年9月 is no first of September."""
    shares: frozenset[str]
    """Cells shown in per cent: 97% is kept as 0.97."""


def markings_of(part: bytes, months: set[int], shares: set[int]) -> Markings:
    rows = (re.search(rb'\br="(\d{1,7})"', said) for said in _hidden(_ROW, part))
    columns: set[int] = set()
    for said in _hidden(_COLUMN, part):
        first, last = (re.search(rb'\b%b="(\d{1,5})"' % name, said) for name in (b"min", b"max"))
        if first and last:
            columns.update(range(int(first[1]) - 1, min(int(last[1]), _LAST_COLUMN)))
    return Markings(
        frozenset(int(row[1]) for row in rows if row),
        frozenset(columns),
        frozenset(_unvalued(part)),
        _styled(part, months),
        _styled(part, shares),
    )


def _hidden(pattern: re.Pattern[bytes], part: bytes) -> Iterator[bytes]:
    """What the hidden ones of these elements say of themselves."""
    if b"hidden=" in part or b'ht="0' in part:
        yield from (match[1] for match in pattern.finditer(part) if _IS_HIDDEN.search(match[1]))


def _unvalued(part: bytes) -> Iterator[str]:
    if b"<f" in part or b":f" in part:
        for match in _FORMULA.finditer(part):
            if not _VALUE.search(match[2]) and (place := _PLACE.search(match[1])):
                yield place[1].decode()
    if b't="e"' in part:
        for match in _ERROR.finditer(part):
            if place := _PLACE.search(match[1]):
                yield place[1].decode()


def _styled(part: bytes, styles: set[int]) -> frozenset[str]:
    if not styles:
        return frozenset()
    of_style = re.compile(
        rb'<(?:\w+:)?c\b([^>]*\bs="(?:%b)"[^>]*)>' % b"|".join(b"%d" % style for style in sorted(styles))
    )
    places = (_PLACE.search(match[1]) for match in of_style.finditer(part))
    return frozenset(place[1].decode() for place in places if place)


def shown(value: Any, place: str, markings: Markings) -> Any:
    """A value as the sheet shows it."""
    if place in markings.months and (day := _day(value)):
        return f"{day.year}年{day.month}月"
    if place in markings.shares and isinstance(value, float | int):
        return f"{value * 100:.10g}%"
    return value


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    is_serial = isinstance(value, float | int) and 36_526 <= value < 73_415
    return _EPOCH + dt.timedelta(days=int(value)) if is_serial else None


def styles_of(parts: dict[str, bytes]) -> tuple[set[int], set[int]]:
    """(styles that show a month, styles that show per cent), by their place in the list of styles."""
    root = _parsed(parts.get("xl/styles.xml"))
    if root is None:
        return set(), set()
    codes = {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in root.iter() if f.tag.endswith("}numFmt")}
    formats = next((found for found in root if found.tag.endswith("}cellXfs")), ())
    return styled([int(form.get("numFmtId", 0)) for form in formats], codes)


def styled(formats: Sequence[int], codes: Mapping[int, str]) -> tuple[set[int], set[int]]:
    """The same from the number of each style's format, and what the formats of the book's own say."""
    months, shares = set(_BUILTIN_MONTHS), set(_BUILTIN_SHARES)
    for number, code in codes.items():
        bare = _LITERAL.sub("", code.lower())
        if re.search(r"[my]", bare) and not re.search(r"[dhs#0]", bare):
            months.add(number)
        if "%" in bare:
            shares.add(number)
    return {n for n, of in enumerate(formats) if of in months}, {n for n, of in enumerate(formats) if of in shares}


def parts_by_sheet(parts: dict[str, bytes]) -> dict[str, str]:
    """Name of a sheet -> its part of the file."""
    book, rels = _parsed(parts.get("xl/workbook.xml")), _parsed(parts.get("xl/_rels/workbook.xml.rels"))
    if book is None or rels is None:
        return {}
    targets = {rel.get("Id", ""): rel.get("Target", "") for rel in rels}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
            target = targets.get(key, "")
            found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _parsed(part: bytes | None) -> ET.Element | None:
    """The part's tree; nothing in it can unfold."""
    try:
        return fromstring(part) if part else None
    except (ET.ParseError, ValueError):
        return None
