"""Long work as a row that a page follows: begun with its cause, claimed once, ended with a result or a reason."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from campaign.doorbell import ring
from campaign.models import Campaign, Job, User
from campaign.problems import Refused

log = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=30)


def begin(
    campaign: Campaign, *, kind: str, title: str, arguments: dict[str, Any], by: User | None, now: dt.datetime
) -> Job:
    """A waiting job. `kind` is the name of the Celery task that does it, which gets the job's id."""
    job = Job.objects.create(
        campaign=campaign, kind=kind, title=title[:120], arguments=arguments, created_by=by, created_at=now
    )
    ring(kind, str(job.pk))
    return job


def run(pk: UUID | str, deed: Callable[[Job], dict[str, Any]], *, now: Callable[[], dt.datetime]) -> None:
    """Do a waiting job, once. What is refused is told in its words; anything else is logged and told plainly.

    A job whose worker died is taken up again after `LEASE`: deeds run as jobs are safe to run twice.
    """
    started_at = now()
    if not _due(started_at).filter(pk=pk).update(state=Job.State.RUNNING, started_at=started_at):
        return
    job = Job.objects.select_related("campaign", "created_by").get(pk=pk)
    ended: dict[str, Any] = {"state": Job.State.DONE}
    try:
        ended["result"] = deed(job)
    except Refused as refused:
        ended = {"state": Job.State.FAILED, "error": str(refused)[:400]}
    except Exception:
        log.exception("Job %s (%s) failed", job.pk, job.kind)
        ended = {"state": Job.State.FAILED, "error": "没有办成，什么也没有写。请再试一次；仍不行请把时间告诉管理员。"}
    Job.objects.filter(pk=pk).update(**ended, finished_at=now())


def _due(now: dt.datetime) -> QuerySet[Job]:
    died = Q(state=Job.State.RUNNING, started_at__lt=now - LEASE)
    return Job.objects.filter(Q(state=Job.State.WAITING) | died)


def ring_again(*, now: dt.datetime) -> int:
    """Ring for every job whose ring was lost or whose worker died. Gives their number."""
    late = list(_due(now).filter(created_at__lt=now - dt.timedelta(seconds=30)))
    for job in late:
        ring(job.kind, str(job.pk))
    return len(late)
