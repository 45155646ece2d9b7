"""The reading of a whole text: every clause that says what is to be done becomes a drafted row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from campaign.problems import Problem
from tasks.extraction.clauses import Clause, Kind, Sentence, kind_of, read_sentences
from tasks.extraction.doubts import doubts_of
from tasks.extraction.drafts import DraftRow, Plan
from tasks.extraction.limits import NONE, Limit, governs, limit_of
from tasks.extraction.merging import belongs_to_last
from tasks.extraction.objects import parts
from tasks.extraction.outline import LABEL, Paragraph, read_outline, without_copies
from tasks.extraction.subjects import Names, Subject, read_helpers, read_mark, read_subject
from tasks.extraction.titles import title_of
from tasks.extraction.totals import read_totals
from tasks.language.hygiene import tidy
from tasks.language.phrase import Phrase, read_phrase
from tasks.language.text import Even
from tasks.language.units import Directory, Known

#: A text longer than this is no speech and no plan.
LONGEST_TEXT = 400_000
LONGEST_CLAUSE = 600


@dataclass
class Draft:
    """A row in the making, by places in the evened text."""

    start: int
    end: int
    words: str
    part: str
    phrase: Phrase
    limit: Limit
    subject: Subject | None
    is_carried: bool
    is_unclear: bool
    paragraph: Paragraph
    sentence: int
    cuts: list[tuple[int, int]] = field(default_factory=list)
    is_limit_carried: bool = False
    more: list[Phrase] = field(default_factory=list)


@dataclass
class _Reader:
    even: Even
    year: int
    names: Names
    is_month_included: bool
    drafts: list[Draft] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)

    # one paragraph after the other

    def read(self, paragraphs: list[Paragraph]) -> None:
        self.block = 0
        held: Subject | None = None
        for paragraph in paragraphs:
            if paragraph.label:
                self._label(paragraph)
                continue
            if paragraph.units_at >= 0:
                held = read_mark(
                    self.even.text, paragraph.units_at, paragraph.units_at + sum(map(len, paragraph.under)) + 60
                )
            first = len(self.drafts)
            held = self._paragraph(paragraph, held if paragraph.level or paragraph.units_at >= 0 else None)
            self.block = first if len(self.drafts) > first else self.block

    def _label(self, paragraph: Paragraph) -> None:
        """责任单位:A、B on a line of its own speaks of the tasks above it."""
        text = self.even.text
        label = LABEL.match(text, paragraph.start, paragraph.end)
        if re.search(r"时限|时间", paragraph.label):
            start = label.end() if label else paragraph.start
            self._bind_limit(start, paragraph.end)
            return
        marked = read_mark(text, paragraph.start, paragraph.end)
        if marked:
            self._bind(marked, self.block)

    def _bind(self, subject: Subject, first: int) -> None:
        for draft in self.drafts[first:]:
            if draft.subject is None or draft.is_carried:
                draft.subject = subject
                draft.is_carried = draft.is_unclear = False
            else:
                draft.subject = draft.subject.joined(subject)

    def _bind_limit(self, start: int, end: int) -> None:
        words = self.even.text[start:end]
        phrase = read_phrase(
            words.strip(" 。;)】"), year=self.year, is_column=True, is_month_included=self.is_month_included
        )
        limit = limit_of(phrase, words, start)
        for draft in self.drafts[self.block :]:
            if not draft.limit.is_said or draft.is_limit_carried:
                draft.limit, draft.is_limit_carried = limit, False

    def _paragraph(self, paragraph: Paragraph, held: Subject | None) -> Subject | None:
        """Returns the units that hold for the numbered lines below: those of a line that ends with a colon."""
        subject = held
        first = len(self.drafts)
        opening: Subject | None = held
        for sentence in read_sentences(self.even.text, paragraph.start, paragraph.end):
            self.sentences.append((sentence.start, sentence.end))
            if marked := self._marked(sentence):
                self._bind(marked, first)
                first = len(self.drafts)
                continue
            subject = self._sentence(sentence, paragraph, subject)
        is_open = self.even.text[: paragraph.end].rstrip(" 。").endswith(":")
        if is_open and subject is not None and len(self.drafts) == first:
            return subject
        return opening if paragraph.level else None

    def _marked(self, sentence: Sentence) -> Subject | None:
        words = self.even.text[sentence.start : sentence.end].strip()
        if not (words.startswith(("(", "【", "[")) or LABEL.match(words)) or words.count(")") > 3:
            return None
        return read_mark(self.even.text, sentence.start, sentence.end)

    # one sentence

    def _sentence(self, sentence: Sentence, paragraph: Paragraph, subject: Subject | None) -> Subject | None:
        text = self.even.text
        limit = NONE
        pending: int | None = None
        first = len(self.drafts)
        is_carried = subject is not None
        is_fresh = False  # a subject was named and nothing said of it yet
        for clause in sentence.clauses:
            if text[clause.start : clause.start + 1] == "(" and (marked := read_mark(text, clause.start, clause.end)):
                self._bind(marked, first)
                continue
            found = read_subject(text, clause.head, min(clause.end, clause.head + LONGEST_CLAUSE), self.names)
            local: Subject | None = None
            at = clause.head
            if found and found.is_local:
                local = found
            elif found:
                at = found.end
                rest = text[at : clause.end].strip(" 等")
                if not rest and clause.mark == ":" and not found.is_written:
                    continue  # 各街道,各部门: is an address
                if found.is_support_only and len(self.drafts) > first and not is_fresh and len(rest) < 12:
                    for draft in self.drafts[first:]:
                        draft.subject = draft.subject.joined(found) if draft.subject else found
                    continue
                subject = subject.joined(found) if is_fresh and subject and found.is_written else found
                is_fresh, is_carried = True, False
                if not rest:
                    continue
            words = text[at : min(clause.end, at + LONGEST_CLAUSE)]
            if not words.strip():
                continue
            phrase = read_phrase(words, year=self.year, is_month_included=self.is_month_included)
            own = limit_of(phrase, words, at)
            if own.is_said and own.kind != "recurring":
                limit = own
            if self._is_bare_limit(words, own, at):
                pending = clause.start if pending is None else pending
                continue
            kind = kind_of(words, is_measured=_is_measured(phrase, own), is_past_section=paragraph.is_past)
            if kind is Kind.PAST:
                continue
            if kind is not Kind.DUTY:
                continue
            now = local or subject
            if local and not local.units:
                now = subject
            if (helpers := read_helpers(text, at, clause.end, self.names)) and now:
                now = now.joined(helpers)
            if now is None and not _is_plain_deed(words, phrase, own):
                continue
            start = clause.start if pending is None else pending
            pending = None
            self._add(
                clause,
                start,
                at,
                words,
                phrase,
                own,
                limit,
                now,
                paragraph,
                sentence,
                is_carried=is_carried and local is None,
            )
            is_fresh, is_carried = False, subject is not None
            if own.kind == "recurring":
                limit = own
            if clause.mark == ";" and limit.kind == "recurring":
                limit = NONE
        return subject

    def _is_bare_limit(self, words: str, own: Limit, at: int) -> bool:
        if not own.is_said:
            return False
        left = re.sub(
            r"[,、 到至于在从前止]", "", "".join(words[: own.spans[0][0] - at]) + words[own.spans[-1][1] - at :]
        )
        return len(left) <= 1

    def _add(
        self, clause: Clause, start: int, at: int, words: str, phrase: Phrase, own: Limit, limit: Limit,
        subject: Subject | None, paragraph: Paragraph, sentence: Sentence, *, is_carried: bool,
    ) -> None:  # fmt: skip
        last = self.drafts[-1] if self.drafts and self.drafts[-1].sentence == sentence.start else None
        if (
            last
            and not (own.is_said and last.limit.is_said and not last.is_limit_carried)
            and belongs_to_last(last.words, last.phrase, words, phrase, is_limited=own.is_said)
        ):
            last.end = clause.end
            last.more.append(phrase)
            if own.is_said:
                last.limit, last.is_limit_carried = own, False
            return
        for part in parts(words, phrase):
            said = (
                phrase
                if part.is_whole
                else read_phrase(part.words, year=self.year, is_month_included=self.is_month_included)
            )
            held = own
            is_limit_carried = False
            if (part.start and not part.is_whole) or (part.words != words and own.kind == "recurring"):
                said = read_phrase(part.words, year=self.year, is_month_included=self.is_month_included)
                mine = limit_of(said, part.words, at + part.start)
                held = mine if mine.is_said else own
                is_limit_carried = not mine.is_said and own.is_said
            if not held.is_said and governs(limit, words, is_measured=bool(said.targets)):
                held, is_limit_carried = limit, True
            first = start if part.is_whole or part.start == 0 else at + part.start
            end = clause.end if part.is_whole else at + part.end
            self.drafts.append(
                Draft(
                    first,
                    end,
                    words,
                    part.words,
                    said,
                    held,
                    subject,
                    is_carried or part.start > 0,
                    False,
                    paragraph,
                    sentence.start,
                    is_limit_carried=is_limit_carried,
                )
            )


def _is_measured(phrase: Phrase, own: Limit) -> bool:
    return bool(phrase.targets or own.is_said)


_DEED = re.compile(
    r"(?:召开|印发|制定|制订|出台|建立(?!健全的)|实行|举办|邀请|成立|编制|报送|组建|设立|开设|办好|培训班|学习[^,]*(?:经验|做法)|统筹起来)"
)


def _is_plain_deed(words: str, phrase: Phrase, own: Limit) -> bool:
    """Without a unit only what is measured, dated or a thing that can be shown is a task."""
    return _is_measured(phrase, own) or bool(_DEED.search(words))


def read_plan(
    text: str,
    *,
    year: int,
    units: Iterable[Known] = (),
    directory: Directory | None = None,
    is_month_included: bool = False,
    layer_name: str = "",
) -> Plan:
    """Read a speech, plan or minutes into drafted rows; nothing is written. `year`: what 今年 means.

    `directory` (or its `units`): the campaign's names, by which short names are known and named in full. `layer_name`:
    what the campaign calls its programs (提升工程). All places in the result count the characters of `text` as given.
    """
    even = tidy(text[:LONGEST_TEXT])
    known = list(directory.units if directory else units)
    directory = directory or (Directory(known) if known else None)
    outline = read_outline(even.text)
    paragraphs = without_copies(outline.paragraphs, even.text)
    reader = _Reader(
        even, year, Names(name for unit in known for name in (unit.name, *unit.aliases)), is_month_included
    )
    reader.read(paragraphs)
    rows = tuple(_row(draft, number, even, directory) for number, draft in enumerate(reader.drafts, 1))
    totals = tuple(read_totals(even.text, reader.sentences, list(even.offsets)))
    problems = list(_problems(text, rows))
    body = tuple((even.offsets[p.start], even.offsets[p.end - 1] + 1) for p in paragraphs if p.end > p.start)
    return Plan(outline.title, rows, totals, tuple(problems), body)


def _problems(text: str, rows: tuple[DraftRow, ...]) -> Iterator[Problem]:
    if len(text) > LONGEST_TEXT:
        yield Problem(
            "text_long", f"文字超过 {LONGEST_TEXT // 10_000} 万字，只读了前面的部分。请分成几份再读。", level="warns"
        )
    if not rows:
        yield Problem(
            "no_rows",
            "没有读出任务：文中没有“某单位主责，做什么”这样的句子，也没有写明数量或时限的事项。请看看是不是传错了文件。",
        )


def _row(draft: Draft, number: int, even: Even, directory: Directory | None) -> DraftRow:
    def raw(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((even.offsets[a], even.offsets[b - 1] + 1) for a, b in spans if b > a)

    subject = draft.subject
    phrases = [draft.phrase, *draft.more]
    base = draft.end - len(draft.words)
    targets = tuple(target for phrase in phrases for target in phrase.target_dicts())
    ((start, end),) = raw([(draft.start, draft.end)])
    by_role = _named(subject, directory)
    inherited = (("units",) if draft.is_carried and subject else ()) + (("deadline",) if draft.is_limit_carried else ())
    cuts = (
        [(a - base, b - base) for a, b in draft.limit.spans if base <= a < draft.end]
        if draft.part == draft.words
        else []
    )
    row = DraftRow(
        program=draft.paragraph.program, project=draft.paragraph.project, title=title_of(draft.part, cuts if draft.limit.kind != "recurring" else []),
        sentence=even.raw[start:end], sheet="", row=number, source_offset=start, end=end,
        units_open_ended=bool(subject and subject.is_open), role_explicit=bool(subject and subject.is_written),
        deadline_text=draft.limit.text, deadline_kind=draft.limit.kind, due_date=draft.limit.due_date,
        recurrence=draft.limit.recurrence, limit=draft.limit.more, targets=targets,
        soft=any(phrase.strength.is_soft for phrase in phrases), strength=draft.phrase.strength.word,
        unit_spans=raw((unit.start, unit.end) for unit in subject.units) if subject else (),
        limit_spans=raw(draft.limit.spans), carried_over="units" in inherited, inherited=inherited,
        group=draft.sentence, specificity=_specificity(draft, targets), **by_role,
    )  # fmt: skip
    return replace(row, problems=tuple(doubts_of(row, is_unclear=draft.is_unclear)))


def _specificity(draft: Draft, targets: tuple[dict[str, Any], ...]) -> str:
    if targets or draft.limit.kind != "none":
        return "measurable"
    return (
        "deliverable"
        if re.search(
            r"“|《|建立|制定|印发|出台|召开|举办|开展|建成|建设|完成|工程|项目|机制|制度|方案|规划", draft.part
        )
        else "general"
    )


def _named(subject: Subject | None, directory: Directory | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for role, units in (subject.by_role if subject else {}).items():
        names = [(directory.find(unit.name).name if directory else None) or unit.name for unit in units]
        said[f"{role}_units"] = tuple(dict.fromkeys(names))
    return said
