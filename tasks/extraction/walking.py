"""Walking through paragraphs, sentences and clauses: who is spoken of, which limit holds, and what becomes a draft."""

import re
from dataclasses import dataclass, field

from tasks.extraction.clauses import (
    ENUMERATOR,
    Clause,
    Kind,
    Sentence,
    has_order,
    is_case,
    is_done,
    is_ground,
    is_looking_back,
    is_manner,
    is_means,
    is_object,
    is_telling,
    is_theme,
    is_to_do,
    is_turn,
    kind_of,
    read_sentences,
)
from tasks.extraction.deeds import says_deed
from tasks.extraction.doers import Unit
from tasks.extraction.drafting import LONGEST_CLAUSE, Drafter
from tasks.extraction.limits import NONE, Limit, limit_of
from tasks.extraction.marks import TASK_LABEL, read_mark
from tasks.extraction.merging import is_how_often, is_last_day
from tasks.extraction.outline import Paragraph
from tasks.extraction.state import State
from tasks.extraction.subjects import Subject, read_helpers, read_subject
from tasks.language.phrase import Phrase

_PRINCIPLE = re.compile(
    r"^(?:要|应|须)(?:按照|根据|结合|围绕|本着|坚持|遵循)[^,]*(?:原则|要求|思路|部署|精神)$|^(?:要|应|须)在[^,]*(?:基础上|前提下|同时|过程中|中)$|^(?:要|应|须)(?:紧盯|瞄准|聚焦|盯住)[^,\d]*$"
)
_COMPARED = re.compile(r"^[^,了已]*(?:同比|[较比](?:去年|上年))[^,了]*$")
_FROM_TO = re.compile(
    r"^[^,了已]*(?:由|从)[^,了已]{0,6}\d[^,了已]{0,6}(?:提高|提升|增加|下降|降低|降|压减|压缩|缩短)(?:至|到|为)[^,了]*$"
)
_PROGRAM = re.compile(
    r"^(?:要|切实|着力|全力|坚决){0,2}(?:抓好|抓实|打好|打赢|做好|做实)[^,\d]{2,24}(?:工程|攻坚战|战役|行动)$"
)
_HELD = re.compile(r"^(?:召开|印发|举办|成立|启动)")
_WAY = re.compile(r"^(?:要)?(?:按照?|根据)?(?:各自)?(?:职责|职能)(?:分工)?$|^(?:要)?(?:各司其职|密切配合|通力协作)$")


