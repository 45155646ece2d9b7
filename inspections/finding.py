"""Filing a finding: what was wrong, where, how bad; the same thing filed again joins the first.

A finding is hidden from units until the office issues it. 立行立改 is the exception: mended while the inspector stood
there, with a photo before and one after, it is closed at once and no paper follows.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaign import log
from campaign.models import Area, Campaign, Unit, User
from campaign.problems import Problem, Refused
from inspections import joining, numbering, standing
from inspections.models import (
    ChecklistItem,
    Finding,
    Order,
    OrderLine,
    Photo,
    Place,
    PlaceType,
    ProblemList,
    Round,
    Visit,
)
from inspections.models.places import Severity

Stage = Finding.Stage
LONGEST_TEXT = 400


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is filed. Area, type and unit are the place's own unless said; `client_id` makes a second arrival the same."""

    text: str
    tile: str
    found_at: dt.datetime
    severity: str = ""
    place: Place | None = None
    item: ChecklistItem | None = None
    where: str = ""
    unit: Unit | None = None
    area: Area | None = None
    place_type: PlaceType | None = None
    visit: Visit | None = None
    round: Round | None = None
    problem_list: ProblemList | None = None
    source: str = Finding.Source.PATROL
    client_id: str = ""
    cause: str = ""
    is_on_spot: bool = False
    mended_by: str = ""
    is_difficult: bool = False


def problems(found: Found, *, now: dt.datetime) -> list[Problem]:
    """Why it cannot be filed."""
    wrong = []
    if not found.text.strip():
        wrong.append(Problem("text_needed", "没有写是什么问题。", where="text", mend="请点一个问题类别，或写一句话。"))
    if len(found.text.strip()) > LONGEST_TEXT:
        message = f"问题写了 {len(found.text.strip())} 个字，最多 {LONGEST_TEXT} 个。"
        wrong.append(Problem("text_long", message, where="text", mend="请写得短一些，细节留给照片。"))
    if found.severity and found.severity not in Severity.values:
        wrong.append(Problem("severity", "轻重只有一般、较重、紧急、立即四种。", where="severity"))
    if found.place is None and not found.where.strip() and found.source != Finding.Source.LIST:
        wrong.append(Problem("where_needed", "没有写在哪里。", where="where", mend="请选点位，或写具体位置。"))
    if found.found_at > now + dt.timedelta(minutes=5):
        wrong.append(Problem("later", "发现时间在现在以后。", where="found_at", mend="请核对手机时间。"))
    return wrong


def file(campaign: Campaign, found: Found, *, by: User | None, now: dt.datetime) -> Finding:
    """Keep one finding. The same `client_id` gives the one already kept; an open like one at the place takes it in.

    The one given back may be `joined_into` another. Raises `Refused`; nothing is written then.
    """
    kept = _kept(campaign, found)
    if kept is not None:
        return kept
    wrong = problems(found, now=now)
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        row = _new(campaign, found, by=by)
        # the lock on the series also keeps two phones from filing the same thing apart
        row.code = numbering.finding_codes(campaign)[0]
        kept = _kept(campaign, found)
        if kept is not None:
            transaction.set_rollback(True)  # the number goes back
            return kept
        before = joining.earlier(
            campaign,
            found.place,
            found.item,
            row.tile,
            text=row.text,
            found_at=found.found_at,
            is_to_the_minute=found.visit is not None,
        )
        if found.source != Finding.Source.SWEEP:
            _follow_on(row, before)
        row.save(force_insert=True)
        _record(row, before, by=by, now=now)
        if row.place_id:
            standing.refresh_places([row.place_id])
    return row


def _kept(campaign: Campaign, found: Found) -> Finding | None:
    if not found.client_id:
        return None
    return Finding.objects.filter(campaign=campaign, client_id=found.client_id).first()


def _new(campaign: Campaign, found: Found, *, by: User | None) -> Finding:
    place = found.place
    severity = found.severity or (found.item.severity if found.item else Severity.MINOR)
    return Finding(
        campaign=campaign,
        source=found.source,
        place=place,
        place_type=found.place_type or (place.place_type if place else None),
        item=found.item,
        area=found.area or (place.area if place else None),
        unit=found.unit or (place.owner or place.street if place else None),
        round=found.round,
        visit=found.visit,
        problem_list=found.problem_list,
        client_id=found.client_id,
        tile=found.tile[:16],
        text=found.text.strip(),
        where=found.where.strip()[:120],
        severity=severity,
        found_at=found.found_at,
        found_by=by,
        is_on_spot=found.is_on_spot,
        mended_by=found.mended_by.strip()[:60] if found.is_on_spot else "",
        is_difficult=found.is_difficult,
        cause=found.cause.strip()[:200],
    )


def _follow_on(row: Finding, before: joining.Earlier) -> None:
    if before.same is not None:
        row.joined_into = before.same
        # it stays hidden: that somebody came by again is not the unit's to know
        row.stage, row.unit_id = before.same.stage, before.same.unit_id
    elif before.first is not None:
        row.relapse_of, row.is_relapse = before.first, True


def _record(row: Finding, before: joining.Earlier, *, by: User | None, now: dt.datetime) -> None:
    data: dict[str, Any] = {"place": str(row.place or row.where), "severity": row.severity}
    if row.joined_into is not None:
        data["joined_into"] = row.joined_into.code
    if row.is_relapse:
        data |= {"relapse_of": before.first.code if before.first else "", "times": before.count}
    log.write(row, "find", by=by, now=now, data=data)


def settle_on_spot(finding: Finding, *, now: dt.datetime) -> bool:
    """Close a 立行立改 once both of its photos are here; called as each photo arrives. True when it is closed by this."""
    moments = set(Photo.objects.filter(finding=finding).values_list("moment", flat=True))
    if not finding.is_on_spot or not {Photo.Moment.BEFORE, Photo.Moment.AFTER} <= moments:
        return False
    hidden = finding.round is not None and finding.round.is_hidden
    with transaction.atomic():
        rows = Finding.objects.filter(pk=finding.pk, stage=Stage.PENDING, task=None, joined_into=None)
        day = now.astimezone(finding.campaign.zone).date()
        closed = {"stage": Stage.CLOSED, "closed_at": now, "answered_at": now, "is_hidden": hidden}
        if not rows.update(**closed, recheck_on=standing.look_again_on(finding, day)):
            return False
        Finding.objects.filter(joined_into=finding).update(stage=Stage.CLOSED)
        for line in OrderLine.objects.filter(finding=finding, order__state=Order.State.DRAFT):
            line.delete()
            Order.objects.drafts().filter(pk=line.order_id, lines=None).delete()
        data = {"mended_by": finding.mended_by} if finding.mended_by else {}
        log.write(finding, "close_on_spot", by=finding.found_by, now=now, data=data)
        if finding.place_id:
            standing.refresh_places([finding.place_id])
    finding.refresh_from_db()
    return True
