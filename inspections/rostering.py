"""Writing the duty roster: one by one, from another day, or pasted as a table (E28: 1 police, 4 volunteers at a crossing).

A plan of who stands where, never a record of who came.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from campaign import log
from campaign.models import Campaign, Unit, User
from campaign.problems import Problem, Refused, blocking
from campaign.revising import revise
from inspections.models import Place, RosterDuty

MOST_LINES = 2000
#: Head of a pasted column -> field; without a head row the columns stand in the order of `COLUMNS`.
HEADS = {
    "日期": "on", "点位": "place", "路口": "place", "地点": "place", "点位编号": "place", "时段": "shift", "班次": "shift",
    "岗位": "post", "单位": "unit", "派出单位": "unit", "姓名": "person", "人员": "person", "值守人员": "person",
}  # fmt: skip
COLUMNS = ("place", "shift", "post", "unit", "person")
LONGEST = {"shift": 20, "post": 20, "person": 40}
WORDS = {"shift": "时段", "post": "岗位", "person": "姓名"}
NAMES = re.compile(r"[、,，;；/]+")


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One person, or one still to be named, at one place in one shift."""

    place: Place
    on: dt.date
    shift: str
    post: str
    unit: Unit | None = None
    person: str = ""

    @property
    def key(self) -> tuple[UUID, dt.date, str, str, str]:
        return (self.place.pk, self.on, self.shift, self.post, self.person)


@dataclass(frozen=True)
class Written:
    """What one writing did. `known` named people stood there already, `removed` were replaced."""

    added: int
    known: int
    removed: int


def names_in(text: str) -> list[str]:
    """张三、李四 -> both; nothing written is one person still to be named."""
    return [" ".join(name.split()) for name in NAMES.split(text) if name.strip()] or [""]


def write_duties(
    campaign: Campaign,
    duties: Sequence[Duty],
    *,
    is_replacing: bool = False,
    by: User | None,
    now: dt.datetime,
    token: str = "",
) -> Written:
    """Put these on the roster. A named person who stands there already is not put there twice.

    `is_replacing`: what stood at the same places in the same shifts of those days goes. `token` is made by the form: a
    second arrival of it, with the same people, is the same writing.
    """
    if not duties:
        raise Refused(Problem("empty", "一个人也没有排。", mend="请先填点位、时段和岗位。"))
    stands = {(duty.place.pk, duty.on, duty.shift) for duty in duties}
    held = RosterDuty.objects.filter(campaign=campaign, on__in={on for _, on, _ in stands})
    form_key = _form_key(token, duties, is_replacing=is_replacing)
    with transaction.atomic():
        # who sends the form twice waits here, and then finds what it wrote
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        kept = list(held.filter(place__in={place for place, _, _ in stands}).order_by("id"))
        ours = sum(row.form_key == form_key for row in kept) if token else 0
        if ours:
            return Written(ours, len(duties) - ours, 0)
        removed = [row.pk for row in kept if (row.place_id, row.on, row.shift) in stands] if is_replacing else []
        held.filter(pk__in=removed).delete()
        there = {_key(row) for row in kept if row.person and row.pk not in set(removed)}
        fresh = [duty for duty in duties if not (duty.person and duty.key in there)]
        RosterDuty.objects.bulk_create([_row(campaign, duty, form_key) for duty in fresh], batch_size=500)
        done = Written(len(fresh), len(duties) - len(fresh), len(removed))
        days = sorted({duty.on.isoformat() for duty in duties})
        data = {"days": days[:10], "added": done.added, "removed": done.removed}
        log.write(campaign, "roster_written", by=by, now=now, data=data)
    return done


def _form_key(token: str, duties: Sequence[Duty], *, is_replacing: bool) -> str:
    said = [[*map(str, duty.key), str(duty.unit.pk if duty.unit else "")] for duty in duties]
    whole = json.dumps([token, is_replacing, said])
    return hashlib.sha256(whole.encode()).hexdigest() if token else ""


def _key(row: RosterDuty) -> tuple[UUID, dt.date, str, str, str]:
    return (row.place_id, row.on, row.shift, row.post, row.person)


def _row(campaign: Campaign, duty: Duty, form_key: str) -> RosterDuty:
    return RosterDuty(
        campaign=campaign,
        place=duty.place,
        on=duty.on,
        shift=duty.shift,
        post=duty.post,
        unit=duty.unit,
        person=duty.person,
        form_key=form_key,
    )


