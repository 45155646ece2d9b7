"""Opening a workbook that a stranger sent: every size is checked before anything is unpacked.

A workbook is a zip of XML. Its declared sizes are summed first; each part is then unpacked once, with its checksum
checked, and the reader gets a fresh archive of just these parts, so that a forged size or a hidden part reaches nobody.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from campaign.problems import Problem, Refused
from tasks.importing.markings import Markings, markings_of, parts_by_sheet, shown, styles_of

MEGABYTE = 1024 * 1024
UPLOAD_LIMIT = 10 * MEGABYTE
INFLATED_LIMIT = 100 * MEGABYTE
RATIO_LIMIT = 100
SMALL = 4 * MEGABYTE
PART_LIMIT = 2_000
ROW_LIMIT = 50_000
COLUMN_LIMIT = 100

_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>')
_BARE_CELL = re.compile(rb"<(?:\w+:)?c>|<(?:\w+:)?c (?![^>]*\br=)")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_TYPE_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NEEDED = re.compile(
    r"^(?:\[Content_Types\]\.xml|_rels/.*|xl/(?!media/|drawings/|embeddings/|charts/|printerSettings/).*\.(?:xml|rels))$",
    re.IGNORECASE,
)
_MACROS = "工作簿带有宏，为安全起见没有打开。请另存为不带宏的 .xlsx 后再传。"
_LONGEST_CELL = 10_000
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})"')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Sheet:
    """One sheet: `cells[row - 1][column - 1]`, merges as ((row, column), (row, column)) counted from 0."""

    name: str
    cells: list[list[Any]]
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    """Counted from 1, as the sheet shows them."""
    hidden_columns: frozenset[int] = frozenset()
    """Counted from 0."""
    unvalued: frozenset[str] = frozenset()
    """Cells with a formula whose value was never reckoned, or is an error."""


@dataclass(frozen=True)
class Opened:
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...]
    """Names of hidden sheets, which are not read."""


def open_workbook(content: bytes) -> Opened:
    """Every visible sheet of a workbook or a table of text. Raises `Refused` with one sentence when it cannot be used."""
    opened = _READERS[_kind(content)](content)
    if not any(value not in ("", None) for sheet in opened.sheets for row in sheet.cells for value in row):
        raise _unusable("empty_sheet", "工作簿里没有内容。请检查是不是传错了文件，或者内容放在了隐藏的工作表里。")
    for sheet in opened.sheets:
        _check_texts(sheet)
    return opened


def _open_xlsx(content: bytes) -> Opened:
    parts = _unpack(content)
    months, shares = styles_of(parts)
    names = parts_by_sheet(parts)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_repack(parts)))
        visible = [m.name for m in workbook.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
        sheets = tuple(
            _read_sheet(
                workbook.get_sheet_by_name(name), markings_of(parts.get(names.get(name, ""), b""), months, shares)
            )
            for name in visible
        )
    except (CalamineError, ValueError, OSError, KeyError, IndexError) as error:
        raise _unusable("broken", "工作簿已损坏，读不出来。请用 Excel 或 WPS 打开后另存一份再传。") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _unusable("broken", "工作簿已损坏，读不出来。请用 Excel 或 WPS 打开后另存一份再传。") from error
    return Opened(sheets, tuple(m.name for m in workbook.sheets_metadata if m.name not in visible))


def _read_sheet(sheet: CalamineSheet, markings: Markings) -> Sheet:
    if sheet.height == 0:
        return Sheet(sheet.name, [])
    merges = tuple(sheet.merged_cell_ranges or ())
    return as_shown(Sheet(sheet.name, sheet.to_python(skip_empty_area=False), merges), markings)


def as_shown(sheet: Sheet, markings: Markings) -> Sheet:
    """The sheet with its values as they are shown, and what is hidden."""
    cells = sheet.cells
    for place in markings.months | markings.shares:
        row, column = _split_place(place)
        if row <= len(cells) and column <= len(cells[row - 1]):
            cells[row - 1][column - 1] = shown(cells[row - 1][column - 1], place, markings)
    hidden = markings.hidden_rows, markings.hidden_columns
    return Sheet(sheet.name, cells, sheet.merges, *hidden, markings.unvalued)


def _split_place(place: str) -> tuple[int, int]:
    letters = place.rstrip("0123456789")
    return int(place[len(letters) :]), _column_number(letters.encode())


def _unusable(code: str, message: str) -> Refused:
    return Refused(Problem(code, message))


def _kind(content: bytes) -> str:
    """xlsx, foreign (.xls) or text."""
    if not content:
        raise _unusable("empty_file", "这是空文件（0 字节）。请重新选择文件。")
    if len(content) > UPLOAD_LIMIT:
        raise _unusable(
            "too_large", f"文件有 {len(content) / MEGABYTE:.0f} MB，超过 10 MB。请删去图片和无关的工作表后再传。"
        )
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _unusable("encrypted", "工作簿加了密码，打不开。请在 Excel 或 WPS 里取消密码后再传。")
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise _unusable("macros", _MACROS)
        if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
            raise _unusable(
                "not_workbook", "这不是工作簿（可能是旧式 Word 或 PPT 文件）。请上传 .xlsx、.xls 或 .csv 文件。"
            )
        return "foreign"
    return "xlsx" if content.startswith(b"PK\x03\x04") else "text"


def _open_foreign(content: bytes) -> Opened:
    from tasks.importing.otherfiles import open_other  # it builds on this module's sizes

    return open_other(content)


def _open_text(content: bytes) -> Opened:
    from tasks.importing.otherfiles import open_text  # as above

    return open_text(content)


_READERS = {"xlsx": _open_xlsx, "foreign": _open_foreign, "text": _open_text}


def _unpack(content: bytes) -> dict[str, bytes]:
    """The parts the reader needs, each unpacked and checked, after the declared sizes were found bearable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, len(content))
            _check_names({entry.filename for entry in entries})
            parts = {e.filename: archive.read(e) for e in entries if _NEEDED.match(e.filename)}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zipfile.LargeZipFile,
        OSError,
        ValueError,
    ) as error:
        raise _unusable("broken", "文件不完整或被改动过，解不开。请重新从 Excel 或 WPS 另存一份再传。") from error
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        raise _unusable("broken", "文件不完整或被改动过，解不开。请重新从 Excel 或 WPS 另存一份再传。") from error
    for name, part in parts.items():
        _check_part(name, part)
    return parts


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise _unusable("encrypted", "文件加了密码，打不开。请取消密码后再传。")
    if len(entries) > PART_LIMIT:
        raise _unusable("too_many_parts", f"文件里有 {len(entries)} 个部件，不是正常的工作簿。请另存一份再传。")
    inflated = sum(entry.file_size for entry in entries)
    if inflated > INFLATED_LIMIT or (inflated > SMALL and inflated > RATIO_LIMIT * packed):
        raise _unusable(
            "bomb", f"文件展开后有 {inflated / MEGABYTE:.0f} MB，太大了，没有打开。请只留下要导入的内容再传。"
        )


