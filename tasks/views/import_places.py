"""Where on the page of a dry run somebody is: one kind of verdict, or the whole with some folds open; and the anchors in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from tasks.importing.rows import Row
from tasks.importing.showing import SheetView
from tasks.models import ImportBatch

TABS = (("", "全部"), ("new", "新增"), ("changed", "变更"), ("same", "不变"), ("blocked", "有问题"))
#: Folds of one sheet that can stand open; sheets whose folds are kept open.
MOST_OPEN = 60


@dataclass(frozen=True)
class SheetPart:
    """One sheet on the page. `number`: from 1; `elsewhere`: what stands open in the other sheets, for its links."""

    sheet: SheetView
    number: int
    elsewhere: str

    @property
    def mark(self) -> str:
        """Before every anchor of the second and later sheets: each has a row 5."""
        return f"{self.number}-" if self.number > 1 else ""

    @property
    def first_question(self) -> tuple[str, str] | None:
        """(anchor, words) of the first question in it."""
        lines = (line for block in self.sheet.blocks if isinstance(block, list) for line in block)
        line = next((line for line in lines if line.questions), None)
        if line is None:
            return None
        row, cell = line.row, line.questions[0].cell
        anchor = f"q-{self.mark}{cell or row.row}" + (f"-{row.part}" if row.part > 1 else "")
        return anchor, cell or f"第 {row.row} 行"


@dataclass(frozen=True)
class Place:
    """Where on the page somebody is: one kind of verdict from a row on, or the whole with these folds open."""

    said: QueryDict

    @classmethod
    def of(cls, request: HttpRequest) -> "Place":
        """Of the address; of a form, the address it stood at."""
        return cls(QueryDict(request.POST.get("back", "")) if request.method == "POST" else request.GET)

    @property
    def show(self) -> str:
        chosen = self.said.get("show", "")
        return chosen if chosen in dict(TABS) else ""

    @property
    def first(self) -> int:
        return number_in(self.said.get("from", ""))

    def opened(self, number: int) -> list[tuple[int, int]]:
        """`open=3-102,205-304`, of the second sheet `open2`: the folds that stand open. What is no such list opens nothing."""
        found = []
        for part in self.said.get(_open(number), "").split(",")[-MOST_OPEN:]:
            first, _, last = part.partition("-")
            if number_in(first) and number_in(last):
                found.append((number_in(first), number_in(last)))
        return found

    def but_for(self, number: int) -> str:
        others = (other for other in range(1, MOST_OPEN) if other != number and self.opened(other))
        return "".join(f"&{_open(other)}={_ranges(self.opened(other))}" for other in others)

    @property
    def words(self) -> str:
        """As a query, for the forms of the page."""
        if self.show:
            return f"show={self.show}" + (f"&from={self.first}" if self.first else "")
        return self.but_for(0).lstrip("&")

    def at_row(self, batch: ImportBatch, key: str) -> str:
        """The same place after an answer about this row, which stands open."""
        row = next((row for row in map(Row.from_dict, batch.reading["rows"]) if row.key == key), None) if key else None
        if self.show or row is None:
            return f"?{self.words}" if self.words else ""
        number = _number_of(row, batch.reading["sheets"])
        opened = _ranges([*self.opened(number), (row.row, row.row)])
        mark = f"{number}-" if number > 1 else ""
        return f"?{_open(number)}={opened}{self.but_for(number)}#r{mark}{row.row}" + (
            f"-{row.part}" if row.part > 1 else ""
        )


def _number_of(row: Row, sheets: Sequence[dict[str, Any]]) -> int:
    """Of the table the row stands in: the last of its sheet that begins above it."""
    above = (n for n, said in enumerate(sheets, 1) if said["name"] == row.sheet and said["header_row"] < row.row)
    return max(above, default=1)


def _open(number: int) -> str:
    return f"open{number}" if number > 1 else "open"


def _ranges(opened: Iterable[tuple[int, int]]) -> str:
    return ",".join(dict.fromkeys(f"{first}-{last}" for first, last in opened))


def number_in(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0
