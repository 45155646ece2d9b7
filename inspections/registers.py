"""底数台账: typed lists of what there is (堵点乱点, 工地, 公厕 …), beside the total that was stated (B13, B14)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from campaign import log
from campaign.models import Campaign, Unit, User
from campaign.problems import Problem, Refused
from inspections.models import Place, Register, RegisterEntry, RegisterVersion
from tasks.importing.cells import cell_text
from tasks.importing.opening import open_workbook

MOST_ROWS, MOST_COLUMNS = 20_000, 20
PLACE_HEADS = {"点位编号", "编号"}


def open_register(
    campaign: Campaign, name: str, *, unit: Unit | None, stated_total: int | None, by: User | None, now: dt.datetime
) -> Register:
    if Register.objects.filter(campaign=campaign, name=name).exists():
        raise Refused(Problem("name", f"已经有台账叫“{name}”。", where="name", mend="请换个名称。"))
    with transaction.atomic():
        made = Register.objects.create(campaign=campaign, name=name, unit=unit, stated_total=stated_total)
        log.write(made, "added", by=by, now=now, data={"name": name})
    return made


def fill_register(register: Register, content: bytes, *, by: User | None, now: dt.datetime) -> int:
    """The first sheet's rows replace the list: its first row names the columns. Gives how many rows.

    A column 点位编号 joins a row to its place. What the list held before stays as its earlier version.
    """
    sheet = open_workbook(content).sheets[0]
    rows = [[cell_text(value) for value in row[:MOST_COLUMNS]] for row in sheet.cells[: MOST_ROWS + 2]]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise Refused(Problem("empty", "表里没有内容。", mend="第一行写栏目名，下面一行一处。"))
    if len(rows) - 1 > MOST_ROWS:
        raise Refused(Problem("many", f"一份台账最多 {MOST_ROWS} 行。", mend="请分成几份。"))
    heads = [head.replace("\n", "")[:30] for head in rows[0] if head]
    if len(set(heads)) != len(heads):
        raise Refused(Problem("heads", "有两栏同名。", mend="请改成不同的栏目名。"))
    with transaction.atomic():
        held = Register.objects.select_for_update().get(pk=register.pk)
        entries = list(_entries(register, heads, rows))
        _keep(held, by=by, now=now)
        held.entries.all().delete()
        RegisterEntry.objects.bulk_create(entries, batch_size=500)
        Register.objects.filter(pk=register.pk).update(columns=heads)
        log.write(register, "register_filled", by=by, now=now, data={"rows": len(entries)})
    return len(entries)


def _keep(register: Register, *, by: User | None, now: dt.datetime) -> None:
    rows = register.entries.order_by("order", "id").values_list("place", "values")
    entries = [{"place": str(place) if place else None, "values": values} for place, values in rows]
    if entries:
        RegisterVersion.objects.create(
            campaign_id=register.campaign_id,
            register=register,
            number=register.versions.count() + 1,
            columns=register.columns,
            entries=entries,
            replaced_at=now,
            replaced_by=by,
        )


def _entries(register: Register, heads: list[str], rows: list[list[str]]) -> Any:
    columns = [number for number, head in enumerate(rows[0]) if head]
    at = next((number for number in columns if rows[0][number] in PLACE_HEADS), None)
    codes = {row[at] for row in rows[1:] if at is not None and at < len(row) and row[at]}
    places: Mapping[str, Place] = {
        place.code: place for place in Place.objects.filter(campaign=register.campaign_id, code__in=codes).only("code")
    }
    for number, row in enumerate(rows[1:], 1):
        values = {head: row[place] if place < len(row) else "" for head, place in zip(heads, columns, strict=True)}
        place = places.get(row[at]) if at is not None and at < len(row) else None
        yield RegisterEntry(
            campaign_id=register.campaign_id, register=register, place=place, order=number, values=values
        )
