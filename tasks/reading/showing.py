"""A document as two columns: its text with the read clauses marked, and the drafted rows beside it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from tasks.extraction.drafts import DOUBTS, DraftRow
from tasks.models import SourceDocument, SourceDraft, Task
from tasks.periods import periods
from tasks.reading.doubts import Doubt, doubts_of
from tasks.reading.reshaping import ROLES, targets_text
from tasks.reconciling.sides import ROLE_WORDS, day_words, plain, rhythm_words

_OPS = {">=": "≥", "<=": "≤", "=": "="}
_HEADING = re.compile(
    r"^\s*(?:第[一二三四五六七八九十]+[章节部分]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|#+ )"
)
#: Rows on one page; a longer document is gone through part by part.
MOST_ROWS = 50
#: Of more characters than this only the paragraphs that say something are on the page.
MOST_TEXT = 4_000
#: What stands in doubt about the units, not about a limit or a number.
UNIT_DOUBTS = {"carried_unclear", "unit_near", "unit_masked"}


@dataclass
class RowView:
    """One drafted row as the page draws it."""

    draft: SourceDraft
    year: int
    is_current: bool = False
    mode: str = ""
    """edit or split: the row stands open as a form."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What was written into the row's form and refused."""

    @cached_property
    def row(self) -> DraftRow:
        return DraftRow.from_dict(self.draft.row)

    @cached_property
    def doubts(self) -> list[Doubt]:
        return doubts_of(self.row, self.year) if self.is_open else []

    @property
    def task(self) -> Task | None:
        """The task it became, or the like one of the ledger."""
        return None if self.draft.is_apart and self.is_open else self.draft.task

    @property
    def is_open(self) -> bool:
        return self.draft.state in (SourceDraft.State.DRAFTED, SourceDraft.State.ACCEPTED)

    @property
    def tone(self) -> str:
        """Of its clause in the text: q where something is open, off where it is no task."""
        if self.draft.state in (SourceDraft.State.DROPPED, SourceDraft.State.MERGED):
            return "off"
        return "q" if self.doubts else ""

    @property
    def units(self) -> list[tuple[str, str, bool]]:
        """(role, name, is it in doubt)."""
        in_doubt = {p.text for p in self.row.problems if p.code in UNIT_DOUBTS and p.text}
        unclear = any(p.code == "carried_unclear" for p in self.row.problems)
        is_all = unclear and not in_doubt and self.is_open
        return [
            (role, name, self.is_open and (is_all or name in in_doubt))
            for role, names in self.row.units.items()
            for name in names
        ]

    @property
    def carried_note(self) -> str:
        return "承上" if any(p.code == "carried_unclear" for p in self.row.problems) and self.is_open else ""

    @property
    def measures(self) -> list[tuple[str, str, str]]:
        """(sign, number with its measure, what)."""
        rhythm = self.row.recurrence
        found = [
            (_OPS.get(t["op"], "="), "X" if t["value"] is None else f"{plain(t['value'])} {t['unit']}".strip(), t.get("what") or "")
            for t in self.row.targets
        ]  # fmt: skip
        if rhythm and not found and rhythm["count"] > 1:
            found.append(("≥" if rhythm.get("at_least") else "=", f"{rhythm['count']} 次", ""))
        return found

    @property
    def raw_limit(self) -> str:
        """The limit's own words, where they say it otherwise than the reading."""
        raw = self.row.deadline_text
        return "" if raw == self.read_limit else raw

    @property
    def read_limit(self) -> str:
        row = self.row
        if row.recurrence:
            return rhythm_words(row.recurrence["freq"], row.recurrence["count"], row.recurrence["day_of_month"])
        return day_words(row.due_date, self.year) if row.due_date else ""

    @property
    def marks(self) -> list[str]:
        if not self.row.recurrence:
            return []
        months = {period.due.month for period in periods(self.row.recurrence["freq"], self.year)}
        return ["plan" if month in months else "off" for month in range(1, 13)]

    @property
    def fields(self) -> dict[str, Any]:
        """What the form of a row holds: the row, or what was typed over it."""
        row, typed = self.row, self.typed
        plain_words = {
            "title": row.title, "limit": row.deadline_text, "targets": targets_text(row), "program": row.program, "project": row.project,
            "lines": row.sentence,
        }  # fmt: skip
        held = {name: typed.get(name, words) for name, words in plain_words.items()}
        units = [(role, ROLE_WORDS[role], typed.get(f"units-{role}", "、".join(row.units[role]))) for role in ROLES]
        is_open = "is_open_ended" in typed if "title" in typed else row.units_open_ended
        return held | {"units": units, "is_open_ended": is_open, "day": typed.get(f"day-{self.draft.label}", "")}


