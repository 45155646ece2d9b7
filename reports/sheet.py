"""What stands on the paper of a briefing, in order: the one thing that PDF and DOCX are both made from."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Heading:
    """Level 1 一、 (黑体), 2 （一） (楷体), 3 1. (仿宋); the text carries its own number."""

    text: str
    level: Literal[1, 2, 3] = 1
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_indented: bool = True
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Column:
    """`width` is a share of the line; figures stand centred, words left."""

    label: str
    width: float = 1
    is_centred: bool = True


@dataclass(frozen=True)
class Table:
    """Its head is repeated on each page; `last_is_total` rules off the last row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    last_is_total: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Bar:
    label: str
    done: int
    total: int
    overdue: int = 0


@dataclass(frozen=True)
class Bars:
    """One bar for each program: closed, still open, late."""

    caption: str
    rows: tuple[Bar, ...]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class Curve:
    """Two running totals by week: what should have been closed and what was."""

    caption: str
    weeks: tuple[str, ...]
    due: tuple[int, ...]
    done: tuple[int, ...]
    kind: Literal["curve"] = "curve"


Block = Heading | Paragraph | Table | Bars | Curve


@dataclass(frozen=True)
class TailLine:
    """报 / 送 / 发 and to whom."""

    word: str
    names: str


@dataclass(frozen=True)
class BriefingSheet:
    """`number` is 第38期, `total` （总第38期） or empty, `day` the day it is signed. `note` is set under the title."""

    mark: str
    number: str
    issuer: str
    day: str
    title: str
    blocks: tuple[Block, ...]
    total: str = ""
    note: str = ""
    tail: tuple[TailLine, ...] = ()
    printed_by: str = ""
    printed: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def words(self) -> Iterator[str]:
        """Every text of the paper in reading order, the inside of charts apart."""
        yield from (self.mark, f"{self.number}{self.total}", self.issuer, self.day, self.title)
        if self.note:
            yield self.note
        for block in self.blocks:
            yield from _words_of(block)
        for line in self.tail:
            yield f"{line.word}：{line.names}"
        yield from (self.printed_by, self.printed)


def _words_of(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph):
        yield block.text
        return
    yield block.caption
    if isinstance(block, Table):
        yield from (column.label for column in block.columns)
        for row in block.rows:
            yield from (cell for cell in row if cell)
