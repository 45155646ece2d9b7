"""What a week of the ledger adds up to: plain figures, each with the page of the ledger that lists its records.

Of a week that is over, things are told as they stood on its Sunday; of the current one, as they stand today.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any

from django.db.models import Count, Q, QuerySet

from campaign.clock import Week
from campaign.models import Campaign
from reports import fieldfacts
from reports.fieldfacts import FieldFacts
from reports.models import Practice
from reports.sentence import ledger_url
from tasks.models import Milestone, ProgressReport, Task

#: A link that names its tasks one by one lists exactly them for ever; beyond this many the address grows too long.
MOST_CODES = 120


@dataclass(frozen=True)
class Figure:
    value: int
    url: str = ""


@dataclass(frozen=True)
class ProgramLine:
    code: str
    name: str
    total: Figure
    done: Figure
    closed: Figure
    overdue: Figure


@dataclass(frozen=True)
class Item:
    """One task or one milestone of it. `days`: days late."""

    code: str
    title: str
    label: str
    unit: str
    on: str
    days: int = 0

    @property
    def url(self) -> str:
        return f"/tasks/{self.code}"

    @property
    def day(self) -> dt.date:
        return dt.date.fromisoformat(self.on)


@dataclass(frozen=True)
class LateUnit:
    name: str
    tasks: Figure
    longest_days: int


@dataclass(frozen=True)
class Trouble:
    """存在问题 as a unit wrote it, and what it means to do."""

    code: str
    title: str
    unit: str
    problems: str
    measures: str

    @property
    def url(self) -> str:
        return f"/tasks/{self.code}"


@dataclass(frozen=True)
class GoodPractice:
    unit: str
    title: str
    body: str


@dataclass(frozen=True)
class Facts:
    week: str
    layer: str
    first_day: str
    last_day: str
    as_of: str
    total: Figure
    done: Figure
    closed: Figure
    closed_before: int
    overdue: Figure
    overdue_before: int
    review: Figure
    due_next: Figure
    troubled: Figure
    programs: tuple[ProgramLine, ...]
    closed_items: tuple[Item, ...]
    late_units: tuple[LateUnit, ...]
    late_items: tuple[Item, ...]
    next_items: tuple[Item, ...]
    troubles: tuple[Trouble, ...]
    practices: tuple[GoodPractice, ...]
    weeks: tuple[str, ...]
    due_by_week: tuple[int, ...]
    done_by_week: tuple[int, ...]
    #: None in papers frozen before there was field work
    field: FieldFacts | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Facts":
        """Frozen facts, as they were kept."""
        data = {name: _figure(value) for name, value in kept.items()}
        data["field"] = FieldFacts.of(kept["field"]) if kept.get("field") else None
        for name, make in (
            ("programs", _program),
            ("late_units", lambda row: LateUnit(**row | {"tasks": Figure(**row["tasks"])})),
            ("closed_items", lambda row: Item(**row)),
            ("late_items", lambda row: Item(**row)),
            ("next_items", lambda row: Item(**row)),
            ("troubles", lambda row: Trouble(**row)),
            ("practices", lambda row: GoodPractice(**row)),
        ):
            data[name] = tuple(make(row) for row in kept[name])
        return cls(**data)


def _figure(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"value", "url"}:
        return Figure(**value)
    return tuple(value) if isinstance(value, list) else value


def _program(row: dict[str, Any]) -> ProgramLine:
    return ProgramLine(**{name: _figure(value) for name, value in row.items()})


def collect(campaign: Campaign, week: Week, *, today: dt.date) -> Facts:
    """Twenty-one queries at most, however large ledger and street are."""
    as_of = min(today, week.sunday)
    is_now = as_of == today
    late = items_of(late_milestones(campaign, as_of), as_of, is_late=True)
    closed = items_of(_closed(campaign, week.monday, as_of), as_of)
    coming = items_of(_coming(campaign, week.next, as_of, is_now=is_now), as_of)
    troubles = _troubles(campaign, week.monday, as_of)
    programs = _programs(campaign, week, as_of, late, is_now=is_now)
    weeks, due_by_week, done_by_week = _curve(campaign, as_of)
    return Facts(
        week=str(week),
        layer=campaign.layer_name,
        first_day=week.monday.isoformat(),
        last_day=week.sunday.isoformat(),
        as_of=as_of.isoformat(),
        total=Figure(sum(line.total.value for line in programs), ledger_url()),
        done=Figure(sum(line.done.value for line in programs), done_url(as_of, is_now=is_now)),
        closed=Figure(sum(line.closed.value for line in programs), _closed_url(week, as_of)),
        closed_before=plan_tasks(campaign)
        .filter(state=Task.State.DONE, closed_on__gte=week.previous.monday, closed_on__lte=week.previous.sunday)
        .count(),
        overdue=Figure(len(late), ledger_url(lamp="overdue") if is_now else codes_url(late)),
        overdue_before=late_milestones(campaign, week.previous.sunday).values("task").distinct().count(),
        review=_review(campaign, is_now=is_now),
        due_next=Figure(len({item.code for item in coming}), _coming_url(week.next, coming, is_now=is_now)),
        troubled=Figure(len({trouble.code for trouble in troubles}), codes_url(troubles)),
        programs=programs,
        closed_items=closed,
        late_units=_late_units(late),
        late_items=late,
        next_items=coming,
        troubles=troubles,
        practices=_practices(campaign, week),
        weeks=weeks,
        due_by_week=due_by_week,
        done_by_week=done_by_week,
        field=fieldfacts.collect(campaign, week, as_of=as_of),
    )


# ---------- links


def codes_url(rows: Iterable[Item | Trouble]) -> str:
    codes = sorted({row.code for row in rows})
    return ledger_url(code=",".join(codes)) if 0 < len(codes) <= MOST_CODES else ""


def done_url(as_of: dt.date, *, is_now: bool, **more: str) -> str:
    return ledger_url(lamp="done", **more) if is_now else ledger_url(lamp="done", closed_to=as_of.isoformat(), **more)


def _closed_url(week: Week, as_of: dt.date, **more: str) -> str:
    return ledger_url(lamp="done", closed_from=week.monday.isoformat(), closed_to=as_of.isoformat(), **more)


def _coming_url(week: Week, items: tuple[Item, ...], *, is_now: bool) -> str:
    return ledger_url(milestone_due=f"{week.monday}..{week.sunday}") if is_now else codes_url(items)


# ---------- questions


def plan_tasks(campaign: Campaign) -> QuerySet:
    return Task.objects.filter(campaign=campaign, kind=Task.Kind.PLAN)


def plan_milestones(campaign: Campaign) -> Any:
    return Milestone.objects.filter(campaign=campaign, task__kind=Task.Kind.PLAN, is_recheck=False)


def end_of(day: dt.date, campaign: Campaign) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), campaign.zone)


def late_milestones(campaign: Campaign, as_of: dt.date) -> QuerySet:
    """Milestones that were owed and not handed in by that day."""
    after = Q(submitted_at__gte=end_of(as_of, campaign))
    closed_later = Q(state=Milestone.State.DONE, closed_on__gt=as_of) & (after | Q(submitted_at=None))
    owed = Q(state=Milestone.State.OPEN) | (Q(state=Milestone.State.SUBMITTED) & after) | closed_later
    return plan_milestones(campaign).filter(owed, is_assumed=False, due_on__lt=as_of)


def _closed(campaign: Campaign, first: dt.date, last: dt.date) -> QuerySet:
    return plan_milestones(campaign).closed_between(first, last).order_by("closed_on", "task__code", "order")


def _coming(campaign: Campaign, week: Week, as_of: dt.date, *, is_now: bool) -> QuerySet:
    rows = plan_milestones(campaign).filter(is_assumed=False, due_on__gte=week.monday, due_on__lte=week.sunday)
    still = Q(state=Milestone.State.OPEN)
    return rows.filter(still if is_now else still | Q(state=Milestone.State.DONE, closed_on__gt=as_of))


def items_of(milestones: QuerySet, as_of: dt.date, *, is_late: bool = False) -> tuple[Item, ...]:
    """Late things are told once for each task, by its oldest limit, and under the unit that answers for the task."""
    day, unit = ("due_on", "task__main_unit") if is_late else ("due_on", "unit")
    ordered = milestones if milestones.query.order_by else milestones.order_by("due_on", "task__code", "order")
    rows = ordered.values_list(
        "task__code", "task__title", "label", f"{unit}__name", "task__main_unit__name", day, "closed_on", "late_days"
    )
    found: dict[object, Item] = {}
    for number, (code, title, label, name, main, due_on, closed_on, late_days) in enumerate(rows):
        is_closed = closed_on is not None and closed_on <= as_of
        on = closed_on if is_closed else due_on
        days = late_days if is_closed else max(0, (as_of - due_on).days)
        item = Item(code, title, label, name or main or "还没有单位负责", on.isoformat(), days)
        found.setdefault(code if is_late else number, item)
    return tuple(found.values())


def _programs(
    campaign: Campaign, week: Week, as_of: dt.date, late: tuple[Item, ...], *, is_now: bool
) -> tuple[ProgramLine, ...]:
    done = Q(state=Task.State.DONE, closed_on__lte=as_of)
    rows = (
        plan_tasks(campaign)
        .values_list("program__code", "program__name")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=done),
            closed=Count("pk", filter=done & Q(closed_on__gte=week.monday)),
        )
        .order_by("program__code")
    )
    programs_of = dict(
        plan_tasks(campaign).filter(code__in=[item.code for item in late]).values_list("code", "program__code")
    )
    behind = Counter(programs_of.values())
    return tuple(
        ProgramLine(
            code or "",
            name or "未归类",
            Figure(total, _of(code)),
            Figure(closed_all, done_url(as_of, is_now=is_now, **_named(code))),
            Figure(closed, _closed_url(week, as_of, **_named(code))),
            Figure(
                behind[code],
                ledger_url(lamp="overdue", **_named(code))
                if is_now
                else codes_url(item for item in late if programs_of.get(item.code) == code),
            ),
        )
        for code, name, total, closed_all, closed in rows
    )


def _named(program: str | None) -> dict[str, str]:
    return {"program": program} if program else {}


def _of(program: str | None) -> str:
    return ledger_url(**_named(program))


def _review(campaign: Campaign, *, is_now: bool) -> Figure:
    """Known of today only: a submission that was returned leaves no standing trace."""
    if not is_now:
        return Figure(0)
    return Figure(plan_tasks(campaign).filter(state=Task.State.SUBMITTED).count(), ledger_url(lamp="review"))


def _late_units(late: tuple[Item, ...]) -> tuple[LateUnit, ...]:
    """The most behind first."""
    units: dict[str, list[Item]] = {}
    for item in late:
        units.setdefault(item.unit, []).append(item)
    lines = [
        LateUnit(name, Figure(len(items), codes_url(items)), max(item.days for item in items))
        for name, items in units.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.tasks.value, -line.longest_days, line.name)))


def _troubles(campaign: Campaign, first: dt.date, last: dt.date) -> tuple[Trouble, ...]:
    """The last word of each task on its difficulties."""
    start = dt.datetime.combine(first, dt.time(), campaign.zone)
    rows = (
        ProgressReport.objects.filter(
            campaign=campaign, task__kind=Task.Kind.PLAN, at__gte=start, at__lt=end_of(last, campaign)
        )
        .exclude(problems="")
        .order_by("-at", "-id")
        .values_list("task__code", "task__title", "unit__name", "problems", "measures")
    )
    found: dict[tuple[str, str], Trouble] = {}
    for row in rows:
        found.setdefault((row[0], row[2]), Trouble(*row))
    return tuple(sorted(found.values(), key=lambda trouble: trouble.code))


def _practices(campaign: Campaign, week: Week) -> tuple[GoodPractice, ...]:
    """Chosen for this week's briefing by the office."""
    chosen = Practice.objects.filter(campaign=campaign, briefing__period=str(week), state=Practice.State.USED)
    rows = chosen.order_by("at").values_list("unit__name", "title", "body")
    return tuple(GoodPractice(*row) for row in rows)


