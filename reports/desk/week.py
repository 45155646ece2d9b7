"""The week's rhythm: meetings and phases of the calendar, what falls due, how the briefing stands."""

import datetime as dt
from dataclasses import dataclass, field

from campaign.access import Actor
from campaign.clock import Week
from campaign.models import CalendarEvent
from reports.desk.counts import due_by_day
from reports.models import Briefing
from reports.sentence import ledger_url

#: The briefing's draft writes itself on Thursday.
BRIEFING_WEEKDAY = 3


@dataclass(frozen=True)
class Line:
    text: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Day:
    on: dt.date
    is_past: bool
    is_now: bool
    lines: list[Line] = field(default_factory=list)


def rhythm(actor: Actor, *, today: dt.date) -> list[Day]:
    """The days of this week and the next Monday that have something, and today always. Three queries."""
    week = Week.of(today)
    last = week.next.monday
    days = [week.monday + dt.timedelta(days=number) for number in range((last - week.monday).days + 1)]
    lines: dict[dt.date, list[Line]] = {day: [] for day in days}
    for event in CalendarEvent.objects.visible_to(actor).filter(starts_on__gte=days[0], starts_on__lte=last):
        lines[event.starts_on].append(_of_event(event))
    thursday = days[BRIEFING_WEEKDAY]
    lines[thursday].append(_of_briefing(actor, week, is_past=thursday < today))
    for day, tasks in due_by_day(actor, days[0], last).items():
        words = f"{tasks} 项任务到期" if day >= today else f"{tasks} 项任务到期未销号"
        lines[day].append(Line(words, url=ledger_url(due=day.isoformat(), assumed="no", state="open")))
    return [Day(day, day < today, day == today, lines[day]) for day in days if lines[day] or day == today]


def _of_event(event: CalendarEvent) -> Line:
    clock = f"{event.starts_at_time:%H:%M} " if event.starts_at_time else ""
    return Line(f"{clock}{event.name}", event.note)


def _of_briefing(actor: Actor, week: Week, *, is_past: bool) -> Line:
    rows = Briefing.objects.visible_to(actor).filter(period=str(week)).select_related("document")
    found = rows.order_by("-round").first()
    if found is None:
        return Line("本周简报", "还没有起草" if is_past else "到这天自动起草")
    number = f"第 {found.document.number} 期简报" if found.document else "本周简报"
    return Line(number, found.get_state_display(), found.get_absolute_url())
