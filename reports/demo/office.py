"""What the demo's office does beside verifying: nightly reminders, urging, instructions, practice, the weekly briefing."""

import datetime as dt
import random
from dataclasses import dataclass
from uuid import UUID

from campaign.clock import Week
from campaign.models import Campaign, Membership, Unit, User
from reports import briefing
from reports.daily import run_day
from reports.demo import SEED, words
from reports.editing import choose, send_in
from reports.models import Distribution, Practice
from tasks import editing, urging
from tasks.models import Notice, Task

#: The product's own nights begin here: earlier ones would only fill the outbox.
NIGHTS_FROM = dt.date(2019, 9, 12)
BRIEFINGS_FROM = dt.date(2019, 7, 12)
#: What is sent in after this day still waits to be chosen.
BRIEFINGS_UNTIL = dt.date(2019, 8, 3)
LIST = (
    ("区委区政府主要领导", "leaders@demo.invalid", Distribution.Line.REPORT),
    ("市创城办", "city@demo.invalid", Distribution.Line.REPORT),
    ("区委各部门", "party@demo.invalid", Distribution.Line.SEND),
    ("区政府各委办局", "bureaus@demo.invalid", Distribution.Line.ISSUE),
    ("各街道工委、办事处", "streets@demo.invalid", Distribution.Line.ISSUE),
)
#: The office begins the year's summary early; it writes itself on until December.
SUMMARY_ON = dt.date(2019, 9, 20)
URGED_ON = (dt.date(2019, 9, 19), dt.date(2019, 9, 23))


@dataclass
class Desk:
    campaign: Campaign
    office: User

    def begin(self) -> None:
        rows = [
            Distribution(campaign=self.campaign, name=name, address=address, line=line, order=order)
            for order, (name, address, line) in enumerate(LIST)
        ]
        Distribution.objects.bulk_create(rows)
        self.rng = random.Random(f"office {SEED}")

    def _at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour, minute), self.campaign.zone)

    def morning(self, day: dt.date) -> None:
        if day >= NIGHTS_FROM:
            run_day(self.campaign, today=day, now=self._at(day, 7, 30))
            self._read(day)

    def evening(self, day: dt.date) -> None:
        if day.weekday() == 2:
            self._practice(day)
        if day.weekday() == 4 and day >= BRIEFINGS_FROM:
            self._issue(day)
        if day == SUMMARY_ON:
            briefing.draft_year(self.campaign, by=self.office, now=self._at(day, 17))
        if day in URGED_ON:
            self._urge(day)
        if day == URGED_ON[0]:
            self._instruct(day)

    def _read(self, day: dt.date) -> None:
        """People open most of what they are told, and sign for some of it."""
        for notice in Notice.objects.filter(campaign=self.campaign, told_on=day - dt.timedelta(days=1), read_at=None):
            if self.rng.random() < 0.7:
                notice.read_at = self._at(day, 8, self.rng.randrange(60))
                if self.rng.random() < 0.5:
                    notice.acknowledged_at = notice.read_at + dt.timedelta(minutes=3)
                notice.save(update_fields=["read_at", "acknowledged_at"])

    def _practice(self, day: dt.date) -> None:
        number = day.isocalendar().week % 4
        unit, title, body = words.PRACTICES[number]
        if day < BRIEFINGS_FROM or Practice.objects.filter(campaign=self.campaign, title=title).exists():
            return
        sender = Membership.objects.get(campaign=self.campaign, unit__name=unit, post=Membership.Post.LIAISON).user
        at = self._at(day, 15)
        row = Practice(
            campaign=self.campaign, unit=Unit.objects.get(campaign=self.campaign, name=unit), by=sender, at=at
        )
        row.title, row.body = title, body
        send_in(row, now=at)

    def _issue(self, day: dt.date) -> None:
        now = self._at(day, 16)
        drafted = briefing.draft(self.campaign, Week.of(day), by=self.office, now=now)
        sent_in = Practice.objects.filter(campaign=self.campaign, state=Practice.State.SENT).order_by("at").first()
        if sent_in is not None and day < BRIEFINGS_UNTIL:
            choose(sent_in, drafted, by=self.office, now=now)
        briefing.finalise(drafted, by=self.office, today=day, now=now)
        briefing.issue(drafted, by=self.office, now=now)

    def _urge(self, day: dt.date) -> None:
        late = Task.objects.filter(campaign=self.campaign).overdue(today=day).order_by("due_on")[:3]
        milestones = urging.to_urge(late, today=day)
        if milestones:
            found = urging.preview(self.campaign, milestones, tone="urge", today=day)
            batch = UUID(int=self.rng.getrandbits(128), version=4)
            urging.urge(found, batch=batch, note="请今天更新进展。", by=self.office, now=self._at(day, 10))

    def _instruct(self, day: dt.date) -> None:
        leader = User.objects.get(username="leader")
        task = Task.objects.filter(campaign=self.campaign).overdue(today=day).order_by("due_on").first()
        if task is not None:
            editing.instruct(task, words.INSTRUCTIONS[0], by=leader, now=self._at(day, 17))
