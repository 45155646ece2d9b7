"""Adding and changing units: a tree of at most three levels, found by name, alias and 拼音首字母."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from campaign import log, people
from campaign.models import Campaign, Membership, Unit, User
from campaign.pinyin import search_text
from campaign.problems import Problem, Refused
from campaign.revising import revise

LEVELS = 3
#: What keeps a copy of a unit's place in the order, named as strings: the ground imports none of the houses on it.
FOLLOWERS = ("tasks.summary.follow_order",)
#: Kinds of units that must have a liaison (D8).
OWING_KINDS = (Unit.Kind.DEPARTMENT, Unit.Kind.STREET, Unit.Kind.COMMUNITY)
CHIEFS = (Membership.Post.PRINCIPAL, Membership.Post.DEPUTY)


def add(campaign: Campaign, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> Unit:
    unit = Unit(campaign=campaign, **fields)
    _check_place(unit, unit.parent)
    unit.search_text = _found_by(unit)
    with transaction.atomic():
        unit.save(force_insert=True)
        log.write(unit, "added", by=by, now=now, data={"kind": unit.kind, "parent": str(unit.parent or "")})
    return unit


def change(unit: Unit, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> dict[str, list[Any]]:
    """Gives what moved, {field: [from, to]}."""
    _check_place(unit, fields.get("parent", unit.parent))
    with transaction.atomic():
        moved = revise(unit, fields, by=by, now=now)
        if "order" in moved:
            for path in FOLLOWERS:
                import_string(path)(unit)
        Unit.objects.filter(pk=unit.pk).update(search_text=_found_by(unit))
    return moved


def _found_by(unit: Unit) -> str:
    return search_text(unit.name, unit.short_name, *unit.aliases)


def _check_place(unit: Unit, parent: Unit | None) -> None:
    """No ring, and no more than three levels from the top to the lowest."""
    above, step = 0, parent
    while step is not None:
        above += 1
        if step.pk == unit.pk or above > LEVELS:
            raise Refused(Problem("ring", f"“{unit.name}”不能挂在自己的下级“{parent}”下面。", where="parent"))
        step = step.parent
    if above + 1 + _depth_below(unit) > LEVELS:
        raise Refused(
            Problem(
                "deep", f"单位最多三级，“{unit.name}”挂在“{parent}”下面就超过了。", where="parent", mend="请换上级。"
            )
        )


def _depth_below(unit: Unit) -> int:
    children = Unit.objects.filter(campaign_id=unit.campaign_id, parent=unit.pk)
    if not children.exists():
        return 0
    return 2 if Unit.objects.filter(parent__in=children).exists() else 1


@dataclass
class Branch:
    """A unit of the tree with who answers for it."""

    unit: Unit
    level: int = 0
    liaisons: list[Membership] = field(default_factory=list)
    chiefs: list[Membership] = field(default_factory=list)
    is_vacant: bool = False
    work: Any = None


def tree(units: Iterable[Unit], posts: Iterable[Membership]) -> list[Branch]:
    """Units in administrative order, each followed by those below it."""
    holders: dict[UUID, list[Membership]] = defaultdict(list)
    for post in posts:
        holders[post.unit_id].append(post)
    below: dict[UUID | None, list[Unit]] = defaultdict(list)
    units = list(units)
    shown = {unit.pk for unit in units}
    for unit in units:
        below[unit.parent_id if unit.parent_id in shown else None].append(unit)
    found: list[Branch] = []

    def walk(parent: UUID | None, level: int) -> None:
        for unit in below[parent]:
            found.append(_branch(unit, level, holders[unit.pk]))
            walk(unit.pk, level + 1)

    walk(None, 0)
    return found


def _branch(unit: Unit, level: int, posts: list[Membership]) -> Branch:
    liaisons = [post for post in posts if post.post == Membership.Post.LIAISON]
    chiefs = [post for rank in CHIEFS for post in posts if post.post == rank]
    is_office = any(post.role in people.MANAGING for post in posts)
    is_vacant = not liaisons and not is_office and unit.kind in OWING_KINDS and unit.is_active
    return Branch(unit=unit, level=level, liaisons=liaisons, chiefs=chiefs, is_vacant=is_vacant)


def vacancies(campaign: Campaign, *, today: dt.date) -> list[Unit]:
    """Units that owe work and have no liaison on that day (D8). The office itself needs none."""
    answering = Q(post=Membership.Post.LIAISON) | Q(role__in=people.MANAGING)
    held = Membership.objects.filter(answering, campaign=campaign).current(today=today)
    owing = Unit.objects.filter(campaign=campaign, is_active=True, kind__in=OWING_KINDS)
    return list(owing.exclude(pk__in=held.values("unit")).in_order())
