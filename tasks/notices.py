"""Telling people: each thing told to each person is a row, an entry of their inbox, shown on the task with its fate."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from campaign.models import Campaign, Membership, Unit, User
from tasks.models import Milestone, Notice, Task

Post = Membership.Post

#: Who fills in a unit's reports, and is told of everything that comes back.
ANSWERING = (Post.LIAISON, Post.MATERIALS)
#: Whom to ask where a leading post is empty.
STAND_INS = {Post.DEPUTY: (Post.PRINCIPAL,), Post.PRINCIPAL: (Post.DEPUTY,), Post.MATERIALS: (Post.LIAISON,)}


@dataclass(frozen=True)
class Staff:
    """Who fills which post of one unit today."""

    posts: dict[str, list[User]] = field(default_factory=dict)

    def of(self, post: str) -> list[User]:
        return self.posts.get(post, [])

    def to_tell(self, post: str) -> list[User]:
        """The post's people, or those of the post that stands in for it."""
        for candidate in (Post(post), *STAND_INS.get(Post(post), ())):
            if self.of(candidate):
                return self.of(candidate)
        return []

    @property
    def answering(self) -> list[User]:
        """Who fills in for the unit; a unit without liaison is answered for by its leaders."""
        found = [user for post in ANSWERING for user in self.of(post)]
        return unique(found or self.of(Post.DEPUTY) or self.of(Post.PRINCIPAL))

    @property
    def chief(self) -> User | None:
        """一把手, or who stands in: named on every notice about late work."""
        return next(iter(self.to_tell(Post.PRINCIPAL)), None)


def staff_of(campaign: Campaign, unit_ids: Iterable[UUID | None], *, today: dt.date) -> dict[UUID | None, Staff]:
    """The people of many units by one query. A unit nobody works for is there, empty."""
    ids = {unit_id for unit_id in unit_ids if unit_id is not None}
    rows = Membership.objects.filter(campaign=campaign, unit__in=ids).current(today=today).select_related("user")
    found: dict[UUID | None, dict[str, list[User]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.order_by("valid_from", "id"):
        found[row.unit_id][row.post].append(row.user)
    return {unit_id: Staff(dict(found[unit_id])) for unit_id in (*ids, None)}


def unique(users: Iterable[User | None]) -> list[User]:
    return list({user.pk: user for user in users if user is not None}.values())


def notice_for(
    task: Task,
    reason: str,
    recipient: User,
    *,
    occasion: str,
    text: str,
    now: dt.datetime,
    by: User | None = None,
    milestone: Milestone | None = None,
    unit: Unit | None = None,
) -> Notice:
    """An unsaved notice. `occasion` says for what it is told: the same person is told of one occasion once."""
    return Notice(
        campaign_id=task.campaign_id,
        task=task,
        milestone=milestone,
        key=f"{occasion}:{recipient.pk}",
        reason=reason,
        recipient=recipient,
        unit_id=unit.pk if unit else (milestone.unit_id if milestone else task.main_unit_id),
        text=shortened(text),
        by=by,
        at=now,
        told_on=now.astimezone(task.campaign.zone).date(),
    )


def tell_unit(
    milestone: Milestone,
    reason: str,
    *,
    occasion: str,
    text: str,
    by: User | None,
    now: dt.datetime,
    held_until: dt.datetime | None = None,
) -> list[Notice]:
    """Tell who answers for the milestone's unit, and who handed it in, in the caller's transaction."""
    task = milestone.task
    today = now.astimezone(task.campaign.zone).date()
    staff = staff_of(task.campaign, [milestone.unit_id or task.main_unit_id], today=today)
    people = unique([*staff[milestone.unit_id or task.main_unit_id].answering, milestone.submitted_by])
    rows = [
        notice_for(task, reason, person, occasion=occasion, text=text, by=by, now=now, milestone=milestone)
        for person in people
        if person != by
    ]
    for row in rows:
        row.held_until = held_until
    return keep(rows)


def keep(rows: Sequence[Notice]) -> list[Notice]:
    """Save them; one whose key is there already is the same notice and is left as it is."""
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
    return list(rows)


def shortened(text: str, limit: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
