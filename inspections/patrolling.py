"""What an inspector carries: places at hand, today's route, the tiles of each type, what was found last time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from campaign.access import Actor
from campaign.templatetags.kit import month_day
from inspections import tiles
from inspections.coverage import knows_record, seen_places
from inspections.models import (
    Answer,
    Checklist,
    ChecklistItem,
    Finding,
    Place,
    PlaceType,
    Round,
    RoundMember,
    RoundPlace,
    Visit,
)
from inspections.models.orders import OrderPolicy
from inspections.withdrawing import can_withdraw

#: More places than this are found by asking the server; a phone carries those of its rounds and the first of the rest.
MOST_CARRIED = 1500
LOOK_BACK = dt.timedelta(days=180)
VISITS_BACK = 3


def places(actor: Actor) -> QuerySet[Any]:
    """With `open_now` and `visited_at` as far as the person may know them: of a third party those of its own rounds."""
    rows = seen_places(actor).select_related("place_type", "owner", "street")
    if knows_record(actor):
        return rows
    mine = Visit.objects.standing().visible_to(actor).filter(place=OuterRef("pk")).order_by().values("place")
    return rows.annotate(visited_at=Subquery(mine.annotate(last=Max("at")).values("last")))


def my_rounds(actor: Actor) -> QuerySet[Round]:
    """Rounds going on today that the person walks: as a member, or as one of the unit that carries them."""
    member = RoundMember.objects.filter(campaign=actor.campaign, user=actor.user).values("round")
    mine = Q(pk__in=member) | Q(unit__in=actor.own_unit_ids)
    going = Round.objects.visible_to(actor).exclude(state=Round.State.FINISHED)
    return going.filter(mine, starts_on__lte=actor.today, ends_on__gte=actor.today).order_by("priority", "code")


@dataclass(frozen=True)
class Stop:
    """One place of today's route."""

    place: Place
    round: Round
    is_visited: bool
    note: str


def route(actor: Actor) -> list[Stop]:
    """Today's places in walking order; what has been seen already stays where it was."""
    rounds = {row.pk: row for row in my_rounds(actor)}
    listed = RoundPlace.objects.filter(round__in=list(rounds), place__is_active=True)
    rows = list(listed.order_by("round__priority", "round__code", "order", "id"))
    known = places(actor).in_bulk([row.place_id for row in rows]) if rows else {}
    seen: dict[UUID, Stop] = {}
    for row in rows:
        place = known[row.place_id]
        stop = Stop(place, rounds[row.round_id], row.visited_at is not None, last_words(place, actor))
        seen.setdefault(row.place_id, stop)
    return list(seen.values())


def last_words(place: Any, actor: Actor) -> str:
    """上次 9月20日，1 处未销号; 还没查过. `place` is one of `places`."""
    if place.visited_at is None or actor.campaign is None:
        return "还没查过"
    day, today = place.visited_at.astimezone(actor.campaign.zone).date(), actor.today
    when = "今天" if day == today else f"{'' if day.year == today.year else f'{day.year}年'}{month_day(day)}"
    return f"上次 {when}，" + (f"{place.open_now} 处未销号" if place.open_now else "没有遗留问题")


def pack(actor: Actor) -> dict[str, Any]:
    """Everything the phone needs to file without a signal. Positions of places go out, none comes in."""
    stops = route(actor)
    at_hand = {stop.place.pk: stop.place for stop in stops}
    for place in places(actor).order_by("-is_key", "code")[:MOST_CARRIED]:
        at_hand.setdefault(place.pk, place)
    return {
        "user": str(actor.user.pk if actor.user else ""),
        "name": str(actor.user),
        "today": actor.today.isoformat(),
        "types": types(actor, only={place.place_type_id for place in at_hand.values()}),
        "places": [carried(place, actor) for place in at_hand.values()],
        "route": [
            {"code": stop.place.code, "round": stop.round.code, "name": stop.round.name, "done": stop.is_visited}
            for stop in stops
        ],
        "is_whole": len(at_hand) < MOST_CARRIED,
    }


def carried(place: Place, actor: Actor) -> dict[str, Any]:
    """A place as the phone's list holds it."""
    unit = place.owner or place.street
    return {
        "code": place.code,
        "name": place.name,
        "type": str(place.place_type_id),
        "unit": (unit.short_name or unit.name) if unit else "",
        "street": place.street.name if place.street else "",
        "at": [place.latitude, place.longitude] if place.latitude is not None else None,
        "find": place.search_text or f"{place.code} {place.name}".lower(),
        "last": last_words(place, actor),
    }


def types(actor: Actor, *, only: Collection[UUID]) -> dict[str, Any]:
    """By type: its name, how long its checklist is, its tiles with what each stands for; four queries."""
    policy = OrderPolicy.of(actor.campaign.pk if actor.campaign else None)
    since = actor.today - LOOK_BACK
    counted = Finding.objects.visible_to(actor).filter(found_on__gte=since, place_type__in=only)
    found = tiles.found_by_type(counted.order_by().values_list("place_type", "tile").annotate(count=Count("pk")))
    items: dict[UUID, list[ChecklistItem]] = defaultdict(list)
    current = ChecklistItem.objects.visible_to(actor).filter(checklist__is_current=True, checklist__place_type__in=only)
    for item in current.select_related("checklist").order_by("order", "code"):
        items[item.checklist.place_type_id].append(item)
    return {
        str(kind.pk): {
            "name": kind.name,
            "items": len(items[kind.pk]),
            "tiles": [tile_fields(tile) for tile in tiles.tiles_of(items[kind.pk], policy, found=found.get(kind.pk))],
        }
        for kind in PlaceType.objects.visible_to(actor).filter(pk__in=only)
    }


