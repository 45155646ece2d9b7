"""What a leader asks next: who is behind, what falls due, what was last reported."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet

from campaign.access import Actor
from campaign.models import Unit
from reports.desk.today import late_tasks
from reports.models import Document
from reports.sentence import ledger_url
from tasks.models import Task

SHOWN = 8


@dataclass(frozen=True)
class LateUnit:
    name: str
    tasks: int
    longest_days: int
    url: str


def late_units(actor: Actor, *, today: dt.date) -> list[LateUnit]:
    """Units that answer first for late tasks, the most behind first. Two queries; the first reads an index only."""
    late = late_tasks(actor, today=today).order_by().values_list("main_unit")
    worst = late.annotate(tasks=Count("*"), first=Min("due_on")).order_by("-tasks", "first", "main_unit")[:SHOWN]
    rows = list(worst)
    names = dict(Unit.objects.filter(pk__in=[unit for unit, *_ in rows if unit]).values_list("pk", "name"))
    return [
        LateUnit(
            names.get(unit, "还没有单位负责"),
            tasks,
            (today - first).days,
            ledger_url(lamp="overdue", **({"unit": str(unit)} if unit else {"orphan": "yes"})),
        )
        for unit, tasks, first in rows
    ]


def coming(actor: Actor, *, today: dt.date) -> QuerySet:
    """The next few written limits of open tasks, within the campaign's notice days (临期)."""
    limit = today + dt.timedelta(days=actor.campaign.notice_days)
    soon = Task.objects.visible_to(actor).filter(kind=Task.Kind.PLAN, urgency_on__gte=today, urgency_on__lte=limit)
    return soon.select_related("main_unit").order_by("urgency_on", "code")[:SHOWN]


def latest_briefings(actor: Actor) -> QuerySet:
    documents = Document.objects.visible_to(actor).filter(kind=Document.Kind.BRIEFING)
    return documents.select_related("briefing").order_by("-year", "-number")[:3]
