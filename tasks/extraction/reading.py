"""The reading of a whole text: every clause that says what is to be done becomes a drafted row."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from campaign.problems import Problem
from tasks.extraction.clauses import is_general
from tasks.extraction.doers import Unit
from tasks.extraction.doubts import doubts_of
from tasks.extraction.drafts import DraftRow, Plan
from tasks.extraction.names import Names
from tasks.extraction.outline import read_outline, without_copies
from tasks.extraction.state import Draft
from tasks.extraction.subjects import Subject
from tasks.extraction.titles import title_of
from tasks.extraction.totals import read_totals
from tasks.extraction.walking import Walker, units_of
from tasks.language.hygiene import tidy
from tasks.language.text import Even
from tasks.language.units import Directory, Known, as_written

#: A text longer than this is no speech and no plan.
LONGEST_TEXT = 400_000
#: `strength` of a phrase -> the word the ledger keeps
STRENGTHS = {"soft": "strive", "firm": "ensure", "start": "start", "push": "advance"}


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
    names = Names(name for unit in known for name in (unit.name, *unit.aliases))
    walker = Walker(even.text, year, names, is_month_included)
    walker.walk(paragraphs)
    rows = tuple(_row(draft, number, even, directory) for number, draft in enumerate(walker.drafts, 1))
    totals = tuple(read_totals(even.text, walker.sentences, list(even.offsets)))
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
    targets = tuple(target for phrase, _at in draft.phrases for target in phrase.target_dicts())
    ((start, end),) = raw([(draft.start, draft.end)])
    inherited = (("units",) if draft.is_carried and subject else ()) + (("deadline",) if draft.is_limit_carried else ())
    row = DraftRow(
        program=draft.paragraph.program, project=draft.paragraph.project, title=title_of(*_title_words(draft)),
        sentence=even.raw[start:end], sheet="", row=number, source_offset=start, end=end,
        units_open_ended=bool(subject and subject.is_open), role_explicit=bool(subject and subject.is_written),
        deadline_text=draft.limit.text, deadline_kind=draft.limit.kind, due_date=draft.limit.due_date,
        recurrence=draft.limit.recurrence, limit=draft.limit.more, targets=targets,
        soft=any(phrase.strength.is_soft for phrase, _at in draft.phrases), strength=STRENGTHS.get(draft.phrases[0][0].strength.word, ""),
        unit_spans=raw((unit.start, unit.end) for unit in units_of(subject)),
        limit_spans=raw(draft.limit.spans), measure_spans=raw(_measures(draft)), carried_over="units" in inherited, inherited=inherited,
        group=draft.sentence, specificity=_specificity(draft, targets), **_named(subject, directory, even),
    )  # fmt: skip
    return replace(row, problems=tuple(doubts_of(row, is_unclear=draft.is_unclear)))


def _title_words(draft: Draft) -> tuple[str, list[tuple[int, int]]]:
    """The draft's own words, and where its limit's stand in them to be left out; a rhythm stays in."""
    if draft.limit.kind == "recurring":
        return draft.said, []
    if draft.said != draft.words:
        at = draft.said.find(draft.limit.text) if draft.limit.text else -1
        return draft.said, [(at, at + len(draft.limit.text))] if at >= 0 else []
    return draft.said, [(a - draft.at, b - draft.at) for a, b in draft.limit.spans if draft.at <= a < draft.end]


def _measures(draft: Draft) -> list[tuple[int, int]]:
    found = [(at + target.start, at + target.end) for phrase, at in draft.phrases for target in phrase.targets]
    return [(max(a, draft.start), min(b, draft.end)) for a, b in found if a < draft.end]


def _specificity(draft: Draft, targets: tuple[dict[str, Any], ...]) -> str:
    if targets or draft.limit.kind != "none":
        return "measurable"
    return "general" if is_general(draft.said) else "deliverable"


def _named(subject: Subject | None, directory: Directory | None, even: Even) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for role, units in (subject.by_role if subject else {}).items():
        names = [(directory.find(unit.name).name if directory else None) or _as_written(unit, even) for unit in units]
        said[f"{role}_units"] = tuple(dict.fromkeys(names))
    return said


def _as_written(unit: Unit, even: Even) -> str:
    return as_written(unit.name, even.original(unit.start, unit.end))
