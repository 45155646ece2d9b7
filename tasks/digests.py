"""Mails about work: one digest for each person and day, none when empty; one screen, each line a link to its card."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from campaign.mail import queue_mail
from campaign.models import Campaign, OutgoingMail, User
from tasks.models import Notice, Task

Reason = Notice.Reason

#: Kinds of notice, most pressing first, with the word a group of them is headed by.
GROUPS = (
    (Reason.CIRCULATE, "通报"),
    (Reason.SUPERVISE, "督办"),
    (Reason.URGE, "催办"),
    (Reason.RETURNED, "退回"),
    (Reason.REMIND, "到期提醒"),
    (Reason.INSTRUCTION, "批示"),
    (Reason.RULING, "答复"),
    (Reason.CHANGED, "时限变更"),
    (Reason.ASSIGNED, "新任务"),
    (Reason.PASSED, "已销号"),
    (Reason.VACANCY, "岗位空缺"),
)
#: Notices whose answer is a report: their link opens the card to fill in.
FILLED_IN = {Reason.REMIND, Reason.URGE, Reason.RETURNED}
#: Good news is worth a line, not a mail of its own.
RIDES_ALONG = {Reason.PASSED}
#: One screen of a phone; what is more stands in the inbox.
MOST_LINES = 8
#: Older untold notices are history, not news.
NEWS_DAYS = 14


@dataclass(frozen=True)
class MailLine:
    """One notice as a mail or page shows it."""

    notice: Notice
    url: str


@dataclass(frozen=True)
class Group:
    label: str
    lines: list[MailLine]
    count: int


def path_of(notice: Notice, *, campaign: Campaign | None = None) -> str:
    """The page on which the notice is answered; a mail's link also names the campaign it belongs to."""
    query = {"campaign": campaign.code} if campaign else {}
    if notice.reason == Reason.VACANCY:
        path = "/units"
    elif notice.task.kind == Task.Kind.RECTIFICATION:
        path = notice.task.get_absolute_url()
    elif notice.reason in FILLED_IN:
        path = f"/tasks/{notice.task.code}/update"
        query |= {"milestone": str(notice.milestone_id)} if notice.milestone_id else {}
    else:
        path = f"/tasks/{notice.task.code}"
    return f"{path}?{urlencode(query)}" if query else path


def url_of(campaign: Campaign, notice: Notice) -> str:
    return f"{settings.SITE_URL}{path_of(notice, campaign=campaign)}"


def queue_digests(campaign: Campaign, *, today: dt.date, now: dt.datetime) -> int:
    """Mail each person what has not been mailed nor read. A second run of the day adds nothing. Gives the mails made."""
    news = Notice.objects.sent(now=now).filter(
        campaign=campaign, mail=None, read_at=None, is_manual=False, told_on__gt=today - dt.timedelta(days=NEWS_DAYS)
    )
    by_person: dict[UUID, list[Notice]] = defaultdict(list)
    for notice in news.filter(told_on__lte=today).select_related("task", "milestone", "unit", "recipient"):
        by_person[notice.recipient_id].append(notice)
    mailed = _mailed_today(campaign, today)
    made = 0
    for rows in by_person.values():
        if _key(rows[0].recipient, today) not in mailed and any(row.reason not in RIDES_ALONG for row in rows):
            mail = _digest(campaign, rows, today=today, now=now)
            Notice.objects.filter(pk__in=[row.pk for row in rows], mail=None).update(mail=mail)
            made += 1
    return made


def _mailed_today(campaign: Campaign, today: dt.date) -> set[str]:
    rows = OutgoingMail.objects.filter(campaign=campaign, key__startswith=f"digest:{today.isoformat()}:")
    return set(rows.values_list("key", flat=True))


def _key(person: User, today: dt.date) -> str:
    return f"digest:{today.isoformat()}:{person.pk}"


def _digest(campaign: Campaign, rows: Sequence[Notice], *, today: dt.date, now: dt.datetime) -> OutgoingMail:
    person = rows[0].recipient
    words = texts(campaign, person, rows, today=today, opening="以下事项在等您：")
    return queue_mail(
        campaign,
        key=_key(person, today),
        to=person,
        subject=subject_of(campaign, rows, today=today),
        kind="digest",
        text=words.text,
        html=words.html,
        now=now,
    )


def subject_of(campaign: Campaign, rows: Sequence[Notice], *, today: dt.date) -> str:
    """【区创城办】催办 2 项、到期提醒 3 项（9月24日）."""
    counted = [(label, sum(row.reason == reason for row in rows)) for reason, label in GROUPS]
    words = "、".join(f"{label} {count} 项" for label, count in counted if count)
    return f"【{campaign.office_name}】{words}（{today.month}月{today.day}日）"


@dataclass(frozen=True)
class Texts:
    """What a mail says, plain and as HTML."""

    text: str
    html: str


def texts(
    campaign: Campaign, person: User, rows: Sequence[Notice], *, today: dt.date, opening: str, note: str = ""
) -> Texts:
    """The words of one mail about these notices."""
    shown = groups_of(campaign, rows)
    context = {
        "campaign": campaign,
        "person": person,
        "groups": shown,
        "more": len(rows) - sum(len(group.lines) for group in shown),
        "opening": opening,
        "note": note,
        "today": today,
        "inbox_url": f"{settings.SITE_URL}/inbox?campaign={campaign.code}",
    }
    return Texts(
        text=render_to_string("mail/notices.txt", context).strip() + "\n",
        html=render_to_string("mail/notices.html", context),
    )


def groups_of(campaign: Campaign, rows: Sequence[Notice]) -> list[Group]:
    """At most `MOST_LINES` lines, most pressing first; within a group the oldest limit first."""
    left, found = MOST_LINES, []
    for reason, label in GROUPS:
        mine = sorted((row for row in rows if row.reason == reason), key=_limit)
        if mine and left:
            lines = [MailLine(row, url_of(campaign, row)) for row in mine[:left]]
            found.append(Group(label, lines, len(mine)))
            left -= len(lines)
    return found


def _limit(notice: Notice) -> tuple[dt.date, str]:
    due_on = notice.milestone.due_on if notice.milestone else None
    return (due_on or dt.date.max, notice.task.code)
