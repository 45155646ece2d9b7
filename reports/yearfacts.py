"""What the year of the ledger adds up to, each figure with the page that lists its records.

Of a year that is over, things are told as they stood on its last day; of the current one, as they stand today.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet, Sum

from campaign.models import Campaign
from inspections import rates
from inspections.models import Finding, Order, Visit
from inspections.rates import Rate, Span
from reports.facts import (
    Figure,
    GoodPractice,
    Item,
    codes_url,
    done_url,
    end_of,
    items_of,
    late_milestones,
    plan_milestones,
    plan_tasks,
)
from reports.models import Document, Practice
from reports.sentence import ledger_url
from tasks.models import DeadlineChange, Evidence, Milestone, ProgressReport, Task, Verdict
from tasks.quantities import amount

MOST_THINGS = 3


@dataclass(frozen=True)
class Group:
    """One program, or one unit: its tasks, how many are closed, how many duties were closed late, how many are late."""

    name: str
    total: int
    done: int
    closed_late: int
    overdue: int


@dataclass(frozen=True)
class Measure:
    """Things counted in one measure, over all tasks that count in it. Amounts as people write them."""

    measure: str
    tasks: Figure
    reached: int
    goal: str
    done: str
    things: tuple[str, ...]


@dataclass(frozen=True)
class Timeliness:
    """Duties whose written limit has come: handed in by it, after it, or not at all. The office's waiting is no lateness."""

    due: int
    on_time: int
    late: Figure
    longest_days: int
    average_days: int
    open: Figure
    waiting: int
    moved: Figure


@dataclass(frozen=True)
class Verdicts:
    passed: int
    returned: int
    tasks: Figure


@dataclass(frozen=True)
class Field:
    visits: int
    places: int
    orders: int
    rate: Rate
    relapses: int
    url: str


@dataclass(frozen=True)
class YearFacts:
    year: int
    office: str
    layer: str
    first_day: str
    last_day: str
    as_of: str
    total: Figure
    done: Figure
    waived: Figure
    review: Figure
    open: Figure
    overdue: Figure
    reports: int
    reporters: int
    reported: Figure
    evidence: int
    papers: int
    programs: tuple[Group, ...]
    units: tuple[Group, ...]
    measures: tuple[Measure, ...]
    time: Timeliness
    verdicts: Verdicts
    field: Field
    practices_sent: int
    practices: tuple[GoodPractice, ...]
    carried: tuple[Item, ...]

    @property
    def owed(self) -> int:
        """What the rate of completion is taken over: all but what was let off."""
        return self.total.value - self.waived.value

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "YearFacts":
        """Frozen facts, as they were kept."""
        made = {name: _revived(value) for name, value in kept.items()}
        for name, make in LISTED.items():
            made[name] = tuple(make(**_fields(row)) for row in kept[name])
        for name, make in SINGLE.items():
            made[name] = make(**_fields(kept[name]))
        return cls(**made)


LISTED: dict[str, Callable[..., Any]] = {
    "programs": Group,
    "units": Group,
    "measures": Measure,
    "practices": GoodPractice,
    "carried": Item,
}
SINGLE: dict[str, Callable[..., Any]] = {"time": Timeliness, "verdicts": Verdicts, "field": Field}


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _revived(value) for name, value in row.items()}


def _revived(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"value", "url"}:
        return Figure(**value)
    if isinstance(value, dict) and value.keys() == {"found", "closed", "held"}:
        return Rate(**value)
    return tuple(value) if isinstance(value, list) else value


