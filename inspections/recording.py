"""Taking in what an inspector saw: one visit, its answers, its findings. Photos come by `inspections.photos`.

The phone makes the ids of visit, findings and photos. Whatever arrives twice, in whatever order, leaves the same rows;
the same id with another content is refused.
"""

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from campaign import log
from campaign.models import Campaign, User
from campaign.problems import Conflict, Problem, Refused
from inspections import finding, photos, standing
from inspections.models import Answer, Checklist, ChecklistItem, Finding, Place, Round, RoundPlace, Visit

Verdict = Answer.Verdict
MOST_ANSWERS, MOST_FAILINGS, MOST_PHOTOS = 300, 60, 12


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One item of the checklist as it was found."""

    item: ChecklistItem
    verdict: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Failing:
    """One thing that was wrong. `photos` are the ids of its pictures, which come by themselves.

    `is_on_spot`: mended before one's eyes (立行立改), by `mended_by`; one of the photos then shows it mended.
    """

    client_id: str
    tile: str
    text: str = ""
    where: str = ""
    item: ChecklistItem | None = None
    severity: str = ""
    photos: tuple[str, ...] = ()
    is_on_spot: bool = False
    mended_by: str = ""

    @property
    def words(self) -> str:
        """What the order will say: the inspector's own words, else the item's, else the tile's."""
        return self.text.strip() or (self.item.text if self.item else self.tile)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One look at one place. `at` is when it was; `sha256` is of the message it came in (empty: of these fields)."""

    client_id: str
    at: dt.datetime
    place: Place | None = None
    round: Round | None = None
    checklist: Checklist | None = None
    is_fine: bool = False
    note: str = ""
    answers: tuple[Judged, ...] = ()
    failings: tuple[Failing, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    accuracy: int | None = None
    source: str = Finding.Source.PATROL
    sha256: str = ""

    @property
    def digest(self) -> str:
        if self.sha256:
            return self.sha256
        said: dict[str, Any] = {
            "place": str(self.place and self.place.pk),
            "is_fine": self.is_fine,
            "note": self.note,
            "answers": sorted([str(a.item.pk), a.verdict, a.note] for a in self.answers),
            "failings": [
                [f.client_id, f.tile, f.text, f.where, str(f.item and f.item.pk), *f.photos, f.is_on_spot, f.mended_by]
                for f in self.failings
            ],
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Recorded:
    visit: Visit
    findings: list[Finding]
    is_new: bool


def objections(seen: Seen) -> list[Problem]:
    """Why this visit cannot be taken in."""
    found = [*_place_problems(seen), *_size_problems(seen)]
    if seen.is_fine and (seen.failings or any(a.verdict == Verdict.FAIL for a in seen.answers)):
        found.append(Problem("both", "既点了合格，又报了问题。请只留一样。", where="is_fine"))
    if not (seen.is_fine or seen.failings or seen.answers):
        found.append(Problem("empty", "什么也没有查。请拍照选问题，或者点“合格”。"))
    for failing in seen.failings:
        if not failing.photos:
            message = f"“{failing.words}”不合格，还没有照片。"
            found.append(Problem("photo_needed", message, where=failing.client_id, mend="请补拍一张再提交。"))
        elif failing.is_on_spot and len(failing.photos) < 2:
            message = f"“{failing.words}”当场改好了，还没有整改后的照片。"
            found.append(Problem("after_needed", message, where=failing.client_id, mend="请补拍一张改好以后的。"))
    reported = {failing.item.pk for failing in seen.failings if failing.item}
    for answer in seen.answers:
        if answer.verdict == Verdict.FAIL and answer.item.pk not in reported:
            message = f"“{answer.item.text}”点了不合格，没有照片和说明。"
            found.append(Problem("photo_needed", message, where=str(answer.item.pk), mend="请补拍一张再提交。"))
    return found


def _place_problems(seen: Seen) -> list[Problem]:
    if seen.place is None:
        if seen.is_fine or seen.answers:
            return [Problem("place_needed", "没有选点位。", where="place", mend="请点上方选一个点位。")]
        if not all(failing.where.strip() for failing in seen.failings):
            message = "没有选点位，也没有写在哪里。"
            return [Problem("where_needed", message, where="place", mend="请选点位，或写具体位置。")]
        return []
    items = [answer.item for answer in seen.answers]
    items += [failing.item for failing in seen.failings if failing.item is not None]
    foreign = [item for item in items if item.checklist.place_type_id != seen.place.place_type_id]
    if foreign:
        message = f"“{foreign[0].text}”不是{seen.place.place_type}的检查项。"
        return [Problem("foreign_item", message, where=str(foreign[0].pk), mend="请刷新检查表后再提交。")]
    return []


def _size_problems(seen: Seen) -> list[Problem]:
    found = []
    if len(seen.answers) > MOST_ANSWERS or len(seen.failings) > MOST_FAILINGS:
        message = f"一次最多 {MOST_ANSWERS} 项检查、{MOST_FAILINGS} 个问题。"
        found.append(Problem("too_many", message, mend="请分两次提交。"))
    if any(len(failing.photos) > MOST_PHOTOS for failing in seen.failings):
        found.append(Problem("many_photos", f"一个问题最多 {MOST_PHOTOS} 张照片。", mend="请删去几张。"))
    keys = Counter([str(a.item.pk) for a in seen.answers] + [f.client_id for f in seen.failings])
    if any(count > 1 for count in keys.values()):
        found.append(Problem("double", "同一项写了两遍。", mend="请刷新页面后重新填写。"))
    ids = [seen.client_id, *(failing.client_id for failing in seen.failings)]
    if not all(ids) or any(client_id.startswith(photos.KNOWN) for client_id in ids):
        found.append(Problem("id", "这条记录没有编号。", where="client_id", mend="请刷新页面后再提交。"))
    return found


def record_visit(campaign: Campaign, seen: Seen, *, by: User, now: dt.datetime) -> Recorded:
    """Keep one visit with its answers and findings, and tie the photos that came before it.

    Raises `Refused` when it cannot be taken (nothing is written), `Conflict` when one of its ids is another's.
    """
    kept = _earlier(campaign, seen, by=by)
    is_new = kept is None
    if kept is None:
        wrong = objections(seen)
        if wrong:
            raise Refused(*wrong)
        try:
            kept = _write(campaign, _settled(seen, now), by=by, now=now)
        except IntegrityError:
            kept, is_new = _earlier(campaign, seen, by=by), False  # it arrived twice at once
            if kept is None:
                raise
    photos.tie(campaign, kept.client_id, now=now)
    return Recorded(visit=kept, findings=list(kept.findings.order_by("found_at", "id")), is_new=is_new)


def _earlier(campaign: Campaign, seen: Seen, *, by: User) -> Visit | None:
    visit = Visit.objects.filter(campaign=campaign, client_id=seen.client_id).select_related("place").first()
    if visit is not None and (visit.sha256 != seen.digest or visit.by_id != by.pk):
        message = "这个编号已经有另一条记录。"
        raise Conflict(Problem("other_record", message, where="client_id", mend="请刷新页面后重新提交。"))
    return visit


def _settled(seen: Seen, now: dt.datetime) -> Seen:
    """A phone's clock that runs ahead is not believed; a failing's item is also answered; a pass needs no words."""
    answered = {answer.item.pk for answer in seen.answers}
    more = [
        Judged(item=failing.item, verdict=Verdict.FAIL)
        for failing in seen.failings
        if failing.item is not None and failing.item.pk not in answered
    ]
    return replace(seen, at=min(seen.at, now), answers=(*seen.answers, *more), sha256=seen.digest)


@transaction.atomic
def _write(campaign: Campaign, seen: Seen, *, by: User, now: dt.datetime) -> Visit:
    verdicts = Counter(answer.verdict for answer in seen.answers)
    loose = sum(failing.item is None for failing in seen.failings)
    visit = Visit.objects.create(
        campaign=campaign,
        client_id=seen.client_id,
        sha256=seen.sha256,
        photo_keys={failing.client_id: list(failing.photos) for failing in seen.failings},
        round=seen.round,
        place=seen.place,
        checklist=seen.checklist,
        by=by,
        at=seen.at,
        received_at=now,
        is_fine=seen.is_fine,
        note=seen.note.strip()[:400],
        latitude=seen.latitude,
        longitude=seen.longitude,
        accuracy=seen.accuracy,
        passed_count=verdicts[Verdict.PASS],
        failed_count=verdicts[Verdict.FAIL] + loose,
    )
    if seen.place is not None:
        _answer(visit, seen)
    for failing in seen.failings:
        _find(campaign, visit, seen, failing, by=by, now=now)
    log.write(visit, "visit", by=by, now=now, data={"fine": seen.is_fine, "found": len(seen.failings)})
    if seen.place is not None:
        standing.refresh_places([seen.place.pk])
    return visit


def _answer(visit: Visit, seen: Seen) -> None:
    Answer.objects.bulk_create(
        Answer(
            campaign_id=visit.campaign_id,
            visit=visit,
            item=answer.item,
            place_id=visit.place_id,
            verdict=answer.verdict,
            note=answer.note.strip()[:200],
            at=seen.at,
        )
        for answer in seen.answers
    )
    if seen.round is not None:
        RoundPlace.objects.filter(round=seen.round, place=seen.place).update(visited_at=seen.at)


def _find(campaign: Campaign, visit: Visit, seen: Seen, failing: Failing, *, by: User, now: dt.datetime) -> None:
    found = finding.Found(
        text=failing.words,
        tile=failing.tile or (failing.item.tile if failing.item else ""),
        found_at=seen.at,
        severity=failing.severity,
        place=seen.place,
        item=failing.item,
        where=failing.where,
        visit=visit,
        round=seen.round,
        source=seen.source,
        client_id=failing.client_id,
        is_on_spot=failing.is_on_spot,
        mended_by=failing.mended_by,
    )
    kept = finding.file(campaign, found, by=by, now=now)
    if kept.visit_id != visit.pk:
        message = f"“{failing.words}”的编号已经有另一个问题。"
        raise Conflict(Problem("other_finding", message, where=failing.client_id, mend="请刷新页面后重新提交。"))
