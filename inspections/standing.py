"""Where findings and places stand, derived from what happened: tasks and milestones, visits and findings.

`follow` hangs on the ledger's summary (tasks.summary.FOLLOWERS): whatever deed of the ledger moves a rectification's
milestone, its finding moves in the same transaction.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q

from inspections import limits
from inspections.models import Finding, Place, Visit
from inspections.models.orders import OrderPolicy
from tasks.models import Milestone, Verdict

Stage = Finding.Stage
COLUMNS = [
    "stage",
    "unit",
    "due_at",
    "answered_at",
    "closed_at",
    "late_hours",
    "returns",
    "recheck_on",
    "revoked_reason",
]
STAGE_OF = {
    Milestone.State.OPEN: Stage.FIXING,
    Milestone.State.SUBMITTED: Stage.RECHECK,
    Milestone.State.DONE: Stage.CLOSED,
    Milestone.State.WAIVED: Stage.REVOKED,
}


def follow(task_ids: list[UUID]) -> None:
    """The findings of these tasks, as the ledger now says."""
    refresh(Finding.objects.filter(task__in=task_ids).values_list("pk", flat=True))


def refresh(finding_ids: Iterable[UUID]) -> list[Finding]:
    """Bring stage, unit, limit and closing of issued findings up to their milestone, and what was joined into them.

    A constant number of queries for any number of findings. Those without a task keep what their own deeds wrote.
    """
    ids = list(dict.fromkeys(finding_ids))
    if not ids:
        return []
    with transaction.atomic():
        rows = Finding.objects.filter(pk__in=ids).exclude(task=None).select_related("campaign").order_by("pk")
        findings = list(rows.select_for_update(of=("self",)))
        steps = {step.task_id: step for step in Milestone.objects.filter(task__in=[row.task_id for row in findings])}
        passed = _passed_at(findings)
        policies = {campaign: OrderPolicy.of(campaign) for campaign in {row.campaign_id for row in findings}}
        moved = []
        for finding in findings:
            before = [getattr(finding, name) for name in COLUMNS]
            _take(finding, steps[finding.task_id], passed.get(finding.task_id), policies[finding.campaign_id])
            if before != [getattr(finding, name) for name in COLUMNS]:
                moved.append(finding)
        Finding.objects.bulk_update(moved, COLUMNS, batch_size=200)
        for finding in moved:
            Finding.objects.filter(joined_into=finding).update(stage=finding.stage, unit=finding.unit_id)
        refresh_places(finding.place_id for finding in moved if finding.place_id)
    return findings


def _passed_at(findings: list[Finding]) -> dict[UUID, dt.datetime]:
    rows = Verdict.objects.standing().filter(task__in=[row.task_id for row in findings])
    rows = rows.filter(outcome=Verdict.Outcome.PASS)
    return dict(rows.order_by().values_list("task").annotate(at=Max("at")))


def _take(finding: Finding, step: Milestone, passed_at: dt.datetime | None, policy: OrderPolicy) -> None:
    zone = finding.campaign.zone
    finding.stage = STAGE_OF[Milestone.State(step.state)]
    finding.returns = step.returns
    finding.revoked_reason = step.waive_reason
    if step.unit_id is not None:
        finding.unit_id = step.unit_id
    if step.due_on is not None and (finding.due_at is None or finding.due_at.astimezone(zone).date() != step.due_on):
        finding.due_at = limits.end_of_day(policy, step.due_on, campaign=finding.campaign)
    finding.answered_at = step.submitted_at if finding.stage in (Stage.RECHECK, Stage.CLOSED) else None
    if finding.stage != Stage.CLOSED:
        finding.closed_at, finding.late_hours, finding.recheck_on = None, 0, None
        return
    finding.closed_at = passed_at
    finding.late_hours = _late_hours(finding)
    if step.closed_on is not None:
        finding.recheck_on = limits.look_again_on(policy, finding.severity, closed_on=step.closed_on)


def _late_hours(finding: Finding) -> int:
    """Whole or begun hours from the limit to the answer; the waiting for a re-check is not the unit's lateness."""
    if finding.due_at is None or finding.answered_at is None or finding.answered_at <= finding.due_at:
        return 0
    return -int((finding.due_at - finding.answered_at) // dt.timedelta(hours=1))


def look_again_on(finding: Finding, closed_on: dt.date) -> dt.date:
    return limits.look_again_on(OrderPolicy.of(finding.campaign_id), finding.severity, closed_on=closed_on)


def refresh_places(place_ids: Iterable[UUID | None]) -> None:
    """The summary columns of places, from visits and counted findings; four queries for any number."""
    ids = list(dict.fromkeys(place_id for place_id in place_ids if place_id is not None))
    if not ids:
        return
    with transaction.atomic():
        places = list(Place.objects.filter(pk__in=ids).order_by("pk").select_for_update())
        visits: dict[UUID, dict[str, Any]] = {
            row["place"]: row
            for row in Visit.objects.standing()
            .filter(place__in=ids)
            .order_by()
            .values("place")
            .annotate(count=Count("pk"), last=Max("at"), failed=Max("at", filter=Q(failed_count__gt=0)))
        }
        findings: dict[UUID, dict[str, Any]] = {
            row["place"]: row
            for row in Finding.objects.counted()
            .filter(place__in=ids)
            .order_by()
            .values("place")
            .annotate(
                count=Count("pk"),
                open=Count("pk", filter=Q(stage__in=Finding.OPEN_STAGES)),
                relapses=Count("pk", filter=Q(is_relapse=True)),
                last=Max("found_at"),
            )
        }
        for place in places:
            seen, found = visits.get(place.pk, {}), findings.get(place.pk, {})
            place.visit_count, place.last_visit_at = seen.get("count", 0), seen.get("last")
            failed = [at for at in (seen.get("failed"), found.get("last")) if at is not None]
            place.last_failed_at = max(failed, default=None)
            place.finding_count, place.open_count = found.get("count", 0), found.get("open", 0)
            place.relapse_count = found.get("relapses", 0)
        names = ["visit_count", "last_visit_at", "last_failed_at", "finding_count", "open_count", "relapse_count"]
        Place.objects.bulk_update(places, names, batch_size=200)
