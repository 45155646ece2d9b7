"""Playing the story through the deeds the product itself uses, each at its own hour."""

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from campaign.attachments import Upload
from campaign.models import Campaign, Membership, Unit, User
from reports.demo import SEED, pictures, story, words
from reports.demo.field import FIRST, Month
from reports.demo.office import Desk
from reports.demo.story import Act
from tasks import closing, deadlines, progress, requesting
from tasks.evidence import NewFile
from tasks.models import ClosingRequirement, Milestone, Task
from tasks.progress import Entry


@dataclass
class Teller:
    """Knows who speaks for each unit and plays acts one by one."""

    campaign: Campaign
    rng: random.Random
    office: User
    people: dict[Any, User]
    requirements: dict[Any, list[ClosingRequirement]]
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign) -> "Teller":
        liaisons = Membership.objects.filter(campaign=campaign, post=Membership.Post.LIAISON).select_related("user")
        requirements: dict[Any, list[ClosingRequirement]] = {}
        for row in ClosingRequirement.objects.filter(campaign=campaign).order_by("order"):
            requirements.setdefault(row.task_id, []).append(row)
        return cls(
            campaign,
            random.Random(f"telling {SEED}"),
            User.objects.get(username="chenjing"),
            {row.unit_id: row.user for row in liaisons},
            requirements,
        )

    def play(self, acts: Iterable[Act]) -> None:
        for number, act in enumerate(acts):
            self.counts[act.kind] = self.counts.get(act.kind, 0) + 1
            milestone = Milestone.objects.select_related("task__campaign", "unit").get(pk=act.milestone.pk)
            getattr(self, f"_{act.kind}")(act, milestone, self._hour(act.on, number))

    def _hour(self, day: dt.date, number: int) -> dt.datetime:
        """Within office hours; acts of one day keep their order."""
        minutes = 8 * 60 + 40 + (number * 7 + self.rng.randrange(5)) % 480
        return dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), self.campaign.zone)

    def _speaker(self, milestone: Milestone) -> tuple[User, Unit] | None:
        user = self.people.get(milestone.unit_id)
        return None if user is None or milestone.unit is None else (user, milestone.unit)

    def _report(self, act: Act, milestone: Milestone, now: dt.datetime, *, is_submission: bool = False) -> None:
        speaker = self._speaker(milestone)
        if speaker is None or milestone.state != Milestone.State.OPEN:
            return
        target = progress.rate_target(milestone.task)
        rate = self._rate(target, is_submission=is_submission) if target is not None else {}
        entry = Entry(
            token=f"demo-{milestone.pk}-{now:%m%d%H%M}",
            version=milestone.version,
            progress=act.progress,
            problems=act.problems,
            measures=act.measures,
            quantity=act.quantity,
            is_submission=is_submission,
            files=self._files(act, milestone, is_submission=is_submission),
            **rate,
        )
        progress.report_progress(milestone, entry, by=speaker[0], unit=speaker[1], now=now)

    def _submit(self, act: Act, milestone: Milestone, now: dt.datetime) -> None:
        self._report(act, milestone, now, is_submission=True)

    def _rate(self, target: Any, *, is_submission: bool) -> dict[str, Any]:
        whole = self.rng.choice((120, 150, 200, 240))
        goal = float(target.value) / 100
        share = min(1.0, goal + self.rng.uniform(0, 0.04)) if is_submission else goal * self.rng.uniform(0.7, 0.96)
        return {
            "numerator": Decimal(round(whole * share + (0.499 if is_submission else 0))),
            "denominator": Decimal(whole),
        }

    def _files(self, act: Act, milestone: Milestone, *, is_submission: bool) -> list[NewFile]:
        wanted = self.requirements.get(milestone.task_id, []) if is_submission and milestone.period_on is None else []
        if wanted and self.rng.random() < 0.14:
            wanted = wanted[:-1]
        files = [self._proof(act, milestone, need) for need in wanted[: max(act.files, len(wanted))] if act.files]
        extra = act.files - len(files)
        return files + [self._photo(act, milestone, number) for number in range(max(0, extra))]

    def _proof(self, act: Act, milestone: Milestone, need: ClosingRequirement) -> NewFile:
        seed = f"{milestone.pk}{need.label}{act.on}"
        if "照片" in need.label:
            return self._photo(act, milestone, 0, requirement_id=need.pk)
        number = f"望创〔2019〕{self.rng.randrange(3, 90)}号"
        content = pictures.paper(seed + number, f"{need.label}：{milestone.task.title}"[:20], number)
        return NewFile(
            Upload(f"{need.label}.jpg", content),
            shows=need.label,
            about_on=act.on,
            document_number=number,
            requirement_id=need.pk,
        )

    def _photo(self, act: Act, milestone: Milestone, number: int, *, requirement_id: Any = None) -> NewFile:
        place = self.rng.choice(words.PLACES)
        seed = f"{milestone.pk}{act.on}{number}{self.rng.random()}"
        if self.rng.random() < 0.25:
            content = pictures.sign(seed, milestone.task.title[:8], place)
        else:
            content = pictures.street(seed, place)
        return NewFile(Upload(f"{place}.jpg", content), shows=place, about_on=act.on, requirement_id=requirement_id)

    def _pass(self, act: Act, milestone: Milestone, now: dt.datetime) -> None:
        if milestone.state == Milestone.State.SUBMITTED:
            reason = "其余要件齐备，缺件限期补交。"
            closing.decide(milestone, outcome="pass", reason=reason, by=self.office, now=now, version=milestone.version)

    def _return(self, act: Act, milestone: Milestone, now: dt.datetime) -> None:
        if milestone.state == Milestone.State.SUBMITTED:
            limit = act.on + dt.timedelta(days=7)
            closing.decide(
                milestone,
                outcome="return",
                reason=act.reason,
                limit_on=limit,
                by=self.office,
                now=now,
                version=milestone.version,
            )

    def _hold(self, act: Act, milestone: Milestone, now: dt.datetime) -> None:
        if milestone.state == Milestone.State.SUBMITTED:
            closing.decide(
                milestone, outcome="hold", reason=act.reason, by=self.office, now=now, version=milestone.version
            )

    def _extension(self, act: Act, milestone: Milestone, now: dt.datetime) -> None:
        speaker = self._speaker(milestone)
        if speaker is not None and milestone.state == Milestone.State.OPEN:
            requesting.ask(
                milestone,
                "extension",
                reason=act.reason,
                proposed_on=act.to_on,
                by=speaker[0],
                unit=speaker[1],
                now=now,
            )

    def _confirm(self, act: Act, milestone: Milestone, now: dt.datetime) -> None:
        rows = Milestone.objects.filter(task=milestone.task_id, is_assumed=True).select_related("task", "campaign")
        deadlines.change_deadlines(list(rows), to_on=act.to_on, basis=act.reason, by=self.office, now=now)


def tell(campaign: Campaign) -> dict[str, int]:
    """Play the whole year up to the demo's day, day by day. Gives how often each kind of act was played."""
    teller = Teller.of(campaign)
    rng = random.Random(f"story {SEED}")
    tasks = list(Task.objects.filter(campaign=campaign).order_by("code").prefetch_related("targets", "milestones"))
    teller.play(story.confirmed_limits(tasks, rng))
    acts: dict[dt.date, list[Act]] = {}
    for task in Task.objects.filter(campaign=campaign).order_by("code").prefetch_related("targets", "milestones"):
        for milestone in task.milestones.all():
            if milestone.state == Milestone.State.OPEN:
                for act in story.acts_of(task, milestone, rng):
                    acts.setdefault(act.on, []).append(act)
    office = Desk(campaign, teller.office)
    office.begin()
    street = Month(
        campaign,
        teller.office,
        User.objects.get(username="inspector"),
        User.objects.get(username="third"),
        teller.people,
    )
    day = min(acts)
    while day <= story.TODAY:
        office.morning(day)
        teller.play(acts.get(day, ()))
        if day == FIRST:
            street.begin()
        if day >= FIRST:
            street.day(day)
        office.evening(day)
        day += dt.timedelta(days=1)
    return teller.counts
