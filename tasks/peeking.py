"""One task at a glance, for the panel beside the ledger."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from campaign.access import Actor, Right
from campaign.models import Unit
from campaign.templatetags.kit import full_date, number
from tasks import lamps, requirements
from tasks.models import DeadlineChange, Evidence, Milestone, ProgressReport, Role, Task, Verdict
from tasks.notices import staff_of
from tasks.requirements import Standing
from tasks.rows import Row, decorate

PICTURES, EVENTS, UNITS = 3, 6, 8


@dataclass(frozen=True)
class Event:
    """One line of 经过."""

    actor: str
    text: str
    at: dt.datetime
    basis: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Party:
    """The units of one duty; `contact` is whoever to ring, where the reader may."""

    role: str
    label: str
    units: tuple[Unit, ...]
    contact: str = ""
    phone: str = ""

    @property
    def shown(self) -> tuple[Unit, ...]:
        return self.units[:UNITS]

    @property
    def more(self) -> int:
        return max(0, len(self.units) - UNITS)


@dataclass(frozen=True)
class Peek:
    row: Row
    milestone: Milestone | None
    parties: list[Party]
    standings: list[Standing]
    pictures: list[Evidence]
    events: list[Event]
    can_urge: bool
    can_report: bool
    can_verify: bool


def peek(task: Task, actor: Actor) -> Peek:
    """A constant number of queries, whatever the task has behind it."""
    milestones = list(task.milestones.exclude(state=Milestone.State.WAIVED).order_by("due_on", "order"))
    current = next((one for one in milestones if one.state == Milestone.State.OPEN), None)
    current = current or next((one for one in milestones if one.state == Milestone.State.SUBMITTED), None)
    current = current or (milestones[-1] if milestones else None)
    is_open = current is not None and current.state == Milestone.State.OPEN
    return Peek(
        row=decorate([task], actor, ("quantity",))[0],
        milestone=current,
        parties=_parties(task, actor),
        standings=requirements.standings(current) if current else [],
        pictures=list(task.evidence.select_related("attachment").order_by("-at", "-id")[:PICTURES]),
        events=_events(task, actor),
        can_urge=actor.can(Right.URGE) and is_open,
        can_report=actor.can(Right.REPORT) and is_open and not actor.can(Right.READ_ALL),
        can_verify=actor.can(Right.VERIFY) and task.submitted_count > 0,
    )


def _parties(task: Task, actor: Actor) -> list[Party]:
    by_role: dict[str, list[Unit]] = defaultdict(list)
    for assignment in task.assignments.select_related("unit").order_by("order", "unit__order"):
        by_role[assignment.role].append(assignment.unit)
    main = task.main_unit_id
    people = staff_of(actor.campaign, [main], today=actor.today)[main].answering if main else []
    parties = []
    for role in Role:
        units = by_role.get(role.value)
        if units:
            person = people[0] if people and units[0].pk == main else None
            parties.append(
                Party(
                    role.value,
                    f"{role.label}单位",
                    tuple(units),
                    contact=person.name if person else "",
                    phone=person.phone if person and actor.can(Right.URGE) else "",
                )
            )
            people = [] if person else people
    return parties


def _events(task: Task, actor: Actor) -> list[Event]:
    found = [*_reports(task), *_changes(task), *_verdicts(task), *_lateness(task, actor)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:EVENTS]


def _reports(task: Task) -> Iterable[Event]:
    unit = task.quantity_unit if not task.freq else ""
    for report in ProgressReport.objects.filter(task=task).select_related("by")[:EVENTS]:
        before, after = report.quantity_before, report.quantity_after
        if after is not None and after != before:
            text = f"完成量 {number(before)} → {number(after)} {unit}".rstrip()
        else:
            text = report.progress.strip().split("\n")[0][:40] or "更新进展"
        yield Event(report.by.name, f"{text}，提请销号" if report.is_submission else text, report.at)


def _changes(task: Task) -> Iterable[Event]:
    for change in DeadlineChange.objects.filter(task=task).select_related("by")[:EVENTS]:
        before = full_date(change.from_on) if change.from_on else "未定"
        after = full_date(change.to_on) if change.to_on else "未定"
        by = change.by.name if change.by else ""
        yield Event(by, f"时限由 {before} 改为 {after}", change.at, basis=change.basis)


def _verdicts(task: Task) -> Iterable[Event]:
    words = {"pass": "核验通过，已销号", "return": "退回", "hold": "搁置"}
    for verdict in Verdict.objects.filter(task=task).select_related("by")[:EVENTS]:
        text = words[verdict.outcome] + (f"：{verdict.reason.strip()[:40]}" if verdict.reason.strip() else "")
        if verdict.taken_back_at:
            yield Event(verdict.by.name, text, verdict.at, basis="已撤回")
        else:
            yield Event(verdict.by.name, text, verdict.at, tone="review")


def _lateness(task: Task, actor: Actor) -> Iterable[Event]:
    """Nobody writes it down: it is computed, like the lamp."""
    at: dict[str, Any] = {"today": actor.today, "notice_days": actor.campaign.notice_days}
    if lamps.lamp_of(task, **at) == lamps.Lamp.OVERDUE:
        day = task.due_on + dt.timedelta(days=1)
        yield Event("", "标记为逾期", dt.datetime.combine(day, dt.time.min, actor.campaign.zone), tone="overdue")
