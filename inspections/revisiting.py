"""复查 on the spot: an inspector stands there and says whether it is mended. One message, taken in once.

What waits for its re-check gets the ledger's verdict; what was closed and looked at again (回头看) either stays closed or
is found anew, as a relapse. The look itself is a visit, so that its photos are kept like all others.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from campaign.access import Actor
from campaign.models import User
from campaign.problems import Conflict, Problem, Refused
from inspections import answering, finding, photos, rechecking, standing
from inspections.finding import Found
from inspections.models import Finding, Visit
from inspections.photos import of_finding
from tasks.models import Verdict

Stage = Finding.Stage
UNSAID = "现场复查，没有整改到位"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was seen. `version` is the milestone's as the page showed it; `photos` are client ids, which come apart."""

    client_id: str
    at: dt.datetime
    is_mended: bool
    version: int
    note: str = ""
    photos: tuple[str, ...] = ()
    sha256: str = ""


def to_revisit(actor: Actor) -> list[Finding]:
    """What waits for somebody's eyes: put aside at the desk, then answered, then closed ones to be looked at again."""
    if actor.is_outsider:
        return []
    answered = rechecking.waiting_for(actor).order_by("-task__milestones__is_held", "answered_at", "id")
    seen = Finding.objects.visible_to(actor).filter(joined_into=None)
    again = seen.to_look_at_again(today=actor.today).order_by("recheck_on", "id")
    return [row for rows in (answered, again) for row in rows.select_related("place", "unit")[:50]]


def revisit(row: Finding, looked: Looked, *, by: User, now: dt.datetime) -> Visit:
    """Take one look in. Raises `Refused`, or `Conflict` when somebody decided first or the id is another's."""
    visit = _earlier(row, looked, by=by)
    if visit is None:
        wrong = objections(looked)
        if wrong:
            raise Refused(*wrong)
        try:
            visit = _write(row, looked, by=by, now=now)
        except IntegrityError:
            visit = _earlier(row, looked, by=by)  # it arrived twice at once
            if visit is None:
                raise
    photos.tie(row.campaign, visit.client_id, now=now)
    return visit


def objections(looked: Looked) -> list[Problem]:
    found = [] if looked.client_id else [Problem("id", "这条记录没有编号。", mend="请刷新页面后再提交。")]
    if not looked.is_mended and not looked.photos:
        found.append(
            Problem("photo_needed", "说没有整改，要有一张现场照片。", where="photo", mend="请补拍一张再提交。")
        )
    return found


def _earlier(row: Finding, looked: Looked, *, by: User) -> Visit | None:
    visit = Visit.objects.filter(campaign=row.campaign_id, client_id=looked.client_id).first()
    if visit is not None and (visit.sha256 != looked.sha256 or visit.by_id != by.pk):
        raise Conflict(Problem("other_record", "这个编号已经有另一条记录。", mend="请刷新页面后重新提交。"))
    return visit


@transaction.atomic
def _write(row: Finding, looked: Looked, *, by: User, now: dt.datetime) -> Visit:
    is_again = row.stage == Stage.CLOSED and not looked.version  # a version means: a verdict was to be given
    is_relapse = is_again and not looked.is_mended
    key = f"{looked.client_id}.1" if is_relapse else of_finding(row.code)
    visit = Visit.objects.create(
        campaign_id=row.campaign_id,
        client_id=looked.client_id,
        sha256=looked.sha256,
        photo_keys={key: list(looked.photos)} if looked.photos else {},
        place=row.place,
        by=by,
        at=min(looked.at, now),
        received_at=now,
        note=f"复查 {row.code}：{'已整改' if looked.is_mended else '未整改'}"[:400],
        failed_count=int(not looked.is_mended),
    )
    if is_again:
        rechecking.look_again(row, is_right=not is_relapse, by=by, now=now)
        if is_relapse:
            _find_again(row, visit, key, looked, by=by, now=now)
    else:
        outcome = Verdict.Outcome.PASS if looked.is_mended else Verdict.Outcome.RETURN
        reason = looked.note.strip() or ("" if looked.is_mended else UNSAID)
        rechecking.decide(row, outcome=outcome, reason=reason, by=by, now=now, version=looked.version)
    standing.refresh_places([row.place_id])
    return visit


def _find_again(row: Finding, visit: Visit, key: str, looked: Looked, *, by: User, now: dt.datetime) -> None:
    found = Found(
        text=looked.note.strip() or row.text,
        tile=row.tile,
        found_at=visit.at,
        severity=row.severity,
        place=row.place,
        item=row.item,
        where=row.where,
        unit=row.unit,
        area=row.area,
        visit=visit,
        client_id=key,
    )
    finding.file(row.campaign, found, by=by, now=now)


def version_of(row: Finding) -> int:
    """Of the milestone a verdict would be on; 0 where there is none to decide."""
    return answering.milestone_of(row).version if row.stage == Stage.RECHECK and row.task_id else 0
