"""Units and limits that stand apart from the sentence they speak of, bound to the drafts they are meant for."""

import re
from dataclasses import dataclass, field

from tasks.extraction.clauses import Clause, Sentence
from tasks.extraction.limits import NONE, Limit, limit_of
from tasks.extraction.marks import LABEL, read_mark
from tasks.extraction.names import Names
from tasks.extraction.outline import DAYS, Paragraph
from tasks.extraction.state import Above, Draft, State
from tasks.extraction.subjects import Subject
from tasks.language.phrase import Phrase, read_phrase

_PHASE = re.compile(rf"[^。\n]{{2,40}}?\({DAYS}\) *(?=[。:\n])")


@dataclass
class Binder:
    text: str
    year: int
    names: Names
    is_month_included: bool = False
    drafts: list[Draft] = field(default_factory=list)
    _unbound: int = 0
    """The first draft of the paragraph that no mark has spoken of."""
    _above: Above | None = None

    def _phase(self, paragraph: Paragraph) -> Limit:
        """The days of the phase that the heading names hold for what is below it."""
        if paragraph.heading_at < 0 or not (days := _PHASE.match(self.text, paragraph.heading_at)):
            return NONE
        return self._limit_at(*days.span("days"))

    def _label_above(self, paragraph: Paragraph) -> bool:
        """牵头单位:A right under a heading speaks of the tasks that come below it."""
        if self._above is None or self._above.headings != paragraph.headings:
            self._above = Above(paragraph.headings)
        marked = read_mark(self.text, paragraph.start, paragraph.end)
        if marked is None:
            return False
        if marked.limit:
            self._above.limit = self._limit_at(*marked.limit)
        if marked.subject:
            self._above.subject = self._above.subject.joined(marked.subject) if self._above.subject else marked.subject
        return True

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _read(self, words: str, *, is_column: bool = False) -> Phrase:
        return read_phrase(words, year=self.year, is_column=is_column, is_month_included=self.is_month_included)

    def _label(self, start: int, end: int, first: int) -> bool:
        """责任单位:A、B or 完成时限:9月底前, on a line or in brackets of its own, speaks of the tasks before it."""
        marked = read_mark(self.text, start, end)
        if marked is None:
            return False
        limit = self._limit_at(*marked.limit) if marked.limit else NONE
        for draft in self.drafts[first:]:
            if limit.is_said and not draft.has_own_limit:
                draft.limit, draft.is_limit_carried = limit, False
            if marked.subject:
                self._mark_units(draft, marked.subject)
        return True

    def _mark_units(self, draft: Draft, marked: Subject) -> None:
        """Units marked beside a task are the whole of them, but for those its words gave a role (A牵头) or mere helpers."""
        own = draft.subject if draft.subject is not None and not draft.is_carried else None
        is_more = own is not None and (own.is_written or marked.is_support_only)
        draft.subject = own.joined(marked) if is_more and own else marked
        draft.is_carried = draft.is_unclear = draft.is_tentative = False

    def _limit_at(self, start: int, end: int) -> Limit:
        words = self.text[start:end].rstrip(" 。;)】")
        return limit_of(self._read(words, is_column=True), words, start)

    def _marks(self, sentence: Sentence, first: int) -> bool:
        """A sentence of nothing but (责任单位:A)(完成时限:9月底前), or of a label and its units."""
        if not self._is_mark(sentence.start, sentence.end):
            return False
        if all(self.text[clause.start] in "(【[" for clause in sentence.clauses):
            bound = [self._label(clause.start, clause.end, first) for clause in sentence.clauses]
            return all(bound)
        return self._label(sentence.start, sentence.end, first)

    def _is_mark(self, start: int, end: int) -> bool:
        words = self.text[start:end].strip()
        return words.startswith(("(", "【", "[")) or bool(LABEL.match(words))

    def _mark_before(self, clause: Clause, paragraph: Paragraph, state: State) -> bool:
        """A mark within a sentence speaks of what stands before it since the last one; at the paragraph's end of all of it."""
        is_last = not self.text[clause.end : paragraph.end].strip(" 。;")
        is_labelled = bool(LABEL.match(self.text[clause.start : clause.end]))
        first = self._unbound if is_last and is_labelled else state.marked_from
        if not self._label(clause.start, clause.end, first):
            return False
        follows = LABEL.match(self.text[clause.end : paragraph.end].lstrip(",; "))
        if not follows:
            state.marked_from = self._unbound = len(self.drafts)
        return True
