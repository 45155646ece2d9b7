"""退单 and 申请延期 of a rectification: the ledger's requests, with the rules of orders."""

import datetime as dt

from django.db import transaction

from campaign import log
from campaign.models import Unit, User
from campaign.problems import Problem, Refused
from inspections import answering, limits
from inspections.models import Finding, Order
from inspections.models.orders import OrderPolicy
from tasks import closing, deadlines, requesting
from tasks.models import Milestone, Request

Kind = Request.Kind
#: Why a unit sends an order back; one tap each.
REASONS = ("不属于本单位职责", "位置不在辖区或管辖路段", "与其他整改单重复")


def decline(
    finding: Finding, *, reason: str, proposed_unit: Unit | None, by: User, unit: Unit, now: dt.datetime
) -> Request:
    """退单: not ours, and perhaps whose. The limit runs on until the office has ruled."""
    wrong = decline_problems(finding, proposed_unit, now=now)
    if wrong:
        raise Refused(*wrong)
    milestone = answering.milestone_of(finding)
    return requesting.ask(
        milestone, Kind.DECLINE, reason=reason, proposed_unit=proposed_unit, by=by, unit=unit, now=now
    )


def decline_problems(finding: Finding, proposed_unit: Unit | None, *, now: dt.datetime) -> list[Problem]:
    found = []
    if finding.task_id is None:
        found.append(Problem("not_issued", "还没有签发，不用退单。"))
    if proposed_unit is not None and proposed_unit.pk == finding.unit_id:
        message = "建议的单位就是您的单位。"
        found.append(Problem("same_unit", message, where="proposed_unit", mend="请选别的单位，或者不填。"))
    received = Order.objects.filter(lines__finding=finding).exclude(received_at=None).order_by("-received_at").first()
    hours = OrderPolicy.of(finding.campaign_id).decline_hours
    if received is not None and received.received_at and now > received.received_at + dt.timedelta(hours=hours):
        message = f"签收已超过 {hours} 小时，不能再退单。"
        found.append(Problem("too_late", message, mend="确实不归您单位的，请打电话给创建办改派。"))
    return found


def ask_more_time(
    finding: Finding, *, reason: str, proposed_on: dt.date | None, by: User, unit: Unit, now: dt.datetime
) -> Request:
    milestone = answering.milestone_of(finding)
    return requesting.ask(milestone, Kind.EXTENSION, reason=reason, proposed_on=proposed_on, by=by, unit=unit, now=now)


def rule(
    request: Request,
    *,
    is_granted: bool,
    ruling: str,
    by: User,
    now: dt.datetime,
    to_on: dt.date | None = None,
    to_unit: Unit | None = None,
) -> Request:
    """The office's answer. A duty handed over gets the limit of a new one, counted from now."""
    unit = to_unit or request.proposed_unit
    if is_granted and request.kind == Kind.DECLINE and unit is None:
        message = "同意退单要选改派给谁。"
        raise Refused(
            Problem("unit_needed", message, where="to_unit", mend="请选责任单位；没有人该管的，请撤销这处问题。")
        )
    with transaction.atomic():
        done = requesting.rule_on(
            request, is_granted=is_granted, ruling=ruling, by=by, now=now, to_on=to_on, to_unit=unit
        )
        if is_granted and request.kind == Kind.DECLINE:
            _new_limit(request, by=by, now=now)
    return done


def _new_limit(request: Request, *, by: User, now: dt.datetime) -> None:
    finding = Finding.objects.select_related("campaign").get(task=request.task_id)
    policy = OrderPolicy.of(finding.campaign_id)
    at = limits.due_at(policy, finding.severity, campaign=finding.campaign, issued_at=now)
    milestone = answering.milestone_of(finding)
    to_on = at.astimezone(finding.campaign.zone).date()
    # the minute first: the milestone's day then agrees with it, and an hour limit stays an hour limit
    Finding.objects.filter(pk=finding.pk).update(due_at=at)
    if milestone.due_on != to_on:
        deadlines.change_deadline(
            milestone, to_on=to_on, basis="退单改派，时限重新计算", by=by, now=now, request=request
        )


def revoke(finding: Finding, *, reason: str, by: User, now: dt.datetime, version: int) -> None:
    """撤销 an issued one by decision: its duty is waived and the reason stays; nothing is deleted (F19).

    `version` is the milestone's.
    """
    if not reason.strip():
        mend = "请写明依据，例如哪次会议同意、现场核实不属实。"
        raise Refused(Problem("reason_needed", "撤销要写理由，以后查得到。", where="reason", mend=mend))
    with transaction.atomic():
        milestone: Milestone = answering.milestone_of(finding)
        closing.waive(milestone, reason=reason, by=by, now=now, version=version)
        log.write(finding, "revoke_finding", by=by, now=now, task_id=finding.task_id, reason=reason.strip())
    finding.refresh_from_db()
