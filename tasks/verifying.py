"""What the verify page shows: the office's queue by its four tabs, and everything about one item on it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import quote
from uuid import UUID

from django.db.models import F, QuerySet

from campaign.access import Actor
from campaign.clock import Week
from campaign.templatetags.kit import number
from tasks import requirements
from tasks.counting import CAP, Count, count_capped
from tasks.models import Assignment, Evidence, Milestone, ProgressReport, Verdict
from tasks.requirements import Standing

#: Items of the list beside the evidence; whoever has more works from the top.
SHOWN = 50
#: Thumbs under the picture.
STRIP = 10


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    empty: str
    more: str = ""


TABS = (
    Tab("waiting", "待核验", "没有等您核验的。", "单位提请销号后会出现在这里。"),
    Tab("held", "已搁置", "没有搁置的。"),
    Tab("returned", "已退回", "没有退回未补的。"),
    Tab("passed", "本周通过", "本周还没有通过的。"),
)


def queue(actor: Actor, tab: str, *, today: dt.date) -> QuerySet:
    """The items of a tab in their order; list, count and "next" all come from here."""
    rows = Milestone.objects.visible_to(actor).of_plan()
    week = Week.of(today)
    if tab == "waiting":
        return rows.waiting().order_by("submitted_at", "id")
    if tab == "held":
        return rows.held().order_by("submitted_at", "id")
    if tab == "returned":
        return rows.returned().order_by(F("due_on").asc(nulls_last=True), "id")
    return rows.closed_between(week.monday, week.sunday).order_by("-closed_on", "-id")


def tab_of(milestone: Milestone) -> str:
    """Where an item now is; empty when it is in no tab."""
    if milestone.state == Milestone.State.SUBMITTED:
        return "held" if milestone.is_held else "waiting"
    if milestone.state == Milestone.State.DONE:
        return "passed"
    return "returned" if milestone.state == Milestone.State.OPEN and milestone.is_returned else ""


def counts(actor: Actor, *, today: dt.date) -> dict[str, Count]:
    """The four lengths by one query."""
    return count_capped(actor.campaign, {tab.key: queue(actor, tab.key, today=today) for tab in TABS})


@dataclass(frozen=True)
class Listed:
    """Some of a tab's items, `first` being the place of the first of them in the tab."""

    rows: list[Milestone]
    first: int = 1


