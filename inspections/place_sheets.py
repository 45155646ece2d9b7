"""Places as a table: the list taken out as a workbook, and the office's own workbook brought in.

The columns are the same both ways, so that what was exported can be corrected and brought in again.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from campaign import log
from campaign.models import Area, Campaign, Unit, User
from campaign.problems import Problem, Refused, blocking
from inspections.models import Place, PlaceType
from inspections.place_list import PlaceList
from inspections.places import found_by, next_codes
from tasks.exporting import FORMATS, Export, Heading, as_workbook
from tasks.importing.cells import cell_text
from tasks.importing.opening import Sheet, column_letter, open_workbook

#: Head of the column -> field; the first of each field is the head we write.
HEADS = {
    "编号": "code", "点位编号": "code", "名称": "name", "点位名称": "name", "点位": "name", "类型": "place_type",
    "点位类型": "place_type", "等级": "grade", "责任单位": "owner", "主责单位": "owner", "片区": "area", "街道": "street",
    "属地街道": "street", "包抓单位": "steward_unit", "包抓领导": "steward", "街巷长": "lane_chief", "巷长": "lane_chief",
    "地址": "address", "纬度": "latitude", "经度": "longitude", "重点点位": "is_key", "备注": "note",
}  # fmt: skip
NEEDED = {"name": "名称", "place_type": "类型"}
WIDTHS = {"name": 24, "address": 28, "note": 24, "owner": 18, "place_type": 16}
MOST_ROWS = 20_000
#: Problems told one by one; the rest are counted.
TOLD = 200
COLUMNS = ("code", "name", "place_type", "grade", "owner", "area", "street", "steward_unit", "steward", "lane_chief",
           "address", "latitude", "longitude", "is_key", "note")  # fmt: skip
LIMITS = {"code": 16, "name": 80, "steward": 60, "lane_chief": 60, "address": 120, "note": 200}


# --- out --------------------------------------------------------------------------------------
def headings(*, knows: bool) -> list[Heading]:
    names = {name: head for head, name in reversed(HEADS.items())}
    heads = [Heading(names[name], WIDTHS.get(name, 11)) for name in COLUMNS]
    own = [Heading("未销号", 8)]
    return heads + ([Heading("上次巡查", 12), Heading("累计巡查", 9), Heading("发现问题", 9), Heading("反弹", 7), *own] if knows else own)  # fmt: skip


def export(found: PlaceList, *, today: dt.date) -> Export:
    """All the list has, in its order."""
    rows = found.rows.select_related("place_type", "owner", "area", "street", "steward_unit")
    lines = list(_lines(rows.order_by(*found.ordering).iterator(chunk_size=2000), found))
    name = f"点位-{today:%Y%m%d}-{len(lines)}个.xlsx"
    return Export(name, as_workbook(headings(knows=found.knows), lines, "点位"), FORMATS["xlsx"], len(lines))


def _lines(places: Iterable[Any], found: PlaceList) -> Iterator[list[Any]]:
    for place in places:
        row: list[Any] = [_out(getattr(place, name)) for name in COLUMNS]
        if found.knows:
            seen = place.visited_at.astimezone(found.campaign.zone).date() if place.visited_at else None
            row += [seen, place.visit_count, place.finding_count, place.relapse_count]
        yield [*row, place.open_now]


def _out(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else ""
    if isinstance(value, PlaceType | Unit | Area):
        return value.name
    return value


# --- in ---------------------------------------------------------------------------------------
@dataclass
class Line:
    """A row of the workbook as it would be written. `place` is the one it corrects, None for a new one."""

    number: int
    fields: dict[str, Any]
    place: Place | None = None
    changed: tuple[str, ...] = ()


@dataclass
class Reading:
    """What a workbook would do. Written whole or not at all."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.place is None]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.place is not None and line.changed]

    @property
    def same(self) -> int:
        return len(self.lines) - len(self.new) - len(self.changed)

    @property
    def told(self) -> list[Problem]:
        return self.problems[:TOLD]

    @property
    def is_clean(self) -> bool:
        return not blocking(self.problems) and bool(self.lines)


class _Names:
    """What the names in the cells may mean: four queries for any number of rows."""

    def __init__(self, campaign: Campaign) -> None:
        self.types = {
            name: kind for kind in PlaceType.objects.filter(campaign=campaign) for name in (kind.name, kind.code)
        }
        self.areas = {name: area for area in Area.objects.filter(campaign=campaign) for name in (area.name, area.code)}
        self.units: dict[str, Unit] = {}
        for unit in Unit.objects.filter(campaign=campaign, is_active=True):
            for name in (unit.name, unit.short_name, *unit.aliases):
                self.units.setdefault(name, unit)
        self.places = {place.code: place for place in Place.objects.filter(campaign=campaign)}


def read_places(campaign: Campaign, content: bytes) -> Reading:
    """Every row with every problem; nothing is written. Raises `Refused` for a file that cannot be used."""
    opened = open_workbook(content)
    for sheet in opened.sheets:
        found = _head_of(sheet)
        if found is not None:
            return _read(campaign, sheet, *found)
    raise Refused(
        Problem(
            "no_head", "没有找到表头。", mend="表里要有“名称”和“类型”两列，表头写在前十行；可以先导出一份点位表照着填。"
        )
    )


def _head_of(sheet: Sheet) -> tuple[int, dict[int, str]] | None:
    """(index of the head row, column -> field)."""
    for number, row in enumerate(sheet.cells[:10]):
        columns: dict[int, str] = {}
        for place, value in enumerate(row):
            name = HEADS.get(cell_text(value).replace("\n", "").replace(" ", ""))
            if name and name not in columns.values():
                columns[place] = name
        if set(NEEDED) <= set(columns.values()):
            return number, columns
    return None


