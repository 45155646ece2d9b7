"""Jobs of the ledger: they read the clock, call one deed, and may come twice or in any order."""

from typing import Any

from celery import shared_task

from campaign import clock, log, working
from campaign.models import Job
from tasks.exporting import export_for, store
from tasks.importing.committing import commit_batch
from tasks.models import ImportBatch, SourceDocument
from tasks.reading.taking import draft_rows


@shared_task(name="tasks.jobs.commit_import")
def commit_import(pk: str) -> None:
    working.run(pk, _commit_import, now=clock.now)


def _commit_import(job: Job) -> dict[str, Any]:
    batch = ImportBatch.objects.get(pk=job.arguments["batch"], campaign=job.campaign)
    Job.objects.filter(pk=job.pk).update(step=f"正在核对和写入 {batch.row_count} 行")
    done = commit_batch(batch, by=job.created_by, now=clock.now(job.campaign), is_partial=job.arguments["is_partial"])
    return done.as_dict() | {"words": done.words, "url": f"/tasks/import/{batch.pk}"}


@shared_task(name="tasks.jobs.read_document")
def read_document(pk: str) -> None:
    working.run(pk, _read_document, now=clock.now)


def _read_document(job: Job) -> dict[str, Any]:
    document = SourceDocument.objects.get(pk=job.arguments["document"], campaign=job.campaign)
    count = draft_rows(document, now=clock.now(job.campaign))
    return {"words": f"读出 {count} 项", "url": f"/tasks/reader/{document.pk}"}


@shared_task(name="tasks.jobs.export_ledger")
def export_ledger(pk: str) -> None:
    working.run(pk, _export_ledger, now=clock.now)


def _export_ledger(job: Job) -> dict[str, Any]:
    asked, now = job.arguments, clock.now(job.campaign)
    file = export_for(
        job.created_by, job.campaign, asked["query"], asked["path"], asked["format"], today=clock.today(job.campaign)
    )
    where = store(file, job)
    log.write(job.campaign, "export", by=job.created_by, now=now, data={"rows": file.rows, "name": file.name})
    words = f"共 {file.rows} 项"
    return {
        "file": where,
        "name": file.name,
        "type": file.content_type,
        "words": words,
        "url": f"/tasks/exports/{job.pk}",
    }
