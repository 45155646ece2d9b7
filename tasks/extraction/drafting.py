"""Clauses become drafts: added as tasks of their own, joined to the one before, or given to the units named after them."""

import re
from dataclasses import dataclass, replace

from tasks.extraction.binding import Binder
from tasks.extraction.clauses import Clause, Kind, has_order, kind_of
from tasks.extraction.limits import NONE, Limit, governs, limit_of
from tasks.extraction.merging import Merge, is_for_all, is_last_day, merge_of
from tasks.extraction.objects import parts
from tasks.extraction.state import Draft, State
from tasks.extraction.subjects import Subject
from tasks.language.phrase import Phrase

LONGEST_CLAUSE = 600
_THOUGHT = re.compile(
    r"^[^,]{2,30}(?:认识|重要意义|站位|责任感|紧迫感|使命感)|引起[^,]{0,6}重视$|(?:还|将)作[^,]{0,6}讲话|任[^,]{0,10}?(?:指挥长?|组长|主任)(?=$|[,，])|下设[^,]*(?:组|办公室)|办公室设在"
)
_FORBIDDEN = re.compile(r"^(?:也|都)?(?:不能|不得|不要|绝不|决不|不准|不许)")
_DEED = re.compile(
    r"(?:召开|印发|制定|制订|出台|建立(?!健全的)|实行|举办|邀请|成立|编制|报送|组建|设立|开设|办好|培训班|学习[^,]*(?:经验|做法)|统筹起来)"
)


@dataclass
class Drafter(Binder):
    _named: int = 0
    """How many times the paragraph has named who is to act."""

    def _whole(self, state: State, last: Clause, *, is_before: bool = False) -> None:
        """A sentence that names who is to act makes a row even where its words are all urging."""
        clause, state.named_at = state.named_at, None
        state.topic = False
        if clause is None or not state.subject or (clause is last and not state.rest):
            return
        start = clause.start if state.pending is None else state.pending
        end = last.start - 1 if is_before else last.end
        words = self.text[start : min(end, start + LONGEST_CLAUSE)]
        is_past = kind_of(words, is_measured=False, is_past_section=state.paragraph.is_past) is Kind.PAST
        if (
            is_past
            or _THOUGHT.search(words)
            or _FORBIDDEN.match(state.rest)
            or len(words) < 8
            or (state.is_telling and not has_order(words))
        ):
            return
        self.drafts.append(
            Draft(
                start,
                start + len(words),
                start,
                words,
                words,
                [(self._read(words), start)],
                state.limit,
                state.subject,
                state.paragraph,
                state.sentence.start,
            )
        )
        state.pending = None

    def _topic(self, clause: Clause, named: Subject, state: State) -> None:
        """…由A负责 with nothing after it: A does what stands before it in the sentence, and what comes next."""
        here = self.drafts[state.first :]
        is_last = clause is state.sentence.clauses[-1] and not state.is_named
        waiting = [draft for draft in here if draft.subject is None or (is_last and draft.is_carried)]
        for draft in waiting:
            draft.subject, draft.is_tentative, draft.is_carried = named, False, False
        if not waiting and state.topic:
            self._whole(state, clause, is_before=True)
        state.subject = replace(named, is_local=False)
        state.is_fresh, state.is_carried = True, False
        if not waiting:
            state.named_at, state.topic = clause, True
            state.rest = self.text[clause.head : named.start].strip()

    def _owns_all(self, clause: Clause, found: Subject, state: State) -> bool:
        """…率达到100%,由A负责。 at the end: A does what the sentence says, not the units carried over into it."""
        here = self.drafts[state.first :]
        is_owner = clause is state.sentence.clauses[-1] and not state.is_named and not found.is_support_only
        if not here or not is_owner or not all(draft.is_carried or draft.subject is None for draft in here):
            return False
        for draft in here:
            draft.subject, draft.is_tentative, draft.is_carried = found, False, False
        state.subject = found
        return True

    def _add(
        self, clause: Clause, at: int, words: str, phrase: Phrase, own: Limit, subject: Subject | None, state: State, *, is_carried: bool
    ) -> None:  # fmt: skip
        is_measured = bool(phrase.targets or own.is_said)
        last = self.drafts[-1] if len(self.drafts) > state.first else None
        is_theirs = last is not None and last.subject is None and is_last_day(words)
        if last and (last.subject is subject or is_theirs) and state.pending is None:
            how = merge_of(
                last.said,
                last.phrases[0][0],
                words,
                phrase,
                is_limited=own.is_said,
                is_before_limited=last.has_own_limit,
            )
            if how is not Merge.NO:
                last.end, last.subject = clause.end, subject
                counts = any(read.targets for read, _at in last.phrases)
                last.phrases.append((replace(phrase, targets=()) if counts and is_last_day(words) else phrase, at))
                if is_for_all(words):
                    for draft in [
                        d for d in self.drafts[state.marked_from :] if d.subject is last.subject and not d.limit.is_said
                    ]:
                        draft.limit, draft.is_limit_carried = own, True
                last.is_tentative = last.is_tentative and not is_measured
                is_free = own.is_said and (not last.limit.is_said or last.is_limit_carried)
                for draft in [d for d in self.drafts[state.first :] if is_free and d.at == last.at]:
                    draft.limit, draft.is_limit_carried = own, False
                return
        is_governed = governs(state.limit, words, is_measured=bool(phrase.targets))
        is_plain = is_measured or (is_governed and state.limit.kind == "fixed") or bool(_DEED.search(words))
        start = clause.start if state.pending is None else state.pending
        objects, state.objects = state.objects, []
        for part in parts(words, phrase):
            is_stretch = part.is_whole and part.words != words and words.startswith(part.words, part.start)
            said, base = (self._read(part.words), at + part.start) if part.words != words else (phrase, at)
            if part.target:
                said, base = replace(phrase, targets=(part.target,)), at
            mine = limit_of(said, part.words, base) if is_stretch else own
            held = mine if mine.is_said else (own if own.is_said else state.limit)
            holds = mine.is_said or own.is_said or governs(held, words, is_measured=bool(said.targets))
            is_first = part.start == 0
            self.drafts.append(
                Draft(
                    start if part.is_whole or is_first else at + part.start, clause.end if part.is_whole else at + part.end,
                    at, words, part.words, [*objects, (said, base)], held if holds else NONE, subject, state.paragraph, state.sentence.start,
                    is_carried=is_carried or not is_first, is_limit_carried=holds and held.is_said and (not mine.is_said or (part.target is not None and not is_first)),
                    is_unclear=is_carried and self._is_unclear(words, state), is_tentative=subject is None and not is_plain,
                )
            )  # fmt: skip

    def _is_unclear(self, words: str, state: State) -> bool:
        """A sentence of its own that begins with 要 after several units were named may speak of all of them."""
        is_first = len(self.drafts) == state.first
        return is_first and self._named > 1 and words.startswith(("要", "还要", "必须", "各级", "同时"))
