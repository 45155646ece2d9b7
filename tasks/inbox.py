"""待办: everything that waits for one person, by reason. The badge is the length of this very list."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from campaign.access import Actor, Right
from campaign.models import Campaign, User
from campaign.prepared import answers
from campaign.templatetags.kit import number
from tasks.counting import Count, capped, capped_row, count_capped
from tasks.models import Milestone, Notice, Request, Snooze, Task
from tasks.reminders import limit_of, words_of

Reason = Notice.Reason
PAGE = 50
#: So long a 签收 can be undone.
SECOND_THOUGHT = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Section:
    """One reason. `reasons` empty: the rows are not notices but work of the office."""

    key: str
    label: str
    icon: str
    reasons: tuple[str, ...] = ()


SECTIONS = (
    Section("urged", "催我的", "bell-ring", (Reason.CIRCULATE, Reason.SUPERVISE, Reason.URGE)),
    Section("verify", "等我核验", "stamp"),
    Section("requests", "等我答复", "message-square-reply"),
    Section("returned", "退回", "undo-2", (Reason.RETURNED,)),
    Section("due", "到期", "clock", (Reason.REMIND,)),
    Section("instructions", "批示", "pen-line", (Reason.INSTRUCTION,)),
    Section("answers", "答复", "message-square", (Reason.RULING, Reason.CHANGED)),
    Section("assigned", "新任务", "list-plus", (Reason.ASSIGNED,)),
    Section("vacancies", "岗位空缺", "user-round-x", (Reason.VACANCY,)),
)


@dataclass(frozen=True)
class Line:
    """One thing that waits."""

    id: str
    section: Section
    task: Task
    text: str
    at: dt.datetime
    url: str
    unit: object = None
    is_unread: bool = False
    tone: str = ""


def rows(actor: Actor, section: Section, *, now: dt.datetime, is_later: bool = False) -> QuerySet:
    """The rows of a section: list and count both come from here. `is_later`: those put off, instead of the others."""
    put_off = Q(pk__in=put_off_items(actor))
    return _rows(actor, section, now=now).filter(put_off if is_later else ~put_off)


def put_off_items(actor: Actor) -> QuerySet:
    """Ids of what the actor does not want to see before a later day."""
    mine = Snooze.objects.filter(campaign=actor.campaign, user=actor.user, until_on__gt=actor.today)
    return mine.values("item_id")


def _rows(actor: Actor, section: Section, *, now: dt.datetime) -> QuerySet:
    if section.key == "verify":
        return Milestone.objects.allowing(actor, Right.VERIFY).of_plan().waiting().order_by("submitted_at", "id")
    if section.key == "requests":
        open_ones = Request.objects.allowing(actor, Right.MANAGE_LEDGER).filter(state=Request.State.OPEN)
        return open_ones.order_by("at", "id")
    mine = Notice.objects.filter(campaign=actor.campaign).to(actor.user).waiting(now=now)
    return mine.filter(reason__in=section.reasons).order_by("-at", "-id")


def counts(actor: Actor, *, now: dt.datetime, is_later: bool = False) -> dict[str, Count]:
    """The length of each section, by one query."""
    if actor.campaign is None or not actor.can(Right.READ):
        return {}
    found = {section.key: rows(actor, section, now=now, is_later=is_later) for section in SECTIONS}
    return count_capped(actor.campaign, found)


@dataclass(frozen=True)
class Waiting:
    """The kinds of rows an inbox is made of, counted for the side bar and the bell.

    `verify` is the office's whole queue; `put_off` of it are for this person's later days.
    """

    notices: Count
    verify: Count
    requests: Count
    put_off: Count

    @property
    def total(self) -> Count:
        parts = (self.notices, self.verify, self.requests)
        total = sum(part.value for part in parts) - self.put_off.value
        return Count(total, is_capped=any(part.is_capped for part in parts))


def waiting(actor: Actor, *, now: dt.datetime) -> Waiting:
    """Every page asks this, by one query. Its total is the length of all sections together."""
    if actor.campaign is None or actor.user is None or not actor.can(Right.READ):
        return Waiting(Count(0), Count(0), Count(0), Count(0))
    if not actor.can(Right.READ_ALL):  # the query's shape then hangs on the person's units
        return Waiting(**count_capped(actor.campaign, _questions(actor, now=now)))
    build = partial(_waiting_row, actor)
    key = ("waiting", *sorted(actor.rights))
    (row,) = answers(key, build, campaign=actor.campaign.pk, user=actor.user.pk, today=actor.today, now=now)
    return Waiting(**capped(("verify", "put_off", "requests", "notices"), row))


def _questions(actor: Actor, *, now: dt.datetime) -> dict[str, QuerySet]:
    by_key = {section.key: section for section in SECTIONS}
    notices = Notice.objects.filter(campaign=actor.campaign).to(actor.user).waiting(now=now)
    return {
        "verify": _rows(actor, by_key["verify"], now=now),
        "put_off": rows(actor, by_key["verify"], now=now, is_later=True),
        "requests": rows(actor, by_key["requests"], now=now),
        "notices": notices.exclude(pk__in=put_off_items(actor)),
    }


def _waiting_row(actor: Actor, *, campaign: UUID, user: UUID, today: dt.date, now: dt.datetime) -> QuerySet:
    someone = Actor(
        user=User(pk=user),
        campaign=Campaign(pk=campaign),
        today=today,
        memberships=actor.memberships,
        is_read_only=actor.is_read_only,
    )
    return capped_row(campaign, _questions(someone, now=now))


def lines(
    actor: Actor, section: Section, *, now: dt.datetime, first: int = 0, most: int = PAGE, is_later: bool = False
) -> list[Line]:
    found = rows(actor, section, now=now, is_later=is_later).select_related("task", "unit")
    if section.reasons:
        notices = found.select_related("milestone")[first : first + most]
        return [_of_notice(section, notice, today=actor.today) for notice in notices]
    makers: dict[str, Callable[..., Line]] = {"verify": _of_milestone, "requests": _of_request}
    return [makers[section.key](section, row) for row in found[first : first + most]]


def _of_notice(section: Section, notice: Notice, *, today: dt.date) -> Line:
    # a reminder of last week said "还剩 10 天": the list says how it stands today, the entry what was told
    is_counting = notice.reason in Notice.TONES and notice.milestone is not None and not notice.is_manual
    return Line(
        id=str(notice.pk),
        section=section,
        task=notice.task,
        text=words_of(limit_of(notice), None, today=today) if is_counting else notice.text,
        at=notice.at,
        url=f"/inbox/{notice.pk}",
        unit=notice.unit,
        is_unread=notice.read_at is None,
        tone="" if notice.reason == Reason.REMIND else notice.get_reason_display(),
    )


def _of_milestone(section: Section, milestone: Milestone) -> Line:
    parts = [milestone.label]
    if milestone.quantity:
        parts.append(f"{number(milestone.quantity_done)}/{number(milestone.quantity)} {milestone.task.quantity_unit}")
    text = "，".join(part.strip() for part in parts if part) or "已完成，提请销号"
    at = milestone.submitted_at or milestone.task.updated_at
    return Line(str(milestone.pk), section, milestone.task, text, at, f"/verify/{milestone.pk}", milestone.unit)


def _of_request(section: Section, request: Request) -> Line:
    words = request.get_kind_display()
    url = f"{request.task.get_absolute_url()}#requests"
    return Line(str(request.pk), section, request.task, f"{words}：{request.reason}", request.at, url, request.unit)


def read(notice: Notice, *, now: dt.datetime) -> None:
    """已读: the first opening counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)
    notice.read_at = notice.read_at or now


def read_task(actor: Actor, task: Task, *, now: dt.datetime) -> int:
    """Whoever opens the card of a task has read what was told them about it."""
    if actor.user is None:
        return 0
    mine = Notice.objects.filter(task=task, recipient=actor.user, read_at=None)
    return mine.sent(now=now).update(read_at=now)


def acknowledge(actor: Actor, notices: Iterable[Any], *, now: dt.datetime) -> int:
    """签收: the person knows and will see to it; it leaves the inbox. Gives how many were new."""
    mine = Notice.objects.filter(campaign=actor.campaign, pk__in=list(notices)).to(actor.user).sent(now=now)
    mine.filter(read_at=None).update(read_at=now)
    return mine.filter(acknowledged_at=None).update(acknowledged_at=now)


def unacknowledge(actor: Actor, *, signed_at: dt.datetime, now: dt.datetime) -> int:
    """撤销 a 签收 of a moment ago: what was signed for at that instant waits again. Gives how many."""
    if not signed_at <= now <= signed_at + SECOND_THOUGHT:
        return 0
    mine = Notice.objects.filter(campaign=actor.campaign, acknowledged_at=signed_at).to(actor.user)
    return mine.update(acknowledged_at=None)
