"""撤销 a verdict: within ten seconds, before the unit is told, by the one who gave it.

What the milestone held before stands in the verdict's own log entry. The verdict itself stays, marked as taken back, and
the log keeps both it and its undoing.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F

from campaign import log
from campaign.models import LogEntry, User
from campaign.problems import Problem, Refused
from tasks import summary
from tasks.closing import HOLD, LOG_VERBS
from tasks.models import Milestone, Notice, Task, Verdict

#: A slow line does not eat the time one has to think again.
GRACE = dt.timedelta(seconds=5)


def take_back(verdict: Verdict, *, by: User, now: dt.datetime) -> Milestone:
    """The milestone stands in the queue again as if nothing had been decided. Raises `Refused` when it is too late."""
    milestone, before = verdict.milestone, _before(verdict)
    if verdict.by_id != by.pk:
        raise Refused(Problem("not_yours", "只有作出决定的人可以撤销。"))
    if before is None or verdict.taken_back_at or not verdict.at <= now <= verdict.at + HOLD + GRACE:
        raise _too_late()
    with transaction.atomic():
        rows = Milestone.objects.filter(pk=milestone.pk, version=before.pop("version"))
        if not rows.update(**before, version=F("version") + 1):
            raise _too_late()
        Notice.objects.filter(campaign=verdict.campaign_id, key__startswith=f"verdict:{verdict.pk}:").update(
            recalled_at=now
        )
        said = {"outcome": verdict.outcome, "reason": verdict.reason, "verdict": str(verdict.pk)}
        Verdict.objects.filter(pk=verdict.pk).update(taken_back_at=now, taken_back_by=by)
        log.write(milestone, "verdict_taken_back", by=by, now=now, task_id=milestone.task_id, data=said)
        Task.objects.filter(pk=milestone.task_id).update(updated_at=now)
        summary.refresh([milestone.task_id])
    milestone.refresh_from_db()
    return milestone


def _before(verdict: Verdict) -> dict[str, object] | None:
    """What the verdict's entry says the milestone held; None for one given before such entries were kept."""
    entries = LogEntry.objects.filter(
        campaign=verdict.campaign_id,
        object_id=verdict.milestone_id,
        verb=LOG_VERBS[Verdict.Outcome(verdict.outcome)],
        at=verdict.at,
    )
    found = next((entry for entry in entries if entry.data.get("verdict") == str(verdict.pk)), None)
    return dict(found.data["before"]) if found is not None else None


def _too_late() -> Refused:
    return Refused(Problem("gone", "已经撤不回来了。", mend="可以在这一项里重新打开或退回，并写明理由。"))
