"""Going through the drafted rows: taking, settling, dropping; each step kept with what stood there before, and undone latest first."""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.db import transaction

from campaign.models import User
from campaign.problems import Conflict, Problem, Refused
from tasks.extraction.drafts import DraftRow
from tasks.models import ReadingStep, SourceDocument, SourceDraft
from tasks.reading.doubts import NEW_UNIT, settled, settled_as_read

if TYPE_CHECKING:
    from collections.abc import Iterator

State = SourceDraft.State
_KEPT = ("state", "weight", "row", "start", "end", "settled", "has_doubt", "part", "is_apart")
_OPEN = (State.DRAFTED, State.ACCEPTED)


@contextmanager
def going_through(document: SourceDocument) -> "Iterator[SourceDocument]":
    """The document, locked, for one step. Two people may go through one document; steps stand in a row."""
    with transaction.atomic():
        locked = SourceDocument.objects.select_for_update().select_related("campaign").get(pk=document.pk)
        yield locked
        locked.version += 1
        locked.save(update_fields=["version"])


def current(draft: SourceDraft, *states: str) -> SourceDraft:
    """The draft as it is now. Raises `Conflict` where it is no longer in one of the states, or not what was seen."""
    found = SourceDraft.objects.filter(pk=draft.pk).first()
    if found is None or found.state not in states:
        now = f"现在是“{found.get_state_display()}”" if found else "已经没有了"
        said = f"第 {draft.label} 项刚刚改过了（别人，或者您在另一处），{now}，这一步没有做。"
        raise Conflict(Problem("changed", said), current=found)
    if draft.seen_as and draft.seen_as != found.mark:
        said = f"第 {draft.label} 项刚刚改过了（别人，或者您在另一处），这一步没有做。现在写的是“{found.row['title']}”，请看一眼再办。"
        raise Conflict(Problem("changed", said), current=found)
    return found


def keep_step(
    document: SourceDocument,
    verb: str,
    drafts: Sequence[SourceDraft],
    *,
    by: User | None,
    now: dt.datetime,
    fields: Iterable[str] = _KEPT,
) -> ReadingStep:
    """What the drafts are before the step changes them."""
    before = [{"id": str(draft.pk)} | {name: getattr(draft, name) for name in fields} for draft in drafts]
    return ReadingStep.objects.create(
        campaign_id=document.campaign_id, document=document, verb=verb, before=before, by=by, at=now
    )


def put(draft: SourceDraft, row: DraftRow) -> None:
    """The draft holds this row now; unsaved."""
    draft.row = row.as_dict()
    draft.has_doubt = row.is_doubtful


def accept(draft: SourceDraft, *, by: User | None, now: dt.datetime) -> SourceDraft:
    """Take the row with its readings as they stand."""
    with going_through(draft.document) as document:
        draft = current(draft, *_OPEN)
        keep_step(document, "accept", [draft], by=by, now=now)
        put(draft, settled_as_read(DraftRow.from_dict(draft.row)))
        draft.state = State.ACCEPTED
        draft.save()
    return draft


def accept_clear(document: SourceDocument, *, by: User | None, now: dt.datetime) -> int:
    """Take every row nobody has looked at that leaves nothing open. One step. Gives their number."""
    with going_through(document) as document:
        clear = list(document.drafts.filter(state=State.DRAFTED, has_doubt=False).order_by("number", "part"))
        if not clear:
            raise Refused(Problem("nothing", "没有疑问的都看过了，剩下的要逐项定。"))
        keep_step(document, "accept_clear", clear, by=by, now=now, fields=("state",))
        return document.drafts.filter(pk__in=[draft.pk for draft in clear]).update(state=State.ACCEPTED)


def drop(draft: SourceDraft, *, by: User | None, now: dt.datetime) -> SourceDraft:
    """Not a task. It stays in the document and can be taken up again."""
    return _to_state(draft, "drop", State.DROPPED, _OPEN, by=by, now=now)


