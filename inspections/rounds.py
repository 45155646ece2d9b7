"""Rounds: planning one, putting places on it, drawing them by lot, opening and ending it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from campaign import log
from campaign.models import Campaign, User
from campaign.problems import Conflict, Problem, Refused
from inspections import drawing
from inspections.models import Place, Round, RoundMember, RoundPlace
from inspections.numbering import take

FIELDS = (
    "name", "kind", "priority", "starts_on", "ends_on", "unit", "theme", "place_type", "area", "is_hidden",
)  # fmt: skip
#: Kinds nobody is told of beforehand.
ALWAYS_HIDDEN = (Round.Kind.UNANNOUNCED,)
MOST_PLACES = 10_000


def plan_round(campaign: Campaign, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> Round:
    said = {name: value for name, value in fields.items() if name in FIELDS}
    with transaction.atomic():
        planned = Round(campaign=campaign, created_by=by, created_at=now, **said)
        planned.is_hidden = planned.is_hidden or planned.kind in ALWAYS_HIDDEN
        planned.code = f"R{take(campaign, 'round')[0]:03d}"
        planned.save(force_insert=True)
        log.write(planned, "round_planned", by=by, now=now, data={"kind": planned.kind})
    return planned


def change_round(held: Round, fields: Mapping[str, Any], *, version: int, by: User | None, now: dt.datetime) -> None:
    said = {name: value for name, value in fields.items() if name in FIELDS}
    if held.kind in ALWAYS_HIDDEN or said.get("kind") in ALWAYS_HIDDEN:
        said["is_hidden"] = True
    with transaction.atomic():
        if not Round.objects.filter(pk=held.pk, version=version).update(version=F("version") + 1, **said):
            raise Conflict(Problem("changed", "别人刚刚改过这一轮。", mend="请重新打开后再改。"), current=held)
        log.write(held, "changed", by=by, now=now, data={name: str(value) for name, value in said.items()})


def change_members(held: Round, teams: Mapping[UUID, str], *, by: User | None, now: dt.datetime) -> None:
    """Who is in it, by person and team; people left out leave it."""
    with transaction.atomic():
        held.members.exclude(user__in=list(teams)).delete()
        for user, team in teams.items():
            RoundMember.objects.update_or_create(
                campaign_id=held.campaign_id, round=held, user_id=user, defaults={"team": team[:20]}
            )
        log.write(held, "round_staffed", by=by, now=now, data={"people": len(teams)})


def _refuse_finished(held: Round) -> None:
    if held.state == Round.State.FINISHED:
        raise Refused(Problem("finished", "这一轮已经结束，名单不能再改。", mend="请另建一轮。"))


def _hold(held: Round) -> Round:
    """The round as it is now, nobody else changing its list meanwhile."""
    return Round.objects.select_for_update().get(pk=held.pk)


def add_places(held: Round, places: Sequence[Place], *, by: User | None, now: dt.datetime) -> int:
    """Put these at the end of the list; those on it already stay where they are. Gives how many are new."""
    with transaction.atomic():
        _refuse_finished(_hold(held))
        return _append(held, places, by=by, now=now, is_drawn=False)


def _append(held: Round, places: Sequence[Place], *, by: User | None, now: dt.datetime, is_drawn: bool) -> int:
    listed = set(held.round_places.values_list("place", flat=True))
    fresh = [place for place in places if place.pk not in listed]
    if len(listed) + len(fresh) > MOST_PLACES:
        raise Refused(Problem("many", f"一轮最多 {MOST_PLACES} 个点位。", mend="请分成几轮。"))
    last = held.round_places.aggregate(last=Max("order"))["last"] or 0
    RoundPlace.objects.bulk_create(
        [
            RoundPlace(campaign_id=held.campaign_id, round=held, place=place, order=last + number, is_drawn=is_drawn)
            for number, place in enumerate(fresh, 1)
        ],
        batch_size=500,
    )
    if fresh:
        log.write(held, "round_drawn" if is_drawn else "round_listed", by=by, now=now, data={"places": len(fresh)})
    return len(fresh)


def remove_places(held: Round, codes: Iterable[str], *, by: User | None, now: dt.datetime) -> int:
    """Take off what was not visited yet; what the lot drew stays, or it would be no lot."""
    with transaction.atomic():
        _refuse_finished(_hold(held))
        rows = held.round_places.filter(place__code__in=list(codes), visited_at=None, is_drawn=False)
        count, _ = rows.delete()
        if count:
            log.write(held, "round_unlisted", by=by, now=now, data={"places": count})
    return count


def draw_places(
    held: Round,
    count: int,
    *,
    is_by_type: bool,
    by: User | None,
    now: dt.datetime,
    seed: str = "",
) -> int:
    """Draw so many of the places in use that fit the round's type and area. A round is drawn once: no second try.

    By type each gets its share of the count; otherwise all are drawn together. The list drawn from is frozen with it.
    """
    with transaction.atomic():
        current = _hold(held)
        _refuse_finished(current)
        if current.seed:
            raise Refused(
                Problem("drawn", "这一轮已经抽过签，不能重抽。", mend="要再抽，请另建一轮；两次的记录都会留下。")
            )
        places = list(pool(current).select_related("place_type").order_by("code"))
        if not places or count < 1:
            raise Refused(Problem("empty", "没有可抽的点位，或者抽取数不到 1。", mend="请检查这一轮的类型和片区。"))
        candidates = [drawing.Candidate(place.code, place.place_type.code if is_by_type else "") for place in places]
        sizes: dict[str, int] = {}
        for one in candidates:
            sizes[one.stratum] = sizes.get(one.stratum, 0) + 1
        counts = drawing.shares(sizes, count)
        current.seed = seed or drawing.new_seed()
        current.draw_rule = drawing.frozen(candidates, counts) | {"drawn_at": now.isoformat(), "asked": count}
        current.version += 1
        current.save(update_fields=["seed", "draw_rule", "version"])
        drawn = set(drawing.draw(current.seed, candidates, counts))
        return _append(current, [place for place in places if place.code in drawn], by=by, now=now, is_drawn=True)


def pool(held: Round) -> Any:
    """Places in use that the round's type and area allow; an area includes its grid cells."""
    rows = Place.objects.filter(campaign_id=held.campaign_id).active()
    if held.place_type_id:
        rows = rows.filter(place_type=held.place_type_id)
    if held.area_id:
        rows = rows.filter(area__in=[held.area_id, *held.area.children.values_list("pk", flat=True)])
    return rows


