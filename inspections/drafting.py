"""待签发: the day's findings gathered into one draft order for each unit, and the office's hand on the drafts.

A draft moves with its `version`: every edit is one conditional UPDATE of the order, so that nobody issues what somebody
else is just changing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from campaign import log
from campaign.models import Campaign, Unit, User
from campaign.problems import Conflict, Problem, Refused
from inspections import limits, standing
from inspections.models import Finding, Order, OrderLine
from inspections.models.orders import OrderPolicy
from inspections.models.places import Severity

State = Order.State


@dataclass(frozen=True)
class Drafted:
    """What one gathering did. `homeless` are findings nobody answers for yet."""

    orders: int
    findings: int
    homeless: int


def draft_orders(
    campaign: Campaign,
    *,
    today: dt.date,
    now: dt.datetime,
    by: User | None = None,
    found_until: dt.date | None = None,
) -> Drafted:
    """Put every finding that waits (found up to a day) onto its unit's draft; a second run adds nothing."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        waiting = Finding.objects.filter(campaign=campaign).to_order(today=today).filter(lines=None)
        if found_until is not None:
            waiting = waiting.filter(found_on__lte=found_until)
        rows = list(waiting.exclude(unit=None).order_by("found_at", "id"))
        by_unit: dict[UUID, list[Finding]] = defaultdict(list)
        for row in rows:
            by_unit[row.unit_id].append(row)
        drafts = _drafts_of(campaign, list(by_unit), today=today)
        _append(campaign, [(drafts[unit], row) for unit, mine in by_unit.items() for row in mine])
        homeless = waiting.filter(unit=None).count()
        if rows:
            data = {"orders": len(by_unit), "findings": len(rows)}
            log.write(campaign, "draft_orders", by=by, now=now, data=data)
    return Drafted(orders=len(by_unit), findings=len(rows), homeless=homeless)


def _drafts_of(campaign: Campaign, unit_ids: Sequence[UUID], *, today: dt.date) -> dict[UUID, Order]:
    """The open draft of each unit, made where there is none."""
    fresh = [Order(campaign=campaign, unit_id=unit, year=today.year, on=today) for unit in unit_ids]
    Order.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=200)
    drafts = Order.objects.drafts().filter(campaign=campaign, unit__in=unit_ids, kind=Order.Kind.DAILY)
    return {draft.unit_id: draft for draft in drafts}


