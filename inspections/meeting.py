"""上会的重点难点: what the weekly meeting settles, and why each is on its list."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from campaign import log
from campaign.models import User
from campaign.problems import Problem, Refused
from inspections.models import Finding

Stage = Finding.Stage


def hard_ones(rows: QuerySet, *, now: dt.datetime) -> QuerySet:
    """重点难点 for the weekly meeting (F4): marked so, sent back twice, a relapse, or three days past its limit."""
    late = Q(stage=Stage.FIXING, due_at__lt=now - dt.timedelta(days=3))
    hard = Q(is_difficult=True) | Q(returns__gte=2) | Q(is_relapse=True) | late
    return rows.filter(hard, stage__in=Finding.OPEN_STAGES).order_by("due_at", "code")


def reasons(finding: Finding, *, now: dt.datetime) -> list[str]:
    """Why a finding is on the meeting's list, in words."""
    found = []
    if finding.is_difficult:
        found.append("重点难点")
    if finding.returns >= 2:
        found.append(f"退回 {finding.returns} 次")
    if finding.is_relapse:
        found.append("反弹")
    if finding.stage == Stage.FIXING and finding.due_at is not None and finding.due_at < now:
        found.append(f"超期 {max(1, (now - finding.due_at).days)} 天")
    return found


@dataclass(frozen=True, kw_only=True)
class Why:
    """成因 and 治本措施 of what keeps coming, and whether the meeting has to settle it."""

    cause: str = ""
    measure: str = ""
    is_difficult: bool = False


LONGEST = 200


def why_of(finding: Finding) -> Why:
    """Its own, or where nothing was written yet, that of the first time."""
    first = finding.relapse_of
    return Why(
        cause=finding.cause or (first.cause if first else ""),
        measure=finding.measure or (first.measure if first else ""),
        is_difficult=finding.is_difficult,
    )


def say_why(finding: Finding, why: Why, *, by: User, now: dt.datetime) -> bool:
    """逐项分析研判 (F7): what it comes from and what keeps it away. False when nothing was new."""
    wrong = [
        Problem("long", f"{word}有 {len(text)} 字，最多 {LONGEST} 字。", where=name, mend="请写短一些。")
        for name, word, text in (("cause", "成因", why.cause), ("measure", "治本措施", why.measure))
        if len(text) > LONGEST
    ]
    if finding.stage == Stage.REVOKED:
        wrong.append(Problem("revoked", f"整改 {finding.code} 已撤销，不用写成因。"))
    if wrong:
        raise Refused(*wrong)
    written = {"cause": why.cause.strip(), "measure": why.measure.strip(), "is_difficult": why.is_difficult}
    changed = {name: [getattr(finding, name), new] for name, new in written.items() if getattr(finding, name) != new}
    if not changed:
        return False
    with transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(**written)
        reason = "；".join(filter(None, [written["cause"], written["measure"]]))
        log.write(finding, "say_why", by=by, now=now, task_id=finding.task_id, data=changed, reason=str(reason))
    return True
