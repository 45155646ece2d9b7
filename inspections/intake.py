"""Items from elsewhere (12345, 网格, 媒体, 信访): typed or pasted, one a line, and filed with their source."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from campaign import log
from campaign.models import Campaign, User
from campaign.problems import Problem, Refused, blocking
from inspections import finding as filing
from inspections.models import Finding
from inspections.problem_lists import MOST_LINES, Line

Source = Finding.Source
SOURCES = (Source.HOTLINE, Source.GRID, Source.MEDIA, Source.LETTER, Source.PATROL, Source.ASSESSOR)


def objections(lines: Sequence[Line]) -> list[Problem]:
    """Everything that is wrong; what only warns does not hold the filing up."""
    found = [problem for line in lines for problem in line.problems]
    if not lines:
        found.append(Problem("empty", "一件也没有读到。", where="lines", mend="一行写一件：问题，地点，责任单位。"))
    if len(lines) > MOST_LINES:
        found.append(Problem("many", f"一次最多 {MOST_LINES} 件，这里有 {len(lines)} 件。", where="lines"))
    for line in lines:
        if line.place is None and not line.place_text:
            where = f"第 {line.row} 行"
            found.append(Problem("where", f"{where}没有写在哪里。", where=where, mend="在问题后面加一个“｜”再写地点。"))
    return found


def take_in(
    campaign: Campaign,
    source: str,
    lines: Sequence[Line],
    *,
    found_at: dt.datetime,
    tile: str,
    by: User,
    now: dt.datetime,
) -> list[Finding]:
    """File all lines or none. The same thing open at the same place is joined, as everywhere."""
    if source not in SOURCES:
        raise Refused(Problem("source", "请选来源。", where="source"))
    wrong = blocking(objections(lines))
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        rows = [
            filing.file(campaign, _found(line, source, found_at=found_at, tile=tile), by=by, now=now) for line in lines
        ]
        log.write(campaign, "intake", by=by, now=now, data={"source": source, "filed": len(rows)})
    return rows


def _found(line: Line, source: str, *, found_at: dt.datetime, tile: str) -> filing.Found:
    return filing.Found(
        text=line.text,
        tile=tile or "其他",
        found_at=found_at,
        severity=line.severity,
        place=line.place,
        where="" if line.place else line.place_text,
        unit=line.unit,
        source=source,
    )
