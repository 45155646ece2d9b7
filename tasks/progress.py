"""Reporting: a unit says how far it is, proves it, and hands in for closing. Reports are append-only.

One report is one row with its quantity before and after. The form's token makes a second arrival of it the same
report; the milestone's version makes sure that of two people who report at once neither overwrites the other.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from campaign import log
from campaign.access import Actor, Right
from campaign.models import Unit, User
from campaign.problems import Conflict, Problem, Refused, blocking
from tasks import evidence, requirements, summary
from tasks.evidence import NewFile
from tasks.models import Draft, Milestone, ProgressReport, Target, Task
from tasks.quantities import amount, refresh_targets

State = Milestone.State
LONGEST_TEXT = 4000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a person filled in. `quantity` is the total reached, not the step; None leaves it as it was.

    `numerator` and `denominator` measure the task's rate target. `version` is the milestone's as the form showed it.
    """

    token: str
    version: int
    progress: str = ""
    problems: str = ""
    measures: str = ""
    quantity: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    is_submission: bool = False
    files: Sequence[NewFile] = field(default=())

    @property
    def digest(self) -> str:
        """Of all that was filled in but the version: the same key with another body is a mistake."""
        names = [item.name for item in fields(self) if item.name not in {"files", "version", "token"}]
        said: dict[str, Any] = {name: str(getattr(self, name)) for name in names}
        said["files"] = [hashlib.sha256(file.upload.content).hexdigest() for file in self.files]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def reportable(actor: Actor, task: Task) -> Q:
    """The milestones of a visible task the actor may report on.

    A member of a group duty answers for its own; a duty owed jointly may be reported by any unit named in the task.
    """
    if not actor.can(Right.REPORT):
        return Q(pk=None)
    own = Q(unit__in=actor.unit_ids)
    if actor.can(Right.READ_ALL):
        return Q()
    if Milestone.objects.filter(own, task=task).exists():
        return own
    return Q() if task.milestones.values("unit").distinct().count() <= 1 else Q(pk=None)


def next_milestone(actor: Actor, task: Task, *, today: dt.date) -> Milestone | None:
    """The one a report is about unless another is named: the open one due first, a period once it has begun."""
    mine = task.milestones.filter(reportable(actor, task), state=State.OPEN)
    begun = mine.filter(Q(period_on=None) | Q(period_on__lte=today))
    return begun.order_by("due_on", "order").first() or mine.order_by("due_on", "order").first()


def objections(milestone: Milestone, entry: Entry, *, today: dt.date) -> list[Problem]:
    """Why this report cannot be taken; warnings name the closing requirements still missing."""
    found = [*_state_problems(milestone), *_text_problems(entry), *_number_problems(milestone, entry)]
    if len(entry.files) > evidence.MOST_FILES:
        message = f"一次最多交 {evidence.MOST_FILES} 件佐证，这次有 {len(entry.files)} 件。请分几次提交。"
        found.append(Problem("many_files", message, where="file"))
    for file in entry.files:
        found += evidence.problems(file, today=today)
    if entry.is_submission:
        found += requirements.problems(_standing_with(milestone, entry))
    return found


def _state_problems(milestone: Milestone) -> list[Problem]:
    if milestone.state == State.OPEN:
        return []
    words = {
        State.SUBMITTED: "已经提请销号，正等核验。要修改，请先撤回。",
        State.DONE: "已经销号，不能再填报。如有变化，请与创建办联系。",
        State.WAIVED: "已经免办，不用填报。",
    }[State(milestone.state)]
    return [Problem("closed", words)]


def _text_problems(entry: Entry) -> list[Problem]:
    texts = {"progress": entry.progress, "problems": entry.problems, "measures": entry.measures}
    names = {"progress": "进展情况", "problems": "存在问题", "measures": "推进措施"}
    found = [
        Problem(
            "long",
            f"“{names[name]}”有 {len(text)} 字，请压缩到 {LONGEST_TEXT} 字以内，长材料请作为佐证上传。",
            where=name,
        )
        for name, text in texts.items()
        if len(text) > LONGEST_TEXT
    ]
    said = any(text.strip() for text in texts.values())
    numbers = (entry.quantity, entry.numerator, entry.denominator)
    if not said and not entry.files and not entry.is_submission and all(number is None for number in numbers):
        found.append(Problem("empty", "什么也没有填。请改完成量、写一句进展，或者加一张照片。", where="progress"))
    return found


