"""A reading as the office's own sheet: which rows stand open, which fold, and what each cell was understood as."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, pairwise, takewhile
from typing import Any

from tasks.importing.columns import LONGEST_HEADER, base
from tasks.importing.comparing import Change, Verdict
from tasks.importing.opening import column_letter
from tasks.importing.origin import words_of
from tasks.importing.rows import Row, RowProblem
from tasks.language.phrase import read_phrase
from tasks.language.text import even
from tasks.language.units import group_kind, is_open_group

VERDICTS = {"new": "新增", "changed": "变更", "same": "不变", "blocked": "有问题", "skipped": "跳过"}
_UNIT_NOTES = {"unit_unknown": "", "unit_new": "新", "group_open": "待明确", "group_empty": "无成员"}
OPEN_AT_FIRST, AROUND, CHUNK, PAGE = 8, 1, 100, 100
PROBLEM_WORDS = {
    "unit_unknown": "单位不认识", "date_impossible": "日期不成立", "deadline_unread": "时限没看懂", "date_unclear": "日期不清",
    "title_missing": "没写任务", "title_too_long": "任务太长", "code_twice": "编号重复", "number_too_large": "数量不合理",
    "formula_unvalued": "公式没有结果", "rhythm_begun": "已有填报",
}  # fmt: skip
_MONTHLY = {
    "daily": range(1, 13), "weekly": range(1, 13), "semimonthly": range(1, 13), "monthly": range(1, 13), "quarterly": (3, 6, 9, 12),
    "semester": (7, 12), "halfyear": (6, 12), "yearly": (12,),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A piece of a title; a number that was read as a target is marked."""

    text: str
    is_read: bool = False
    was: str = ""
    """What the ledger holds instead."""


@dataclass
class Line:
    """One row of the sheet with its verdict, spans of its merged cells, and the questions it raises."""

    verdict: Verdict
    columns: Sequence["Column"]
    questions: list[RowProblem] = field(default_factory=list)
    spans: dict[str, int] = field(default_factory=lambda: {"program": 1, "project": 1})
    year: int = 0

    @property
    def row(self) -> Row:
        return self.verdict.row

    @property
    def word(self) -> str:
        return VERDICTS[self.verdict.kind]

    @property
    def changes(self) -> dict[str, Change]:
        return {change.field: change for change in self.verdict.changes}

    @cached_property
    def bad_cells(self) -> set[str]:
        return {problem.cell for problem in self.row.problems if problem.level == "blocks"}

    @property
    def title_parts(self) -> list[Part]:
        """The title with its numbers marked, and what stood there before where only the number is another."""
        parts = marked(self.row.title, self.year)
        was = self.changes.get("targets")
        place = next((place for place, part in enumerate(parts) if part.is_read), None)
        if was and place is not None:
            parts[place] = replace(parts[place], was=was.before)
        return parts

    @property
    def old_title(self) -> str:
        change = self.changes.get("title")
        return change.before if change and words_of(change.before) != words_of(change.after) else ""

    @property
    def cells(self) -> list[tuple["Column", bool, list[tuple[str, str, bool, str]]]]:
        """Each column with whether this row's cell in it is in question, and the units that belong into it."""
        found = []
        for column in self.columns:
            units = self.units_in(column) if column in self.unit_columns else []
            found.append((column, f"{column.letter}{self.row.row}" in self.bad_cells, units))
        return found

    def units_in(self, column: "Column") -> list[tuple[str, str, bool, str]]:
        """(role, name, whether it is in question, a word beside it) of the units written in a column.

        A cell may name several roles (区教委牵头、区民政局配合). A name that stands in no column of units is shown in its
        role's column, else in the first one.
        """
        said = {problem.text: problem.code for problem in self.row.problems if problem.code in _UNIT_NOTES}
        of_units = self.unit_columns
        letters = {held.letter for held in of_units}
        found = []
        for role, names in self.row.units.items():
            home = next((held for held in of_units if held.field == role), of_units[0])
            for name in names:
                place = self.row.unit_cells.get(name, "").rstrip("0123456789")
                if place == column.letter or (place not in letters and column is home):
                    code = said.get(name, "")
                    found.append((role, name, code == "unit_unknown", _UNIT_NOTES.get(code, "")))
        return found

    @cached_property
    def unit_columns(self) -> list["Column"]:
        return [held for held in self.columns if base(held.field) in self.row.units or held.field.startswith("mark")]

    @property
    def due(self) -> dt.date | None:
        return dt.date.fromisoformat(self.row.due_date) if self.row.due_date else None

    @property
    def marks(self) -> list[str]:
        """Twelve months of a rhythm: due or off."""
        rhythm = self.row.recurrence
        months = _MONTHLY[rhythm["freq"]] if rhythm else ()
        return [("plan" if month in months else "off") for month in range(1, 13)] if rhythm else []

    @property
    def doubt(self) -> str:
        """A warning about the limit, said beside it."""
        return next((p.message for p in self.row.problems if p.code in ("deadline_ambiguous", "deadline_undated")), "")

    @property
    def notes(self) -> list[str]:
        """Other warnings, for the remark's cell."""
        shown = ("units_open", "unit_missing", "task_twice", "number_masked", "title_long", "row_hidden")
        was = {"units": "原单位", "layers": "原属", "standard": "原标准"}
        notes = [
            f"{word}：{self.changes[name].before or '没有写'}" for name, word in was.items() if name in self.changes
        ]
        if not self.unit_columns and (names := [name for names in self.row.units.values() for name in names]):
            notes.append(f"单位：{'、'.join(names)}")
        return [*notes, *(problem.message for problem in self.row.problems if problem.code in shown)]


