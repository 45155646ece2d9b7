"""What a row of the board says beside the finding: photos, the unit's answer, how often it was pressed, the limit."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from campaign.access import Actor
from inspections import ages, limits, pairing, rechecking
from inspections.kinds import Kind, kind_of
from inspections.measuring import metres_between
from inspections.models import Finding, OrderPolicy, Photo
from tasks.models.ledger import RECTIFICATION


@dataclass(frozen=True)
class Row:
    finding: Finding
    kind: Kind
    when: str
    note: str
    photos: int = 0
    before: Photo | None = None
    after: Photo | None = None
    answer: str = ""
    checks: tuple[tuple[str, bool], ...] = ()
    why_not: str = ""

    @property
    def may_recheck(self) -> bool:
        return self.kind == Kind.REVIEW and not self.why_not

    @property
    def version(self) -> int:
        """The milestone's, as the row shows it."""
        return getattr(self.finding, "step_version", None) or 0

    @property
    def is_held(self) -> bool:
        return bool(getattr(self.finding, "is_held", None))

    @property
    def title(self) -> str:
        place = self.finding.place.name if self.finding.place else self.finding.where
        return f"{place} {self.finding.text}".strip() if place and place not in self.finding.text else self.finding.text

    @property
    def task_code(self) -> str:
        """Of its duty in the ledger."""
        return f"{RECTIFICATION}{self.finding.code}"

    @property
    def url(self) -> str:
        return f"/orders/{self.finding.code}"


@dataclass(frozen=True)
class Known:
    """Everything the rows need, by a fixed number of queries."""

    actor: Actor
    policy: OrderPolicy
    photos: dict[UUID, list[Photo]]


def rows_of(actor: Actor, findings: Sequence[Finding], *, now: dt.datetime) -> list[Row]:
    if not findings:
        return []
    known = _learn(actor, findings, now=now)
    return [_row(finding, known, now=now, today=actor.today) for finding in findings]


def _learn(actor: Actor, findings: Sequence[Finding], *, now: dt.datetime) -> Known:
    kinds = {finding.pk: kind_of(finding, now=now) for finding in findings}
    photos: dict[UUID, list[Photo]] = {}
    for photo in Photo.objects.filter(finding__in=list(kinds)).order_by("received_at", "pk"):
        photos.setdefault(photo.finding_id, []).append(photo)
    is_asked = {Kind.TODO, Kind.REVIEW} & set(kinds.values())
    return Known(actor, OrderPolicy.of(findings[0].campaign_id) if is_asked else OrderPolicy(), photos)


def _row(finding: Finding, known: Known, *, now: dt.datetime, today: dt.date) -> Row:
    kind = kind_of(finding, now=now)
    photos = known.photos.get(finding.pk, [])
    before, after = pairing.before_of(photos), pairing.after_of(photos)
    return Row(
        finding,
        kind,
        _when(finding, kind, known, now=now),
        _note(finding, kind, len(photos), known, today=today),
        len(photos),
        before,
        after,
        (getattr(finding, "answer", None) or "") if kind == Kind.REVIEW else "",
        tuple(_checks(before, after)) if kind == Kind.REVIEW else (),
        rechecking.bar(known.actor, finding, getattr(finding, "step_by", None), policy=known.policy)
        if kind == Kind.REVIEW
        else "",
    )


def _when(finding: Finding, kind: Kind, known: Known, *, now: dt.datetime) -> str:
    if kind == Kind.TODO:
        return limits.words_of(known.policy, finding.severity)
    if kind == Kind.RELAPSE:
        return f"第 {(getattr(finding, 'times', None) or 1) + 1} 次"
    if kind == Kind.DONE:
        return "立行立改" if finding.is_on_spot else ""
    if finding.due_at is None:
        return ""
    return limit_words(finding.due_at, now=now)


def limit_words(due_at: dt.datetime, *, now: dt.datetime) -> str:
    """超期 6 天, 超期 3 小时, 剩 7 小时, 剩 2 天."""
    hours = (due_at - now).total_seconds() / 3600
    word = "剩" if hours >= 0 else "超期"
    hours = abs(hours)
    if hours < 1:
        return f"{word}不到 1 小时"
    return f"{word} {int(hours)} 小时" if hours < 24 else f"{word} {int(hours // 24)} 天"


def _note(finding: Finding, kind: Kind, photos: int, known: Known, *, today: dt.date) -> str:
    if kind == Kind.OVERDUE:
        times, last = getattr(finding, "pressed", None), getattr(finding, "pressed_on", None) or today
        return f"已催 {times} 次 · {last.month}月{last.day}日" if times else "尚未催办"
    if kind == Kind.RELAPSE and finding.relapse_of is not None and finding.relapse_of.closed_at is not None:
        closed = finding.relapse_of.closed_at.astimezone(known.actor.campaign.zone)
        # a chain names where it began; of the second time that is also the time before
        word = "首次" if (getattr(finding, "times", None) or 1) > 1 else "上次"
        return f"{word}销号 {closed.month}月{closed.day}日"
    day = near(finding.found_on, today=today) if finding.found_on else ""
    return f"{day} · 照片 {photos}" if photos else day


def near(day: dt.date, *, today: dt.date) -> str:
    return {0: "今天", 1: "昨天"}.get((today - day).days, f"{day.month}月{day.day}日")


def _checks(before: Photo | None, after: Photo | None) -> Iterable[tuple[str, bool]]:
    """What a machine can compare: the words, and whether they are a doubt."""
    if after is None:
        yield "没有整改后照片", True
        return
    metres = metres_between(before, after)
    if after.latitude is None or after.longitude is None:
        yield "照片没有位置信息", True
    elif metres is not None:
        yield f"相距 {metres} m", metres > 100
    if before is not None:
        hours = (after.received_at - before.received_at).total_seconds() / 3600
        yield f"与整改前隔 {ages.spell(max(0.0, hours))}", False