def _number_problems(milestone: Milestone, entry: Entry) -> list[Problem]:
    found: list[Problem] = []
    if entry.quantity is not None:
        found += _quantity_problems(milestone, entry.quantity, has_words=bool(entry.progress.strip()))
    if (entry.numerator is None) != (entry.denominator is None):
        found.append(Problem("rate", "比率要同时填分子和分母。", where="denominator"))
    elif entry.denominator is not None and entry.numerator is not None:
        if entry.denominator <= 0 or entry.numerator < 0:
            found.append(Problem("rate", "分母要大于 0，分子不能小于 0。", where="denominator"))
        elif entry.numerator > entry.denominator:
            message = f"分子 {amount(entry.numerator)} 大于分母 {amount(entry.denominator)}。请核对两个数。"
            found.append(Problem("rate", message, where="numerator"))
    return found


def _quantity_problems(milestone: Milestone, quantity: Decimal, *, has_words: bool) -> list[Problem]:
    if quantity < 0:
        return [Problem("negative", "完成量不能小于 0。", where="quantity")]
    goal, is_exact = goal_of(milestone)
    if goal is not None and is_exact and quantity > goal:
        message = f"完成量 {amount(quantity)} 大于目标 {amount(goal)}。如目标已调整，请先请创建办改目标。"
        return [Problem("over_goal", message, where="quantity")]
    if quantity < milestone.quantity_done and not has_words:
        message = f"完成量由 {amount(milestone.quantity_done)} 改小为 {amount(quantity)}，请在“进展情况”里写明原因。"
        return [Problem("less", message, where="progress")]
    return []


def goal_of(milestone: Milestone) -> tuple[Decimal | None, bool]:
    """What the quantity runs up to, and whether more than it would be a mistake (完成20个, not 不少于20个)."""
    target = counted_target(milestone.task)
    is_exact = target is None or target.op != Target.Op.AT_LEAST
    if milestone.quantity is not None:
        return milestone.quantity, is_exact
    if target is None or milestone.task.freq or milestone.period_on is not None:
        return None, False
    return target.value, is_exact


def counted_target(task: Task) -> Target | None:
    """The target that the quantity counts: the first in things, above zero."""
    return next((t for t in task.targets.all() if t.value is not None and not t.is_rate and t.value > 0), None)


def rate_target(task: Task) -> Target | None:
    return next((t for t in task.targets.all() if t.is_rate and t.value is not None), None)


def _standing_with(milestone: Milestone, entry: Entry) -> list[requirements.Standing]:
    """The closing requirements as they will stand with the files of this very report."""
    coming = [file.requirement_id for file in entry.files]
    return [
        requirements.Standing(found.requirement, found.files + coming.count(found.requirement.pk))
        for found in requirements.standings(milestone)
    ]


def report_progress(milestone: Milestone, entry: Entry, *, by: User, unit: Unit, now: dt.datetime) -> ProgressReport:
    """Take one report in: its row, its evidence, the new quantity, perhaps 提请销号; log and summary with it.

    Raises `Refused` when it cannot be taken (nothing is written) and `Conflict` when the milestone changed meanwhile
    or the same token came with another body.
    """
    earlier = _earlier(milestone, entry)
    if earlier is not None:
        return earlier
    today = now.astimezone(milestone.task.campaign.zone).date()
    refused = blocking(objections(milestone, entry, today=today))
    if refused:
        raise _stale(milestone, refused, entry)
    try:
        with transaction.atomic():
            return _write(milestone, entry, by=by, unit=unit, now=now)
    except (IntegrityError, Conflict):
        # the same form may have arrived twice at once: the other one is this report
        earlier = _earlier(milestone, entry)
        if earlier is None:
            raise
        return earlier


def _earlier(milestone: Milestone, entry: Entry) -> ProgressReport | None:
    found = ProgressReport.objects.filter(campaign_id=milestone.campaign_id, token=entry.token).first()
    if found is not None and (found.body_digest != entry.digest or found.milestone_id != milestone.pk):
        message = "这张表已经提交过，内容不同。请刷新页面，在新的表上填。"
        raise Conflict(Problem("token_reused", message), current=milestone)
    return found


