"""Writing and sealing the append-only history.

Entries are written in the transaction of their deed. The nightly run seals them: each sealed entry
gets the next sequence number and a hash over its content and the hash before it, so that a changed
or missing entry shows; the database refuses to change or remove one. Sealing apart from writing keeps writers from queueing
behind one another.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Max

from campaign import bulk
from campaign.models import Campaign, CampaignRow, LogEntry, PeriodicRun, User

GENESIS = "0" * 64
new_entry = bulk.maker(LogEntry)


def write(
    subject: CampaignRow | Campaign,
    verb: str,
    *,
    by: User | None,
    now: dt.datetime,
    task_id: UUID | None = None,
    data: dict[str, Any] | None = None,
    reason: str = "",
) -> LogEntry:
    """Record one deed on one object. `data` holds what changed as {"field": [from, to]} or plain facts."""
    entry = entry_for(subject, verb, by=by, now=now, task_id=task_id, data=data, reason=reason)
    entry.save(force_insert=True)
    return entry


def entry_for(
    subject: CampaignRow | Campaign,
    verb: str,
    *,
    by: User | None,
    now: dt.datetime,
    task_id: UUID | None = None,
    data: dict[str, Any] | None = None,
    reason: str = "",
) -> LogEntry:
    """An unsaved entry, for deeds that write many at once by `bulk_create`."""
    return new_entry(
        campaign_id=subject.pk if isinstance(subject, Campaign) else subject.campaign_id,
        verb=verb,
        object_type=subject._meta.model_name,  # noqa: SLF001 - Django documents _meta as public
        object_id=subject.pk,
        object_label=str(subject)[:200],
        task_id=task_id,
        by=by,
        at=now,
        data=data or {},
        reason=reason,
    )


def digest_of(entry: LogEntry, previous: str) -> str:
    body = {
        "id": str(entry.pk),
        "verb": entry.verb,
        "object": [entry.object_type, str(entry.object_id), entry.object_label],
        "task": str(entry.task_id or ""),
        "by": str(entry.by_id or ""),
        "at": entry.at.astimezone(dt.UTC).isoformat(),
        "data": entry.data,
        "reason": entry.reason,
        "sequence": entry.sequence,
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode()).hexdigest()


def seal(campaign: Campaign, *, limit: int = 20_000) -> int:
    """Chain the entries not yet sealed, oldest first. Gives their number."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        entries = LogEntry.objects.filter(campaign=campaign)
        last = entries.aggregate(last=Max("sequence"))["last"] or 0
        previous = entries.filter(sequence=last).values_list("digest", flat=True).first() or GENESIS
        fresh = list(entries.filter(sequence=None).order_by("at", "id")[:limit])
        for number, entry in enumerate(fresh, start=last + 1):
            entry.sequence = number
            entry.digest = previous = digest_of(entry, previous)
        LogEntry.objects.bulk_update(fresh, ["sequence", "digest"], batch_size=200)
    return len(fresh)


@dataclass(frozen=True)
class ChainCheck:
    checked: int
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify(campaign: Campaign) -> ChainCheck:
    """Walk the chain; `broken_at` is the first sequence number whose content or place is not as sealed."""
    previous, expected = GENESIS, 0
    sealed = LogEntry.objects.filter(campaign=campaign).exclude(sequence=None).order_by("sequence")
    for entry in sealed.iterator(chunk_size=2000):
        expected += 1
        if entry.sequence != expected or entry.digest != digest_of(entry, previous):
            return ChainCheck(checked=expected, broken_at=expected)
        previous = entry.digest
    return ChainCheck(checked=expected, broken_at=None)


def last_night(campaign: Campaign) -> ChainCheck | None:
    """What the latest nightly walk found; None before the first."""
    turns = PeriodicRun.objects.filter(campaign=campaign, name="seal", result__has_key="checked")
    said = turns.order_by("-started_at").values_list("result", flat=True).first()
    return ChainCheck(said["checked"], said["broken_at"]) if said else None


def history(campaign: Campaign, *, task_id: UUID | None = None, object_id: UUID | None = None) -> models.QuerySet:
    entries = LogEntry.objects.filter(campaign=campaign).select_related("by")
    if task_id is not None:
        entries = entries.filter(task_id=task_id)
    if object_id is not None:
        entries = entries.filter(object_id=object_id)
    return entries.order_by("-at", "-id")