def collect(campaign: Campaign, *, today: dt.date) -> YearFacts:
    """A fixed number of queries, however large ledger and street are."""
    first, as_of = campaign.first_day, min(today, campaign.last_day)
    is_now = as_of == today
    tasks = plan_tasks(campaign)
    counts = tasks.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=_done(as_of)),
        waived=Count("pk", filter=Q(state=Task.State.WAIVED)),
        review=Count("pk", filter=Q(state=Task.State.SUBMITTED)),
    )
    late = items_of(late_milestones(campaign, as_of), as_of, is_late=True)
    carried = _carried(campaign, as_of)
    closed_late = _closed_late(campaign, as_of)
    span = _moments(campaign, first, as_of)
    reports = ProgressReport.objects.filter(campaign=campaign, task__kind=Task.Kind.PLAN, **span)
    told = reports.aggregate(count=Count("pk"), units=Count("unit", distinct=True), tasks=Count("task", distinct=True))
    sent, practices = _practices(campaign, first, as_of)
    return YearFacts(
        year=campaign.year,
        office=campaign.office_name,
        layer=campaign.layer_name,
        first_day=first.isoformat(),
        last_day=campaign.last_day.isoformat(),
        as_of=as_of.isoformat(),
        total=Figure(counts["total"], ledger_url()),
        done=Figure(counts["done"], done_url(as_of, is_now=is_now)),
        waived=Figure(counts["waived"], ledger_url(state="waived")),
        review=Figure(counts["review"] if is_now else 0, ledger_url(lamp="review")),
        open=Figure(len(carried), ledger_url(state="unclosed") if is_now else codes_url(carried)),
        overdue=Figure(len(late), ledger_url(lamp="overdue") if is_now else codes_url(late)),
        reports=told["count"],
        reporters=told["units"],
        reported=Figure(told["tasks"], ledger_url(reported=f"{first}..{as_of}")),
        evidence=Evidence.objects.filter(campaign=campaign, task__kind=Task.Kind.PLAN, **span).count(),
        papers=_papers(campaign, first, as_of),
        programs=_groups(campaign, "program__name", "program__code", as_of, late, closed_late, none="未归类"),
        units=_groups(campaign, "main_unit__name", "main_unit_order", as_of, late, closed_late, none="待明确单位"),
        measures=_measures(campaign),
        time=_time(campaign, as_of, late, closed_late, is_now=is_now),
        verdicts=_verdicts(campaign, first, as_of),
        field=_field(campaign, first, as_of),
        practices_sent=sent,
        practices=practices,
        carried=carried,
    )


# ---------- questions


def _moments(campaign: Campaign, first: dt.date, last: dt.date, *, field: str = "at") -> dict[str, dt.datetime]:
    start = dt.datetime.combine(first, dt.time(), campaign.zone)
    return {f"{field}__gte": start, f"{field}__lt": end_of(last, campaign)}


def _papers(campaign: Campaign, first: dt.date, as_of: dt.date) -> int:
    issued = _moments(campaign, first, as_of, field="issued_at")
    return Document.objects.filter(campaign=campaign, kind=Document.Kind.BRIEFING, **issued).count()


def _done(as_of: dt.date) -> Q:
    return Q(state=Task.State.DONE, closed_on__lte=as_of)


def _carried(campaign: Campaign, as_of: dt.date) -> tuple[Item, ...]:
    """What the year leaves open, by its limit."""
    still = Q(state__in=Task.OPEN_STATES) | Q(state=Task.State.DONE, closed_on__gt=as_of)
    rows = plan_tasks(campaign).filter(still).order_by("due_on", "code")
    columns = ("code", "title", "main_unit__name", "due_on", "is_due_assumed")
    return tuple(
        Item(code, title, "", unit or "还没有单位负责", due_on.isoformat() if due_on and not is_assumed else "")
        for code, title, unit, due_on, is_assumed in rows.values_list(*columns)
    )


def _closed_late(campaign: Campaign, as_of: dt.date) -> QuerySet:
    rows = plan_milestones(campaign).filter(state=Milestone.State.DONE, late_days__gt=0, closed_on__lte=as_of)
    return rows.order_by()


def _groups(
    campaign: Campaign,
    name: str,
    order: str,
    as_of: dt.date,
    late: tuple[Item, ...],
    closed_late: QuerySet,
    *,
    none: str,
) -> tuple[Group, ...]:
    """Tasks by the column `name`, in the order of `order`; `none`: what those without one are called."""
    rows = plan_tasks(campaign).order_by(order, name).values_list(name, order)
    slow = dict(closed_late.values_list(f"task__{name}").annotate(count=Count("pk")))
    of_late = plan_tasks(campaign).filter(code__in=[item.code for item in late])
    behind = Counter(of_late.values_list(name, flat=True))
    return tuple(
        Group(label or none, total, done, slow.get(label, 0), behind[label])
        for label, _, total, done in rows.annotate(total=Count("pk"), done=Count("pk", filter=_done(as_of)))
    )


