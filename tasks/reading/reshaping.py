"""Mending a drafted row by hand: its words, units, limit and numbers; one row parted into several, two put into one."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaign.models import Campaign, User
from campaign.problems import Problem, Refused
from tasks.extraction.drafts import DOUBTS, DraftRow
from tasks.importing.review import with_limit
from tasks.language.phrase import read_phrase
from tasks.language.units import read_units
from tasks.models import SourceDocument, SourceDraft
from tasks.reading.deciding import current, going_through, keep_step, put
from tasks.reading.doubts import LIMIT, without

State = SourceDraft.State
ROLES = ("lead", "primary", "responsible", "support")
MOST_PARTS = 20
_OF_LIMIT = ("deadline_ambiguous", "deadline_masked", "date_impossible")
_OF_UNITS = ("unit_missing", "unit_masked", "unit_near", "units_open", "group_open", "carried_unclear")
_OPS = {
    "≥": ">=",
    ">=": ">=",
    "不少于": ">=",
    "不低于": ">=",
    "至少": ">=",
    "≤": "<=",
    "<=": "<=",
    "不超过": "<=",
    "=": "=",
}
_NUMBER = re.compile(
    r"^(?P<what>.*?)\s*(?P<op>≥|>=|≤|<=|=|不少于|不低于|至少|不超过)?\s*(?P<value>\d{1,12}(?:\.\d{1,2})?)\s*(?P<unit>[^\d\s]{0,12})$"
)


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What the form says. None leaves a part as it is."""

    title: str | None = None
    units: dict[str, str] | None = None
    is_open_ended: bool | None = None
    limit: str | None = None
    targets: str | None = None
    program: str | None = None
    project: str | None = None


def edit(draft: SourceDraft, edits: Edits, *, by: User | None, now: dt.datetime) -> SourceDraft:
    """Write the row anew where the form says otherwise, and take it. Raises `Refused` for what cannot be read."""
    with going_through(draft.document) as document:
        draft = current(draft, State.DRAFTED, State.ACCEPTED)
        row = edited(DraftRow.from_dict(draft.row), edits, document.campaign)
        keep_step(document, "edit", [draft], by=by, now=now)
        put(draft, without(row, *DOUBTS))
        draft.weight, draft.state = weight_of(row), State.ACCEPTED
        draft.save()
    return draft


def edited(row: DraftRow, edits: Edits, campaign: Campaign) -> DraftRow:
    if edits.title is not None:
        title = " ".join(edits.title.split())
        if not title or len(title) > 200:
            raise Refused(Problem("title", "任务名称要写，200 字以内。", where="title"))
        row = replace(row, title=title)
    if edits.limit is not None and edits.limit.strip() != row.deadline_text:
        row = _limited(row, edits.limit.strip(), campaign)
    if edits.units is not None:
        row = _with_units(row, edits.units)
    if edits.is_open_ended is not None:
        row = replace(row, units_open_ended=edits.is_open_ended)
    if edits.targets is not None and edits.targets.strip() != targets_text(row):
        row = without(replace(row, targets=_targets(edits.targets)), "number_masked")
    asked = {"program": edits.program, "project": edits.project}
    layers: dict[str, Any] = {name: " ".join(said.split()) for name, said in asked.items() if said is not None}
    return replace(row, **layers)


def _limited(row: DraftRow, text: str, campaign: Campaign) -> DraftRow:
    limited = with_limit(
        without(row, *_OF_LIMIT), text, year=campaign.year, is_month_included=campaign.is_month_before_read_as_end
    )
    unread = next((problem for problem in limited.problems if problem.level == "blocks"), None)
    if unread is not None:
        raise Refused(Problem(unread.code, unread.message, where="limit"))
    return replace(row, **{name: getattr(limited, name) for name in LIMIT})


def _with_units(row: DraftRow, said: dict[str, str]) -> DraftRow:
    units: dict[str, Any] = {}
    for role in ROLES:
        read = read_units(said.get(role, ""), role=role)
        units[f"{role}_units"] = tuple(dict.fromkeys(name for names in read.by_role.values() for name in names))
    changed = replace(row, **units)
    return without(changed, *_OF_UNITS) if changed.units != row.units else row


