"""What a leader asks next: who is behind, what falls due, what was last reported."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from campaign.access import Actor
from campaign.models import Unit
from reports.desk.today import late_tasks
from reports.models import Document
from reports.sentence import ledger_url
from tasks.models import Task

SHOWN = 8
MOST_LATE = 5000


@dataclass(frozen=True)
class LateUnit:
    name: str
    tasks: int
    longest_days: int
    url: str


def late_units(actor: Actor, *, today: dt.date) -> list[LateUnit]:
    """Units that answer first for late tasks, the most behind first; looks at no more than `MOST_LATE` of them.

    Grouped here and not in SQL: GROUP BY makes SQLite walk the whole ledger by unit instead of the index of what is late.
    """
    late = late_tasks(actor, today=today).order_by("urgency_on").values_list("main_unit", "due_on")[:MOST_LATE]
    counts: Counter[UUID | None] = Counter()
    first: dict[UUID | None, dt.date] = {}
    for unit, due_on in late:
        counts[unit] += 1
        first.setdefault(unit, due_on)
    worst = sorted(counts, key=lambda unit: (-counts[unit], first[unit], str(unit)))[:SHOWN]
    names = dict(Unit.objects.filter(pk__in=[unit for unit in worst if unit]).values_list("pk", "name"))
    return [
        LateUnit(
            names.get(unit, "还没有单位负责"),
            counts[unit],
            (today - first[unit]).days,
            ledger_url(lamp="overdue", **({"unit": str(unit)} if unit else {"orphan": "yes"})),
        )
        for unit in worst
    ]


def coming(actor: Actor, *, today: dt.date) -> QuerySet:
    """The next few written limits of open tasks, within the campaign's notice days (临期)."""
    limit = today + dt.timedelta(days=actor.campaign.notice_days)
    soon = Task.objects.visible_to(actor).filter(kind=Task.Kind.PLAN, urgency_on__gte=today, urgency_on__lte=limit)
    return soon.select_related("main_unit").order_by("urgency_on", "code")[:SHOWN]


def latest_briefings(actor: Actor) -> QuerySet:
    documents = Document.objects.visible_to(actor).filter(kind=Document.Kind.BRIEFING)
    return documents.select_related("briefing").order_by("-year", "-number")[:3]