def _measures(campaign: Campaign) -> tuple[Measure, ...]:
    """As the ledger stands: an amount has no history by day."""
    rows = plan_tasks(campaign).counted()  # type: ignore[attr-defined]
    sums = (
        rows.order_by("quantity_unit")
        .values_list("quantity_unit")
        .annotate(tasks=Count("pk"), goal=Sum("quantity_goal"), done=Sum("quantity_done"))
    )
    things: dict[str, dict[str, None]] = {}
    reached: Counter[str] = Counter()
    columns = ("quantity_unit", "targets__what", "quantity_goal", "quantity_done", "targets__order", "pk")
    seen: set[Any] = set()
    for measure, what, goal, done, _, pk in rows.order_by("code", "targets__order").values_list(*columns):
        if pk in seen:
            continue
        seen.add(pk)
        reached[measure] += (done or 0) >= goal
        if what:
            things.setdefault(measure, {})[what] = None
    found = [
        Measure(
            measure,
            Figure(tasks, ledger_url(counted_in=measure)),
            reached[measure],
            amount(goal),
            amount(done or Decimal(0)),
            tuple(things.get(measure, {}))[:MOST_THINGS],
        )
        for measure, tasks, goal, done in sums
    ]
    return tuple(sorted(found, key=lambda row: (-row.tasks.value, row.measure)))


def _time(
    campaign: Campaign, as_of: dt.date, late: tuple[Item, ...], closed_late: QuerySet, *, is_now: bool
) -> Timeliness:
    written = plan_milestones(campaign).exclude(state=Milestone.State.WAIVED).filter(is_assumed=False, due_on__lt=as_of)
    closed = Q(state=Milestone.State.DONE, closed_on__lte=as_of)
    counts = written.aggregate(due=Count("pk"), on_time=Count("pk", filter=closed & Q(late_days=0)))
    slow = closed_late.aggregate(count=Count("pk"), longest=Max("late_days"), average=Avg("late_days"))
    still = late_milestones(campaign, as_of).count()
    moved = (
        DeadlineChange.objects.filter(campaign=campaign, task__kind=Task.Kind.PLAN).values("task").distinct().count()
    )
    return Timeliness(
        due=counts["due"],
        on_time=counts["on_time"],
        late=Figure(slow["count"], ledger_url(late_closed="yes")),
        longest_days=slow["longest"] or 0,
        average_days=round(slow["average"] or 0),
        open=Figure(still, ledger_url(lamp="overdue") if is_now else codes_url(late)),
        waiting=max(0, counts["due"] - counts["on_time"] - slow["count"] - still),
        moved=Figure(moved, ledger_url(moved="yes")),
    )


def _verdicts(campaign: Campaign, first: dt.date, as_of: dt.date) -> Verdicts:
    rows = Verdict.objects.standing().filter(
        campaign=campaign, task__kind=Task.Kind.PLAN, **_moments(campaign, first, as_of)
    )
    counts = dict(rows.order_by().values_list("outcome").annotate(count=Count("pk")))
    codes = sorted(set(rows.filter(outcome=Verdict.Outcome.RETURN).values_list("task__code", flat=True)))
    return Verdicts(
        passed=counts.get(Verdict.Outcome.PASS, 0),
        returned=counts.get(Verdict.Outcome.RETURN, 0),
        tasks=Figure(len(codes), codes_url(Item(code, "", "", "", "") for code in codes)),
    )


def _field(campaign: Campaign, first: dt.date, as_of: dt.date) -> Field:
    span = Span(first, as_of)
    start, end = rates.moments(span, campaign)
    visits = Visit.objects.standing().filter(campaign=campaign, at__gte=start, at__lt=end)
    seen = visits.aggregate(visits=Count("pk"), places=Count("place", distinct=True))
    rows = Finding.objects.filter(campaign=campaign)
    return Field(
        visits=seen["visits"],
        places=seen["places"],
        orders=Order.objects.filter(campaign=campaign, state=Order.State.ISSUED, on__gte=first, on__lte=as_of).count(),
        rate=rates.rate(campaign, rows, span),
        relapses=rows.counted().filter(span.condition, is_relapse=True).count(),
        url=f"/orders?from={first}&to={as_of}",
    )


def _practices(campaign: Campaign, first: dt.date, as_of: dt.date) -> tuple[int, tuple[GoodPractice, ...]]:
    """How many were sent in; those a briefing took, in full."""
    rows = Practice.objects.filter(campaign=campaign, **_moments(campaign, first, as_of))
    used = rows.filter(state=Practice.State.USED).order_by("at", "id").values_list("unit__name", "title", "body")
    return rows.count(), tuple(GoodPractice(*row) for row in used)
