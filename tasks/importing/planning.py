"""From a row to what is owed: one milestone, one for each phase, or one for each period; for each owner."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campaign.models import CalendarEvent, Campaign
from tasks.importing.rows import Row
from tasks.periods import Term, periods, terms_of


@dataclass(frozen=True)
class Step:
    """What one owner owes once: the day, the words, and why this day."""

    due_on: dt.date
    label: str = ""
    period_on: dt.date | None = None
    is_assumed: bool = False
    basis: str = ""
    quantity: Decimal | None = None
    event: CalendarEvent | None = None


@dataclass
class Planner:
    """Knows the campaign's year, terms and calendar; plans any number of rows without asking the database again."""

    campaign: Campaign
    terms: list[Term]
    events: list[CalendarEvent]

    @classmethod
    def of(cls, campaign: Campaign) -> "Planner":
        events = list(CalendarEvent.objects.filter(campaign=campaign).order_by("starts_on"))
        return cls(campaign, terms_of(campaign), events)

    def steps(self, row: Row) -> list[Step]:
        if row.deadline_kind == "recurring" and row.recurrence:
            return list(self._periods(row))
        phases = [dt.date.fromisoformat(day) for day in row.limit.get("milestones", ())]
        if phases:
            return [Step(day, _phase_label(row, day), basis=row.deadline_text) for day in phases]
        quantity = _quantity(row)
        if row.due_date:
            return [Step(dt.date.fromisoformat(row.due_date), basis=_basis(row), quantity=quantity)]
        event = self._event(row.limit.get("event", ""))
        if event:
            return [
                Step(
                    event.starts_on - dt.timedelta(days=1),
                    basis=f"{row.deadline_text}：{event.name}前一天",
                    quantity=quantity,
                    event=event,
                )
            ]
        said = f"计划写的是“{row.deadline_text}”，先按年底" if row.deadline_text else "计划未写时限，先按年底"
        return [Step(self.campaign.last_day, is_assumed=True, basis=said, quantity=quantity)]

    def _periods(self, row: Row) -> Iterator[Step]:
        start = row.limit.get("start_date")
        since = dt.date.fromisoformat(start) if start else None
        last = dt.date.fromisoformat(row.due_date) if row.due_date else None
        for rhythm in row.limit.get("recurrences") or [row.recurrence]:
            several = rhythm["count"] > 1 and not row.limit.get("recurrences")
            for period in periods(
                rhythm["freq"], self.campaign.year, day_of_month=rhythm["day_of_month"], terms=self.terms, since=since
            ):
                if last is None or period.due <= last:
                    quantity = Decimal(rhythm["count"]) if several else None
                    yield Step(period.due, period.label, period.first, basis=row.deadline_text, quantity=quantity)

    def _event(self, words: str) -> CalendarEvent | None:
        """The calendar's event a limit is bound to: 测评 finds the assessment by its name or its kind."""
        if not words:
            return None
        named = [event for event in self.events if words in event.name]
        kind = CalendarEvent.Kind.ASSESSMENT if words[-2:] in ("测评", "迎检", "国测", "考评") else None
        return next(iter(named or [event for event in self.events if kind and event.kind == kind]), None)


def _basis(row: Row) -> str:
    doubt = next((p.message for p in row.problems if p.code == "deadline_ambiguous"), "")
    return (doubt or row.deadline_text)[:200]


def _phase_label(row: Row, day: dt.date) -> str:
    said = [target for target in row.targets if target.get("by") == day.isoformat()]
    words = "、".join(f"{_plain(t['value'])}{t['unit']}" for t in said if t["value"] is not None)
    return f"完成{words}" if words else f"{day.month}月{day.day}日止"


def _quantity(row: Row) -> Decimal | None:
    """What one milestone must reach, where the row counts things."""
    counted: list[dict[str, Any]] = [t for t in row.targets if t["value"] and t["unit"] not in ("%", "‰")]
    return Decimal(str(counted[0]["value"])) if counted else None


def _plain(value: float) -> str:
    return f"{value:g}"