def change_duty(held: RosterDuty, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> None:
    """The log says that the name changed, not whose it was."""
    revise(held, fields, by=by, now=now, private=("person",))


def remove_duty(held: RosterDuty, *, by: User | None, now: dt.datetime) -> None:
    with transaction.atomic():
        log.write(held, "duty_removed", by=by, now=now)
        held.delete()


def copy_day(
    campaign: Campaign, source: dt.date, target: dt.date, *, by: User | None, now: dt.datetime, token: str = ""
) -> Written:
    """照搬: everybody of one day at the same places on another; whoever stands there already stays once."""
    rows = RosterDuty.objects.filter(campaign=campaign, on=source, place__is_active=True)
    rows = rows.select_related("place", "unit").order_by("place__code", "shift", "post", "id")
    duties = [
        Duty(place=row.place, on=target, shift=row.shift, post=row.post, unit=row.unit, person=row.person)
        for row in rows
    ]
    if source == target or not duties:
        words = f"{source.month}月{source.day}日没有排班可以照搬。" if source != target else "不能照搬同一天。"
        raise Refused(Problem("no_source", words, where="source", mend="请换一天。"))
    return write_duties(campaign, duties, by=by, now=now, token=token)


# ---------- pasted


@dataclass
class Reading:
    """What a pasted table would put on the roster. Written whole or not at all."""

    duties: list[Duty] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return bool(self.duties) and not blocking(self.problems)


def read_roster(campaign: Campaign, text: str, *, day: dt.date) -> Reading:
    """Every line with every problem; nothing is written. A column of dates goes before `day`. Two queries."""
    lines = [(row, _cells(raw)) for row, raw in enumerate(text.splitlines(), 1) if raw.strip()]
    columns = dict(enumerate(COLUMNS))
    if lines and _heads(lines[0][1]):
        columns = _heads(lines.pop(0)[1])
    reading = Reading()
    if not lines or len(lines) > MOST_LINES:
        message = f"一次最多 {MOST_LINES} 行，这里有 {len(lines)} 行。" if lines else "一行也没有读到。"
        reading.problems.append(
            Problem("lines", message, where="lines", mend="一行写一处：路口｜时段｜岗位｜单位｜姓名。")
        )
        return reading
    known = _Known(campaign)
    for row, cells in lines:
        said = {name: cells[number] if number < len(cells) else "" for number, name in columns.items()}
        _read_line(reading, known, row, said, day=day)
    return reading


def _cells(raw: str) -> list[str]:
    return [" ".join(cell.split()) for cell in re.split(r"\t|｜|\|", raw)]


def _heads(cells: Sequence[str]) -> dict[int, str]:
    found = {number: HEADS[cell] for number, cell in enumerate(cells) if cell in HEADS}
    return found if {"place", "post"} <= set(found.values()) else {}


class _Known:
    """What the words of the table may mean."""

    def __init__(self, campaign: Campaign) -> None:
        self.places: dict[str, Place] = {}
        for place in Place.objects.active().filter(campaign=campaign).order_by("code"):
            self.places.setdefault(place.name, place)
            self.places[place.code] = place
        self.units: dict[str, Unit] = {}
        for unit in Unit.objects.filter(campaign=campaign, is_active=True).order_by("order", "name"):
            for name in (unit.name, unit.short_name, *(unit.aliases or [])):
                if name:
                    self.units.setdefault(name, unit)


def _read_line(reading: Reading, known: _Known, row: int, said: Mapping[str, str], *, day: dt.date) -> None:
    where, found = f"第 {row} 行", len(reading.problems)

    def refuse(code: str, message: str, mend: str) -> None:
        reading.problems.append(Problem(code, f"{where}{message}", where=where, mend=mend))

    place, unit = known.places.get(said.get("place", "")), known.units.get(said.get("unit", ""))
    if place is None:
        refuse("place", f"的点位“{said.get('place', '')}”不在点位表里。", "请写点位表里的名称或编号。")
    if said.get("unit") and unit is None:
        refuse("unit", f"的单位“{said['unit']}”不在名册里。", "请写单位的全称或简称，或者空着。")
    for name in ("shift", "post"):
        if not said.get(name):
            refuse(name, f"没有写{WORDS[name]}。", "例如时段写“早高峰 7:00–9:00”，岗位写“志愿者”。")
    people = names_in(said.get("person", ""))
    for name, text in (
        ("shift", said.get("shift", "")),
        ("post", said.get("post", "")),
        ("person", max(people, key=len)),
    ):
        if len(text) > LONGEST[name]:
            refuse(name, f"的{WORDS[name]}超过 {LONGEST[name]} 个字。", "请写短一些；几个人用顿号隔开。")
    on = _day_of(said.get("on", ""), day)
    if on is None:
        refuse("on", f"的日期“{said['on']}”读不懂。", "请写成 2019-09-25 或 9月25日。")
    if place is not None and on is not None and len(reading.problems) == found:
        reading.duties += [
            Duty(place=place, on=on, shift=said["shift"], post=said["post"], unit=unit, person=person)
            for person in people
        ]


def _day_of(text: str, day: dt.date) -> dt.date | None:
    """2019-09-25, 2019/9/25, 9月25日 (of the chosen day's year); nothing written is the chosen day."""
    if not text:
        return day
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    parts = numbers if len(numbers) == 3 else [day.year, *numbers]
    try:
        return dt.date(*parts[:3]) if len(parts) == 3 else None
    except ValueError:
        return None
