"""Lists that come from outside: 企业反映的18个问题, 测评组反馈, 失分清单. Their count is fixed; all of it must close.

Lines are pasted or read from a sheet, shown with their problems, and only then filed.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from campaign import log
from campaign.models import Campaign, Unit, User
from campaign.problems import Problem, Refused, blocking
from inspections import finding as filing
from inspections.models import Finding, Place, ProblemList
from inspections.models.places import Severity
from tasks.importing.cells import cell_text
from tasks.importing.opening import open_workbook

MOST_LINES = 1000
NUMBER = re.compile(r"^\s*[（(]?\d{1,4}[)）]?\s*[.．、\t)）]\s*")
COLUMNS = {
    "text": ("问题", "存在问题", "反馈意见", "问题描述", "失分内容", "内容"),
    "place": ("点位", "地点", "位置", "单位点位"),
    "unit": ("责任单位", "单位", "整改单位"),
    "severity": ("轻重", "严重程度"),
    "cause": ("原因", "成因", "失分原因"),
}


@dataclass(frozen=True)
class Line:
    """One problem of the list as it was written, and what was recognised in it."""

    row: int
    text: str
    place_text: str = ""
    unit_text: str = ""
    severity: str = ""
    cause: str = ""
    place: Place | None = None
    unit: Unit | None = None
    problems: tuple[Problem, ...] = field(default=())


def read_lines(text: str) -> list[Line]:
    """Pasted lines: one problem each, its number left out; columns parted by tab or ｜ are text, place, unit."""
    lines = []
    for row, raw in enumerate(text.splitlines(), 1):
        words = NUMBER.sub("", raw, count=1).strip()
        if not words:
            continue
        parts = [part.strip() for part in re.split(r"\t|｜|\|", words)] + ["", ""]
        lines.append(Line(row=row, text=parts[0], place_text=parts[1], unit_text=parts[2]))
    return lines


def read_sheet(content: bytes) -> list[Line]:
    """The first sheet of a workbook whose head row names at least a column of problems. Raises `Refused`."""
    rows = [[cell_text(value) for value in row] for row in open_workbook(content).sheets[0].cells]
    for number, head in enumerate(rows[:10]):
        found = _columns(head)
        if "text" in found:
            return _rows(rows[number + 1 :], found, first=number + 2)
    message = f"没有找到写着“{'”或“'.join(COLUMNS['text'][:3])}”的表头。"
    raise Refused(Problem("no_head", message, where="file", mend="请在第一行写上“问题、点位、责任单位”。"))


def _columns(head: Sequence[str]) -> dict[str, int]:
    found = {}
    for place, cell in enumerate(head):
        name = next((name for name, words in COLUMNS.items() if cell.replace(" ", "") in words), "")
        if name and name not in found:
            found[name] = place
    return found


def _rows(rows: Sequence[Sequence[str]], columns: dict[str, int], *, first: int) -> list[Line]:
    def cell(row: Sequence[str], name: str) -> str:
        place = columns.get(name, -1)
        return row[place] if 0 <= place < len(row) else ""

    words = {label: value for value, label in Severity.choices}
    return [
        Line(
            row=number,
            text=cell(row, "text"),
            place_text=cell(row, "place"),
            unit_text=cell(row, "unit"),
            severity=words.get(cell(row, "severity"), ""),
            cause=cell(row, "cause")[:200],
        )
        for number, row in enumerate(rows, first)
        if cell(row, "text")
    ]


def recognise(campaign: Campaign, lines: Sequence[Line]) -> list[Line]:
    """Find each line's place and unit by name, code or alias; say what could not be found. Two queries."""
    known = list(Place.objects.active().filter(campaign=campaign).select_related("owner", "street", "place_type"))
    places: dict[str, Place | None] = {}
    for place in known:
        places[place.name] = None if place.name in places else place  # None: several are called so
    places |= {place.code: place for place in known}
    units: dict[str, Unit] = {}
    for unit in Unit.objects.filter(campaign=campaign, is_active=True):
        for name in (unit.name, unit.short_name, *(unit.aliases or [])):
            if name:
                units.setdefault(name, unit)
    return [_recognised(line, places, units) for line in lines]


