"""Writing a roster: its units, its people, their posts; all or nothing, once however often."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaign import log, people, units
from campaign.models import Campaign, Membership, Unit, User
from campaign.problems import Refused
from campaign.roster.reading import Line, Reading, Wanted, person_key, read


@dataclass(frozen=True)
class Written:
    """`newcomers`: the first posts of people who have no password yet."""

    units: int
    changed: int
    posts: int
    newcomers: tuple[Membership, ...]


def bring_in(
    campaign: Campaign, rows: Sequence[Sequence[str]], *, by: User | None, now: dt.datetime, today: dt.date
) -> Written:
    """Read the table as things stand now, and write it whole. Raises `Refused` and writes nothing where it cannot be."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        reading = read(campaign, rows, today=today)
        if not reading.is_clean:
            raise Refused(*reading.blocks)
        if reading.is_empty:
            return Written(0, 0, 0, ())
        written = _write(campaign, reading, by=by, now=now, today=today)
        facts = {"units": written.units, "changed": written.changed, "posts": written.posts}
        log.write(campaign, "roster_imported", by=by, now=now, data=facts | {"people": len(written.newcomers)})
    return written


def _write(campaign: Campaign, reading: Reading, *, by: User | None, now: dt.datetime, today: dt.date) -> Written:
    made = _make_units(campaign, reading, by=by, now=now)
    for wanted in reading.changed_units:
        assert wanted.unit is not None
        units.change(wanted.unit, _fields(wanted, made, only=wanted.changed), by=by, now=now)
    newcomers: dict[tuple[str, ...], Membership] = {}
    for line in reading.posts:
        _fill(line, made[line.wanted.name], newcomers, by=by, now=now, today=today)
    counts = len(reading.new_units), len(reading.changed_units), len(reading.posts)
    return Written(*counts, tuple(newcomers.values()))


def _make_units(campaign: Campaign, reading: Reading, *, by: User | None, now: dt.datetime) -> dict[str, Unit]:
    """Every unit the table speaks of, by name; those above are made before those below, in the table's order."""
    made = {unit.name: unit for unit in Unit.objects.filter(campaign=campaign)}
    order = max((unit.order for unit in made.values()), default=0)
    waiting = reading.new_units
    while waiting:
        names = {wanted.name for wanted in waiting}
        for wanted in [row for row in waiting if row.fields.get("parent") not in names]:
            order += 10
            fields = {"name": wanted.name, "order": order} | _fields(wanted, made, only=tuple(wanted.fields))
            made[wanted.name] = units.add(campaign, fields, by=by, now=now)
        waiting = [wanted for wanted in waiting if wanted.name not in made]
    return made


def _fields(wanted: Wanted, made: Mapping[str, Unit], *, only: Sequence[str]) -> dict[str, Any]:
    """What the table says of a unit. Aliases are added to those there are."""
    fields = {name: wanted.fields[name] for name in only}
    if "parent" in fields:
        fields["parent"] = made[fields["parent"]]
    if "aliases" in fields and wanted.unit is not None:
        fields["aliases"] = list(dict.fromkeys([*wanted.unit.aliases, *fields["aliases"]]))
    return fields


def _fill(
    line: Line,
    unit: Unit,
    newcomers: dict[tuple[str, ...], Membership],
    *,
    by: User | None,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Give the row's person the post; somebody new is registered by their first row."""
    entry = line.entry
    assert entry is not None
    post: dict[str, Any] = {"post": entry.post, "role": entry.role, "title": entry.title, "from_on": today}
    known = newcomers.get(person_key(line))
    user = entry.user or (known.user if known else None)
    if user is not None:
        people.appoint(user, unit, **post, by=by, now=now)
        return
    contact: dict[str, Any] = {"phone": entry.phone, "email": entry.email, "username": entry.username}
    newcomers[person_key(line)] = people.enlist(unit, name=entry.name, **contact, **post, by=by, now=now)
