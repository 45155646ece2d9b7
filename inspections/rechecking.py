"""复查: another person looks whether it is right. Passed it is closed; else it goes back and the round is counted.

The verdict is the ledger's (tasks.closing), so of two who decide at once one wins.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists

from campaign import log
from campaign.access import Actor, Right
from campaign.models import Membership, Unit, User
from campaign.problems import Conflict, Problem, Refused
from inspections import answering, pairing
from inspections.measuring import metres_between
from inspections.models import Finding, Photo, Signature
from inspections.models.findings import FindingQuerySet
from inspections.models.orders import OrderPolicy
from tasks import closing
from tasks.models import Milestone, Verdict

Outcome = Verdict.Outcome
#: Ready reasons for sending back; each is what the unit reads.
REASONS = ("没有改完", "角度不同，看不出", "出现新问题")
#: Beyond so many metres the two photos are hardly of one spot.
FAR_METRES = 50


def waiting_for(actor: Actor) -> FindingQuerySet:
    """What this person may re-check: answered, not by their own unit, nor found by them where the rules bar that."""
    barred = OrderPolicy.objects.filter(campaign=actor.campaign, is_finder_barred=True)
    rows: FindingQuerySet = Finding.objects.visible_to(actor).to_recheck().filter(joined_into=None)
    return rows.exclude(unit__in=actor.own_unit_ids).exclude(Exists(barred), found_by=actor.user)


def why_not(actor: Actor, finding: Finding, milestone: Milestone | None) -> str:
    """Why this person may not re-check it; empty when they may."""
    answered_by = milestone.submitted_by_id if milestone is not None else None
    return bar(actor, finding, answered_by, policy=OrderPolicy.of(finding.campaign_id))


def bar(actor: Actor, finding: Finding, answered_by: UUID | None, *, policy: OrderPolicy) -> str:
    """The same of a row in hand, whose answerer and rules are known already."""
    if not actor.can(Right.INSPECT) or actor.is_outsider:
        return "您没有复查的权限。"
    own = getattr(actor.user, "pk", None)
    if answered_by is not None and answered_by == own:
        return "答复是您提交的，要由另一个人复查。"
    if policy.is_finder_barred and finding.found_by_id == own:
        return "这处问题是您发现的，要由另一个人复查。"
    if finding.unit_id in actor.own_unit_ids:
        return "这处问题由您的单位整改，要由别的单位的人复查。"
    return ""


def _is_of_unit(user: User, unit: Unit | None, *, today: dt.date) -> bool:
    posts = Membership.objects.filter(user=user, unit=unit).current(today=today)
    return unit is not None and posts.exists()


def objections(finding: Finding, milestone: Milestone, *, outcome: str, by: User, now: dt.datetime) -> list[Problem]:
    """Why this verdict cannot be given by this person."""
    today = now.astimezone(finding.campaign.zone).date()
    found = []
    if milestone.submitted_by_id == by.pk:
        found.append(Problem("own_answer", "答复是您提交的。", mend="请另一个人来复查。"))
    elif finding.found_by_id == by.pk and OrderPolicy.of(finding.campaign_id).is_finder_barred:
        found.append(Problem("own_finding", "这处问题是您发现的。", mend="请另一个人来复查。"))
    elif _is_of_unit(by, milestone.unit, today=today):
        found.append(Problem("own_unit", f"这处问题由{milestone.unit}整改。", mend="请别的单位的人来复查。"))
    if outcome == Outcome.PASS:
        missing = [str(row.unit) for row in awaited(finding)]
        if missing:
            message = f"联合督查还差{'、'.join(missing)}会签。"
            found.append(Problem("unsigned", message, mend="各家都签了就销号，不用再点通过。"))
    return found


def decide(
    finding: Finding,
    *,
    outcome: str,
    reason: str = "",
    by: User,
    now: dt.datetime,
    version: int,
    limit_on: dt.date | None = None,
) -> Verdict:
    """Pass it, send it back, or put it aside until somebody has been there. Raises `Refused`, or `Conflict` when somebody decided first."""
    if finding.task_id is None:
        raise Refused(Problem("not_issued", f"整改 {finding.code} 还没有签发，不用复查。"))
    milestone = answering.milestone_of(finding)
    if milestone.version != version or milestone.state != Milestone.State.SUBMITTED:
        raise Conflict(_taken(finding, milestone), current=milestone)
    if outcome not in Outcome.values:
        raise Refused(Problem("outcome", "请选通过、退回重改或搁置。", where="outcome"))
    wrong = objections(finding, milestone, outcome=outcome, by=by, now=now)
    if wrong:
        raise Refused(*wrong)
    verdict = closing.decide(
        milestone, outcome=outcome, reason=reason, limit_on=limit_on, by=by, now=now, version=version
    )
    finding.refresh_from_db()
    return verdict


def _taken(finding: Finding, milestone: Milestone) -> Problem:
    last = milestone.verdicts.standing().select_related("by").first()
    current = Finding.objects.get(pk=finding.pk)
    who = f"{last.by.name}刚处理过，" if last else ""
    message = f"整改 {finding.code} {who}现在是“{current.get_stage_display()}”，您的决定没有写入。"
    return Problem("changed", message, mend="请看现在的内容再定。")


@dataclass(frozen=True)
class Check:
    """One thing the machine sees in an answer. `is_doubt`: to be looked at with care."""

    words: str
    is_doubt: bool = False
    icon: str = "check"


@dataclass(frozen=True)
class Pair:
    """Before and after, side by side, and what can be said of them without looking."""

    before: Photo | None
    after: Photo | None
    checks: tuple[Check, ...]


def pair_of(finding: Finding, *, words: str = "") -> Pair:
    photos = list(finding.photos.select_related("attachment", "by").order_by("received_at", "id"))
    before, after = pairing.before_of(photos), pairing.after_of(photos)
    return Pair(before, after, tuple(checks_of(finding, before, after)))


def checks_of(finding: Finding, before: Photo | None, after: Photo | None) -> list[Check]:
    """Distance, used photos, time taken: what a re-checker reads first."""
    found = [_distance_check(before, after)]
    if after is not None:
        others = Photo.objects.filter(campaign_id=finding.campaign_id, sha256=after.sha256).exclude(finding=finding)
        used = others.select_related("finding").first()
        if used is not None and used.finding is not None:
            found.append(Check(f"这张照片在整改 {used.finding.code} 用过", is_doubt=True, icon="image"))
        else:
            found.append(Check("没有用过的照片", icon="image"))
    if finding.answered_at and finding.due_at and finding.issued_at:
        took = _span_words(finding.answered_at - finding.issued_at)
        is_late = finding.answered_at > finding.due_at
        found.append(Check(f"{'超期答复' if is_late else '限时内'}，用时 {took}", is_doubt=is_late, icon="clock"))
    return found


def _distance_check(before: Photo | None, after: Photo | None) -> Check:
    metres = metres_between(before, after)
    if metres is None:
        return Check("照片没有位置信息", is_doubt=True, icon="map-pin")
    if metres > FAR_METRES:
        return Check(f"两张照片相距 {metres} m", is_doubt=True, icon="map-pin")
    return Check(f"同一位置，相距 {metres} m", icon="map-pin")


def _span_words(span: dt.timedelta) -> str:
    hours = round(span.total_seconds() / 3600)
    return f"{hours} 小时" if hours < 72 else f"{round(hours / 24)} 天"


# ---------- joint review


def ask_to_sign(finding: Finding, units: Iterable[Unit], *, by: User, now: dt.datetime) -> list[Signature]:
    """联合督查: these offices sign, each for itself; it closes when all have (F23)."""
    wanted = list(units)
    if not wanted:
        raise Refused(Problem("units_needed", "没有选会签单位。", where="units", mend="请选一个或几个。"))
    if finding.stage in (Finding.Stage.CLOSED, Finding.Stage.REVOKED):
        raise Refused(Problem("closed", f"整改 {finding.code} {finding.get_stage_display()}，不用会签。"))
    if any(unit.pk == finding.unit_id for unit in wanted):
        raise Refused(Problem("own_unit", "责任单位不能给自己会签。", where="units", mend="请选别的单位。"))
    with transaction.atomic():
        asked = {row.unit_id for row in finding.signatures.all()}
        said = {"finding": finding, "asked_by": by, "asked_at": now, "returns": finding.returns}
        rows = [
            Signature(campaign_id=finding.campaign_id, unit=unit, **said) for unit in wanted if unit.pk not in asked
        ]
        Signature.objects.bulk_create(rows, ignore_conflicts=True)
        data = {"units": [str(unit) for unit in wanted]}
        log.write(finding, "ask_to_sign", by=by, now=now, task_id=finding.task_id, data=data)
    return list(finding.signatures.select_related("unit"))


def _latest(finding: Finding) -> list[Signature]:
    """Of each office asked its last row, in the order they were asked."""
    rows = finding.signatures.select_related("unit").order_by("asked_at", "returns", "id")
    return list({row.unit_id: row for row in rows}.values())


def awaited(finding: Finding) -> list[Signature]:
    """The offices whose name is still needed. A name given before the last return was for another answer."""
    return [row for row in _latest(finding) if row.signed_at is None or row.returns < finding.returns]


def _sign(row: Signature, finding: Finding, *, opinion: str, by: User, now: dt.datetime) -> bool:
    """On the row that waits, or beside the one that holds no more; False when somebody of the office was first."""
    said = {"signed_at": now, "signed_by": by, "opinion": opinion.strip()[:200], "returns": finding.returns}
    if row.signed_at is None:
        return bool(Signature.objects.filter(pk=row.pk, signed_at=None).update(**said))
    asked = {"asked_by_id": row.asked_by_id, "asked_at": row.asked_at}
    Signature.objects.create(campaign_id=row.campaign_id, finding=finding, unit=row.unit, **asked, **said)
    return True


def sign(signature: Signature, *, opinion: str, by: User, now: dt.datetime) -> bool:
    """One office signs. True when it was the last one and the finding is closed by it."""
    finding = signature.finding
    if finding.stage != Finding.Stage.RECHECK:
        message = f"整改 {finding.code} 现在是“{finding.get_stage_display()}”，还不能会签。"
        raise Refused(Problem("not_answered", message, mend="等单位答复后再签。"))
    milestone = answering.milestone_of(finding)
    wrong = objections(finding, milestone, outcome=Outcome.RETURN, by=by, now=now)
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        # the finding's row is held, so that of two who sign at once the second sees the first
        held = Finding.objects.select_for_update().get(pk=finding.pk)
        waiting = {row.pk: row for row in awaited(held)}
        row = waiting.pop(signature.pk, None)
        if row is None or not _sign(row, held, opinion=opinion, by=by, now=now):
            raise Conflict(Problem("signed", f"{signature.unit}已经签过。"), current=signature)
        log.write(finding, "sign", by=by, now=now, task_id=finding.task_id, data={"unit": str(signature.unit)})
        if waiting:
            return False
        reason = f"联合督查：{'、'.join(str(one.unit) for one in _latest(held))}已会签"
        closing.decide(milestone, outcome=Outcome.PASS, reason=reason, by=by, now=now, version=milestone.version)
    return True


# ---------- after many rounds, and after closing


def escalate(finding: Finding, *, how: str, by: User, now: dt.datetime) -> None:
    """The office's decision on a finding sent back too often (F18): what was proposed, said once, kept."""
    if not how.strip():
        raise Refused(Problem("how_needed", "请写明怎样处理，例如“约谈分管领导”。", where="how"))
    rounds = OrderPolicy.of(finding.campaign_id).rounds_to_escalate
    with transaction.atomic():
        rows = Finding.objects.filter(pk=finding.pk, escalated_at=None, returns__gte=rounds)
        if not rows.update(escalated_at=now, escalation=how.strip()[:200]):
            message = f"整改 {finding.code} 退回不到 {rounds} 次，或者已经处理过。"
            raise Conflict(Problem("not_due", message), current=finding)
        data = {"returns": finding.returns}
        log.write(finding, "escalate", by=by, now=now, task_id=finding.task_id, data=data, reason=how.strip())


def look_again(finding: Finding, *, is_right: bool = True, by: User, now: dt.datetime) -> None:
    """回头看: it stayed right. What did not is filed anew and becomes a relapse, though another had found it right before."""
    today = now.astimezone(finding.campaign.zone).date()
    with transaction.atomic():
        closed = Finding.objects.filter(pk=finding.pk, stage=Finding.Stage.CLOSED)
        is_first = closed.filter(rechecked_on=None).update(rechecked_on=today)
        if not is_first and (is_right or not closed.exists()):
            raise Conflict(Problem("not_closed", f"整改 {finding.code} 已经回头看过，或者没有销号。"), current=finding)
        log.write(finding, "look_again", by=by, now=now, task_id=finding.task_id)