def _read(campaign: Campaign, sheet: Sheet, head: int, columns: dict[int, str]) -> Reading:
    names, reading, seen = _Names(campaign), Reading(), dict[str, int]()
    if len(sheet.cells) - head > MOST_ROWS:
        raise Refused(Problem("many", f"一次最多导入 {MOST_ROWS} 行。", mend="请分成几份。"))
    for number, row in enumerate(sheet.cells[head + 1 :], head + 2):
        texts = {name: cell_text(row[place]) if place < len(row) else "" for place, name in columns.items()}
        if not any(texts.values()):
            continue
        said = _Row(number, {name: column_letter(place + 1) for place, name in columns.items()}, reading.problems)
        line = Line(number, said.fields(texts, names))
        code = line.fields.get("code", "")
        if code and code in seen:
            said.refuse("code", f"编号 {code} 和第 {seen[code]} 行重复", "请改成不同的编号，或删去一行。")
        seen.setdefault(code, number)
        line.place = names.places.get(code)
        line.changed = tuple(
            n for n, v in line.fields.items() if line.place is not None and getattr(line.place, n) != v
        )
        reading.lines.append(line)
    if not reading.lines:
        reading.problems.append(Problem("empty", "表头下面没有内容。", mend="请填好点位再导入。"))
    return reading


class _Row:
    """One row being read: each mistake with its cell."""

    def __init__(self, number: int, letters: dict[str, str], problems: list[Problem]) -> None:
        self.number, self.letters, self.problems = number, letters, problems

    def refuse(self, name: str, message: str, mend: str) -> None:
        where = f"{self.letters.get(name, '')}{self.number}"
        self.problems.append(Problem(name, f"{where}：{message}。", where=where, mend=mend))

    def fields(self, texts: dict[str, str], names: _Names) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, text in texts.items():
            if name in NEEDED and not text:
                self.refuse(name, f"“{NEEDED[name]}”是空的", "请补上，或删去这一行。")
            elif name in LIMITS and len(text) > LIMITS[name]:
                self.refuse(name, f"超过 {LIMITS[name]} 个字", "请写短一些。")
            else:
                fields[name] = self._value(name, text, names)
        if (fields.get("latitude") is None) != (fields.get("longitude") is None):
            self.refuse("latitude", "经度和纬度只填了一个", "要么都填，要么都不填。")
        return fields

    def _value(self, name: str, text: str, names: _Names) -> Any:
        if name == "place_type":
            return self._known(name, text, names.types, "没有这个点位类型", "请写类型表里的名称，或先添加这个类型。")
        if name in {"owner", "street", "steward_unit"}:
            return self._known(name, text, names.units, "没有这个单位", "请写单位表里的名称或别名。")
        if name == "area":
            return self._known(name, text, names.areas, "没有这个片区", "请写片区表里的名称，或先添加片区。")
        if name in {"latitude", "longitude"}:
            return self._degrees(name, text)
        if name == "grade":
            letter = text.upper().replace("类", "").strip()
            if letter not in {"", "A", "B", "C"}:
                self.refuse(name, f"等级“{text}”不是 A、B、C", "请改成 A、B 或 C。")
            return letter[:1]
        return text in {"是", "√", "1", "重点"} if name == "is_key" else text

    def _known(self, name: str, text: str, known: dict[str, Any], what: str, mend: str) -> Any:
        if text and text not in known:
            self.refuse(name, f"“{text[:30]}”：{what}", mend)
        return known.get(text) if text else None

    def _degrees(self, name: str, text: str) -> float | None:
        if not text:
            return None
        try:
            degrees = float(text)
        except ValueError:
            degrees = 999.0
        if not abs(degrees) <= (90 if name == "latitude" else 180):
            self.refuse(
                name,
                f"“{text[:20]}”不是{'纬' if name == 'latitude' else '经'}度",
                "请写成 39.9042 这样的度数，纬度在前。",
            )
            return None
        return degrees


def commit_places(campaign: Campaign, reading: Reading, *, by: User | None, now: dt.datetime) -> tuple[int, int]:
    """Write it whole, or refuse it whole. Gives (new, changed)."""
    if not reading.is_clean:
        raise Refused(*(blocking(reading.problems) or [Problem("empty", "没有可导入的行。")]))
    new, changed = reading.new, reading.changed
    with transaction.atomic():
        codes = iter(next_codes(campaign, sum(not line.fields.get("code") for line in new)))
        made = [
            Place(campaign=campaign, **line.fields | {"code": line.fields.get("code") or next(codes)}) for line in new
        ]
        for place in made:
            place.search_text = found_by(place)
        Place.objects.bulk_create(made, batch_size=500)
        _correct(changed)
        data = {"new": len(made), "changed": len(changed)}
        log.write(campaign, "places_imported", by=by, now=now, data=data)
    return len(made), len(changed)


def _correct(lines: list[Line]) -> None:
    names: set[str] = set()
    for line in lines:
        assert line.place is not None
        for name in line.changed:
            setattr(line.place, name, line.fields[name])
        line.place.search_text = found_by(line.place)
        names |= set(line.changed)
    ids: list[UUID] = [line.place.pk for line in lines if line.place]
    if ids:
        Place.objects.bulk_update([line.place for line in lines if line.place], [*names, "search_text"], batch_size=200)
        for start in range(0, len(ids), 500):
            Place.objects.filter(pk__in=ids[start : start + 500]).update(version=F("version") + 1)