def _append(campaign: Campaign, pairs: Sequence[tuple[Order, Finding]]) -> None:
    orders = {order.pk for order, _ in pairs}
    rows = OrderLine.objects.filter(order__in=orders).order_by().values_list("order")
    last = dict(rows.annotate(last=Max("position")))
    lines = []
    for order, finding in pairs:
        last[order.pk] = last.get(order.pk, 0) + 1
        lines.append(OrderLine(campaign=campaign, order=order, finding=finding, position=last[order.pk]))
    OrderLine.objects.bulk_create(lines, batch_size=200)
    Order.objects.filter(pk__in=orders).update(version=F("version") + 1)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the office changes on one pending finding; None leaves it."""

    unit: Unit | None = None
    severity: str | None = None
    due_on: dt.date | None = None
    not_before_on: dt.date | None = None
    move: int = 0


def change(finding: Finding, wanted: Change, *, by: User, now: dt.datetime, version: int) -> Finding:
    """Change unit, severity, limit, day or place on the paper of a finding not yet issued.

    Raises `Refused`, or `Conflict` when it was changed or issued meanwhile.
    """
    wrong = objections(finding, wanted, now=now)
    if wrong:
        raise Refused(*wrong)
    campaign = finding.campaign
    fields = _fields(finding, wanted)
    with transaction.atomic():
        line = _hold(finding)
        _claim(finding, version, fields)
        if line is not None and (wanted.unit is not None or wanted.not_before_on is not None):
            _take_off(line)
        if wanted.unit is not None and line is not None and wanted.not_before_on is None:
            today = now.astimezone(campaign.zone).date()
            _append(campaign, [(_drafts_of(campaign, [wanted.unit.pk], today=today)[wanted.unit.pk], finding)])
        if wanted.move and line is not None:
            _move(line, wanted.move)
        data = {name: str(value) for name, value in fields.items()} | ({"move": wanted.move} if wanted.move else {})
        log.write(finding, "change_draft", by=by, now=now, data=data)
    return finding


def objections(finding: Finding, wanted: Change, *, now: dt.datetime) -> list[Problem]:
    found = []
    if finding.joined_into_id is not None:
        found.append(Problem("joined", f"{finding.code} 已并入另一个问题，请改那一个。"))
    if wanted.severity is not None and wanted.severity not in Severity.values:
        found.append(Problem("severity", "轻重只有一般、较重、紧急、立即四种。", where="severity"))
    today = now.astimezone(finding.campaign.zone).date()
    if wanted.due_on is not None and wanted.due_on < today:
        message = f"时限 {wanted.due_on} 已经过去。"
        found.append(Problem("due_past", message, where="due_on", mend="请选今天或以后的日期。"))
    return found


def _fields(finding: Finding, wanted: Change) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if wanted.unit is not None:
        fields["unit_id"] = wanted.unit.pk
    if wanted.severity is not None:
        fields["severity"] = wanted.severity
    if wanted.due_on is not None:
        policy = OrderPolicy.of(finding.campaign_id)
        fields["due_at"] = limits.end_of_day(policy, wanted.due_on, campaign=finding.campaign)
    if wanted.not_before_on is not None:
        fields["not_before_on"] = wanted.not_before_on
    return fields


def _hold(finding: Finding) -> OrderLine | None:
    """The finding's line on a draft, its order held: who issues takes the order first too, so neither waits for ever."""
    line = OrderLine.objects.filter(finding=finding, order__state=State.DRAFT).first()
    if line is None:
        return None
    if not Order.objects.drafts().filter(pk=line.order_id).update(version=F("version") + 1):
        raise changed_meanwhile(finding)
    return line


def _claim(finding: Finding, version: int, fields: dict[str, Any]) -> None:
    row = Finding.objects.filter(pk=finding.pk, version=version, stage=Finding.Stage.PENDING)
    if not row.update(**fields, version=F("version") + 1):
        raise changed_meanwhile(finding)
    finding.refresh_from_db()


def changed_meanwhile(finding: Finding) -> Conflict:
    current = Finding.objects.get(pk=finding.pk)
    message = f"整改 {current.code} 别人刚改过，现在是“{current.get_stage_display()}”，您的改动没有写入。"
    return Conflict(Problem("changed", message, mend="请看现在的内容再定。"), current=current)


def _take_off(line: OrderLine) -> None:
    """Off the draft; a draft without lines goes too, since it was never a paper."""
    line.delete()
    Order.objects.drafts().filter(pk=line.order_id, lines=None).delete()


def _move(line: OrderLine, step: int) -> None:
    """One place up (-1) or down (1) on the paper."""
    rows = list(OrderLine.objects.filter(order=line.order_id).order_by("position", "id"))
    place = next(number for number, row in enumerate(rows) if row.pk == line.pk)
    rows.insert(max(0, place + step), rows.pop(place))
    for number, row in enumerate(rows, 1):
        row.position = number
    OrderLine.objects.bulk_update(rows, ["position"])


def revoke(finding: Finding, *, reason: str, by: User, now: dt.datetime, version: int) -> None:
    """撤销 one that is not yet issued, by decision, with a reason that stays. Issued ones: `revoking.revoke`."""
    if not reason.strip():
        mend = "请写明依据，例如现场核实不属实。"
        raise Refused(Problem("reason_needed", "撤销要写理由，以后查得到。", where="reason", mend=mend))
    with transaction.atomic():
        line = _hold(finding)
        _claim(finding, version, {"stage": Finding.Stage.REVOKED, "revoked_reason": reason.strip()[:200]})
        if line is not None:
            _take_off(line)
        Finding.objects.filter(joined_into=finding).update(stage=Finding.Stage.REVOKED)
        log.write(finding, "revoke_finding", by=by, now=now, reason=reason.strip())
        standing.refresh_places([finding.place_id])