def fill(held: Round, *, by: User | None, now: dt.datetime) -> int:
    """拉网: everything the round's type and area allow."""
    return add_places(held, list(pool(held).order_by("area__order", "street__order", "code")), by=by, now=now)


@dataclass(frozen=True)
class Proof:
    """The lot run again: what comes out of it, and whether it is what stands on the round's list."""

    lines: list[drawing.Line]
    drawn: set[str]
    listed: set[str]

    @property
    def is_fair(self) -> bool:
        return self.drawn == self.listed

    @property
    def missing(self) -> list[str]:
        return sorted(self.drawn - self.listed)

    @property
    def extra(self) -> list[str]:
        return sorted(self.listed - self.drawn)


def prove(held: Round) -> Proof:
    lines = drawing.redrawn(held.seed, held.draw_rule)
    listed = set(held.round_places.filter(is_drawn=True).values_list("place__code", flat=True))
    return Proof(lines, {line.code for line in lines if line.is_drawn}, listed)


STEPS = {
    "open": ((Round.State.PLANNED,), Round.State.RUNNING, "round_opened"),
    "finish": ((Round.State.RUNNING,), Round.State.FINISHED, "round_finished"),
    "reopen": ((Round.State.FINISHED,), Round.State.RUNNING, "round_reopened"),
}


def move_round(held: Round, step: str, *, by: User | None, now: dt.datetime) -> None:
    before, after, verb = STEPS[step]
    if step == "open" and not held.round_places.exists() and held.kind != Round.Kind.PATROL:
        raise Refused(Problem("empty", "这一轮还没有点位。", mend="先加入点位或抽签，再开始。"))
    with transaction.atomic():
        moved = Round.objects.filter(pk=held.pk, state__in=before).update(state=after, version=F("version") + 1)
        if not moved:
            raise Conflict(Problem("state", "这一轮的状态已经变了。", mend="请刷新后再看。"), current=held)
        log.write(held, verb, by=by, now=now)