@dataclass(frozen=True)
class Column:
    field: str
    header: str
    letter: str


@dataclass(frozen=True)
class Fold:
    """Rows shut away because there is nothing to say about them."""

    first: int
    last: int
    count: int
    words: str
    opened: str
    """The value of `open` that opens it beside what is open already."""


@dataclass(frozen=True)
class SheetView:
    name: str
    title: str
    header_row: int
    columns: tuple[Column, ...]
    blocks: tuple[Fold | list[Line], ...]

    @property
    def width(self) -> int:
        return len(self.columns) + 2

    @property
    def front(self) -> tuple[Column, ...]:
        """The columns before the task; those of the upper layers are merged over rows that say the same."""
        return front_of(self.columns)

    @property
    def rest(self) -> int:
        return len(self.columns) - len(self.front)


def columns_of(sheet: dict[str, Any]) -> tuple[Column, ...]:
    """The sheet's columns that were understood, in the sheet's order."""
    places = sorted(sheet["columns"].items(), key=lambda item: item[1])
    return tuple(Column(name, sheet["headers"][place], column_letter(place + 1)) for name, place in places)


@dataclass(frozen=True)
class Heading:
    """A column's header on the page where the office says what it is."""

    letter: str
    header: str
    key: str
    field: str


def headings_of(sheet: dict[str, Any]) -> list[Heading]:
    """Every column of the sheet that has a header, read or not."""
    fields = {place: name for name, place in sheet["columns"].items()}
    keys = sheet.get("keys", ())
    return [
        Heading(column_letter(place + 1), sheet["headers"][place], key, _chosen(fields.get(place, "")))
        for place, key in enumerate(keys)
        if key and len(key) <= LONGEST_HEADER
    ]


def _chosen(field: str) -> str:
    """The field as the office can choose it: a second column of units is one of units."""
    return "" if field.startswith("mark") else base(field)