def listed(actor: Actor, tab: str, *, today: dt.date, around: Milestone | None = None) -> Listed:
    """The head of the tab, or what stands around an item far down in it."""
    items = queue(actor, tab, today=today)
    rows = items.select_related("task__program", "unit", "task__main_unit")
    head = list(rows[:SHOWN])
    if around is None or len(head) < SHOWN or around.pk in {row.pk for row in head[:-1]}:
        return Listed(head)
    ids = list(items.values_list("pk", flat=True)[:CAP])
    if around.pk not in ids:
        return Listed(head)
    start = max(0, ids.index(around.pk) - SHOWN // 2)
    return Listed(list(rows[start : start + SHOWN]), start + 1)


@dataclass(frozen=True)
class Happening:
    """One line of 经过."""

    who: str
    text: str
    basis: str
    at: dt.datetime
    tone: str = ""


@dataclass(frozen=True)
class Exhibit:
    """One file as the page shows it."""

    evidence: Evidence
    number: int

    @property
    def is_picture(self) -> bool:
        return bool(self.evidence.attachment.preview)

    @property
    def url(self) -> str:
        return f"/files/{self.evidence.pk}/{quote(self.evidence.name)}"


class Item:
    """One milestone to be decided. Loads what is asked for, each thing once."""

    def __init__(self, milestone: Milestone) -> None:
        self.milestone = milestone
        self.task = milestone.task

    @cached_property
    def standings(self) -> list[Standing]:
        return requirements.standings(self.milestone)

    @property
    def missing(self) -> list[Standing]:
        return requirements.missing(self.standings)

    @property
    def met(self) -> int:
        return len(self.standings) - len(self.missing)

    @property
    def return_words(self) -> str:
        return requirements.return_words(self.standings)

    @cached_property
    def reports(self) -> list[ProgressReport]:
        return list(self.milestone.reports.select_related("by").order_by("-at", "-id")[:20])

    @property
    def report(self) -> ProgressReport | None:
        """What was handed in; before that the last word of the unit."""
        return next((row for row in self.reports if row.is_submission), self.reports[0] if self.reports else None)

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        rows = Evidence.objects.filter(task=self.task).select_related("attachment", "by", "requirement")
        mine = [row for row in rows.order_by("requirement__order", "at", "id") if self._is_about(row)]
        return [Exhibit(row, number) for number, row in enumerate(mine, 1)]

    def _is_about(self, row: Evidence) -> bool:
        milestone = self.milestone
        if row.milestone_id == milestone.pk:
            return True
        is_shared = row.milestone_id is None or milestone.period_on is None
        return is_shared and (milestone.unit_id is None or row.unit_id in (None, milestone.unit_id))

    @cached_property
    def nodes(self) -> list[UUID]:
        return list(self.task.milestones.order_by("due_on", "order", "id").values_list("pk", flat=True))

    @property
    def node_number(self) -> int:
        return self.nodes.index(self.milestone.pk) + 1

    @cached_property
    def role(self) -> str:
        """The duty of the milestone's unit in the task."""
        rows = Assignment.objects.filter(task=self.task, unit=self.milestone.unit_id or self.task.main_unit_id)
        found = [row.role for row in rows]
        return next((role for role in ("primary", "lead", "responsible", "support") if role in found), "responsible")

    @property
    def goal(self) -> Decimal | None:
        return self.milestone.quantity

    @property
    def claimed(self) -> Decimal:
        """This claim alone: what is said to be done beyond what was approved before."""
        return self.milestone.quantity_done - self.milestone.quantity_approved

    @property
    def claim_bars(self) -> tuple[float, float]:
        """Widths of approved and of this claim in a hundred."""
        goal = float(max(self.goal or 0, self.milestone.quantity_done)) or 1.0
        approved = float(self.milestone.quantity_approved) / goal * 100
        return approved, max(0.0, float(self.claimed) / goal * 100)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Also those taken back: they are shown as such."""
        return list(self.milestone.verdicts.select_related("by").order_by("-at", "-id")[:20])

    @property
    def last_verdict(self) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.taken_back_at is None), None)

    @cached_property
    def happenings(self) -> list[Happening]:
        found = [_of_report(report, self.task.quantity_unit) for report in self.reports]
        found += [_of_verdict(verdict) for verdict in self.verdicts]
        return sorted(found, key=lambda line: line.at, reverse=True)


def _of_report(report: ProgressReport, measure: str) -> Happening:
    words = []
    if report.quantity_after is not None and report.quantity_after != report.quantity_before:
        before, after = (number(value) for value in (report.quantity_before, report.quantity_after))
        words.append(f"{before} → {after} {measure}".rstrip())
    words.append("提请" if report.is_submission else ("更新" if not words else ""))
    return Happening(
        report.by.name,
        "，".join(word for word in words if word),
        "",
        report.at,
        "review" if report.is_submission else "",
    )


def _of_verdict(verdict: Verdict) -> Happening:
    words = {"pass": "通过", "return": "退回", "hold": "搁置"}[verdict.outcome]
    limit = f"补正时限 {verdict.limit_on.month}月{verdict.limit_on.day}日" if verdict.limit_on else ""
    said = f"{words}：{verdict.reason}" if verdict.reason else words
    return Happening(verdict.by.name, said, "已撤回" if verdict.taken_back_at else limit, verdict.at)


def waited(since: dt.datetime | None, *, now: dt.datetime) -> str:
    """等了 1 小时 20 分; 等了 3 天."""
    if since is None or since > now:
        return ""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        return f"等了 {minutes} 分钟"
    if minutes < 24 * 60:
        return f"等了 {minutes // 60} 小时 {minutes % 60} 分"
    return f"等了 {minutes // (24 * 60)} 天"


def strip_of(exhibits: Sequence[Exhibit], current: int) -> Sequence[Exhibit]:
    """The thumbs around the current one (counted from 1)."""
    if len(exhibits) <= STRIP:
        return exhibits
    start = min(max(0, current - STRIP // 2), len(exhibits) - STRIP)
    return exhibits[start : start + STRIP]


def following(actor: Actor, milestone: Milestone, *, today: dt.date) -> Milestone | None:
    """The next item of the queue after this one; after the last the first of the others."""
    rows = listed(actor, "waiting", today=today, around=milestone).rows
    ids = [row.pk for row in rows]
    at = ids.index(milestone.pk) if milestone.pk in ids else -1
    others = rows[at + 1 :] + rows[: max(at, 0)]
    return next((row for row in others if row.pk != milestone.pk), None)
