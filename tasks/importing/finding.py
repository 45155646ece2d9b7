"""Where the tables of a sheet are: the likeliest header of the sheet, and the headers of tables over and beneath it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.importing.cells import cell_text
from tasks.importing.columns import LONGEST_HEADER, Column, Wording, columns_of, is_header, squeezed
from tasks.importing.opening import Sheet
from tasks.importing.settling import settled
from tasks.importing.tables import Table, filled

_HEADER_DEPTH, _HEADER_ROWS, _SAMPLE = 30, 3, 300
_LEAST_KNOWN, _KNOWN_SHARE = 3, 0.5
#: 6月底, 2季度, 2024年目标: headings that begin with a number.
_PERIOD = re.compile(r"(?:20\d\d年)?\d{1,2}月[底末份]?|[1-4]季度|20\d\d年[底末度]?(?:计划|目标|任务|安排)?")
_TITLE_ROWS, _MOST_TABLES = 6, 100
#: 单位（盖章）：…　截至…
_FILLED_IN = re.compile(r"[:：]|单位|时间|日期|截[至止]|20\d\d")

Texts = Sequence[Sequence[str]]


@dataclass(frozen=True)
class _Head:
    """A header found: its first row counted from 0, how many rows it has, its columns, how good it is."""

    top: int
    deep: int
    columns: list[Column]
    score: tuple[int, int, int]

    @property
    def end(self) -> int:
        return self.top + self.deep


def tables_of(sheet: Sheet, wording: Wording) -> list[Table]:
    """The tables of a sheet from above, none where no header is found."""
    sheet = filled(sheet)
    texts = [[cell_text(value) for value in row] for row in sheet.cells]
    best = _likeliest(texts, wording)
    if best is None:
        return []
    heads = [best, *_others(texts, best, wording)]
    heads.sort(key=lambda head: head.top)
    starts = [1, *(_start(texts, above, below) for above, below in pairwise(heads))]
    ends = [*(start - 1 for start in starts[1:]), len(texts)]
    parts = zip(heads, starts, ends, strict=True)
    found = [_table(sheet, texts, head, first, last) for head, first, last in parts]
    return [table for table in found if table.has_words]


def _likeliest(texts: Texts, wording: Wording) -> _Head | None:
    """The best header of the first rows; under a long foreword the first row that is plainly one."""
    heads = (_head(texts, top, wording) for top in range(min(_HEADER_DEPTH, len(texts))))
    best = max((head for head in heads if head), key=lambda head: head.score, default=None)
    fields: dict[str, str | None] = {}
    later = (top for top in range(_HEADER_DEPTH, len(texts)) if _is_head(texts[top], wording, fields))
    return best or next((head for top in later if (head := _head(texts, top, wording))), None)


def _table(sheet: Sheet, texts: list[list[str]], head: _Head, first: int, last: int) -> Table:
    again = _again(head.columns)
    columns = [replace(c, field=None) if c.place >= again else c for c in head.columns]
    width = len(columns)
    body = [row + [""] * (width - len(row)) for row in texts[head.end : min(last, head.end + _SAMPLE)]]
    return Table(
        sheet, texts, head.top + 1, head.deep, settled(columns, body), first, last, again if again < width else 0
    )


def _again(columns: Sequence[Column]) -> int:
    """The place where a second table begins beside the first: its headers say the same words over again."""
    words = [column.key for column in columns]
    for place in range(_LEAST_KNOWN, len(words)):
        first = next(at for at, word in enumerate(words) if word == words[place])
        said, over = (list(filter(None, part)) for part in (words[first:place], words[place:]))
        if words[place] and first < place and len(set(said)) >= _LEAST_KNOWN and said == over[: len(said)]:
            return place
    return len(words)


def _head(texts: Texts, top: int, wording: Wording) -> _Head | None:
    """The header that begins in this row: the most columns understood, in the fewest rows."""
    found: _Head | None = None
    for deep in range(1, _HEADER_ROWS + 1):
        if deep > 1 and not _continues(texts, top, deep):
            break
        columns = columns_of(_stacks(texts, top, deep), wording)
        known = {column.field for column in columns} - {None}
        score = (len(known) + _splits(texts, top, deep), -deep, -top)
        if is_header(columns) and (found is None or score > found.score):
            found = _Head(top, deep, columns, score)
    return found


def _others(texts: Texts, best: _Head, wording: Wording) -> Iterator[_Head]:
    """Headers of other words over and beneath the likeliest one; the same words again are the next printed page."""
    fields: dict[str, str | None] = {}
    words = _words(texts, best)
    above, end, looked = None, 0, 0
    for top, row in enumerate(texts):
        if top == best.top:
            above, end, words = best, best.end, _words(texts, best)
        if top < end or best.top <= top < best.end or not _is_head(row, wording, fields):
            continue
        if above and {squeezed(text) for text in row if text} <= words:
            continue
        looked += 1
        if looked > _MOST_TABLES:
            return
        head = _head(texts, top, wording)
        if head is None or (top < best.top <= head.end) or (above and _words(texts, head) <= words):
            continue
        if top < best.top and not _has_rows(texts, head.end, best.top):
            continue
        yield head
        above, end, words = head, head.end, _words(texts, head)


def _is_head(row: Sequence[str], wording: Wording, fields: dict[str, str | None]) -> bool:
    """Short words of which most are known as headers: no row of a table's body says as much."""
    said = {text for text in row if text}
    if len(said) < _LEAST_KNOWN or any(len(text) > LONGEST_HEADER or text[0].isdigit() for text in said):
        return False
    for text in said - fields.keys():
        fields[text] = wording.field_named(text)
    known = {name for text in said if (name := fields[text])}
    return len(known) >= _LEAST_KNOWN and len(known) >= _KNOWN_SHARE * len(said)


