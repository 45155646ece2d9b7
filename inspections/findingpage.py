"""What the page of one finding shows, and what the person who looks may do with it now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from campaign.access import Actor, Right
from campaign.models import LogEntry
from inspections import answering, orderpaper, pairing, photos, rechecking
from inspections.models import Finding, Order, Photo, Signature
from inspections.models.orders import OrderPolicy
from tasks.models import Milestone, ProgressReport, Request, Verdict

Stage = Finding.Stage
ROWS = Finding.objects.select_related(
    "campaign", "unit", "place__place_type", "place__street", "place_type", "area", "item__checklist__place_type",
    "found_by", "relapse_of", "joined_into", "round", "problem_list", "task__campaign", "sweep_of",
)  # fmt: skip
#: The queue beside the page is no longer than a person looks through.
QUEUE = 60
GLYPHS = {Stage.PENDING: "todo", Stage.RECHECK: "review", Stage.CLOSED: "done", Stage.REVOKED: "waived"}


def queue(actor: Actor) -> QuerySet:
    """What waits for this person's re-check, longest first, what was put aside last; list and "next" come from here."""
    return rechecking.waiting_for(actor).order_by("task__milestones__is_held", "answered_at", "id")


def next_after(actor: Actor, finding: Finding) -> Finding | None:
    """The next in the queue once this one is decided, or the first again; what was put aside opens when asked for."""
    rows = queue(actor).exclude(pk=finding.pk).filter(task__milestones__is_held=False)
    later = rows.filter(answered_at__gte=finding.answered_at) if finding.answered_at else rows
    return later.first() or rows.first()


