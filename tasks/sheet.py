"""All that a task's own page shows, by a fixed number of questions."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Window

from campaign.access import Actor, Right
from campaign.models import Membership, Unit, User
from campaign.problems import Problem
from tasks import completeness, progress, requirements
from tasks.lamps import lamp_of
from tasks.models import (
    Assignment,
    ClosingRequirement,
    DeadlineChange,
    Instruction,
    Milestone,
    ProgressReport,
    Request,
    Role,
    Target,
    Task,
)
from tasks.timeline import Timeline, timeline

SHOWN_MEMBERS = 12
#: Reports that the page lists, and that a curve is drawn from.
LISTED, DRAWN_REPORTS = 9, 200
#: What is drawn of a milestone: a weekly duty of ten units has five hundred.
DRAWN = (
    "campaign_id",
    "task_id",
    "unit_id",
    "label",
    "order",
    "period_on",
    "due_on",
    "first_due_on",
    "is_assumed",
    "state",
    "has_begun",
    "quantity",
    "basis",
)


@dataclass(frozen=True)
class Party:
    """One unit's duty, who answers for it, and how far its own share is where each owes its own."""

    assignment: Assignment
    person: User | None
    phone: str
    done: Any = None
    goal: Any = None
    lamp: str = ""

    @property
    def unit(self) -> Unit:
        return self.assignment.unit


@dataclass(frozen=True)
class RoleGroup:
    role: str
    label: str
    parties: list[Party]
    group_text: str = ""

    @property
    def shown(self) -> list[Party]:
        """Who still owes something stands first where not all fit."""
        if len(self.parties) <= SHOWN_MEMBERS:
            return self.parties
        return sorted(self.parties, key=lambda party: (party.lamp != "overdue", party.lamp == "done"))[:SHOWN_MEMBERS]

    @property
    def more(self) -> int:
        return max(0, len(self.parties) - SHOWN_MEMBERS)