def _has_rows(texts: Texts, first: int, last: int) -> bool:
    return any(len({text for text in row if text}) >= _LEAST_KNOWN for row in texts[first:last])


def _words(texts: Texts, head: _Head) -> set[str]:
    return {squeezed(text) for row in texts[head.top : head.end] for text in row if text}


def _start(texts: Texts, above: _Head, below: _Head) -> int:
    """The row, counted from 1, where what belongs to the lower table begins: its title and the line of who filled it in."""
    row = below.top
    while row > max(above.end, below.top - _TITLE_ROWS):
        said = {text for text in texts[row - 1] if text}
        is_form = len(said) <= 3 and all(_FILLED_IN.search(text) for text in said)
        if len(said) > 1 and not is_form:
            break
        row -= 1
    return row + 1


def _stacks(texts: Sequence[Sequence[str]], top: int, deep: int) -> list[list[str]]:
    """For each column the words over it, from above, each once."""
    width = max(len(row) for row in texts[top : top + deep])
    stacks: list[list[str]] = []
    for place in range(width):
        words = [row[place] for row in texts[top : top + deep] if place < len(row) and row[place]]
        stacks.append([word for n, word in enumerate(words) if n == 0 or word != words[n - 1]])
    return stacks


def _continues(texts: Sequence[Sequence[str]], top: int, deep: int) -> bool:
    """May this row be one more row of the header: short words only, some under the words above, none a number?"""
    if top + deep > len(texts) or len({text for text in texts[top] if text}) < 2:
        return False  # one heading over everything is the sheet's title
    above = texts[top + deep - 2]
    new = {
        place: text for place, text in enumerate(texts[top + deep - 1]) if text and text not in above[place : place + 1]
    }
    if not new or any(len(squeezed(text)) > LONGEST_HEADER for text in new.values()):
        return False
    counted = [text for text in new.values() if text[0].isdigit()]
    return not counted or (all(map(_PERIOD.fullmatch, counted)) and all(_is_spanned(above, place) for place in new))


def _is_spanned(above: Sequence[str], place: int) -> bool:
    """Does the heading over this column stand over its neighbour too?"""
    heading = above[place] if place < len(above) else ""
    return bool(heading) and heading in (above[place - 1] if place else "", *above[place + 1 : place + 2])


def _splits(texts: Sequence[Sequence[str]], top: int, deep: int) -> int:
    """1 where a heading over several columns is told apart in the row below."""
    if deep == 1:
        return 0
    above, below = texts[top + deep - 2], texts[top + deep - 1]
    pairs = zip(above, above[1:], below, below[1:], strict=False)
    return int(any(a and a == b and c and d and c != d and c != a for a, b, c, d in pairs))