def _curve(campaign: Campaign, as_of: dt.date) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """Running totals of limits that fell and of milestones closed, at each week's end since the year began."""
    rows = plan_milestones(campaign).exclude(state=Milestone.State.WAIVED)
    due = _by_day(rows.filter(is_assumed=False, due_on__lte=as_of), "due_on")
    done = _by_day(rows.filter(state=Milestone.State.DONE, closed_on__lte=as_of), "closed_on")
    ends = [campaign.first_day + dt.timedelta(days=6 - campaign.first_day.weekday())]
    while ends[-1] < as_of:
        ends.append(ends[-1] + dt.timedelta(days=7))
    words = tuple(f"{end.month}月{end.day}日" for end in [*ends[:-1], min(ends[-1], as_of)])
    return words, _running(due, ends), _running(done, ends)


def _by_day(rows: QuerySet, field: str) -> dict[dt.date, int]:
    return dict(rows.order_by().values_list(field).annotate(number=Count("pk")))


def _running(by_day: dict[dt.date, int], ends: list[dt.date]) -> tuple[int, ...]:
    in_week = [0] * len(ends)
    for day, number in by_day.items():
        place = 0 if day <= ends[0] else (day - ends[0]).days // 7 + bool((day - ends[0]).days % 7)
        in_week[min(place, len(ends) - 1)] += number
    return tuple(accumulate(in_week))
