"""The year of one task as places on a line: milestones, quantity against plan, periods. Drawn by the template as SVG.

All x run from 0 to WIDTH over the campaign's year; y values belong to the lanes named below.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaign.models import Campaign
from tasks.lamps import Lamp, lamp_of
from tasks.models import Milestone, ProgressReport, Task
from tasks.quantities import amount

LEFT, RIGHT, WIDTH = 84, 1076, 1100
CURVE_TOP, CURVE_FOOT = 116, 166
#: Labels nearer than this stand on two rows, so that they do not run into each other.
CLOSE = 86
NARROW = 46


@dataclass(frozen=True)
class Dot:
    """Milestones that fall due on one day: one dot."""

    x: float
    lamp: str
    label: str
    day: str
    row: int
    anchor: str
    text_x: float
    moved_from: float | None = None


@dataclass(frozen=True)
class Mark:
    x: float
    width: float
    state: str
    title: str


@dataclass(frozen=True)
class Timeline:
    months: list[tuple[float, str]]
    today: float
    dots: list[Dot]
    done: str
    plan: str
    done_at: tuple[float, float] | None
    done_text: str
    marks: list[Mark]

    @property
    def mark_y(self) -> int:
        """The periods' lane stands below the lanes that are drawn."""
        return 186 if self.done else 116 if self.dots else 46

    @property
    def height(self) -> int:
        return self.mark_y + 28 if self.marks else 180 if self.done else 110


@dataclass(frozen=True)
class Scale:
    first: dt.date
    last: dt.date

    def x(self, day: dt.date) -> float:
        span = (self.last - self.first).days
        share = min(max((day - self.first).days / span, 0.0), 1.0)
        return round(LEFT + (RIGHT - LEFT) * share, 1)


def timeline(
    task: Task,
    milestones: Sequence[Milestone],
    reports: Sequence[ProgressReport],
    *,
    campaign: Campaign,
    today: dt.date,
) -> Timeline:
    scale = Scale(campaign.first_day, campaign.last_day)
    single = [row for row in milestones if row.period_on is None and row.due_on is not None]
    periods = [row for row in milestones if row.period_on is not None]
    notice = campaign.notice_days
    done, done_at = _done_line(task, milestones, reports, scale, campaign=campaign, today=today)
    return Timeline(
        months=[(scale.x(dt.date(campaign.year, month, 1)), f"{month}月") for month in range(1, 13)],
        today=scale.x(today),
        dots=_dots(single, scale, today=today, notice_days=notice),
        done=done,
        plan=_plan_line(task, single, scale) if done else "",
        done_at=done_at,
        done_text=f"已完成 {amount(task.quantity_done)} {task.quantity_unit}" if done else "",
        marks=_marks(periods, scale, today=today),
    )


def _dots(rows: Sequence[Milestone], scale: Scale, *, today: dt.date, notice_days: int) -> list[Dot]:
    by_day: dict[dt.date, list[Milestone]] = defaultdict(list)
    for row in rows:
        if row.due_on is not None:
            by_day[row.due_on].append(row)
    dots: list[Dot] = []
    previous: tuple[float, int] | None = None
    for day, group in sorted(by_day.items()):
        x = scale.x(day)
        level = 1 - previous[1] if previous is not None and x - previous[0] < CLOSE else 0
        previous = (x, level)
        dots.append(_dot(day, group, x, level, scale, today=today, notice_days=notice_days))
    return dots


def _dot(
    day: dt.date, group: list[Milestone], x: float, row: int, scale: Scale, *, today: dt.date, notice_days: int
) -> Dot:
    lamps = {lamp_of(one, today=today, notice_days=notice_days) for one in group}
    order = (Lamp.OVERDUE, Lamp.REVIEW, Lamp.SOON, Lamp.DOING, Lamp.TODO, Lamp.DONE, Lamp.WAIVED)
    lamp = next(name for name in order if name in lamps)
    first = group[0]
    done = sum(one.state == Milestone.State.DONE for one in group)
    label = first.label or "完成" if len(group) == 1 else f"{done}/{len(group)} 家完成"
    moved = first.first_due_on is not None and first.first_due_on != day
    anchor, text_x = _beside(x, scale.x(today))
    words = f"{day.month}月{day.day}日" + ("（待确认）" if first.is_assumed else "")
    ghost = scale.x(first.first_due_on) if moved and first.first_due_on else None
    return Dot(x, lamp, label, words, row, anchor, text_x, ghost)


