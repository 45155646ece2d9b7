"""Changing a draft: words of a section, what is taken, the order, sections of the office's own."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Max

from campaign import log
from campaign.models import User
from campaign.problems import Conflict, Problem, Refused
from reports.briefing import changed_meanwhile
from reports.models import Briefing, Practice, Section
from reports.wording import OWN

MOST_SECTIONS = 30
LONGEST = 20_000


def _touch(briefing: Briefing, *, version: int) -> None:
    """One claim for one change: who read an older version changes nothing."""
    draft = Briefing.objects.filter(pk=briefing.pk, state=Briefing.State.DRAFT, version=version)
    if not draft.update(version=F("version") + 1):
        current = Briefing.objects.get(pk=briefing.pk)
        if current.state != Briefing.State.DRAFT:
            raise Refused(Problem("not_draft", "已经定稿，不能再改。", mend="请先点“退回修改”。"))
        raise Conflict(changed_meanwhile(), current=current)


def rename(briefing: Briefing, title: str, *, version: int, by: User, now: dt.datetime) -> None:
    """An empty title lets the facts write it again."""
    title = " ".join(title.split())[:80]
    with transaction.atomic():
        _touch(briefing, version=version)
        Briefing.objects.filter(pk=briefing.pk).update(title=title)
        log.write(briefing, "briefing_edited", by=by, now=now, data={"title": [briefing.title, title]})


def write(section: Section, title: str, body: str | None, *, version: int, by: User, now: dt.datetime) -> None:
    """`body` None lets the facts speak again; an own section always holds its own words."""
    title = " ".join(title.split())[:60]
    if not title:
        raise Refused(Problem("no_title", "这一段没有标题。", where="title", mend="请写上标题。"))
    if body is not None and len(body) > LONGEST:
        raise Refused(Problem("too_long", f"正文超过 {LONGEST} 字。", where="body", mend="请分成几段。"))
    if section.kind == OWN.key:
        body = body or ""
    with transaction.atomic():
        _touch(section.briefing, version=version)
        Section.objects.filter(pk=section.pk).update(title=title, body=body)
        changes = {"title": [section.title, title]} | ({"body": ["*", "*"]} if body != section.body else {})
        log.write(section.briefing, "briefing_edited", by=by, now=now, data={"section": section.title} | changes)


def take(section: Section, *, is_included: bool, version: int, by: User, now: dt.datetime) -> None:
    with transaction.atomic():
        _touch(section.briefing, version=version)
        Section.objects.filter(pk=section.pk).update(is_included=is_included)
        log.write(
            section.briefing,
            "briefing_edited",
            by=by,
            now=now,
            data={"section": section.title, "is_included": [not is_included, is_included]},
        )


def move(section: Section, step: int, *, version: int) -> None:
    """One place up (-1) or down (1); at the end of the row nothing happens."""
    with transaction.atomic():
        _touch(section.briefing, version=version)
        rows = list(Section.objects.filter(briefing=section.briefing_id).order_by("order", "pk"))
        here = next(place for place, row in enumerate(rows) if row.pk == section.pk)
        there = min(max(here + step, 0), len(rows) - 1)
        rows.insert(there, rows.pop(here))
        for order, row in enumerate(rows, 1):
            row.order = order
        Section.objects.bulk_update(rows, ["order"])


def add(briefing: Briefing, title: str, body: str, *, version: int, by: User, now: dt.datetime) -> Section:
    title = " ".join(title.split())[:60]
    if not title or not body.strip():
        raise Refused(Problem("no_text", "新加的一段要有标题和正文。", where="add", mend="请写上再加。"))
    if briefing.sections.count() >= MOST_SECTIONS:
        raise Refused(Problem("too_many", f"一期最多 {MOST_SECTIONS} 段。", where="add", mend="请并到别的段里。"))
    with transaction.atomic():
        _touch(briefing, version=version)
        last = briefing.sections.aggregate(last=Max("order"))["last"] or 0
        log.write(briefing, "briefing_edited", by=by, now=now, data={"section": title})
        return Section.objects.create(
            campaign_id=briefing.campaign_id,
            briefing=briefing,
            kind=OWN.key,
            title=title,
            body=body[:LONGEST],
            order=last + 1,
        )


def remove(section: Section, *, version: int, by: User, now: dt.datetime) -> None:
    """Only the office's own; a usual part is left out, not lost."""
    if section.kind != OWN.key:
        take(section, is_included=False, version=version, by=by, now=now)
        return
    with transaction.atomic():
        _touch(section.briefing, version=version)
        log.write(section.briefing, "briefing_edited", by=by, now=now, data={"section": section.title})
        Section.objects.filter(pk=section.pk).delete()


# ---------- good practice


def send_in(practice: Practice, *, now: dt.datetime) -> Practice:
    """A unit's own account of what works, for the office to choose from."""
    practice.save(force_insert=True)
    log.write(practice, "practice_sent", by=practice.by, now=now)
    return practice


def choose(practice: Practice, briefing: Briefing, *, by: User, now: dt.datetime) -> None:
    if briefing.state != Briefing.State.DRAFT:
        raise Refused(Problem("not_draft", "这一期已经定稿，不能再选用来稿。", mend="请先点“退回修改”，或选进下一期。"))
    _settle(practice, Practice.State.USED, briefing, by=by, now=now)


def keep(practice: Practice, *, by: User, now: dt.datetime) -> None:
    """Not for this week: it stays in the library."""
    if practice.briefing is not None and practice.briefing.state != Briefing.State.DRAFT:
        raise Refused(Problem("used", "这篇已经登在定稿的一期里。"))
    _settle(practice, Practice.State.KEPT, None, by=by, now=now)


def _settle(practice: Practice, state: str, briefing: Briefing | None, *, by: User, now: dt.datetime) -> None:
    with transaction.atomic():
        Practice.objects.filter(pk=practice.pk).update(state=state, briefing=briefing)
        log.write(practice, "practice_chosen" if briefing else "practice_kept", by=by, now=now)