def _stale(milestone: Milestone, problems: list[Problem], entry: Entry) -> Refused:
    """A refusal that rests on somebody else's change is a conflict, shown with what changed."""
    if milestone.version != entry.version:
        return Conflict(*problems, current=milestone)
    return Refused(*problems)


def _write(milestone: Milestone, entry: Entry, *, by: User, unit: Unit, now: dt.datetime) -> ProgressReport:
    before = milestone.quantity_done
    after = before if entry.quantity is None else entry.quantity
    _move(milestone, entry, after, by=by, now=now)
    report = ProgressReport.objects.create(
        campaign_id=milestone.campaign_id,
        task_id=milestone.task_id,
        milestone=milestone,
        unit=unit,
        by=by,
        at=now,
        progress=entry.progress.strip(),
        problems=entry.problems.strip(),
        measures=entry.measures.strip(),
        quantity_before=before if entry.quantity is not None else None,
        quantity_after=entry.quantity,
        numerator=entry.numerator,
        denominator=entry.denominator,
        is_submission=entry.is_submission,
        token=entry.token,
        body_digest=entry.digest,
    )
    for file in entry.files:
        evidence.add(milestone, file, report=report, by=by, unit=unit, now=now)
    _measure(milestone.task, entry, now=now)
    refresh_targets(milestone.task)
    verb = "submit" if entry.is_submission else "report"
    _record(milestone, verb, by=by, now=now, data=_change(before, after, entry))
    Draft.objects.filter(campaign_id=milestone.campaign_id, milestone=milestone, user=by).delete()
    return report


def _move(milestone: Milestone, entry: Entry, after: Decimal, *, by: User, now: dt.datetime) -> None:
    changes: dict[str, Any] = {
        "version": F("version") + 1,
        "quantity_done": after,
        "has_begun": True,
        "last_report_at": now,
    }
    if entry.is_submission:
        changes |= {
            "state": State.SUBMITTED,
            "submitted_at": now,
            "submitted_by": by,
            "is_returned": False,
            "is_held": False,
        }
    rows = Milestone.objects.filter(pk=milestone.pk, state=State.OPEN, version=entry.version)
    if not rows.update(**changes):
        current = Milestone.objects.select_related("task", "unit", "submitted_by").get(pk=milestone.pk)
        message = "您填写的时候，别人先更新了这一项。您写的还在，请对照后再提交。"
        raise Conflict(Problem("changed", message), current=current)
    milestone.refresh_from_db()


def _measure(task: Task, entry: Entry, *, now: dt.datetime) -> None:
    target = rate_target(task)
    if target is None or entry.numerator is None or entry.denominator is None:
        return
    target.numerator, target.denominator = entry.numerator, entry.denominator
    scale = 1000 if target.unit_of_measure == "‰" else 100
    target.value_done = round(entry.numerator * scale / entry.denominator, 2)
    target.measured_on = now.astimezone(task.campaign.zone).date()
    target.save(update_fields=["numerator", "denominator", "value_done", "measured_on"])


def _change(before: Decimal, after: Decimal, entry: Entry) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if before != after:
        data["quantity"] = [amount(before), amount(after)]
    if entry.denominator is not None and entry.numerator is not None:
        data["rate"] = [amount(entry.numerator), amount(entry.denominator)]
    if entry.files:
        data["files"] = len(entry.files)
    return data


def _record(milestone: Milestone, verb: str, *, by: User, now: dt.datetime, data: dict[str, Any]) -> None:
    log.write(milestone, verb, by=by, now=now, task_id=milestone.task_id, data=data)
    Task.objects.filter(pk=milestone.task_id).update(updated_at=now)
    summary.refresh([milestone.task_id])


def retract(milestone: Milestone, *, by: User, now: dt.datetime, version: int) -> None:
    """撤回: take a submission back before the office has decided. Raises `Conflict` when it decided meanwhile."""
    with transaction.atomic():
        changes = {"state": State.OPEN, "submitted_at": None, "is_held": False, "version": F("version") + 1}
        rows = Milestone.objects.filter(pk=milestone.pk, state=State.SUBMITTED, version=version)
        if not rows.update(**changes):
            raise Conflict(Problem("decided", "这一项已经核验过，不能撤回了。请看现在的状态。"), current=milestone)
        _record(milestone, "retract", by=by, now=now, data={})
    milestone.refresh_from_db()
