"""Versions of a checklist. A version that was used to judge a place is never changed: the next one replaces it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from campaign import log
from campaign.models import Campaign, User
from campaign.problems import Problem, Refused
from inspections.models import Checklist, ChecklistItem, Finding, PlaceType, Visit

#: So often a number is read anew that somebody else took first.
ATTEMPTS = 5
#: What of an item the office writes, with its words.
FIELDS = {
    "text": "检查内容",
    "how": "怎么查",
    "norm": "标准",
    "manual": "手册原文",
    "tile": "问题类别",
    "points": "分值",
    "severity": "轻重",
    "is_bottom_line": "底线项",
}


def add_type(campaign: Campaign, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> PlaceType:
    """A type with the next number. Raises `Refused` when others take each number first."""
    for _ in range(ATTEMPTS):
        code = next_type_code(campaign)
        try:
            with transaction.atomic():
                kind = PlaceType.objects.create(campaign=campaign, code=code, **fields)
                log.write(kind, "added", by=by, now=now)
        except IntegrityError:
            continue  # somebody took the number meanwhile: the next one is read anew
        return kind
    raise Refused(Problem("busy", "好几个人同时在添加类型，没有编上号。", mend="请再点一次保存。"))


def next_type_code(campaign: Campaign) -> str:
    codes = PlaceType.objects.filter(campaign=campaign).values_list("code", flat=True)
    last = max((int(code[1:]) for code in codes if code[:1] == "T" and code[1:].isdecimal()), default=0)
    return f"T{last + 1:02d}"


def current_checklist(place_type: PlaceType) -> Checklist | None:
    return Checklist.objects.filter(place_type=place_type, is_current=True).order_by("-version").first()


def is_used(checklist: Checklist) -> bool:
    """Whether a place was judged by it, or something was found by one of its items."""
    return (
        Visit.objects.filter(checklist=checklist).exists() or Finding.objects.filter(item__checklist=checklist).exists()
    )


@transaction.atomic
def write_checklist(
    place_type: PlaceType,
    items: Sequence[Mapping[str, Any]],
    *,
    source: str,
    by: User | None,
    now: dt.datetime,
    today: dt.date,
) -> Checklist:
    """These items from today on: into the current version where nothing rests on it yet, else into the next.

    An item keeps its code from version to version; an item without a code is new and gets the next free one.
    Written as it stands already: nothing changes.
    """
    PlaceType.objects.select_for_update().get(pk=place_type.pk)
    _check(items)
    old = current_checklist(place_type)
    coded = _with_codes(place_type, items)
    if old is not None and old.source == source and not difference(as_fields(old), coded).is_any:
        return old
    checklist = _version(place_type, old, source=source, today=today)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(campaign_id=place_type.campaign_id, checklist=checklist, order=number, **fields)
        for number, fields in enumerate(coded, 1)
    )
    data = {"version": checklist.version, "items": len(coded)}
    log.write(place_type, "checklist_written", by=by, now=now, data=data)
    return checklist


def _check(items: Sequence[Mapping[str, Any]]) -> None:
    if not items:
        raise Refused(Problem("empty", "清单里一项也没有。", mend="请至少保留一项；不再检查的类型可以停用。"))
    texts = [item["text"] for item in items]
    double = {text for text in texts if texts.count(text) > 1}
    if double:
        raise Refused(Problem("double", f"“{double.pop()}”写了两遍。", mend="请删去一项或改写。"))


def _with_codes(place_type: PlaceType, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Codes go on from the highest ever used in the type, so that no old item lends its code to another."""
    used = ChecklistItem.objects.filter(checklist__place_type=place_type).values_list("code", flat=True)
    last = max((int(code.rpartition("-")[2]) for code in used if code.rpartition("-")[2].isdigit()), default=0)
    coded = []
    for item in items:
        code = item.get("code", "")
        if not code:
            last += 1
            code = f"{place_type.code}-{last:02d}"
        coded.append({"code": code, **{name: item[name] for name in FIELDS if name in item}})
    return coded


def _version(place_type: PlaceType, old: Checklist | None, *, source: str, today: dt.date) -> Checklist:
    if old is not None and not is_used(old):
        old.items.all().delete()
        old.source, old.valid_from = source, today
        old.save(update_fields=["source", "valid_from"])
        return old
    Checklist.objects.filter(place_type=place_type, is_current=True).update(is_current=False)
    return Checklist.objects.create(
        campaign_id=place_type.campaign_id,
        place_type=place_type,
        version=old.version + 1 if old is not None else 1,
        source=source,
        valid_from=today,
    )


def as_fields(checklist: Checklist) -> list[dict[str, Any]]:
    return [{name: getattr(item, name) for name in ("code", *FIELDS)} for item in checklist.items.all()]


@dataclass(frozen=True)
class Change:
    code: str
    text: str
    moved: tuple[tuple[str, Any, Any], ...]
    """(word of the field, before, after)"""


@dataclass(frozen=True)
class Difference:
    added: tuple[Mapping[str, Any], ...]
    removed: tuple[Mapping[str, Any], ...]
    changed: tuple[Change, ...]
    is_reordered: bool = False

    @property
    def is_any(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.is_reordered)


def difference(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> Difference:
    """What the new version adds, drops and words otherwise, item by item of the same code."""
    before, after = ({item["code"]: item for item in items} for items in (old, new))
    changed = []
    for code, item in after.items():
        if code not in before:
            continue
        moved = tuple(
            (word, before[code].get(name), item[name])
            for name, word in FIELDS.items()
            if name in item and before[code].get(name) != item[name]
        )
        if moved:
            changed.append(Change(code, item["text"], moved))
    kept = [code for code in before if code in after]
    return Difference(
        added=tuple(item for code, item in after.items() if code not in before),
        removed=tuple(item for code, item in before.items() if code not in after),
        changed=tuple(changed),
        is_reordered=kept != [code for code in after if code in before],
    )
