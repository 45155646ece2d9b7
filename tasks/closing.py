"""销号: the office's answer to what a unit hands in, and its other rulings on a milestone.

Every deed is one conditional UPDATE on (id, state, version): of two people who decide at once, one wins and the other
is told what the milestone has become. Notice, log and summary belong to the same transaction.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from campaign import log
from campaign.models import User
from campaign.problems import Conflict, Problem, Refused, blocking
from tasks import notices, requirements, summary
from tasks.models import Milestone, Notice, Task, Verdict
from tasks.periods import periods, terms_of

Outcome = Verdict.Outcome
State = Milestone.State
Reason = Notice.Reason

#: Days a unit may be given to mend what was returned.
LIMITS = (3, 7)
#: So long a verdict can be taken back (`tasks.taking_back`); nobody is told before.
HOLD = dt.timedelta(seconds=10)
#: What a verdict changes, kept with its log entry so that it can be taken back.
MOVED = ("state", "late_days", "is_held", "is_returned", "returns", "has_begun", "version")
LOG_VERBS = {Outcome.PASS: "pass", Outcome.RETURN: "return", Outcome.HOLD: "hold"}


def objections(
    milestone: Milestone, outcome: str, *, reason: str, limit_on: dt.date | None, today: dt.date
) -> list[Problem]:
    """Why this verdict cannot be given; warnings say what is missing though it can."""
    found: list[Problem] = []
    if outcome not in Outcome.values:
        return [Problem("outcome", "请选择通过、退回或搁置。", where="outcome")]
    if outcome == Outcome.RETURN and not reason.strip():
        found.append(
            Problem(
                "reason_needed", "退回要写理由，单位看到的就是这段话。", where="reason", mend="请写明缺什么、怎样补。"
            )
        )
    if outcome == Outcome.PASS:
        lacking = requirements.problems(requirements.standings(milestone))
        if lacking and not reason.strip():
            message = f"缺 {len(lacking)} 件销号要件，通过要写理由。"
            found.append(Problem("reason_needed", message, where="reason", mend="请写明为什么可以通过，或者退回补件。"))
        found += lacking
    if limit_on is not None and limit_on < today:
        message = f"补正时限 {limit_on:%Y-%m-%d} 早于今天。"
        found.append(Problem("limit_past", message, where="limit_on", mend="请选今天以后的日期，或不设时限。"))
    return found


def decide(
    milestone: Milestone,
    *,
    outcome: str,
    reason: str = "",
    limit_on: dt.date | None = None,
    missing: Sequence[str] = (),
    by: User,
    now: dt.datetime,
    version: int,
) -> Verdict:
    """Pass, return or put aside what was handed in. Raises `Refused` (a reason is needed) or `Conflict`."""
    today = now.astimezone(milestone.task.campaign.zone).date()
    refused = blocking(objections(milestone, outcome, reason=reason, limit_on=limit_on, today=today))
    if refused:
        raise Refused(*refused)
    before = {name: getattr(milestone, name) for name in MOVED} | {
        "quantity_approved": str(milestone.quantity_approved)
    }
    with transaction.atomic():
        _move(milestone, (State.SUBMITTED,), version, _changes(milestone, outcome, today))
        verdict = Verdict.objects.create(
            campaign_id=milestone.campaign_id,
            task_id=milestone.task_id,
            milestone=milestone,
            report=milestone.reports.filter(is_submission=True).first(),
            outcome=outcome,
            reason=reason.strip(),
            missing=list(missing),
            limit_on=limit_on if outcome == Outcome.RETURN else None,
            by=by,
            at=now,
        )
        _tell(milestone, verdict, by=by, now=now)
        facts = {"outcome": outcome, "late_days": milestone.late_days, "quantity": str(milestone.quantity_done)}
        facts |= {"verdict": str(verdict.pk), "before": before | {"closed_on": None, "version": milestone.version}}
        _record(milestone, LOG_VERBS[Outcome(outcome)], by=by, now=now, reason=verdict.reason, data=facts)
    return verdict


def _changes(milestone: Milestone, outcome: str, today: dt.date) -> dict[str, Any]:
    if outcome == Outcome.PASS:
        return {
            "state": State.DONE,
            "closed_on": today,
            "late_days": _late_days(milestone, today),
            "quantity_approved": F("quantity_done"),
            "is_held": False,
            "is_returned": False,
        }
    if outcome == Outcome.RETURN:
        return {
            "state": State.OPEN,
            "is_returned": True,
            "is_held": False,
            "returns": F("returns") + 1,
            "has_begun": True,
        }
    return {"is_held": True}


def _late_days(milestone: Milestone, today: dt.date) -> int:
    """Days from the limit to the day the unit handed in; the office's own waiting is not the unit's lateness."""
    if milestone.due_on is None or milestone.is_assumed:
        return 0
    at = milestone.submitted_at
    handed_in = at.astimezone(milestone.task.campaign.zone).date() if at else today
    return max(0, (handed_in - milestone.due_on).days)


def _tell(milestone: Milestone, verdict: Verdict, *, by: User, now: dt.datetime) -> None:
    if verdict.outcome == Outcome.HOLD:
        return
    if verdict.outcome == Outcome.PASS:
        late = f"，晚 {milestone.late_days} 天" if milestone.late_days else ""
        reason, text = Reason.PASSED, f"已通过核验销号{late}。"
    else:
        until = verdict.limit_on
        limit = f"请在{until.month}月{until.day}日前补正。" if until else ""
        reason, text = Reason.RETURNED, f"{verdict.reason}{limit}"
    notices.tell_unit(
        milestone, reason, occasion=f"verdict:{verdict.pk}", text=text, by=by, now=now, held_until=now + HOLD
    )


def release(milestone: Milestone, *, by: User, now: dt.datetime, version: int) -> None:
    """Take what was put aside back into the queue."""
    if not milestone.is_held:
        raise Conflict(Problem("not_held", "这一项没有搁置，已在待核验里。"), current=milestone)
    with transaction.atomic():
        _move(milestone, (State.SUBMITTED,), version, {"is_held": False})
        _record(milestone, "release", by=by, now=now)


def waive(milestone: Milestone, *, reason: str, by: User, now: dt.datetime, version: int) -> None:
    """免办: the office lets a unit off, with a reason that stays."""
    _require(reason, "免办要写理由。", "请写明依据，例如哪次会议同意。")
    with transaction.atomic():
        changes = {"state": State.WAIVED, "waive_reason": reason.strip()[:200], "is_held": False, "is_returned": False}
        _move(milestone, (State.OPEN, State.SUBMITTED), version, changes)
        text = f"免办：{reason.strip()}"
        notices.tell_unit(milestone, Reason.RULING, occasion=_occasion("waive", milestone), text=text, by=by, now=now)
        _record(milestone, "waive", by=by, now=now, reason=reason.strip())


def reopen(milestone: Milestone, *, reason: str, by: User, now: dt.datetime, version: int) -> Verdict:
    """A closed milestone found untrue: open again, shown as returned. What was said of it before stays in history."""
    _require(reason, "重新打开要写理由，单位看到的就是这段话。", "请写明核实到什么不实。")
    before = {"state": [milestone.state, State.OPEN], "closed_on": [str(milestone.closed_on or ""), ""]}
    with transaction.atomic():
        changes: dict[str, Any] = {"state": State.OPEN, "closed_on": None, "quantity_approved": 0, "has_begun": True}
        changes |= {"is_returned": True, "returns": F("returns") + 1, "waive_reason": "", "submitted_at": None}
        _move(milestone, (State.DONE, State.WAIVED), version, changes)
        verdict = Verdict.objects.create(
            campaign_id=milestone.campaign_id,
            task_id=milestone.task_id,
            milestone=milestone,
            outcome=Outcome.RETURN,
            reason=reason.strip(),
            by=by,
            at=now,
        )
        text = f"已销号的重新打开：{reason.strip()}"
        notices.tell_unit(milestone, Reason.RETURNED, occasion=f"verdict:{verdict.pk}", text=text, by=by, now=now)
        _record(milestone, "reopen", by=by, now=now, reason=reason.strip(), data=before)
    return verdict


def keep_up(task: Task, *, freq: str, by: User, now: dt.datetime) -> list[Milestone]:
    """已达标 -> 常态保持: a reached target stays closed, and is looked at again in each period of `freq` left this year."""
    campaign = task.campaign
    today = now.astimezone(campaign.zone).date()
    if task.is_standing:
        raise Refused(Problem("standing", "这项任务已经是常态保持。"))
    if task.state != Task.State.DONE:
        raise Refused(Problem("not_reached", "还没有销号，不能转为常态保持。", mend="请先核验通过。"))
    ahead = [p for p in periods(freq, campaign.year, terms=terms_of(campaign), since=today) if p.due > today]
    if not ahead:
        raise Refused(
            Problem("year_over", f"{campaign.year} 年内没有剩下的复查期。", mend="请选更密的频次，或留到下一年度。")
        )
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk, version=task.version, is_standing=False).update(
            is_standing=True, version=F("version") + 1, updated_at=now
        ):
            raise Conflict(Problem("changed", "别人刚改过这项任务，请看现在的内容再定。"), current=task)
        made = Milestone.objects.bulk_create(
            Milestone(
                campaign=campaign,
                task=task,
                unit_id=task.main_unit_id,
                label=f"{period.label}复查",
                order=100 + number,
                period_on=period.first,
                due_on=period.due,
                first_due_on=period.due,
                basis="已达标转常态保持",
                is_recheck=True,
            )
            for number, period in enumerate(ahead)
        )
        log.write(task, "keep_up", by=by, now=now, task_id=task.pk, data={"freq": freq, "periods": len(made)})
        summary.refresh([task.pk])
    return made


@dataclass(frozen=True)
class BulkVerdict:
    """What became of several milestones decided at once."""

    passed: list[Milestone]
    left: list[tuple[Milestone, Problem]]


def pass_many(milestones: Sequence[Milestone], *, reason: str, by: User, now: dt.datetime) -> BulkVerdict:
    """Pass those that can be passed; each of the others stays in the queue with its problem."""
    passed: list[Milestone] = []
    left: list[tuple[Milestone, Problem]] = []
    for milestone in milestones:
        try:
            decide(milestone, outcome=Outcome.PASS, reason=reason, by=by, now=now, version=milestone.version)
        except Refused as refusal:
            left.append((milestone, refusal.problems[0]))
        else:
            passed.append(milestone)
    return BulkVerdict(passed=passed, left=left)


def _require(reason: str, message: str, mend: str) -> None:
    if not reason.strip():
        raise Refused(Problem("reason_needed", message, where="reason", mend=mend))


def _occasion(verb: str, milestone: Milestone) -> str:
    return f"{verb}:{milestone.pk}:{milestone.version}"


def _move(milestone: Milestone, states: Sequence[str], version: int, changes: dict[str, Any]) -> None:
    """The one conditional UPDATE; afterwards `milestone` holds what the row holds."""
    row = Milestone.objects.filter(pk=milestone.pk, state__in=states, version=version)
    if not row.update(**changes, version=F("version") + 1):
        current = Milestone.objects.select_related("task__campaign", "unit", "submitted_by").get(pk=milestone.pk)
        raise Conflict(_changed(current), current=current)
    milestone.refresh_from_db(fields=[*changes, "version"])


def _changed(current: Milestone) -> Problem:
    last = current.verdicts.standing().select_related("by").first()
    who = f"{last.by.name}刚处理过，" if last else ""
    state = "已退回" if current.is_returned and current.state == State.OPEN else current.get_state_display()
    return Problem("changed", f"这一项{who}现在是“{state}”，您的决定没有写入。", mend="请看现在的内容再定。")


def _record(
    milestone: Milestone, verb: str, *, by: User, now: dt.datetime, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    log.write(milestone, verb, by=by, now=now, task_id=milestone.task_id, reason=reason, data=data)
    Task.objects.filter(pk=milestone.task_id).update(updated_at=now)
    summary.refresh([milestone.task_id])
