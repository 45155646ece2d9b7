"""Plans that are no .xlsx: old workbooks, read in a process of their own, and tables of text with any comma."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from campaign.problems import Problem, Refused
from tasks.importing.oldmarkings import PLAIN, old_markings
from tasks.importing.opening import COLUMN_LIMIT, ROW_LIMIT, UPLOAD_LIMIT, Opened, Sheet, as_shown, check_size

_READER = Path(__file__).with_name("foreign.py")
_PATIENCE = 60
_SENTENCES = {
    "encrypted": "工作簿加了密码，打不开。请在 Excel 或 WPS 里取消密码后再传。",
    "too_big_sheet": "工作簿展开后太大，没有打开。请删去多余的行列，只留下要导入的内容再传。",
    "broken": "工作簿已损坏，或者不是表格文件，读不出来。请用 Excel 或 WPS 打开后另存为 .xlsx 再传。",
}
csv.field_size_limit(UPLOAD_LIMIT)
_DELIMITERS = ",\t;|，；"
_MARKS = {"﻿".encode(): "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NOT_TEXT = Refused(Problem("not_workbook", "这不是 Excel 工作簿，也不是 CSV 表格。请上传 .xlsx、.xls 或 .csv 文件。"))


def open_other(content: bytes) -> Opened:
    """An .xls, .xlsb or .ods. Raises `Refused` where it cannot be read within little memory."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the file is only its input
            [sys.executable, "-I", str(_READER)], input=content, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Problem("too_big_sheet", _SENTENCES["too_big_sheet"])) from error
    if done.returncode < 0:
        raise Refused(Problem("too_big_sheet", _SENTENCES["too_big_sheet"]))
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = {"error": "too_big_sheet" if b"MemoryError" in done.stderr else "broken"}
    if "error" in said:
        raise Refused(Problem(said["error"], _SENTENCES[said["error"]]))
    markings = old_markings(content)
    sheets = (as_shown(sheet, markings.get(sheet.name, PLAIN)) for sheet in map(_sheet, said["sheets"]))
    return Opened(tuple(sheets), tuple(said["hidden"]))


def _sheet(said: dict[str, Any]) -> Sheet:
    cells = [[_value(value) for value in row] for row in said["cells"]]
    check_size(said["name"], len(cells), max(map(len, cells), default=0))
    merges = tuple(((top, left), (bottom, right)) for (top, left), (bottom, right) in said["merges"])
    return Sheet(said["name"], cells, merges)


def _value(value: Any) -> Any:
    return dt.date.fromisoformat(value["day"]) if isinstance(value, dict) else value


def open_text(content: bytes) -> Opened:
    """A table of text in UTF-8, UTF-16, GBK or GB18030, its columns parted by whatever parts them most evenly."""
    text = _decoded(content)
    lines = [line for line in text.splitlines() if line.strip()]
    if text.lstrip()[:1] == "<" or not lines:
        raise _NOT_TEXT
    try:
        delimiter = _delimiter(lines[:50])
        if delimiter is None:
            raise _NOT_TEXT
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused(Problem("broken", _SENTENCES["broken"])) from error
    width = max(map(len, rows), default=0)
    if len(rows) > ROW_LIMIT or width > COLUMN_LIMIT:
        check_size("CSV", len(rows), width)
    return Opened((Sheet("表格", [row + [""] * (width - len(row)) for row in rows]),), ())


def _decoded(content: bytes) -> str:
    mark = next((name for start, name in _MARKS.items() if content.startswith(start)), None)
    if mark is None and b"\0" in content:
        raise _NOT_TEXT
    for name in [mark] if mark else ["utf-8", "gb18030"]:
        try:
            return content.decode(name).replace("\0", "").lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    raise _NOT_TEXT


def _delimiter(lines: list[str]) -> str | None:
    """The character that stands in most lines, as often in one as in the other."""
    best: tuple[float, str] | None = None
    for delimiter in _DELIMITERS:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, lines_of_it = max(counts.items(), key=lambda item: (item[0] > 1, item[1] * item[0]))
        if width > 1 and (best is None or lines_of_it * min(width, 12) > best[0]):
            best = lines_of_it * min(width, 12), delimiter
    return best[1] if best else None