def targets_text(row: DraftRow) -> str:
    """As the form shows them: 示范道路 = 20 条；示范路口 = 40 个."""
    return "；".join(
        f"{target.get('what') or ''} {target['op']} {target['value']:g} {target['unit']}".strip()
        for target in row.targets
        if target["value"] is not None
    )


def _targets(text: str) -> tuple[dict[str, Any], ...]:
    found = []
    for piece in re.split(r"[；;\n]", text):
        if not piece.strip():
            continue
        match = _NUMBER.match(piece.strip())
        if match is None:
            said = f"没看懂数量“{piece.strip()[:40]}”。请写成 示范道路 = 20 条，几个数量用分号隔开。"
            raise Refused(Problem("targets", said, where="targets"))
        value = float(match["value"])
        found.append(
            {"what": match["what"].strip(), "op": _OPS.get(match["op"] or "=", "="), "value": value, "unit": match["unit"]}
        )  # fmt: skip
    return tuple(found)


def weight_of(row: DraftRow) -> str:
    if row.due_date or row.recurrence or any(target["value"] is not None for target in row.targets):
        return SourceDraft.Weight.MEASURABLE
    is_said = row.specificity in (SourceDraft.Weight.DELIVERABLE, SourceDraft.Weight.GENERAL)
    return row.specificity if is_said else SourceDraft.Weight.DELIVERABLE


def split(draft: SourceDraft, lines: Sequence[str], *, by: User | None, now: dt.datetime) -> list[SourceDraft]:
    """One row for each line. Units carry over; a line without a limit of its own keeps the row's."""
    lines = [" ".join(line.split()) for line in lines if line.strip()]
    if not 2 <= len(lines) <= MOST_PARTS:
        said = f"请在要拆开的地方换行：一行一项，2 到 {MOST_PARTS} 行。"
        raise Refused(Problem("lines", said, where="lines"))
    with going_through(draft.document) as document:
        draft = current(draft, State.DRAFTED, State.ACCEPTED)
        step = keep_step(document, "split", [draft], by=by, now=now)
        whole = DraftRow.from_dict(draft.row)
        last = max(document.drafts.filter(number=draft.number).values_list("part", flat=True))
        parts = [_part(document, draft, whole, line) for line in lines]
        for place, one in enumerate(parts):
            one.part = draft.part or 1 if place == 0 else max(last, 1) + place
        parts[0].task_id = draft.task_id
        parts[0].pk, parts[0]._state.adding = draft.pk, False  # noqa: SLF001 - the first part is the row itself
        parts[0].save()
        SourceDraft.objects.bulk_create(parts[1:])
        step.made = [str(one.pk) for one in parts[1:]]
        step.save(update_fields=["made"])
    return parts


def _part(document: SourceDocument, draft: SourceDraft, whole: DraftRow, line: str) -> SourceDraft:
    start, end = _place(document.text, draft.start, draft.end, line)
    campaign = document.campaign
    said = read_phrase(line, year=campaign.year, is_month_included=campaign.is_month_before_read_as_end)
    row = replace(
        whole, title=line[:200], sentence=document.text[start:end] or line, source_offset=start, end=end,
        targets=tuple(said.target_dicts()), soft=said.strength.is_soft or whole.soft,
    )  # fmt: skip
    words = "；".join(limit.text for limit in said.deadlines if limit.due_on) or (line if said.rhythms else "")
    if words:
        row = _limited(row, words, campaign)
    return SourceDraft(
        campaign_id=draft.campaign_id, document=document, number=draft.number, state=State.DRAFTED, weight=weight_of(row),
        row=row.as_dict(), start=start, end=end, settled=draft.settled, has_doubt=row.is_doubtful,
    )  # fmt: skip


