"""What follows a post to its new holder: open work is the unit's anyway; drafts and unread notices change hands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from campaign.models import Campaign, Membership, Unit, User
from tasks.lamps import conditions
from tasks.models import Draft, Milestone, Notice

State = Milestone.State


@dataclass(frozen=True)
class Owed:
    """How much a unit has open, and how much of it is overdue."""

    open: int
    overdue: int


def open_counts(campaign: Campaign, *, today: dt.date) -> dict[UUID, Owed]:
    """By unit id, for all units that owe something, in one query."""
    late = conditions("overdue", today=today, notice_days=campaign.notice_days, assumed="is_assumed")
    rows = Milestone.objects.filter(campaign=campaign, state__in=(State.OPEN, State.SUBMITTED), unit__isnull=False)
    counted = rows.order_by().values("unit").annotate(open=Count("pk"), overdue=Count("pk", filter=late))
    return {row["unit"]: Owed(open=row["open"], overdue=row["overdue"]) for row in counted}


def open_work(unit: Unit, *, today: dt.date) -> list[Any]:
    """What the unit itself owes, oldest limit first, with its lamp."""
    owed = Milestone.objects.filter(campaign=unit.campaign_id, unit=unit, state__in=(State.OPEN, State.SUBMITTED))
    owed = owed.with_lamp(today=today, notice_days=unit.campaign.notice_days).select_related("task")
    return list(owed.order_by("due_on", "task__code", "order"))


def pass_on(before: Membership, after: Membership, *, by: User | None, now: dt.datetime) -> dict[str, int]:
    """Move drafts and unread notices of the unit's work, and tell the new holder once what is open."""
    still_there = before.user.memberships.filter(campaign=before.campaign_id, unit=before.unit, valid_to=None)
    passed = {"drafts": 0, "notices": 0}
    if not still_there.exists():
        passed["drafts"] = _pass_drafts(before, after)
        passed["notices"] = _pass_notices(before, after)
    _tell(after, by=by, now=now)
    return passed


def _pass_drafts(before: Membership, after: Membership) -> int:
    """A draft of the new holder's own is not written over."""
    own = Draft.objects.filter(campaign=before.campaign_id, user=after.user).values("milestone")
    drafts = Draft.objects.filter(campaign=before.campaign_id, user=before.user, milestone__in=_of_unit(before.unit))
    return drafts.exclude(milestone__in=own).update(user=after.user)


def _pass_notices(before: Membership, after: Membership) -> int:
    notices = Notice.objects.filter(
        campaign=before.campaign_id, recipient=before.user, milestone__in=_of_unit(before.unit)
    )
    return notices.filter(read_at=None, recalled_at=None).update(recipient=after.user)


def _of_unit(unit: Unit) -> QuerySet:
    below = Q(unit=unit) | Q(unit__parent=unit) | Q(unit__parent__parent=unit)
    return Milestone.objects.filter(below, campaign=unit.campaign_id).values("pk")


def _tell(after: Membership, *, by: User | None, now: dt.datetime) -> None:
    """One entry in the new holder's inbox, tied to the most pressing item."""
    today = now.astimezone(after.campaign.zone).date()
    owed = open_work(after.unit, today=today)
    if not owed:
        return
    overdue = sum(item.lamp == "overdue" for item in owed)
    late = f"，其中 {overdue} 项逾期" if overdue else ""
    key = f"succession:{after.pk}"
    Notice.objects.get_or_create(
        campaign_id=after.campaign_id,
        key=key,
        defaults={
            "task": owed[0].task,
            "milestone": owed[0],
            "reason": Notice.Reason.ASSIGNED,
            "recipient": after.user,
            "unit": after.unit,
            "text": f"您接任{after.unit}{after.get_post_display()}，名下有 {len(owed)} 项在办{late}；以往的填报都在任务里。",
            "by": by,
            "at": now,
            "told_on": today,
        },
    )