class Sheet:
    """One task as its page shows it. Each fact is loaded once, when the page asks for it."""

    def __init__(self, task: Task, actor: Actor) -> None:
        self.task = task
        self.actor = actor
        self.campaign = task.campaign
        self.today = actor.today

    @cached_property
    def milestones(self) -> list[Milestone]:
        rows = list(Milestone.objects.filter(task=self.task).only(*DRAWN).order_by("due_on", "order"))
        for row in rows:
            row.task = self.task
        return rows

    @cached_property
    def lamp(self) -> str:
        return lamp_of(self.task, today=self.today, notice_days=self.campaign.notice_days)

    @cached_property
    def assignments(self) -> list[Assignment]:
        return list(self.task.assignments.select_related("unit").order_by("order"))

    @cached_property
    def targets(self) -> list[Target]:
        return list(self.task.targets.order_by("order"))

    @cached_property
    def reports(self) -> list[ProgressReport]:
        """The newest; each knows the number of all as `total`."""
        most = LISTED if self.task.freq or self.is_shared_out else DRAWN_REPORTS
        rows = self.task.reports.select_related("by").annotate(total=Window(Count("pk")))
        return list(rows.order_by("-at", "-id")[:most])

    @cached_property
    def latest(self) -> ProgressReport | None:
        return next((row for row in self.reports if row.progress or row.problems or row.measures), None)

    @cached_property
    def earlier(self) -> list[ProgressReport]:
        return [row for row in self.reports if row != self.latest][:5]

    @cached_property
    def timeline(self) -> Timeline:
        return timeline(self.task, self.milestones, self.reports, campaign=self.campaign, today=self.today)

    @cached_property
    def needs(self) -> list[ClosingRequirement]:
        return list(self.task.requirements.wanted().order_by("order"))

    @cached_property
    def gaps(self) -> list[Problem]:
        return completeness.gaps(
            self.task,
            campaign=self.campaign,
            targets=self.targets,
            assignments=self.assignments,
            milestones=[row for row in self.milestones if row.state != Milestone.State.WAIVED],
            requirements=self.needs,
        )

    @cached_property
    def changes(self) -> list[DeadlineChange]:
        return list(self.task.deadline_changes.select_related("by", "milestone", "request")[:200])

    @cached_property
    def change_groups(self) -> list[tuple[DeadlineChange, int]]:
        """Changes made to several milestones at once are one line with their number."""
        found: dict[Any, list[DeadlineChange]] = {}
        for row in self.changes:
            found.setdefault((row.from_on, row.to_on, row.basis, row.by_id, row.at), []).append(row)
        return [(rows[0], len(rows)) for rows in found.values()]

    @cached_property
    def standings(self) -> list[requirements.Standing]:
        """The closing requirements as they stand for what is due next, else for what was closed last."""
        still = [row for row in self.milestones if row.state in (Milestone.State.OPEN, Milestone.State.SUBMITTED)]
        rows = still or self.milestones[-1:]
        return requirements.standings(rows[0]) if rows else []

    @cached_property
    def assumed(self) -> bool:
        return any(row.is_assumed and row.state == Milestone.State.OPEN for row in self.milestones)

    @cached_property
    def instructions(self) -> list[Instruction]:
        return list(self.task.instructions.select_related("by")[:20])

    @cached_property
    def open_requests(self) -> list[Request]:
        rows = self.task.requests.filter(state=Request.State.OPEN)
        return list(rows.select_related("by", "unit", "milestone", "proposed_unit"))

    @cached_property
    def people(self) -> dict[Any, User]:
        """Who answers for each unit: its liaison, else its deputy, else its principal."""
        units = {row.unit_id for row in self.assignments}
        posts = Membership.objects.filter(campaign=self.campaign, unit__in=units).current(today=self.today)
        order = {Membership.Post.PRINCIPAL: 0, Membership.Post.DEPUTY: 1, Membership.Post.LIAISON: 2}
        rows = posts.of_posts(order).select_related("user")
        return {row.unit_id: row.user for row in sorted(rows, key=lambda row: order[row.post])}

    @cached_property
    def groups(self) -> list[RoleGroup]:
        found = []
        for role in Role:
            rows = [row for row in self.assignments if row.role == role]
            for group_text in dict.fromkeys(row.group_text for row in rows):
                parties = [self._party(row) for row in rows if row.group_text == group_text]
                found.append(RoleGroup(role.value, role.label, parties, group_text))
        return found

    def _party(self, row: Assignment) -> Party:
        person = self.people.get(row.unit_id)
        phone = person.phone if person is not None and self.shows_phones else ""
        own = [one for one in self.milestones if one.unit_id == row.unit_id and one.state != Milestone.State.WAIVED]
        if not self.is_shared_out or not own:
            return Party(row, person, phone)
        done = sum(one.state == Milestone.State.DONE for one in own)
        late = any(one.state == "open" and one.due_on and one.due_on < self.today and not one.is_assumed for one in own)
        return Party(row, person, phone, done, len(own), "overdue" if late else "done" if done == len(own) else "doing")

    @cached_property
    def is_shared_out(self) -> bool:
        """Does each of several units owe its own share?"""
        return len({row.unit_id for row in self.milestones}) > 1

    @property
    def shows_phones(self) -> bool:
        """Parties of a task ring each other; so does the office."""
        return self.actor.can(Right.URGE) or self.actor.can(Right.REPORT)

    @cached_property
    def limit_words(self) -> str:
        last = max((row.due_on for row in self.milestones if row.due_on), default=None)
        return f"{last.year}年{last.month}月{last.day}日" if last else ""

    @cached_property
    def own_next(self) -> Milestone | None:
        return next_for(self.task, self.actor, today=self.today)


def next_for(task: Task, actor: Actor, *, today: dt.date) -> Milestone | None:
    """The milestone the actor may report on next; None for readers."""
    return progress.next_milestone(actor, task, today=today) if actor.can(Right.REPORT) else None
