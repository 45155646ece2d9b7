"""撤销合格: a tap by mistake is taken back by who made it, while still at the place. The visit stays, marked; it counts no more.

What was really looked at (a checklist, a finding) is not taken back: that is told by looking again.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Max

from campaign import log
from campaign.models import User
from campaign.problems import Problem, Refused
from inspections import standing
from inspections.models import RoundPlace, Visit

LATEST = dt.timedelta(minutes=10)


def objections(visit: Visit, *, by: User, at: dt.datetime) -> list[Problem]:
    """Why this visit cannot be taken back, `at` being when it was asked for on the phone."""
    if visit.by_id != by.pk:
        return [Problem("not_yours", "只有点“合格”的人可以撤销。")]
    if not visit.is_fine or visit.answers.exists() or visit.findings.exists():
        message = "只有一点就过的“合格”可以撤销，查过检查表、报了问题的不行。"
        return [Problem("not_fine", message, mend="看到的变了，请重新查一次。")]
    if at > visit.at + LATEST:
        message = f"点“合格”已超过 {LATEST.seconds // 60} 分钟，不能撤销了。"
        return [Problem("too_late", message, mend="请按现在看到的重新查一次。")]
    return []


def withdraw(visit: Visit, *, by: User, at: dt.datetime, now: dt.datetime) -> None:
    """Mark the visit as withdrawn and bring round and place up to it; asked twice it is done once. Raises `Refused`."""
    wrong = objections(visit, by=by, at=at)
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        if not Visit.objects.standing().filter(pk=visit.pk).update(withdrawn_at=now):
            return
        log.write(visit, "visit_withdrawn", by=by, now=now)
        if visit.round_id is not None:
            others = Visit.objects.standing().filter(round=visit.round_id, place=visit.place_id)
            seen = others.aggregate(at=Max("at"))["at"]
            RoundPlace.objects.filter(round=visit.round_id, place=visit.place_id).update(visited_at=seen)
        standing.refresh_places([visit.place_id])
    visit.refresh_from_db()


def can_withdraw(visit: Visit, *, now: dt.datetime) -> bool:
    """Whether its maker is still offered it; the deed decides."""
    return visit.is_fine and visit.withdrawn_at is None and not visit.passed_count and now <= visit.at + LATEST