@dataclass
class Walker(Drafter):
    sentences: list[tuple[int, int]] = field(default_factory=list)
    _block: int = 0
    _told: str = ""
    """The sentence before left off telling what was."""

    def walk(self, paragraphs: list[Paragraph]) -> None:
        held: Subject | None = None
        said_until = -1
        for paragraph in paragraphs:
            if paragraph.label:
                is_above = paragraph.heading_at > said_until
                if not (is_above and self._label_above(paragraph)):
                    self._label(paragraph.start, paragraph.end, self._block)
                continue
            if paragraph.units_at >= 0:
                named = read_mark(self.text, paragraph.units_at, self._line_end(paragraph.units_at))
                held = named.subject if named else None
            above = self._above if self._above and self._above.holds_for(paragraph) else None
            held = above.subject if above and above.subject else held
            limit = above.limit if above and above.limit.is_said else self._phase(paragraph)
            first, said_until = len(self.drafts), paragraph.start
            is_held = paragraph.level or paragraph.units_at >= 0 or above
            held = self._paragraph(paragraph, held if is_held else None)
            for draft in self.drafts[first:]:
                if limit.is_said and not draft.limit.is_said:
                    draft.limit, draft.is_limit_carried = limit, True
            if len(self.drafts) > first:
                self._block = first
        self.drafts = [draft for draft in self.drafts if not draft.is_tentative]

    def _paragraph(self, paragraph: Paragraph, held: Subject | None) -> Subject | None:
        """Gives the units that hold for the numbered lines below: those of a line that ends with a colon."""
        subject, first = held, len(self.drafts)
        self._named = 0
        self._told = ""
        self._unbound = first
        for sentence in read_sentences(self.text, paragraph.start, paragraph.end):
            self.sentences.append((sentence.start, sentence.end))
            if self._marks(sentence, self._unbound):
                self._unbound = len(self.drafts)
                continue
            if self._names_program(sentence, paragraph):
                subject = None
                continue
            subject = self._sentence(sentence, paragraph, subject)
        is_open = self.text[paragraph.start : paragraph.end].rstrip().endswith(":")
        if is_open and subject is not None and len(self.drafts) == first:
            return subject
        return held if paragraph.level else None

    def _names_program(self, sentence: Sentence, paragraph: Paragraph) -> bool:
        """二是打好秩序攻坚战。 in mid-paragraph, with more after it: the units named above do not do what comes next."""
        clause = sentence.clauses[0]
        if len(sentence.clauses) > 1 or clause.head == clause.start or sentence.start == paragraph.start:
            return False
        after = self.text[sentence.end + 1 : paragraph.end].lstrip()
        return bool(_PROGRAM.match(clause.words(self.text)) and after and not ENUMERATOR.match(after))

    def _sentence(self, sentence: Sentence, paragraph: Paragraph, subject: Subject | None) -> Subject | None:
        state = State(sentence, paragraph, subject, len(self.drafts), is_carried=subject is not None)
        state.marked_from = state.first
        words = self.text[sentence.start : sentence.end]
        if TASK_LABEL.match(self.text, sentence.start, sentence.end):
            self._told = ""  # 整改措施: and what follows is to be done
        state.is_told = "done" if is_done(words, self.year) and not is_to_do(words) else self._told
        state.is_telling = is_telling(self.text[sentence.start : sentence.end])
        for place, clause in enumerate(sentence.clauses):
            if self._is_mark(clause.start, clause.end) and self._mark_before(clause, paragraph, state):
                continue
            self._clause(clause, place, state)
            if clause.mark == ";":
                state.marked_from = len(self.drafts)
                self._whole(state, clause)
                state.helpers, state.local, state.is_named = None, None, False
                state.limit = state.limit if state.is_limit_lead else NONE
        if state.theme and len(self.drafts) == state.first and state.is_named and state.subject:
            self._theme_alone(state.theme, state.subject, state)
        self._whole(state, sentence.clauses[-1])
        self._told = state.is_told
        return state.subject

    def _theme_alone(self, theme: Clause, subject: Subject, state: State) -> None:
        """严打黑车,由A牵头,B配合。 with nothing after it: what was announced is the task, where it says a deed."""
        said = theme.words(self.text)
        if says_deed(said):
            self._add(theme, theme.head, said, self._read(said), state.limit, subject, state, is_carried=False)
            state.named_at = None

    def _clause(self, clause: Clause, place: int, state: State) -> None:
        stop = min(clause.end, clause.head + LONGEST_CLAUSE)
        found = read_subject(self.text, clause.head, stop, self.names)
        if found and found.is_of_houses and state.is_named and not has_order(self.text[found.end : found.end + 2]):
            found = None
        if found and found.is_mutual and not state.is_named:
            found = found.as_doers()
        at = clause.head
        if found and not found.is_local:
            at = found.end
            if self._is_only_named(clause, found, stop, state):
                return
        at += len(self.text[at:stop]) - len(self.text[at:stop].lstrip())
        words = self.text[at:stop]
        if not words:
            return
        if self._only_leads_in(clause, place, at, words, found, state):
            return
        phrase = self._read(words)
        own = limit_of(phrase, words, at)
        if own.is_said and own.kind != "recurring":
            state.limit, state.is_limit_first = own, found is None and (state.subject is None or state.is_carried)
        if own.is_said:
            state.is_limit_lead = _is_bare(words, own, at)
        if own.is_said and _is_bare(words, own, at):
            state.pending = clause.start if state.pending is None else state.pending
        elif found and found.is_local and not found.rest_of(self.text, stop):
            self._topic(clause, found, state)
        elif not self._is_told(words, found, own, state) and self._is_duty(
            words,
            place,
            state,
            found,
            is_measured=bool(phrase.targets or own.is_said),
            is_alone=state.topic and not phrase.targets and own.is_said,
        ):
            self._duty(clause, at, words, phrase, own, found, state)

    def _is_told(self, words: str, found: Subject | None, own: Limit, state: State) -> bool:
        """Telling goes on from clause to clause until somebody is named, ordered or given a day."""
        if is_looking_back(words, self.year):
            is_aim = _COMPARED.search(words) or _FROM_TO.search(words)
            state.is_told = (
                "" if is_aim else "done" if is_done(words, self.year) or state.is_told == "done" else "is so"
            )
            return False  # the clause itself is judged by its words
        is_named = found is not None and (found.is_written or says_deed(words))
        is_dated = own.kind == "recurring" or own.text.endswith(("前", "内", "底", "末", "止"))
        is_new = state.is_told == "is so" and says_deed(words)
        if has_order(words) or is_turn(words) or is_named or is_dated or is_new:
            state.is_told = ""
        return bool(state.is_told)

    def _is_duty(
        self, words: str, place: int, state: State, found: Subject | None, *, is_measured: bool, is_alone: bool
    ) -> bool:  # fmt: skip
        if is_alone and is_last_day(words):
            return False
        if state.is_telling and not has_order(words):
            return False
        kind = kind_of(words, is_measured=is_measured, is_past_section=state.paragraph.is_past)
        if kind is Kind.PAST and is_measured and state.subject and not state.paragraph.is_past:
            is_aim = (state.is_named and _COMPARED.search(words)) or _FROM_TO.search(words)
            kind = Kind.DUTY if is_aim else kind
        if kind is Kind.PURPOSE and found and state.pending is None:
            state.pending = state.named_from
        if kind is Kind.INTRO and len(words) > 8 and not is_ground(words):
            is_last = place + 1 == len(state.sentence.clauses)
            is_told = (
                found and words.startswith(("要", "应", "须")) and not (_PRINCIPLE.match(words) or is_means(words))
            )
            kind = Kind.DUTY if is_last or is_told else kind
        if kind is Kind.DUTY and found is None and self._is_theme(words, place, state, is_measured=is_measured):
            state.theme = state.sentence.clauses[place]
            return False
        return kind is Kind.DUTY and (is_measured or found is not None or says_deed(words))

    def _duty(
        self, clause: Clause, at: int, words: str, phrase: Phrase, own: Limit, found: Subject | None, state: State
    ) -> None:  # fmt: skip
        if state.theme and len(self.drafts) == state.first and (is_last_day(words) or is_how_often(words)):
            theme, state.theme = state.theme, None
            said = theme.words(self.text)
            self._add(theme, theme.head, said, self._read(said), NONE, state.subject, state, is_carried=False)
            state.pending = None
        helpers = read_helpers(self.text, at, at + len(words), self.names)
        state.helpers = helpers or state.helpers
        local = found if found and found.is_local else state.local if found is None else None
        subject = local or state.subject
        subject = subject.joined(state.helpers) if subject and state.helpers else subject
        self._add(clause, at, words, phrase, own, subject, state, is_carried=state.is_carried and local is None)
        state.is_fresh, state.is_carried, state.pending, state.named_at = False, state.subject is not None, None, None
        state.topic = False
        state.local = local if local and not state.is_named else None
        if own.kind == "recurring":
            state.limit = own

    def _only_leads_in(
        self, clause: Clause, place: int, at: int, words: str, found: Subject | None, state: State
    ) -> bool:
        """What is done, or to what, the next clause says."""
        is_last = place + 1 == len(state.sentence.clauses)
        if not is_last and is_object(words):
            state.objects.append((self._read(words + "要"), at))  # read as what something is to be done with
        elif not is_last and self._says_how(words, place, found, state):
            pass  # 区停车办要挖潜增效,新建停车场11处
        elif is_last or not is_case(words):
            return found is None and self._only_helps(clause, at, words, state)
        state.pending = clause.start if state.pending is None else state.pending
        return True

    def _says_how(self, words: str, place: int, found: Subject | None, state: State) -> bool:
        """区停车办要挖潜增效: a manner, and the next clause names nobody else, so it says what they do."""
        if found is None or found.is_local or found.is_written or not is_manner(words):
            return False
        after = state.sentence.clauses[place + 1]
        return read_subject(self.text, after.head, after.end, self.names) is None

    def _only_helps(self, clause: Clause, at: int, words: str, state: State) -> bool:
        """会同B、C, as a clause: they help with what comes next."""
        helpers = read_helpers(self.text, at, at + len(words), self.names)
        if helpers is None or self.text[helpers.end : at + len(words)].strip(" 等相关部门单位"):
            return False
        state.helpers = helpers
        state.pending = clause.start if state.pending is None else state.pending
        return True

    def _is_only_named(self, clause: Clause, found: Subject, stop: int, state: State) -> bool:
        """Takes the clause's units in; says whether the clause holds nothing else."""
        rest = _WAY.sub("", self.text[found.end : stop].strip(" 等"))
        if not rest and found.is_written and self._owns_all(clause, found, state):
            return True
        if not rest and clause.mark == ":" and not found.is_written:
            state.subject = found if state.paragraph.level else state.subject
            return True  # 各街道,各部门: is an address
        if found.is_support_only and len(self.drafts) > state.first and not state.is_fresh and len(rest) < 12:
            for draft in self.drafts[state.first :]:
                draft.subject = draft.subject.joined(found) if draft.subject else found
            return True
        leads = state.subject is not None and state.subject.is_written and set(state.subject.by_role) == {"lead"}
        is_more = state.is_fresh and state.subject is not None and (found.is_written or leads)
        state.subject = state.subject.joined(found) if is_more and state.subject else found
        self._named += not is_more
        if not is_more and not state.is_limit_first:
            state.limit = NONE
        state.named_from = clause.start if not is_more else state.named_from
        state.is_named = True
        if found.is_written or not rest:
            state.is_told = ""
        state.is_fresh, state.is_carried, state.named_at, state.rest = True, False, clause, rest
        return not rest

    def _is_theme(self, words: str, place: int, state: State, *, is_measured: bool) -> bool:
        """要完善评比机制,区创城办牵头,…: a clause without units before one with new units only names the theme."""
        clauses = state.sentence.clauses
        if place + 1 < len(clauses) and self.text.startswith(("一个是", "一是"), clauses[place + 1].start):
            return True
        if is_measured or not is_theme(words) or clauses[place].mark == ";":
            return False
        if place + 1 < len(clauses):
            start, stop = clauses[place + 1].head, clauses[place + 1].end
        elif place == 0:
            start = state.sentence.end + 1
            stop = min(state.paragraph.end, start + 120)
            clause = next((c for s in read_sentences(self.text, start, stop) for c in s.clauses), None)
            start, stop = (clause.head, clause.end) if clause else (stop, stop)
        else:
            return False
        found = read_subject(self.text, start, stop, self.names) if start < stop else None
        if found is None or found.is_local or found.is_support_only or found.is_of_houses:
            return False
        return found.is_written or not _HELD.match(words)


def _is_bare(words: str, own: Limit, at: int) -> bool:
    """9月底前, as a clause: nothing but the limit."""
    left = words[: own.spans[0][0] - at] + words[own.spans[-1][1] - at :]
    return len(re.sub(r"力争|争取|确保|务必|[,、 到至于在从前止起要]", "", left)) <= 1


def units_of(subject: Subject | None) -> tuple[Unit, ...]:
    return subject.units if subject else ()
