"""What the reader of cells does not tell of an .xls: hidden rows and columns, cells shown in per cent or as a month.

The old container is a small file system; its one stream holds records of (kind, length, data). Only the few kinds that
say how cells are shown are looked at. Whether the file is sound has been settled by the reader of its cells.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.importing.markings import Markings, styled
from tasks.importing.opening import column_letter

PLAIN = Markings(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_SECTOR = 0xFFFFFFFA
_MOST_RECORDS, _COLUMNS = 1_000_000, 200
_SHEET, _FORMAT, _STYLE, _END = 0x85, 0x41E, 0xE0, 0x0A
_ROW, _COLUMN = 0x208, 0x7D
_NUMBER, _SHORT_NUMBER, _FORMULA, _NUMBERS = 0x203, 0x27E, 0x06, 0xBD


def old_markings(content: bytes) -> dict[str, Markings]:
    """Name of a sheet -> its markings; empty for what is no .xls."""
    if not content.startswith(_OLE):
        return {}
    try:
        return _read(_stream(content))
    except (struct.error, IndexError, ValueError):  # cells that could be read in a file that stops short
        return {}


def _read(book: bytes) -> dict[str, Markings]:
    sheets: dict[str, int] = {}
    codes: dict[int, str] = {}
    formats: list[int] = []
    for kind, data in _records(book, 0):
        if kind == _SHEET:
            sheets[_text(data, 7, data[6])] = struct.unpack_from("<I", data)[0]
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", data)
            codes[number] = _text(data, 4, length)
        elif kind == _STYLE:
            formats.append(struct.unpack_from("<H", data, 2)[0])
    months, shares = styled(formats, codes)
    return {name: _of_sheet(book, start, months, shares) for name, start in sheets.items()}


def _text(data: bytes, at: int, length: int) -> str:
    """Characters after the byte that tells their width."""
    wide, start = data[at] & 1, at + 1
    return (
        data[start : start + 2 * length].decode("utf-16-le", "replace")
        if wide
        else data[start : start + length].decode("latin-1")
    )


@dataclass
class _Found:
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    months: set[str] = field(default_factory=set)
    shares: set[str] = field(default_factory=set)


def _of_sheet(book: bytes, start: int, months: set[int], shares: set[int]) -> Markings:
    found = _Found()
    for kind, data in _records(book, start):
        if kind in (_NUMBER, _SHORT_NUMBER, _FORMULA):
            row, column, style = struct.unpack_from("<HHH", data)
            _note(found, row, column, style, months, shares)
        elif kind == _NUMBERS:
            row, first = struct.unpack_from("<HH", data)
            for place in range((len(data) - 6) // 6):
                _note(found, row, first + place, struct.unpack_from("<H", data, 4 + 6 * place)[0], months, shares)
        elif kind == _ROW and data[12] & 0x20:
            found.hidden_rows.add(struct.unpack_from("<H", data)[0] + 1)
        elif kind == _COLUMN and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            found.hidden_columns.update(range(first, min(last + 1, _COLUMNS)))
    return Markings(
        frozenset(found.hidden_rows),
        frozenset(found.hidden_columns),
        frozenset(),
        frozenset(found.months),
        frozenset(found.shares),
    )


def _note(found: _Found, row: int, column: int, style: int, months: set[int], shares: set[int]) -> None:
    if style in months:
        found.months.add(f"{column_letter(column + 1)}{row + 1}")
    elif style in shares:
        found.shares.add(f"{column_letter(column + 1)}{row + 1}")


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, to its end mark."""
    for _ in range(_MOST_RECORDS):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _END:
            return
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(content: bytes) -> bytes:
    """The workbook's stream, put together from its sectors."""
    size, small = (1 << shift for shift in struct.unpack_from("<HH", content, 30))
    if size not in (512, 4096) or small != 64:
        raise ValueError("sector size")
    directory, limit, small_start, fat_start, fat_more = (
        struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60, 68, 72)
    )
    tables = list(struct.unpack_from("<109I", content, 76))
    most = len(content) // (size * size // 4) + 1
    while fat_more and fat_start < _NO_SECTOR and len(tables) < most:
        *more, fat_start = struct.unpack_from(f"<{size // 4}I", content, (fat_start + 1) * size)
        tables += more
    fat = [
        sector
        for table in tables[:most]
        if table < _NO_SECTOR
        for sector in struct.unpack_from(f"<{size // 4}I", content, (table + 1) * size)
    ]
    entries = _joined(content, fat, directory, size, size)
    root_start = struct.unpack_from("<I", entries, 116)[0]
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, bytes_ = struct.unpack_from("<II", entries, at + 116)
            if bytes_ >= limit:
                return _joined(content, fat, start, size, size)[:bytes_]
            small_fat = _joined(content, fat, small_start, size, size)
            chain = list(struct.unpack(f"<{len(small_fat) // 4}I", small_fat))
            return _joined(_joined(content, fat, root_start, size, size), chain, start, small, 0)[:bytes_]
    raise ValueError("no workbook")


def _joined(content: bytes, chain: list[int], sector: int, size: int, offset: int) -> bytes:
    """The sectors of a chain one after the other; a chain that goes round is cut at the number of sectors there are."""
    parts: list[bytes] = []
    while sector < _NO_SECTOR and len(parts) <= len(chain):
        parts.append(content[offset + sector * size : offset + (sector + 1) * size])
        sector = chain[sector]
    return b"".join(parts)
