"""The year as a list of acts, planned by a fixed seed from the imported plan; `telling` plays them through the deeds."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.demo import words
from reports.demo.setting import TODAY
from tasks.models import Milestone, Task

START = dt.date(2019, 4, 11)
#: Tasks whose state the demo's pages tell about: how they end, and how far they are.
TOLD = {
    "02-02-02": ("doing", 0.7),
    "02-02-03": ("doing", 0.8),
    "02-03-01": ("submitted", 1.0),
    "04-03-02": ("doing", 0.7),
    "04-04-01": ("returned", 1.0),
    "05-04-02": ("returned", 1.0),
    "06-03-02": ("held", 1.0),
}
#: Older lateness has long been made up.
LATE_SINCE = TODAY - dt.timedelta(days=30)
#: How the unfinished work of the demo divides on its day.
FATES_PAST = (("on_time", 74), ("late", 14), ("overdue", 12))
FATES_SOON = (("early", 34), ("submitted", 26), ("doing", 40))
FATES_LATER = (("early", 46), ("submitted", 4), ("doing", 38), ("idle", 12))


@dataclass(frozen=True)
class Act:
    """One thing that somebody does on a day. `quantity` is the total reached; `files` how many pieces of evidence."""

    on: dt.date
    kind: str
    milestone: Milestone
    quantity: Decimal | None = None
    progress: str = ""
    problems: str = ""
    measures: str = ""
    reason: str = ""
    files: int = 0
    to_on: dt.date | None = None


def confirmed_limits(tasks: list[Task], rng: random.Random) -> Iterator[Act]:
    """In spring the office settles limits the plan left open, for most tasks; the rest stay assumed."""
    for task in tasks:
        milestones = list(task.milestones.all())
        if any(not milestone.is_assumed for milestone in milestones) or rng.random() < 0.16:
            continue
        month = rng.choice((6, 6, 7, 7, 8, 8, 9, 9, 9, 9, 10, 10, 11, 11, 12, 12))
        day = (dt.date(2019, month, 28) + dt.timedelta(days=7)).replace(day=1) - dt.timedelta(days=1)
        if month == 9:
            day = dt.date(2019, 9, rng.choice((15, 18, 20, 25, 27, 29, 30)))
        number = rng.randrange(2, 9)
        basis = rng.choice(words.BASES).format(number=number)
        yield Act(dt.date(2019, 4, 18), "confirm", milestones[0], reason=basis, to_on=day)


def acts_of(task: Task, milestone: Milestone, rng: random.Random) -> Iterator[Act]:
    if milestone.period_on is not None:
        yield from _period(milestone, rng)
    else:
        yield from _single(task, milestone, rng)


def _period(milestone: Milestone, rng: random.Random) -> Iterator[Act]:
    """A recurring duty: nearly every past period was done in time, the present one perhaps already."""
    due, begins = milestone.due_on, milestone.period_on
    if due is None or begins is None or begins > TODAY or due < START:
        return
    early = dt.timedelta(days=rng.randrange(0, 3))
    if due >= TODAY:
        if rng.random() < 0.25 and milestone.task.code != "02-02-01":
            yield from _tick(milestone, rng, max(TODAY - early, begins))
    elif rng.random() < 0.97:
        yield from _tick(milestone, rng, max(due - early, begins))
    elif due < LATE_SINCE:
        yield from _tick(milestone, rng, due + dt.timedelta(days=rng.randrange(3, 12)))


def _tick(milestone: Milestone, rng: random.Random, day: dt.date) -> Iterator[Act]:
    text = rng.choice(words.PROGRESS_PERIOD).format(people=rng.randrange(3, 40) * 10, few=rng.randrange(4, 20))
    yield Act(
        day, "submit", milestone, quantity=milestone.quantity, progress=text, files=1 if rng.random() < 0.06 else 0
    )
    if day < TODAY - dt.timedelta(days=1):
        yield Act(day + dt.timedelta(days=rng.randrange(0, 2)), "pass", milestone)


def _single(task: Task, milestone: Milestone, rng: random.Random) -> Iterator[Act]:
    due = milestone.due_on or dt.date(2019, 12, 31)
    fate, told = TOLD.get(task.code, (_fate(due, rng), 0.0))
    if fate == "idle":
        return
    ends = _end_of(fate, due, rng)
    share = told or (rng.uniform(0.35, 0.85) if fate in ("doing", "overdue") else 1.0)
    is_member = task.milestone_count > 1
    yield from _steps(task, milestone, rng, ends, share, most=1 if is_member else 4)
    if fate in ("doing", "overdue"):
        if fate == "overdue" and rng.random() < 0.4:
            yield Act(
                TODAY - dt.timedelta(days=2),
                "extension",
                milestone,
                reason=rng.choice(words.EXTENSIONS),
                to_on=TODAY + dt.timedelta(days=21),
            )
        return
    yield Act(
        ends,
        "submit",
        milestone,
        quantity=_goal(milestone),
        progress=_done_text(milestone),
        files=0 if is_member else rng.randrange(2, 5),
    )
    if fate == "submitted":
        return
    if fate in ("returned", "held"):
        reason = rng.choice(words.RETURNS if fate == "returned" else words.HOLDS)
        yield Act(TODAY - dt.timedelta(days=1), "return" if fate == "returned" else "hold", milestone, reason=reason)
        return
    verdict = ends + dt.timedelta(days=rng.randrange(1, 4))
    if rng.random() < 0.1 and verdict + dt.timedelta(days=6) < TODAY:
        yield Act(verdict, "return", milestone, reason=rng.choice(words.RETURNS))
        again = verdict + dt.timedelta(days=3)
        yield Act(again, "submit", milestone, quantity=_goal(milestone), progress="已按退回意见补齐。", files=1)
        verdict = again + dt.timedelta(days=2)
    yield Act(min(verdict, TODAY), "pass", milestone)


def _fate(due: dt.date, rng: random.Random) -> str:
    table = FATES_PAST if due < TODAY else FATES_SOON if due <= TODAY + dt.timedelta(days=7) else FATES_LATER
    fate = rng.choices([name for name, _ in table], [weight for _, weight in table])[0]
    return "late" if fate == "overdue" and due < LATE_SINCE else fate


def _end_of(fate: str, due: dt.date, rng: random.Random) -> dt.date:
    if fate == "on_time":
        day = due - dt.timedelta(days=rng.randrange(4, 25))
    elif fate == "late":
        day = min(due + dt.timedelta(days=rng.randrange(3, 26)), TODAY - dt.timedelta(days=4))
    elif fate == "early":
        day = min(due, TODAY) - dt.timedelta(days=rng.randrange(5, 90))
    elif fate in ("submitted", "returned", "held"):
        day = TODAY - dt.timedelta(days=rng.randrange(0, 6) if fate == "submitted" else 3)
    else:
        day = min(due, TODAY) - dt.timedelta(days=rng.randrange(1, 20))
    return max(day, START + dt.timedelta(days=14))


def _goal(milestone: Milestone) -> Decimal | None:
    return milestone.quantity


def _steps(
    task: Task, milestone: Milestone, rng: random.Random, ends: dt.date, share: float, *, most: int
) -> Iterator[Act]:
    """Some reports on the way, each a little further on."""
    span = max(1, (ends - START).days)
    count = min(rng.randrange(1, most + 1), max(1, span // 12))
    before = Decimal(0)
    goal = _goal(milestone)
    for number in range(1, count + 1):
        day = START + dt.timedelta(days=int(span * number / (count + 1)))
        after = before
        if goal:
            after = max(
                before,
                (goal * Decimal(str(share * number / (count if share < 1 else count + 1)))).quantize(
                    Decimal(1), ROUND_HALF_UP
                ),
            )
        is_stuck = rng.random() < 0.22
        yield Act(
            day,
            "report",
            milestone,
            quantity=after if goal else None,
            progress=_progress(task, rng, day, after - before, after),
            problems=rng.choice(words.PROBLEMS) if is_stuck else "",
            measures=rng.choice(words.MEASURES) if is_stuck else "",
            files=1 if most > 1 and rng.random() < 0.3 else 0,
        )
        before = after


def _progress(task: Task, rng: random.Random, day: dt.date, step: Decimal, after: Decimal) -> str:
    if step <= 0:
        return rng.choice(words.PROGRESS_PLAIN)
    target = next((target for target in task.targets.all() if target.value is not None), None)
    unit = target.unit_of_measure if target is not None else ""
    return rng.choice(words.PROGRESS_COUNTED).format(step=step, after=after, unit=unit, month=day.month)


def _done_text(milestone: Milestone) -> str:
    return (
        "全部完成，材料齐备，提请销号。"
        if not milestone.quantity
        else f"已完成 {milestone.quantity.normalize():f}，验收合格，提请销号。"
    )