def _check_names(names: set[str]) -> None:
    if "xl/workbook.xml" not in names:
        kind = "Word 文件" if "word/document.xml" in names else "压缩包或其他文件"
        if "xl/workbook.bin" in names:
            kind = "二进制工作簿（.xlsb）"
        raise _unusable("not_workbook", f"这是{kind}，不是 .xlsx 工作簿。请在 Excel 或 WPS 里另存为 .xlsx 后再传。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _unusable("macros", _MACROS)


def _check_part(name: str, part: bytes) -> None:
    if _TYPE_DECLARATION.search(part):
        raise _unusable("entities", "工作簿里有不该有的声明，为安全起见没有打开。请用 Excel 或 WPS 另存一份再传。")
    if not name.lower().startswith("xl/worksheets/"):
        return
    rows, columns = 0, 0
    for match in _CELL.finditer(part):
        rows = max(rows, int(match[2]))
        columns = max(columns, _column_number(match[1]))
    if _BARE_CELL.search(part):
        rows = max(rows, len(_ROW.findall(part)))
    if declared := _DIMENSION.search(part[:10_000]):
        rows = max(rows, int(declared[2]))
    check_size("", rows, columns)


def check_size(name: str, rows: int, columns: int) -> None:
    if rows > ROW_LIMIT or columns > COLUMN_LIMIT:
        called = f"工作表“{name}”" if name else "工作表"
        raise _unusable(
            "too_big_sheet",
            f"{called}有 {rows} 行、{columns} 列，最多读 {ROW_LIMIT} 行、{COLUMN_LIMIT} 列。请删去多余的行列再传。",
        )


def _check_texts(sheet: Sheet) -> None:
    for number, row in enumerate(sheet.cells, 1):
        for place, value in enumerate(row, 1):
            if isinstance(value, str) and len(value) > _LONGEST_CELL:
                where = f"{column_letter(place)}{number}"
                said = f"工作表“{sheet.name}”的 {where} 格有 {len(value)} 个字，不像任务。请删去或拆开后再传。"
                raise _unusable("too_long_cell", said)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letter(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _repack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()