@dataclass(frozen=True)
class Piece:
    """A run of characters of one look: `unit` bold, `limit` underlined."""

    text: str
    look: str = ""


@dataclass
class Clause:
    """A run of the text. `drafts`: the rows that rest on it, none where nothing was read; `ends`: those whose clause ends here."""

    pieces: list[Piece]
    view: RowView | None = None
    ends: list[RowView] = field(default_factory=list)


@dataclass(frozen=True)
class Paragraph:
    clauses: list[Clause]
    is_heading: bool
    is_outside: bool
    """Of the page around the text; nothing was read there."""


@dataclass(frozen=True)
class Window:
    """The part of a long list that is on the page, and the rows it goes on with on either side.

    `start` and `end`: the text that belongs to it.
    """

    views: Sequence[RowView]
    before: RowView | None
    after: RowView | None
    first: int
    start: int
    end: int

    @property
    def last(self) -> int:
        return self.first + len(self.views) - 1


def window(document: SourceDocument, views: Sequence[RowView], current: RowView | None) -> Window:
    """The part around the row at hand; a list that is not long is one part."""
    length = len(document.text)
    if len(views) <= MOST_ROWS or current is None:
        return Window(views, None, None, 1, 0, length)
    first = views.index(current) // MOST_ROWS * MOST_ROWS
    before = views[first - 1] if first else None
    after = views[first + MOST_ROWS] if first + MOST_ROWS < len(views) else None
    start = views[first].draft.start if first else 0
    part = views[first : first + MOST_ROWS]
    end = max(part[-1].draft.end, document.text.rfind("\n", 0, after.draft.start) + 1) if after else length
    return Window(part, before, after, first + 1, start, end)


def paragraphs(document: SourceDocument, views: Sequence[RowView], within: Window | None = None) -> list[Paragraph]:
    """The text by lines, with what was read in it."""
    first, last = (within.start, within.end) if within else (0, len(document.text))
    begin, finish = document.text.rfind("\n", 0, first + 1) + 1, document.text.find("\n", last)
    finish = finish if finish >= 0 else len(document.text)  # of a line that is shown every clause is marked
    shown = [view for view in views if view.tone != "off" and view.draft.start < finish and begin < view.draft.end]
    listed = {view.draft.pk for view in (within.views if within else views)}
    bounds = _bounds(shown)
    body = document.reading.get("body") or [[0, len(document.text)]]
    found = []
    for line in re.finditer(r"[^\n]+", document.text):
        start, end = _trimmed(document.text, line.start(), line.end())
        if start < end and start < last and first < end:
            is_outside = not any(begins < end and start < ends for begins, ends in body)
            clauses = list(_clauses(document.text, start, end, shown, bounds))
            is_heading = bool(_HEADING.match(line[0])) and not any(clause.view for clause in clauses)
            says = any(clause.view and clause.view.draft.pk in listed for clause in clauses)
            if says or is_heading or last - first <= MOST_TEXT:
                found.append(Paragraph(clauses, is_heading, is_outside))
            elif found and found[-1] is not _LEFT_OUT:
                found.append(_LEFT_OUT)
    return found


_LEFT_OUT = Paragraph([Clause([Piece("……")])], is_heading=False, is_outside=True)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _bounds(views: Iterable[RowView]) -> list[int]:
    places: set[int] = set()
    for view in views:
        places.update((view.draft.start, view.draft.end))
        for spans in (view.row.unit_spans, view.row.limit_spans):
            places.update(place for span in spans for place in span)
    return sorted(places)


