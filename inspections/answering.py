"""拍照答复: the unit says it is mended and shows it. What hands in is a report of the ledger; the photo is compulsory."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from campaign import log
from campaign.access import Actor, Right
from campaign.models import Unit, User
from campaign.problems import Conflict, Problem, Refused
from inspections.models import Finding, Photo
from inspections.photos import Shot, came_ahead, hand_in, take_photo
from tasks import progress
from tasks.models import Milestone, ProgressReport, Verdict

Stage = Finding.Stage
MOST_PHOTOS = 9
#: One tap instead of typing; the unit may write its own.
CANNED = ("已清理归位", "已修复", "已拆除", "已规范停放", "安排专人值守")
UNSAID = "已整改"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a unit sends. `token` is made by the form or the phone: a second arrival of it is the same answer.

    `version` is the milestone's, as the form showed it. `shots` come with the answer; `photos` are the client ids of
    those a phone has sent ahead of it. `filed_at` is when it was filed on a phone; the limit is kept by arrival.
    """

    token: str
    version: int
    words: str = ""
    shots: Sequence[Shot] = ()
    photos: Sequence[str] = ()
    filed_at: dt.datetime | None = None

    @property
    def text(self) -> str:
        return self.words.strip() or UNSAID


def milestone_of(finding: Finding) -> Milestone:
    """The one milestone of an issued finding."""
    return Milestone.objects.select_related("task__campaign", "unit", "submitted_by").get(task=finding.task_id)


def why_not(actor: Actor, finding: Finding) -> str:
    """Why this person does not answer for the finding; empty when they may."""
    if not actor.can(Right.REPORT):
        return "您没有答复整改的权限。如需办理，请与创建办联系。"
    if not actor.can(Right.READ_ALL) and finding.unit_id not in actor.unit_ids:
        return "这处问题由别的单位整改，您可以查看，不能答复。"
    return ""


def photos_of_round(finding: Finding) -> list[Photo]:
    """After-photos handed in since the last time it was sent back."""
    sent_back = Verdict.objects.standing().filter(task=finding.task_id, outcome=Verdict.Outcome.RETURN)
    since = sent_back.aggregate(at=Max("at"))["at"] or finding.issued_at
    rows = Photo.objects.filter(finding=finding, moment=Photo.Moment.AFTER).select_related("attachment", "by")
    return list(rows.filter(received_at__gte=since) if since else rows)


def objections(finding: Finding, said: Said, ahead: Sequence[Photo] = ()) -> list[Problem]:
    """Why this answer cannot be taken. `ahead` are those of its photos that are here already."""
    if finding.stage != Stage.FIXING:
        words = {
            Stage.RECHECK: "已经答复过，正等复查。要重拍，请先撤回答复。",
            Stage.CLOSED: "已经销号，不用再答复。",
            Stage.REVOKED: "已经撤销，不用答复。",
        }
        return [Problem("not_open", f"整改 {finding.code} {words.get(Stage(finding.stage), '还没有签发。')}")]
    found = []
    if len(ahead) < len(said.photos):
        message = f"{len(said.photos)} 张照片只收到 {len(ahead)} 张。"
        found.append(Problem("photo_missing", message, where="photo", mend="请重新拍照，再提交一次。"))
    elif not said.shots and not ahead and not photos_of_round(finding):
        mend = "请到现场，在同一位置拍一张整改后的照片。"
        found.append(Problem("photo_needed", "没有整改后的照片，不能提交。", where="photo", mend=mend))
    if len(said.shots) + len(said.photos) > MOST_PHOTOS:
        found.append(Problem("many_photos", f"一次最多 {MOST_PHOTOS} 张照片。", where="photo", mend="请挑几张。"))
    before = Photo.objects.filter(finding=finding, moment=Photo.Moment.BEFORE)
    used = set(before.values_list("sha256", flat=True))
    if used & {*(shot.sha256 for shot in said.shots), *(photo.sha256 for photo in ahead)}:
        message = "这张就是整改前的照片。"
        found.append(Problem("same_photo", message, where="photo", mend="请在现场重新拍一张。"))
    return found


def answer(finding: Finding, said: Said, *, by: User, unit: Unit, now: dt.datetime) -> ProgressReport:
    """Take one answer in, photos and words together or not at all. Raises `Refused` or `Conflict`."""
    earlier = ProgressReport.objects.filter(campaign_id=finding.campaign_id, token=said.token).first()
    if earlier is not None and earlier.task_id == finding.task_id:
        return _same(earlier, finding, said, by=by)
    ahead = came_ahead(finding, said.photos, by=by)
    wrong = objections(finding, said, ahead)
    milestone = milestone_of(finding) if finding.task_id else None
    if wrong and milestone is not None and milestone.version != said.version:
        raise Conflict(*wrong, current=milestone)
    if wrong or milestone is None:
        raise Refused(*wrong)
    entry = progress.Entry(token=said.token, version=said.version, progress=said.text, is_submission=True)
    data: dict[str, Any] = {"photos": len(said.shots) + len(ahead)}
    if said.filed_at is not None:
        data["filed_at"] = said.filed_at.isoformat()
    with transaction.atomic():
        for shot in said.shots:
            take_photo(finding.campaign, shot, by=by, now=now, finding=finding)
        hand_in(finding, ahead)
        report = progress.report_progress(milestone, entry, by=by, unit=unit, now=now)
        log.write(finding, "answer", by=by, now=now, task_id=finding.task_id, data=data)
    finding.refresh_from_db()
    return report


def _same(earlier: ProgressReport, finding: Finding, said: Said, *, by: User) -> ProgressReport:
    """The answer of an earlier arrival; `Conflict` where a phone gives the same id to another one."""
    if said.photos:
        here = came_ahead(finding, said.photos, by=by, is_tied=True)
        if earlier.by_id != by.pk or earlier.progress != said.text or len(here) < len(said.photos):
            raise Conflict(Problem("other_answer", "这个编号已经有另一份答复。", mend="请刷新页面后重新提交。"))
    return earlier


def take_back(finding: Finding, *, by: User, now: dt.datetime, version: int) -> None:
    """撤回答复, as long as nobody has looked."""
    progress.retract(milestone_of(finding), by=by, now=now, version=version)
    finding.refresh_from_db()


@dataclass(frozen=True)
class Handed:
    """What one person has handed in for one finding."""

    finding: Finding
    at: dt.datetime
    photos: list[Photo]


def handed_in(actor: Actor, *, most: int = 60) -> list[Handed]:
    """One's own last after-photos, by finding, the last first."""
    rows = Photo.objects.visible_to(actor).filter(by=actor.user, moment=Photo.Moment.AFTER, visit=None)
    found: dict[UUID, Handed] = {}
    for photo in rows.exclude(finding=None).select_related("finding").order_by("-received_at", "-id")[:most]:
        if photo.finding is not None:
            found.setdefault(photo.finding.pk, Handed(photo.finding, photo.received_at, [])).photos.append(photo)
    return list(found.values())