@dataclass
class Sheet:
    """One finding as one actor sees it. Nothing is asked before it is looked at."""

    finding: Finding
    actor: Actor
    now: dt.datetime

    @cached_property
    def milestone(self) -> Milestone | None:
        return answering.milestone_of(self.finding) if self.finding.task_id else None

    @cached_property
    def in_transit(self) -> int:
        """Photos the finder still has on the phone (照片在途)."""
        return photos.in_transit([self.finding]).get(self.finding.pk, 0)

    @cached_property
    def policy(self) -> OrderPolicy:
        return OrderPolicy.of(self.finding.campaign_id)

    @property
    def title(self) -> str:
        return orderpaper.title_of(self.finding)

    @property
    def place_words(self) -> str:
        return orderpaper.place_words(self.finding)

    @property
    def basis(self) -> str:
        return orderpaper.basis_words(self.finding)

    @property
    def times(self) -> int:
        return orderpaper.times(self.finding)

    @property
    def is_late(self) -> bool:
        finding = self.finding
        return finding.stage == Stage.FIXING and finding.due_at is not None and finding.due_at < self.now

    @property
    def glyph(self) -> str:
        if self.is_late:
            return "overdue"
        if self.finding.stage == Stage.FIXING:
            return "returned" if self.milestone and self.milestone.is_returned else "doing"
        return GLYPHS[Stage(self.finding.stage)]

    # ---------- the limit
    @property
    def left_words(self) -> str:
        """剩 7 小时, 剩 2 天, 超 3 小时; empty where nothing runs."""
        if self.finding.due_at is None or self.finding.stage != Stage.FIXING:
            return ""
        hours = (self.finding.due_at - self.now).total_seconds() / 3600
        count = abs(hours)
        words = f"{max(1, int(count))} 小时" if count < 48 else f"{int(count // 24)} 天"
        return f"{'剩' if hours >= 0 else '超'} {words}"

    @property
    def used(self) -> int:
        """How much of the limit is gone, 0..100."""
        finding = self.finding
        if finding.due_at is None or finding.issued_at is None or finding.due_at <= finding.issued_at:
            return 100
        share = (self.now - finding.issued_at) / (finding.due_at - finding.issued_at)
        return max(0, min(100, round(share * 100)))

    # ---------- pictures
    @cached_property
    def photos(self) -> list[Photo]:
        return list(self.finding.photos.select_related("attachment", "by").order_by("received_at", "id"))

    def of_moment(self, moment: str) -> list[Photo]:
        return [photo for photo in self.photos if photo.moment == moment]

    @property
    def before(self) -> Photo | None:
        return pairing.before_of(self.photos)

    @property
    def after(self) -> Photo | None:
        return pairing.after_of(self.photos)

    @property
    def more_photos(self) -> list[Photo]:
        return [photo for photo in self.photos if photo not in (self.before, self.after)]

    @cached_property
    def checks(self) -> list[rechecking.Check]:
        return rechecking.checks_of(self.finding, self.before, self.after)

    # ---------- what was said
    @cached_property
    def report(self) -> ProgressReport | None:
        rows = ProgressReport.objects.filter(task=self.finding.task_id, is_submission=True).select_related("by", "unit")
        return rows.first() if self.finding.task_id else None

    @cached_property
    def verdict(self) -> Verdict | None:
        """With what words it was sent back last."""
        if self.milestone is None or not self.milestone.is_returned:
            return None
        return self.milestone.verdicts.standing().select_related("by").first()

    @cached_property
    def requests(self) -> list[Request]:
        if self.finding.task_id is None:
            return []
        rows = Request.objects.filter(task=self.finding.task_id).select_related("unit", "by", "proposed_unit")
        return list(rows.select_related("milestone"))

    @property
    def open_requests(self) -> list[Request]:
        return [request for request in self.requests if request.state == Request.State.OPEN]

    @cached_property
    def signatures(self) -> list[Signature]:
        return list(self.finding.signatures.select_related("unit", "signed_by"))

    @cached_property
    def awaited(self) -> set[UUID]:
        """Rows of offices that have to sign, or to sign again since it was sent back."""
        return {row.pk for row in rechecking.awaited(self.finding)}

    @property
    def own_signature(self) -> Signature | None:
        mine = (row for row in self.signatures if row.unit_id in self.actor.own_unit_ids and row.pk in self.awaited)
        return next(mine, None)

    @cached_property
    def order(self) -> Order | None:
        rows = Order.objects.filter(lines__finding=self.finding).select_related("unit", "received_by")
        return rows.order_by("-issued_at").first()

    @cached_property
    def joined(self) -> Sequence[Finding]:
        rows = Finding.objects.visible_to(self.actor).filter(joined_into=self.finding)
        return list(rows.select_related("found_by").order_by("found_at"))

    @cached_property
    def chain(self) -> Sequence[Finding]:
        """The relapses this one is a link of, first to last, as far as the reader may know of them."""
        first = self.finding.relapse_of_id or self.finding.pk
        links = Finding.objects.visible_to(self.actor).filter(Q(pk=first) | Q(relapse_of=first, is_relapse=True))
        found = list(links.order_by("found_at", "id"))
        return found if len(found) > 1 else []

    @cached_property
    def sweep_counts(self) -> tuple[int, int]:
        """Places told to look at themselves because of this one: how many have closed, of how many."""
        stages = list(self.finding.sweep.values_list("stage", flat=True))
        return sum(stage == Stage.CLOSED for stage in stages), len(stages)

    @cached_property
    def history(self) -> Sequence[LogEntry]:
        """Deeds on the finding, and those on its duty in the ledger; a third party reads its own."""
        rows = LogEntry.objects.filter(campaign=self.finding.campaign_id).select_related("by")
        rows = rows.exclude(verb="submit")  # the same moment as the answer
        own = rows.filter(object_id=self.finding.pk)
        if self.finding.task_id:
            own = own | rows.filter(task_id=self.finding.task_id)
        if self.actor.is_outsider:
            own = own.filter(by=self.actor.user)
        return list(own.order_by("-at", "-id")[:40])

    # ---------- what may be done
    @property
    def may_order(self) -> bool:
        return self.actor.can(Right.ORDER)

    @property
    def may_choose_photo(self) -> bool:
        """Of several that show what was wrong, the office names the one that is printed."""
        return self.may_order and self.finding.stage in Finding.OPEN_STAGES and self.finding.joined_into_id is None

    @property
    def may_answer(self) -> bool:
        return self.finding.stage == Stage.FIXING and not answering.why_not(self.actor, self.finding)

    @property
    def why_no_recheck(self) -> str:
        return rechecking.why_not(self.actor, self.finding, self.milestone)

    @property
    def may_recheck(self) -> bool:
        return self.finding.stage == Stage.RECHECK and not self.why_no_recheck

    @property
    def may_take_back(self) -> bool:
        is_ours = not answering.why_not(self.actor, self.finding)
        return self.finding.stage == Stage.RECHECK and is_ours and not self.actor.can(Right.READ_ALL)

    @property
    def may_escalate(self) -> bool:
        finding = self.finding
        is_often = finding.returns >= self.policy.rounds_to_escalate
        return self.may_order and is_often and finding.escalated_at is None and finding.stage in Finding.OPEN_STAGES

    @property
    def may_look_again(self) -> bool:
        finding = self.finding
        return self.actor.can(Right.INSPECT) and finding.stage == Stage.CLOSED and finding.rechecked_on is None
