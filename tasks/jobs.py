"""Jobs of the ledger: they read the clock, call one deed, and may come twice or in any order."""

from typing import Any

from celery import shared_task

from campaign import clock, working
from campaign.models import Job
from tasks.importing.committing import commit_batch
from tasks.models import ImportBatch


@shared_task(name="tasks.jobs.commit_import")
def commit_import(pk: str) -> None:
    working.run(pk, _commit_import, now=clock.now)


def _commit_import(job: Job) -> dict[str, Any]:
    batch = ImportBatch.objects.get(pk=job.arguments["batch"], campaign=job.campaign)
    done = commit_batch(batch, by=job.created_by, now=clock.now(job.campaign), is_partial=job.arguments["is_partial"])
    return done.as_dict() | {"words": done.words, "url": f"/tasks/import/{batch.pk}"}
