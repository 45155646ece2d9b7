"""催办 by hand: who would get what, the sending, the taking back, and what became of it.

A batch is one pressing of 发送. Its id is made by the preview, so that a form sent twice urges once.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from campaign import log, mail
from campaign.clock import Week
from campaign.models import Campaign, LogEntry, Membership, OutgoingMail, Unit, User
from campaign.problems import Problem, Refused
from tasks import digests
from tasks.models import Milestone, Notice, ReminderRule, Task
from tasks.notices import Staff, keep, notice_for, shortened, staff_of, unique
from tasks.reminders import limit_words

Post = Membership.Post
Tone = ReminderRule.Tone

#: The higher the tone, the more of a unit hears it.
AUDIENCE: dict[str, tuple[str, ...]] = {
    Tone.REMIND: (Post.LIAISON,),
    Tone.URGE: (Post.LIAISON,),
    Tone.SUPERVISE: (Post.LIAISON, Post.DEPUTY),
    Tone.CIRCULATE: (Post.LIAISON, Post.DEPUTY, Post.PRINCIPAL),
}
#: So long a batch can be taken back.
HOLD = dt.timedelta(seconds=10)


@dataclass(frozen=True)
class Line:
    """One milestone that would be urged: whom, with what words, and when it was last pressed."""

    milestone: Milestone
    unit: Unit | None
    people: list[User]
    text: str
    last: Notice | None

    @property
    def channels(self) -> str:
        if not self.people:
            return "无人接收"
        mailed = sum(bool(person.email) for person in self.people)
        return (
            "待办 + 邮件" if mailed == len(self.people) else ("待办，部分没有邮箱" if mailed else "只有待办，没有邮箱")
        )


@dataclass(frozen=True)
class Preview:
    """Everything that 发送 would do."""

    lines: list[Line]
    tone: str
    problems: list[Problem]

    @property
    def people(self) -> list[User]:
        return unique(person for line in self.lines for person in line.people)

    @property
    def tasks(self) -> int:
        return len({line.milestone.task_id for line in self.lines})

    @property
    def units(self) -> int:
        return len({line.unit.pk for line in self.lines if line.unit})

    @property
    def is_sendable(self) -> bool:
        return any(line.people for line in self.lines)


def to_urge(tasks: Iterable[Task], *, today: dt.date) -> list[Milestone]:
    """What of these tasks is to be pressed: all that is overdue of a task, else its next open milestone."""
    ids = [task.pk for task in tasks]
    rows = Milestone.objects.open().filter(task__in=ids).select_related("task__campaign", "task__main_unit", "unit")
    by_task: dict[UUID, list[Milestone]] = defaultdict(list)
    for row in rows.order_by("task__code", "due_on", "order"):
        by_task[row.task_id].append(row)
    found = []
    for open_ones in by_task.values():
        late = [m for m in open_ones if m.due_on and m.due_on < today and not m.is_assumed]
        found += late or open_ones[:1]
    return found


def preview(campaign: Campaign, milestones: Sequence[Milestone], *, tone: str, today: dt.date) -> Preview:
    """Who gets what (four queries for any number)."""
    units = [m.unit or m.task.main_unit for m in milestones]
    staff = staff_of(campaign, (unit.pk if unit else None for unit in units), today=today)
    last = _last_told([m.pk for m in milestones])
    lines = [
        Line(
            milestone=milestone,
            unit=unit,
            people=_people(staff[unit.pk if unit else None], tone),
            text=limit_words(milestone, staff[unit.pk if unit else None].chief, today=today),
            last=last.get(milestone.pk),
        )
        for milestone, unit in zip(milestones, units, strict=True)
    ]
    return Preview(lines=lines, tone=tone, problems=_problems(campaign, lines, today=today))


def _people(staff: Staff, tone: str) -> list[User]:
    return unique([*staff.answering, *(user for post in AUDIENCE[tone] for user in staff.to_tell(post))])


def _last_told(ids: Sequence[UUID]) -> dict[UUID, Notice]:
    rows = Notice.objects.filter(milestone__in=ids, reason__in=Notice.TONES, recalled_at=None)
    latest = rows.order_by().values("milestone").annotate(latest=Max("at"))
    at = dict(latest.values_list("milestone", "latest"))
    return {row.milestone_id: row for row in rows.order_by("pk") if row.at == at[row.milestone_id]}


def _problems(campaign: Campaign, lines: Sequence[Line], *, today: dt.date) -> list[Problem]:
    """Warnings only: nobody to tell, and units that would be pressed more often than the office allows itself (R10)."""
    found = [
        Problem(
            "nobody",
            f"{line.unit.name if line.unit else line.milestone.task.code}没有联络员，收不到。",
            level="warns",
            mend="请在“单位与人员”里补上联络员。",
        )
        for line in lines
        if not line.people
    ]
    found = list(dict.fromkeys(found))
    limit = campaign.weekly_demand_limit
    pressed = pressed_this_week(campaign, [line.unit.pk for line in lines if line.unit], today=today)
    names = {line.unit.pk: line.unit.name for line in lines if line.unit}
    for unit_id, count in pressed.items():
        if limit and count >= limit:
            message = f"{names[unit_id]}本周已被催办 {count} 次，达到每周 {limit} 次的上限。"
            found.append(Problem("demand_limit", message, level="warns", mend="可以先打电话问一问。"))
    return found


def pressed_this_week(campaign: Campaign, unit_ids: Iterable[UUID], *, today: dt.date) -> Counter[UUID]:
    """How many batches by hand reached each unit since Monday."""
    rows = Notice.objects.filter(
        campaign=campaign, unit__in=set(unit_ids), is_manual=True, recalled_at=None, told_on__gte=Week.of(today).monday
    )
    pairs = {(unit, key.split(":")[1]) for unit, key in rows.values_list("unit", "key")}
    return Counter(unit for unit, _ in pairs)


@dataclass(frozen=True)
class Urged:
    """One batch as it went out."""

    batch: UUID
    milestones: int
    people: int


def urge(found: Preview, *, batch: UUID, note: str = "", by: User, now: dt.datetime) -> Urged:
    """Send the preview: a notice for each milestone and person, one mail a person, held back for a few seconds."""
    lines = [line for line in found.lines if line.people]
    if not lines:
        raise Refused(Problem("nobody", "没有人可以接收，什么也没有发。", mend="请先给这些单位补上联络员。"))
    campaign = lines[0].milestone.task.campaign
    with transaction.atomic():
        if Notice.objects.filter(campaign=campaign, key__startswith=f"urge:{batch}:").exists():
            return _urged(batch, lines)
        rows = [_notice(line, person, found.tone, batch, note, by, now) for line in lines for person in line.people]
        _mail(campaign, rows, found.tone, batch, note, now)
        keep(rows)
        LogEntry.objects.bulk_create(
            log.entry_for(
                line.milestone,
                "urge",
                by=by,
                now=now,
                task_id=line.milestone.task_id,
                data={"tone": found.tone, "people": [person.name for person in line.people], "batch": str(batch)},
                reason=note.strip(),
            )
            for line in lines
        )
    return _urged(batch, lines)


def _urged(batch: UUID, lines: Sequence[Line]) -> Urged:
    return Urged(batch=batch, milestones=len(lines), people=len(unique(p for line in lines for p in line.people)))


def _notice(line: Line, person: User, tone: str, batch: UUID, note: str, by: User | None, now: dt.datetime) -> Notice:
    row = notice_for(
        line.milestone.task,
        tone,
        person,
        occasion=f"urge:{batch}:{line.milestone.pk}",
        text=shortened(f"{line.text}{note.strip()}"),
        by=by,
        now=now,
        milestone=line.milestone,
        unit=line.unit,
    )
    row.is_manual = True
    row.held_until = now + HOLD
    return row


def _mail(campaign: Campaign, rows: Sequence[Notice], tone: str, batch: UUID, note: str, now: dt.datetime) -> None:
    by_person: dict[UUID, list[Notice]] = defaultdict(list)
    for row in rows:
        by_person[row.recipient_id].append(row)
    today = rows[0].told_on
    for mine in by_person.values():
        person = mine[0].recipient
        opening = _opening(campaign, tone)
        words = digests.texts(campaign, person, mine, today=today, opening=opening, note=note.strip())
        sent = mail.queue_mail(
            campaign,
            key=f"urge:{batch}:{person.pk}",
            to=person,
            subject=digests.subject_of(campaign, mine, today=today),
            kind="urge",
            about_id=batch,
            delay=HOLD,
            now=now,
            text=words.text,
            html=words.html,
        )
        for row in mine:
            row.mail = sent


def sample(found: Preview, *, note: str, now: dt.datetime) -> str:
    """The mail the first person would get, word for word."""
    lines = [line for line in found.lines if line.people]
    if not lines:
        return ""
    person = lines[0].people[0]
    rows = [_notice(line, person, found.tone, UUID(int=0), note, None, now) for line in lines if person in line.people]
    campaign = lines[0].milestone.task.campaign
    opening = _opening(campaign, found.tone)
    return digests.texts(campaign, person, rows, today=rows[0].told_on, opening=opening, note=note.strip()).text


def _opening(campaign: Campaign, tone: str) -> str:
    words = {Tone.REMIND: "提醒您", Tone.URGE: "催办", Tone.SUPERVISE: "督办", Tone.CIRCULATE: "通报"}
    return f"{campaign.office_name}{words[Tone(tone)]}以下事项："


def notices_of(campaign: Campaign, batch: UUID) -> list[Notice]:
    rows = Notice.objects.filter(campaign=campaign, key__startswith=f"urge:{batch}:")
    return list(rows.select_related("task", "milestone", "unit", "recipient", "mail").order_by("task__code", "pk"))


def take_back(campaign: Campaign, batch: UUID, *, by: User, now: dt.datetime) -> int:
    """Recall a batch while it is held. Gives the notices taken back; raises `Refused` when it has gone out."""
    with transaction.atomic():
        mine = Notice.objects.filter(campaign=campaign, key__startswith=f"urge:{batch}:", by=by, recalled_at=None)
        mails = OutgoingMail.objects.filter(campaign=campaign, about_id=batch, kind="urge")
        held = mine.filter(held_until__gt=now)
        mail.take_back(mails.filter(notices__in=held))
        gone = mails.filter(state__in=[OutgoingMail.State.SENT, OutgoingMail.State.SENDING, OutgoingMail.State.UNKNOWN])
        recalled = held.exclude(mail__in=gone).update(recalled_at=now)
        if not recalled:
            message = "已经发出，撤不回来了。"
            raise Refused(Problem("gone", message, mend="可以再发一条说明，或电话告知。"))
        first = Notice.objects.filter(campaign=campaign, key__startswith=f"urge:{batch}:").first()
        log.write(first.task, "urge_taken_back", by=by, now=now, task_id=first.task_id, data={"batch": str(batch)})
    return recalled