def take_up(draft: SourceDraft, *, by: User | None, now: dt.datetime) -> SourceDraft:
    """A dropped row counts again."""
    return _to_state(draft, "take_up", State.DRAFTED, (State.DROPPED,), by=by, now=now)


def _to_state(
    draft: SourceDraft, verb: str, state: str, before: Sequence[str], *, by: User | None, now: dt.datetime
) -> SourceDraft:
    with going_through(draft.document) as document:
        draft = current(draft, *before)
        keep_step(document, verb, [draft], by=by, now=now, fields=("state",))
        draft.state = state
        draft.save(update_fields=["state"])
    return draft


def set_apart(draft: SourceDraft, *, is_apart: bool, by: User | None, now: dt.datetime) -> SourceDraft:
    """The office says the row is not the like task of the ledger (or is, after all)."""
    with going_through(draft.document) as document:
        draft = current(draft, *_OPEN)
        keep_step(document, "apart", [draft], by=by, now=now, fields=("is_apart",))
        draft.is_apart = is_apart
        draft.save(update_fields=["is_apart"])
    return draft


def settle(draft: SourceDraft, code: str, value: str, *, by: User | None, now: dt.datetime) -> list[SourceDraft]:
    """Answer one doubt. The same limit and the same name are read the same way in every row nobody has taken yet.

    Gives the rows that changed. Raises `Refused` for an answer that cannot be read; nothing changes then.
    """
    with going_through(draft.document) as document:
        draft = current(draft, *_OPEN)
        alike = [draft, *_alike(document, draft, code, value)]
        keep_step(document, "settle", alike, by=by, now=now)
        for one in alike:
            put(one, settled(DraftRow.from_dict(one.row), code, value, document.campaign))
            one.settled = [*one.settled, value if value.startswith(NEW_UNIT) else code]
            one.save()
    return alike


def _alike(document: SourceDocument, draft: SourceDraft, code: str, value: str) -> list[SourceDraft]:
    if code not in ("deadline_ambiguous", "unit_near") or value.startswith("day:"):
        return []
    words = _asked(draft, code)
    others = document.drafts.filter(state=State.DRAFTED, has_doubt=True).exclude(pk=draft.pk)
    return [one for one in others.order_by("number", "part") if words and _asked(one, code) == words]


def _asked(draft: SourceDraft, code: str) -> str:
    """The words the row's first question of this kind is about."""
    return next((problem.get("text", "") for problem in draft.row["problems"] if problem["code"] == code), "")


def undo(document: SourceDocument, *, by: User | None = None) -> SourceDraft | None:
    """Take back the latest step, of `by` where somebody asks. Gives the first row it had changed, None where there is none.

    Raises `Conflict` where somebody else has gone on with one of its rows since.
    """
    with going_through(document) as document:
        steps = document.steps.order_by("-at", "-id")
        step = (steps.filter(by=by) if by else steps).first()
        if step is None:
            return None
        _nobody_went_on(step, takewhile(lambda one: one.pk != step.pk, steps.select_related("by")))
        document.drafts.filter(pk__in=step.made).delete()
        drafts = {str(draft.pk): draft for draft in document.drafts.filter(pk__in=[said["id"] for said in step.before])}
        for said in step.before:
            _restore(drafts[said["id"]], said)
        step.delete()
    return drafts[step.before[0]["id"]] if step.before else None


def _nobody_went_on(step: ReadingStep, later: Iterable[ReadingStep]) -> None:
    rows = _rows_of(step)
    after = next((one for one in later if _rows_of(one) & rows), None)
    if after is not None:
        who = after.by.name if after.by else "别人"
        raise Conflict(Problem("gone_on", f"您的上一步不能撤销：{who}后来又改过同一项。要改回去，请直接修改那一项。"))


def _rows_of(step: ReadingStep) -> set[str]:
    return {*step.made, *(said["id"] for said in step.before)}


def _restore(draft: SourceDraft, said: dict[str, Any]) -> None:
    values = {name: value for name, value in said.items() if name != "id"}
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(values))