def _recognised(line: Line, places: dict[str, Place | None], units: dict[str, Unit]) -> Line:
    place, unit = places.get(line.place_text), units.get(line.unit_text)
    found = []
    where = f"第 {line.row} 行"
    if len(line.text) > filing.LONGEST_TEXT:
        message = f"{where}写了 {len(line.text)} 个字，最多 {filing.LONGEST_TEXT} 个。"
        found.append(Problem("long", message, where=where, mend="请压缩后再导入。"))
    if place is None and line.place_text in places:
        message = f"{where}的“{line.place_text}”不止一个点位，没有认。"
        found.append(Problem("place", message, level="warns", where=where, mend="请改写成点位编号。"))
    if line.unit_text and unit is None:
        message = f"{where}的责任单位“{line.unit_text}”不在名册里。"
        found.append(Problem("unit", message, level="warns", where=where, mend="导入后在待签发里选单位。"))
    elif unit is None and (place is None or (place.owner or place.street) is None):
        message = f"{where}没有责任单位。"
        found.append(Problem("no_unit", message, level="warns", where=where, mend="导入后在待签发里选单位。"))
    return replace(line, place=place, unit=unit, problems=tuple(found))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The list itself, as it came."""

    name: str
    source: str
    stated_count: int
    received_on: dt.date
    due_on: dt.date | None = None
    kind: str = Finding.Source.LIST


def objections(campaign: Campaign, wanted: Wanted, lines: Sequence[Line]) -> list[Problem]:
    found = [problem for line in lines for problem in line.problems]
    if not wanted.name.strip():
        found.append(Problem("name", "没有写清单叫什么。", where="name", mend="例如“企业反映的18个问题”。"))
    if ProblemList.objects.filter(campaign=campaign, name=wanted.name.strip()[:80]).exists():
        found.append(Problem("twice", f"“{wanted.name}”已经导入过。", where="name", mend="补充的请换一个名称。"))
    if not lines:
        found.append(Problem("empty", "一条也没有读到。", where="lines", mend="一行写一个问题。"))
    if len(lines) > MOST_LINES:
        found.append(Problem("many", f"一次最多 {MOST_LINES} 条，这里有 {len(lines)} 条。", where="lines"))
    if lines and wanted.stated_count != len(lines):
        message = f"清单说共 {wanted.stated_count} 项，读到 {len(lines)} 条。"
        found.append(Problem("count", message, level="warns", where="stated_count", mend="请核对有没有漏行。"))
    return found


def import_list(
    campaign: Campaign, wanted: Wanted, lines: Sequence[Line], *, by: User, now: dt.datetime
) -> ProblemList:
    """File every line as a finding of the list, all or nothing. Raises `Refused` with what blocks."""
    with transaction.atomic():
        # who sends the form twice waits here, and then finds the list
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        refused = blocking(objections(campaign, wanted, lines))
        if refused:
            raise Refused(*refused)
        kept = ProblemList.objects.create(
            campaign=campaign,
            name=wanted.name.strip()[:80],
            source=wanted.source.strip()[:80],
            stated_count=wanted.stated_count,
            received_on=wanted.received_on,
            due_on=wanted.due_on,
        )
        for line in lines:
            filing.file(campaign, _found(line, kept, wanted, now=now), by=by, now=now)
        data = {"stated": wanted.stated_count, "filed": len(lines)}
        log.write(kept, "import_list", by=by, now=now, data=data)
    return kept


def _found(line: Line, kept: ProblemList, wanted: Wanted, *, now: dt.datetime) -> filing.Found:
    return filing.Found(
        text=line.text,
        tile="其他",
        found_at=now,
        severity=line.severity,
        place=line.place,
        where="" if line.place else (line.place_text or kept.name),
        unit=line.unit,
        problem_list=kept,
        source=wanted.kind,
        cause=line.cause,
        client_id=f"list:{kept.pk.hex}:{line.row}",
    )


def with_counts(lists: QuerySet) -> QuerySet:
    """Each list with what was filed of it (`filed`) and what is closed (`closed`)."""
    return lists.annotate(
        filed=Count("findings"),
        closed=Count("findings", filter=Q(findings__stage=Finding.Stage.CLOSED)),
        revoked=Count("findings", filter=Q(findings__stage=Finding.Stage.REVOKED)),
    )
