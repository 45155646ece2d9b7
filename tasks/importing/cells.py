"""What stands in a cell, as a person sees it: text, whole numbers without .0, dates written out."""

import datetime as dt
import re
from typing import Any

_SERIALS = range(36_526, 73_415)
"""Days counted from 1900 that fall into 2000..2100: a date whose format got lost."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SERIAL = re.compile(r"[34567]\d{4}(?:\.0)?")


class Cell:
    """`place` is what Excel calls it (F44); empty for what was carried down from above."""

    __slots__ = ("place", "text", "value")

    def __init__(self, place: str, value: Any = None, text: str | None = None) -> None:
        self.place = place
        self.value = value
        self.text = cell_text(value) if text is None else text

    def saying(self, text: str) -> "Cell":
        """The same cell with other words: a clause of it, or what was carried down."""
        return Cell(self.place, text, text)

    @property
    def column(self) -> str:
        return self.place.rstrip("0123456789")

    @property
    def day(self) -> dt.date | None:
        """A real date of the workbook; a number in a column of limits that only makes sense as one."""
        if isinstance(self.value, dt.datetime):
            return self.value.date()
        if isinstance(self.value, dt.date):
            return self.value
        if self.is_number or _SERIAL.fullmatch(self.text):
            number = float(self.value)
            if number == int(number) and int(number) in _SERIALS:
                return dt.date(1899, 12, 30) + dt.timedelta(days=int(number))
        return None

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, float | int) and not isinstance(self.value, bool)


def cell_text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        if value.isprintable() and "_x000D_" not in value:
            return value.strip()
        text = value.replace("_x000D_", "\n").replace("\r\n", "\n").replace("\r", "\n").strip()
        return _CONTROL.sub("", text)
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else f"{value:.10g}"
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def in_one_line(text: str) -> str:
    """A name written down the cell, or broken where the column ended, in one piece again."""
    return "".join(line.strip() for line in text.split("\n")) if "\n" in text else text


NOTHING = Cell("")
EMPTY_WORDS = ("/", "-", "—", "——", "--", "\\", "无", "暂无", "／")
BLANK = frozenset(("", *EMPTY_WORDS))
