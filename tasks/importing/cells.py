"""What stands in a cell, as a person sees it: text, whole numbers without .0, dates written out."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_SERIALS = range(36_526, 73_415)
"""Days counted from 1900 that fall into 2000..2100: a date whose format got lost."""


@dataclass(frozen=True)
class Cell:
    """`place` is what Excel calls it (F44); empty for what was carried down from above."""

    place: str
    value: Any = None

    @cached_property
    def text(self) -> str:
        return cell_text(self.value)

    @property
    def column(self) -> str:
        return re.sub(r"\d", "", self.place)

    @property
    def day(self) -> dt.date | None:
        """A real date of the workbook; a number in a column of limits that only makes sense as one."""
        if isinstance(self.value, dt.datetime):
            return self.value.date()
        if isinstance(self.value, dt.date):
            return self.value
        if isinstance(self.value, float) and self.value == int(self.value) and int(self.value) in _SERIALS:
            return dt.date(1899, 12, 30) + dt.timedelta(days=int(self.value))
        return None


def cell_text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else f"{value:.10g}"
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, str) and value.isprintable() and "_x000D_" not in value:
        return value.strip()
    text = str(value).replace("_x000D_", "\n").replace("\r\n", "\n").replace("\r", "\n").strip()
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