def _beside(x: float, now: float) -> tuple[str, float]:
    """Words under their dot, but on its far side where the line of today, or the edge, would run through them."""
    if abs(x - now) < NARROW:
        return ("end", min(x + 8, now - 6)) if x <= now else ("start", max(x - 8, now + 6))
    if x > RIGHT - 50:
        return "end", x + 8
    return ("start", x - 8) if x < LEFT + 30 else ("middle", x)


def _done_line(
    task: Task,
    milestones: Sequence[Milestone],
    reports: Iterable[ProgressReport],
    scale: Scale,
    *,
    campaign: Campaign,
    today: dt.date,
) -> tuple[str, tuple[float, float] | None]:
    """The reached quantity over time, as steps joined to a line; empty where nothing is counted."""
    goal = task.quantity_goal
    if not goal or task.freq or len({row.unit_id for row in milestones}) > 1:
        return "", None
    now: dict[object, Decimal] = {}
    points: list[tuple[float, float]] = []
    for report in sorted(reports, key=lambda one: one.at):
        if report.quantity_after is None:
            continue
        now[report.milestone_id] = report.quantity_after
        total = sum(now.values(), Decimal(0))
        points.append((scale.x(report.at.astimezone(campaign.zone).date()), _y(total, goal)))
    if not points:
        return "", None
    points.append((scale.x(today), points[-1][1]))
    begun = (min(scale.x(task.created_at.date()), points[0][0]), CURVE_FOOT)
    return " ".join(f"{x},{y}" for x, y in [begun, *points]), points[-1]


def _plan_line(task: Task, rows: Sequence[Milestone], scale: Scale) -> str:
    """Straight from the task's beginning to each milestone's running total."""
    goal = task.quantity_goal
    if not goal or not rows:
        return ""
    begun = scale.x(task.created_at.date())
    points, total = [(begun, float(CURVE_FOOT))], Decimal(0)
    for row in sorted(rows, key=lambda one: (one.due_on or scale.last, one.order)):
        total = min(goal, total + row.quantity) if row.quantity is not None else goal
        points.append((scale.x(row.due_on or scale.last), _y(total, goal)))
    return " ".join(f"{x},{y}" for x, y in points)


def _y(value: Decimal, goal: Decimal) -> float:
    share = min(float(value / goal), 1.0)
    return round(CURVE_FOOT - (CURVE_FOOT - CURVE_TOP) * share, 1)


def _marks(rows: Sequence[Milestone], scale: Scale, *, today: dt.date) -> list[Mark]:
    by_period: dict[tuple[dt.date, dt.date, str], list[Milestone]] = defaultdict(list)
    for row in rows:
        if row.period_on is not None and row.due_on is not None:
            by_period[(row.period_on, row.due_on, row.label)].append(row)
    marks = []
    for (first, last, label), group in sorted(by_period.items()):
        x = scale.x(first)
        width = max(3.0, round(scale.x(last) - x - 3, 1))
        done = sum(row.state == Milestone.State.DONE for row in group)
        words = {"done": "已完成", "missed": "未报", "now": "本期", "off": "不计", "todo": "未到"}
        state = _mark_state(group, first, last, today)
        share = f"，{done}/{len(group)} 家" if len(group) > 1 else ""
        marks.append(Mark(x, width, state, f"{label}：{words[state]}{share}"))
    return marks


def _mark_state(group: Sequence[Milestone], first: dt.date, last: dt.date, today: dt.date) -> str:
    states = {row.state for row in group}
    if states == {Milestone.State.WAIVED}:
        return "off"
    if Milestone.State.OPEN not in states:
        return "done" if Milestone.State.SUBMITTED not in states else "now"
    if last < today:
        return "missed"
    return "now" if first <= today else "todo"
