"""稍后再看: an entry of one's own inbox leaves the list, and the badge, until a later day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from campaign.access import Actor
from campaign.problems import Problem, Refused
from tasks import inbox
from tasks.models import Snooze

#: Farther away it is no longer "later".
FARTHEST = 31
#: Put-off entries the page lists.
SHOWN = 50


def choices(*, today: dt.date) -> list[tuple[str, dt.date]]:
    """明天、三天后、下周一, each day once."""
    monday = today + dt.timedelta(days=7 - today.weekday())
    days = [("明天", today + dt.timedelta(days=1)), ("三天后", today + dt.timedelta(days=3)), ("下周一", monday)]
    return [(words, on) for number, (words, on) in enumerate(days) if on not in {day for _, day in days[:number]}]


def put_off_until(actor: Actor, items: Iterable[UUID], *, until_on: dt.date, now: dt.datetime) -> int:
    """Put off what of these waits in the actor's inbox. Gives how many; raises `Refused` for a day that is no later."""
    if not actor.today < until_on <= actor.today + dt.timedelta(days=FARTHEST):
        message = f"{until_on:%Y-%m-%d} 不在明天到 {FARTHEST} 天以内。"
        raise Refused(Problem("until", message, where="until", mend="请选明天、三天后或下周一。"))
    asked = set(items)
    waiting = [
        pk
        for section in inbox.SECTIONS
        for pk in inbox.rows(actor, section, now=now).filter(pk__in=asked).values_list("pk", flat=True)
    ]
    rows = [Snooze(campaign=actor.campaign, user=actor.user, item_id=pk, until_on=until_on, at=now) for pk in waiting]
    Snooze.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["campaign", "user", "item_id"],
        update_fields=["until_on", "at"],
    )
    return len(rows)


def wake(actor: Actor, items: Iterable[UUID] = (), *, put_off_at: dt.datetime | None = None) -> int:
    """Back into the list at once: these, or all that were put off at one moment."""
    mine = Snooze.objects.filter(campaign=actor.campaign, user=actor.user)
    chosen = mine.filter(at=put_off_at) if put_off_at else mine.filter(item_id__in=list(items))
    return chosen.delete()[0]


@dataclass(frozen=True)
class PutOff:
    """One entry that comes back on a day."""

    line: inbox.Line
    until_on: dt.date


def put_off(actor: Actor, *, now: dt.datetime) -> list[PutOff]:
    """What comes back, soonest first."""
    days = dict(
        Snooze.objects.filter(campaign=actor.campaign, user=actor.user, until_on__gt=actor.today)
        .order_by("until_on", "item_id")
        .values_list("item_id", "until_on")[:SHOWN]
    )
    if not days:
        return []
    lines = [
        line for section in inbox.SECTIONS for line in inbox.lines(actor, section, now=now, most=SHOWN, is_later=True)
    ]
    found = [PutOff(line, days[UUID(line.id)]) for line in lines if UUID(line.id) in days]
    return sorted(found, key=lambda one: (one.until_on, one.line.task.code))