def _place(text: str, start: int, end: int, line: str) -> tuple[int, int]:
    """Where the line stands within the clause; the whole clause where it was worded anew."""
    at = text.find(line, start, end)
    return (at, at + len(line)) if at >= 0 else (start, end)


def merge(draft: SourceDraft, *, by: User | None, now: dt.datetime) -> SourceDraft:
    """Put the row into the one before it. Gives that one."""
    with going_through(draft.document) as document:
        draft = current(draft, State.DRAFTED, State.ACCEPTED)
        above = _before(document, draft)
        keep_step(document, "merge", [draft, above], by=by, now=now)
        row = _merged(DraftRow.from_dict(above.row), DraftRow.from_dict(draft.row))
        put(above, row)
        above.state = State.DRAFTED if above.has_doubt else above.state
        above.start, above.end, above.weight = min(above.start, draft.start), max(above.end, draft.end), weight_of(row)
        draft.state = State.MERGED
        draft.save(update_fields=["state"])
        above.save()
    return above


def _before(document: SourceDocument, draft: SourceDraft) -> SourceDraft:
    """The row that stands above. Raises `Refused` where there is none, or where the ledger already has it."""
    rows = list(document.drafts.filter(state__in=SourceDraft.STANDING).order_by("number", "part"))
    place = next(place for place, one in enumerate(rows) if one.pk == draft.pk)
    if not place:
        raise Refused(Problem("first", "上面没有可以并入的一项。"))
    above = rows[place - 1]
    if above.state == State.COMMITTED:
        said = f"上一项（第 {above.label} 项）已经写入台账，不能再并进去。请单独采用这一项，或先撤回写入。"
        raise Refused(Problem("committed", said))
    return above


def _merged(above: DraftRow, row: DraftRow) -> DraftRow:
    """Words of both, dates of both, and whatever either of them leaves open."""
    units: dict[str, Any] = {
        f"{role}_units": tuple(dict.fromkeys((*above.units[role], *row.units[role]))) for role in ROLES
    }
    spans: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(above, name), *getattr(row, name))))
        for name in ("unit_spans", "limit_spans", "measure_spans")
    }
    limit = _limit_of_both(above, row)
    open_of_row = [problem for problem in row.problems if limit or problem.code not in _OF_LIMIT]
    problems = tuple(dict.fromkeys((*above.problems, *open_of_row)))
    sentence = above.sentence if row.sentence in above.sentence else f"{above.sentence}，{row.sentence}"
    said: dict[str, Any] = {"targets": (*above.targets, *row.targets), "problems": problems, **units, **spans} | limit
    merged = replace(
        above, title=f"{above.title}，{row.title}"[:200], sentence=sentence,
        units_open_ended=above.units_open_ended or row.units_open_ended,
        source_offset=min(above.span[0], row.span[0]), end=max(above.end, row.end), **said,
    )  # fmt: skip
    return without(merged, "unit_missing") if any(units.values()) else merged


def _limit_of_both(above: DraftRow, row: DraftRow) -> dict[str, Any]:
    """Two days become two steps with the later as the limit; a rhythm is not mixed with anything: the upper one's stays."""
    has_above, has_row = bool(above.due_date or above.recurrence), bool(row.due_date or row.recurrence)
    if not has_above and (has_row or row.deadline_text):
        return {name: getattr(row, name) for name in LIMIT[:-1]}
    if not has_row or above.recurrence or row.recurrence or above.due_date == row.due_date:
        return {}
    days = {day for one in (above, row) for day in (*one.limit.get("milestones", ()), one.due_date) if day}
    words = "；".join(dict.fromkeys(filter(None, (above.deadline_text, row.deadline_text))))
    said = {
        "targets": (*_owed_by(above), *_owed_by(row)),
        "limit": {**above.limit, **row.limit, "milestones": sorted(days)},
    }
    return said | {"deadline_text": words[:120], "deadline_kind": "fixed", "due_date": max(days)}


def _owed_by(row: DraftRow) -> tuple[dict[str, Any], ...]:
    """Its targets, each with the row's own day where it names none."""
    return tuple({"by": row.due_date, **target} for target in row.targets)