def common_tiles(actor: Actor) -> list[tiles.Tile]:
    """For a spot that is no place of any type."""
    return tiles.tiles_of([], OrderPolicy.of(actor.campaign.pk if actor.campaign else None))


def tile_fields(tile: tiles.Tile) -> dict[str, Any]:
    return {"name": tile.name, "icon": tile.icon, "item": str(tile.item or ""), "limit": tile.limit}


def checklist_of(actor: Actor, place: Place) -> Checklist | None:
    lists = Checklist.objects.visible_to(actor).filter(place_type=place.place_type_id, is_current=True)
    return lists.order_by("-version").first()


@dataclass(frozen=True)
class Row:
    """One item to look at, and how it stood last time. `again` is what a fail would mean today."""

    item: ChecklistItem
    last: str
    is_hot: bool
    again: str = ""
    is_relapse: bool = False


def rows(actor: Actor, place: Place, checklist: Checklist) -> list[Row]:
    """The checklist with the last findings of each item, by four queries.

    An inspector reads what anybody found there, so as not to file it twice; a third party what it found itself.
    """
    verdicts = _verdicts(actor, place)
    findings = _findings(actor, place)
    policy = OrderPolicy.of(place.campaign_id)
    return [
        _row(item, verdicts.get(item.code, []), findings.get(item.code, []), policy, actor)
        for item in checklist.items.order_by("order", "code")
    ]


def _verdicts(actor: Actor, place: Place) -> dict[str, list[str]]:
    """Newest first, by the item's code: versions of a checklist keep their codes."""
    seen = Visit.objects.standing().filter(place=place)
    if actor.is_outsider:
        seen = seen.visible_to(actor)
    visits = list(seen.order_by("-at", "-id").values_list("pk", flat=True)[: VISITS_BACK * 2])
    answers = Answer.objects.filter(campaign=place.campaign_id, visit__in=visits).exclude(verdict=Answer.Verdict.SKIP)
    result: dict[str, list[str]] = defaultdict(list)
    for code, verdict in answers.order_by("-at", "-id").values_list("item__code", "verdict"):
        result[code].append(verdict)
    return result


def _findings(actor: Actor, place: Place) -> dict[str, list[Finding]]:
    result: dict[str, list[Finding]] = defaultdict(list)
    found = Finding.objects.counted().filter(campaign=place.campaign_id, place=place).exclude(item=None)
    if actor.is_outsider:
        found = found.visible_to(actor)
    for finding in found.select_related("item").order_by("-found_at", "-id"):
        result[finding.item.code].append(finding)
    return result


def _row(item: ChecklistItem, verdicts: list[str], findings: list[Finding], policy: OrderPolicy, actor: Actor) -> Row:
    assert actor.campaign is not None
    today, zone = actor.today, actor.campaign.zone
    last = findings[0] if findings else None
    if last is not None and last.stage in Finding.OPEN_STAGES:
        return Row(item, "上次不合格，未销号", is_hot=True, again=f"还没销号，会并入 {last.code} 号")
    closed_on = last.closed_at.astimezone(zone).date() if last is not None and last.closed_at else None
    if closed_on is not None and (today - closed_on).days <= policy.relapse_days:
        days = (today - closed_on).days
        times = sum(1 for finding in findings if finding.is_relapse) + 1
        again = f"{f'{days} 天前' if days else '今天'}刚销号，这是第 {times} 次反弹"
        words = f"上次不合格，{month_day(closed_on)}已整改"
        return Row(item, words, is_hot=verdicts[:1] != ["pass"], again=again, is_relapse=True)
    if not verdicts:
        return Row(item, "还没查过", is_hot=False)
    if verdicts[0] == Answer.Verdict.FAIL:
        return Row(item, "上次不合格", is_hot=True)
    count = next((place for place, verdict in enumerate(verdicts) if verdict != "pass"), len(verdicts))
    return Row(item, f"近 {count} 次都合格" if count >= VISITS_BACK else "上次合格", is_hot=False)


@dataclass(frozen=True)
class Kept:
    """A visit the server has, as its maker sees it again."""

    visit: Visit
    findings: list[Finding]
    photo_ids: list[UUID]
    waiting: int
    can_withdraw: bool = False


def kept(actor: Actor, *, now: dt.datetime, limit: int = 30) -> list[Kept]:
    """One's own last visits with their findings and photos; four queries for any number."""
    visits = list(
        Visit.objects.visible_to(actor)
        .filter(by=actor.user)
        .select_related("place")
        .prefetch_related("findings__joined_into", "photos")
        .order_by("-at", "-id")[:limit]
    )
    return [
        Kept(
            visit=visit,
            findings=sorted(visit.findings.all(), key=lambda finding: finding.code),
            photo_ids=[photo.pk for photo in visit.photos.all()],
            waiting=len({key for keys in visit.photo_keys.values() for key in keys} - _here(visit)),
            can_withdraw=can_withdraw(visit, now=now),
        )
        for visit in visits
    ]


def _here(visit: Visit) -> set[str]:
    return {photo.client_id for photo in visit.photos.all()}
