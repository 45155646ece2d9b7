"""Limits govern what comes after them in their sentence; rhythms hold for their clause and for what is joined to it by 并."""

import re
from dataclasses import dataclass, field
from typing import Any

from tasks.language.phrase import Phrase

_PUSHED = re.compile(r"^(?:要|并|将)?(?:全力|大力|持续|不断|长期|深入|积极|常态|坚持|始终)")
_JOINED = re.compile(r"^(?:并(?!网|轨)|且|同时|及时)")
_SUMMARY = re.compile(
    r"[“\"][^“”\"]{3,40}[”\"](?:的?(?:工作|调度|运行|推进|督查|督导|管理)?(?:机制|制度|模式|要求|办法|方式))"
)


@dataclass(frozen=True)
class Limit:
    """A limit or rhythm with the places of its words in the evened text."""

    text: str = ""
    kind: str = "none"
    due_date: str | None = None
    recurrence: dict[str, Any] | None = None
    more: dict[str, Any] = field(default_factory=dict)
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def is_said(self) -> bool:
        return bool(self.text)


NONE = Limit()


def limit_of(phrase: Phrase, words: str, at: int) -> Limit:
    """The limit a clause names itself. `at`: where its words stand."""
    said = phrase.as_dict()
    more = {
        key: value
        for key, value in said.items()
        if key not in ("text", "kind", "due_date", "recurrence", "targets", "soft")
    }
    if phrase.rhythms and not _is_summary(words, phrase):
        first, last = phrase.rhythms[0].start, phrase.rhythms[-1].end
        span = _span(phrase, first, last, at)
        return Limit(_words(words, span, at), "recurring", None, phrase.recurrence, more, (span,))
    told = [d for d in phrase.deadlines if d.due_on or d.subkind in ("event", "masked", "relative", "impossible")]
    if not told:
        return NONE
    spans = tuple(_span(phrase, d.start, d.end, at) for d in told)
    event = next((d.event for d in told if d.event), "")
    more |= {"event": event} if event else {}
    kind = phrase.deadline_kind if phrase.kind != "recurring" else "none"
    return Limit("；".join(d.text for d in told), kind, said["due_date"], None, more, spans)  # type: ignore[arg-type]


_NAMED = re.compile(r"(?:建立|健全|完善|实行|推行|落实|执行|坚持)[^,]{0,4}(?:日|周|月|季)[一-鿿]{1,4}(?:制度|机制)$")


def _is_summary(words: str, phrase: Phrase) -> bool:
    """实行“日巡查、周调度”工作机制 only names the rhythms that are said one by one elsewhere."""
    quoted = _SUMMARY.search(words)
    if _NAMED.search(words):
        return True
    return bool(quoted) and all(quoted.start() <= r.start < quoted.end() for r in phrase.rhythms if quoted)


def _span(phrase: Phrase, start: int, end: int, at: int) -> tuple[int, int]:
    return at + start, at + end


def _words(words: str, span: tuple[int, int], at: int) -> str:
    return words[span[0] - at : span[1] - at]


def governs(limit: Limit, words: str, *, is_measured: bool) -> bool:
    """Whether a limit named earlier in the sentence holds for this clause. What is only pushed on (全力…) has no day."""
    if limit.kind == "recurring":
        return bool(_JOINED.match(words)) and not is_measured
    if not limit.is_said:
        return False
    return is_measured or not _PUSHED.match(words)
