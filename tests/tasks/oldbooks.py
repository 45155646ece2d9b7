"""An .xls made by hand: the old container with one stream of records, as small as a reader takes it."""

import struct

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def old_workbook(sheets, *, hidden=(), merges=()):
    """Bytes of an .xls: {name: rows}; `merges` as (top, left, bottom, right) counted from 0, in every sheet."""
    bodies = {name: _sheet(rows, merges) for name, rows in sheets.items()}
    start = len(_globals(dict.fromkeys(bodies, 0), hidden))
    offsets = {}
    for name, body in bodies.items():
        offsets[name] = start
        start += len(body)
    return container("Workbook", _globals(offsets, hidden) + b"".join(bodies.values()))


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def _globals(offsets, hidden):
    records = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0xDBB, 0x7CC, 0, 6)) + _record(
        0x42, struct.pack("<H", 1200)
    )
    for name, offset in offsets.items():
        said = struct.pack("<IBBBB", offset, int(name in hidden), 0, len(name), 1) + name.encode("utf-16-le")
        records += _record(0x85, said)
    return records + _record(0x0A)


def _sheet(rows, merges):
    records = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0xDBB, 0x7CC, 0, 6))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                records += _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            elif value is not None:
                records += _record(0x203, place + struct.pack("<d", value))
    for top, left, bottom, right in merges:
        records += _record(0xE5, struct.pack("<HHHHH", 1, top, bottom, left, right))
    return records + _record(0x0A)


_STYLES = {None: 0, "0%": 1, "month": 2, "day": 3}
_MONTHS, _DAY, _PER_CENT = 164, 14, 9


def saved_by_excel(rows, *, hidden_rows=(), hidden_columns=(), sheet="清单"):
    """An .xls as Excel writes it: words in one shared table, short numbers, styles. A styled cell is (number, style)."""
    words = list(dict.fromkeys(cell for row in rows for cell in row if isinstance(cell, str)))
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0xDBB, 0x7CC, 0, 6))
    body += b"".join(_record(0x7D, struct.pack("<HHHHHH", n, n, 2048, 0, 1, 0)) for n in hidden_columns)
    for number, row in enumerate(rows):
        is_hidden = 0x20 if number in hidden_rows else 0
        body += _record(0x208, struct.pack("<HHHHHHI", number, 0, len(row), 255, 0, 0, 0x100 | is_hidden))
        body += b"".join(_cell(number, place, cell, words) for place, cell in enumerate(row) if cell is not None)
    body += _record(0x0A)
    return container("Workbook", _styled_globals(sheet, words, len(_styled_globals(sheet, words, 0))) + body)


def _cell(row, column, value, words):
    number, style = value if isinstance(value, tuple) else (value, None)
    place = struct.pack("<HHH", row, column, _STYLES[style])
    if isinstance(value, str):
        return _record(0xFD, place + struct.pack("<I", words.index(value)))
    if isinstance(number, int):
        return _record(0x27E, place + struct.pack("<i", number << 2 | 2))
    return _record(0x203, place + struct.pack("<d", number))


def _styled_globals(sheet, words, offset):
    said = 'yyyy"年"m"月"'
    records = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0xDBB, 0x7CC, 0, 6))
    records += _record(0x42, struct.pack("<H", 1200))
    records += _record(0x41E, struct.pack("<HHB", _MONTHS, len(said), 1) + said.encode("utf-16-le"))
    for number in (0, _PER_CENT, _MONTHS, _DAY):
        records += _record(0xE0, struct.pack("<HH16s", 0, number, b""))
    records += _record(0x85, struct.pack("<IBBBB", offset, 0, 0, len(sheet), 1) + sheet.encode("utf-16-le"))
    shared = b"".join(struct.pack("<HB", len(word), 1) + word.encode("utf-16-le") for word in words)
    return records + _record(0xFC, struct.pack("<II", len(words), len(words)) + shared) + _record(0x0A)


def container(name, stream):
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, 2 + count), _END]
    fat = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0,
    )  # fmt: skip
    entries = _entry("Root Entry", 5, _END, 0, child=1) + _entry(name, 2, 2, len(stream))
    return header.ljust(_SECTOR, b"\xff") + fat + entries.ljust(_SECTOR, b"\0") + stream


def _entry(name, kind, start, size, *, child=_FREE):
    words = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", words, len(words) + 2, kind, 1, _FREE, _FREE, child, b"", 0, 0, 0, start, size
    )