def _clauses(text: str, start: int, end: int, views: Sequence[RowView], bounds: Sequence[int]) -> Iterator[Clause]:
    inside = [view for view in views if view.draft.start < end and start < view.draft.end]
    looks = _looks(views, start, end)
    places = [start, *(place for place in bounds if start < place < end), end]
    current: Clause | None = None
    for first, last in pairwise(places):
        owner = _owner(inside, first, last)
        piece = Piece(text[first:last], _look_at(looks, first, last))
        if current is None or current.view is not owner:
            if current is not None:
                yield current
            current = Clause([], owner)
        current.pieces.append(piece)
        ending = [view for view in inside if view.draft.end == last]
        if ending:
            current.ends += ending
            yield current
            current = None
    if current is not None:
        yield current


def _owner(views: Iterable[RowView], first: int, last: int) -> RowView | None:
    """The narrowest clause that holds the run; of like ones the first."""
    holding = [view for view in views if view.draft.start <= first and last <= view.draft.end]
    return min(holding, key=lambda view: view.draft.end - view.draft.start, default=None)


def _looks(views: Iterable[RowView], start: int, end: int) -> list[tuple[int, int, str]]:
    found = []
    for view in views:
        doubt = " q" if any(d.code.startswith(("deadline", "date")) for d in view.doubts) else ""
        spans = [(*span, "unit") for span in view.row.unit_spans]
        spans += [(*span, f"limit{doubt}") for span in view.row.limit_spans]
        found += [span for span in spans if span[0] < end and start < span[1]]
    return found


def _look_at(looks: Iterable[tuple[int, int, str]], first: int, last: int) -> str:
    held = {look for begin, finish, look in looks if begin <= first and last <= finish}
    return next((look for look in ("unit", "limit q", "limit") if look in held), "")


@dataclass(frozen=True)
class Counts:
    """The figures over the two columns; each opens its own list."""

    all: int
    doubtful: int
    seen: int
    left: int
    whole: int
    clear: int
    accepted: int
    committed: int
    dropped: int
    weights: list[tuple[str, str, int]]
    kinds: list[tuple[str, str, int]]

    @classmethod
    def of(cls, views: Sequence[RowView]) -> "Counts":
        state = SourceDraft.State
        standing = [view for view in views if view.draft.state in SourceDraft.STANDING]
        states = Counter(view.draft.state for view in views)
        weights = Counter(view.draft.weight for view in standing)
        kinds = Counter(doubt.code for view in standing for doubt in view.doubts)
        left = [view for view in standing if view.draft.state == state.DRAFTED]
        return cls(
            all=len(standing),
            doubtful=sum(bool(view.doubts) for view in standing),
            seen=len(views) - len(left),
            left=len(left),
            whole=len(views),
            clear=sum(not view.draft.has_doubt for view in left),
            accepted=states[state.ACCEPTED],
            committed=states[state.COMMITTED],
            dropped=states[state.DROPPED] + states[state.MERGED],
            weights=[(weight.value, weight.label, weights[weight]) for weight in SourceDraft.Weight],
            kinds=[(code, DOUBTS[code], count) for code, count in kinds.most_common()],
        )


def chosen(views: Sequence[RowView], show: str) -> list[RowView]:
    """The rows a list shows: all that stand, those in doubt, of one weight, of one kind of doubt, taken, dropped."""
    state = SourceDraft.State
    if show == "dropped":
        return [view for view in views if view.draft.state in (state.DROPPED, state.MERGED)]
    standing = [view for view in views if view.draft.state in SourceDraft.STANDING]
    if show == "doubt":
        return [view for view in standing if view.doubts]
    if show in SourceDraft.Weight.values:
        return [view for view in standing if view.draft.weight == show]
    if show in (state.DRAFTED, state.ACCEPTED, state.COMMITTED):
        return [view for view in standing if view.draft.state == show]
    if show in DOUBTS:
        return [view for view in standing if any(doubt.code == show for doubt in view.doubts)]
    return standing
