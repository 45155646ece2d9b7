"""Items from elsewhere (12345, 网格, 媒体, 信访): typed or pasted, one a line, and filed with their source."""

import datetime as dt
import hashlib
import json
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
    token: str = "",
) -> list[Finding]:
    """File all lines or none. The same thing open at the same place is joined, as everywhere.

    `token` is made by the form: a second arrival of it, with the same lines, is the same filing.
    """
    if source not in SOURCES:
        raise Refused(Problem("source", "请选来源。", where="source"))
    wrong = blocking(objections(lines))
    if wrong:
        raise Refused(*wrong)
    key = _key(token, source, tile, lines)
    with transaction.atomic():
        # who sends the form twice waits here, and then finds what was filed
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        earlier = Finding.objects.filter(campaign=campaign, client_id__in=[f"{key}:{line.row}" for line in lines])
        if token and (kept := list(earlier.order_by("code"))):
            return kept
        found = [_found(line, source, found_at=found_at, tile=tile, key=key if token else "") for line in lines]
        rows = [filing.file(campaign, one, by=by, now=now) for one in found]
        log.write(campaign, "intake", by=by, now=now, data={"source": source, "filed": len(rows)})
    return rows


def _key(token: str, source: str, tile: str, lines: Sequence[Line]) -> str:
    said = [token, source, tile, *([line.text, line.place_text, line.unit_text] for line in lines)]
    return f"intake:{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]}"


def _found(line: Line, source: str, *, found_at: dt.datetime, tile: str, key: str) -> filing.Found:
    return filing.Found(
        text=line.text,
        tile=tile or "其他",
        found_at=found_at,
        severity=line.severity,
        place=line.place,
        where="" if line.place else line.place_text,
        unit=line.unit,
        source=source,
        client_id=f"{key}:{line.row}" if key else "",
    )