def front_of(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(takewhile(lambda column: column.field in ("number", "code", "program", "project"), columns))


def lines_of(verdicts: Iterable[Verdict], sheet: dict[str, Any], year: int) -> list[Line]:
    """The sheet's rows as lines; each question is asked once, at the first row that raises it."""
    columns = columns_of(sheet)
    asked: set[tuple[str, str]] = set()
    lines = []
    for verdict in verdicts:
        if not is_of(verdict, sheet):
            continue
        line = Line(verdict, columns, year=year)
        for problem in verdict.row.problems:
            key = (problem.code, problem.text if problem.code == "unit_unknown" else verdict.row.key)
            if problem.level == "blocks" and key not in asked:
                asked.add(key)
                line.questions.append(problem)
        lines.append(line)
    return lines


def is_of(verdict: Verdict, sheet: dict[str, Any]) -> bool:
    """Does the row stand in this table? One sheet may hold several, one beneath the other."""
    last = sheet.get("last_row") or verdict.row.row
    return verdict.row.sheet == sheet["name"] and sheet["header_row"] < verdict.row.row <= last


def blocks_of(lines: list[Line], opened: Sequence[tuple[int, int]]) -> tuple[Fold | list[Line], ...]:
    """Rows that say something stand open with their neighbours; faultless runs fold, a hundred rows to a fold."""
    talking = {place for place, line in enumerate(lines) if line.verdict.kind == "changed" or line.questions}
    shown = set(range(min(OPEN_AT_FIRST, len(lines))))
    for place in sorted(talking)[:PAGE]:
        shown.update(range(max(0, place - AROUND), min(len(lines), place + AROUND + 1)))
    for first, last in opened:
        shown.update(place for place, line in enumerate(lines) if first <= line.row.row <= last)
    blocks: list[Fold | list[Line]] = []
    for is_shown, run in groupby(range(len(lines)), key=shown.__contains__):
        places = list(run)
        if is_shown or len(places) <= 2:
            _extend(blocks, [lines[place] for place in places])
        else:
            blocks.extend(_fold([lines[place] for place in part], opened) for part in _parts(places))
    for block in blocks:
        if isinstance(block, list):
            span(block)
    return tuple(blocks)


def _parts(places: list[int]) -> list[list[int]]:
    """About a hundred rows each; a short rest goes with the last."""
    count = max(1, round(len(places) / CHUNK))
    bounds = [len(places) * number // count for number in range(count + 1)]
    return [places[first:last] for first, last in pairwise(bounds)]


def _extend(blocks: list[Fold | list[Line]], lines: list[Line]) -> None:
    if blocks and isinstance(blocks[-1], list):
        blocks[-1].extend(lines)
    else:
        blocks.append(lines)


def _fold(lines: list[Line], opened: Sequence[tuple[int, int]]) -> Fold:
    kinds = Counter(line.word for line in lines)
    words = " · ".join(f"{word} {count}" for word, count in kinds.items())
    first, last = lines[0].row.row, lines[-1].row.row
    also = ",".join(f"{a}-{b}" for a, b in [*opened, (first, last)])
    return Fold(first, last, len(lines), words, also)


def span(lines: list[Line]) -> None:
    """Merged cells of the upper layers, within the rows that stand open together; a question row ends a merge."""
    merged = [column.field for column in front_of(lines[0].columns)] if lines else []
    start: dict[str, Line | None] = {"program": None, "project": None}
    for line in lines:
        for name in set(merged) & {"program", "project"}:
            head = start[name]
            same = (
                head is not None
                and head.row.program == line.row.program
                and (name == "program" or head.row.project == line.row.project)
            )
            if same and head is not None:
                head.spans[name] += 1 + len(line.questions)
                line.spans[name] = 0
            else:
                start[name] = line
                line.spans[name] = 1 + len(line.questions)


def marked(title: str, year: int) -> list[Part]:
    """The title with the numbers that became targets marked where they stand."""
    evened = even(title)
    parts: list[Part] = []
    at = 0
    for target in read_phrase(title, year=year).targets:
        start, end = evened.offsets[target.start], evened.offsets[target.end - 1] + 1
        if start >= at:
            parts += [Part(title[at:start]), Part(title[start:end], is_read=True)]
            at = end
    return [part for part in [*parts, Part(title[at:])] if part.text]


@dataclass(frozen=True)
class Totals:
    """What was read out of the file, for the sentence on top."""

    units: int
    limits: int
    rhythms: int
    targets: int

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Totals":
        rows = list(rows)
        names = {name for row in rows for names in row.units.values() for name in names}
        single = {name for name in names if not group_kind(name) and not is_open_group(name)}
        return cls(
            len(single),
            sum(bool(row.due_date) for row in rows),
            sum(bool(row.recurrence) for row in rows),
            sum(len(row.targets) for row in rows),
        )


def problem_counts(verdicts: Iterable[Verdict]) -> list[tuple[str, int]]:
    """(words, count) of each kind of blocking problem; a name asked about in ten rows is one question."""
    found = {
        (problem.code, problem.text or verdict.row.key)
        for verdict in verdicts
        for problem in verdict.row.problems
        if problem.level == "blocks"
    }
    return [
        (PROBLEM_WORDS.get(code, "其他"), count) for code, count in Counter(code for code, _ in found).most_common()
    ]


def unknown_names(verdicts: Iterable[Verdict]) -> list[str]:
    """Names the directory lacks, in the order they are first named."""
    return list(dict.fromkeys(p.text for v in verdicts for p in v.row.problems if p.code == "unit_unknown"))
