"""What a row said when it was brought in, as short marks kept with its task.

A second version of the plan is laid beside the first, not beside what the office has written since: a row that says
what it said before changes nothing, whatever file it now stands in, and a field that says what it said before leaves
the office's own words alone.
"""

import hashlib
import re
import zlib
from typing import Any

from tasks.importing.rows import Row

_DIGITS = re.compile(r"[\d\s“”\"]+")
_WORDS, _PART = 16, 8
FIELDS = ("title", "units", "deadline", "targets", "remark", "standard")


def words_of(title: str) -> str:
    """The title without its numbers, so that 示范道路18个 and 示范道路20个 are one task with another target."""
    return _DIGITS.sub("", title)


def origin_of(row: Row) -> str:
    """Sixteen digits for the words that name the task, eight for each of `FIELDS`."""
    rhythm = row.recurrence or {}
    limit = (row.deadline_text, row.deadline_kind, row.due_date, rhythm.get("freq"), rhythm.get("count"))
    targets = [(target["op"], target["value"], target["unit"]) for target in row.targets]
    parts = (row.title, (*row.units.values(), row.units_open_ended), limit, targets, row.remark, row.standard)
    return words_mark(row.program, row.project, row.title) + "".join(map(_mark, parts))


def words_mark(program: str, project: str, title: str) -> str:
    said = "\n".join((program, project, words_of(title[:200])))
    return hashlib.blake2b(said.encode(), digest_size=_WORDS // 2).hexdigest()


def words_in(origin: str) -> str:
    return origin[:_WORDS]


def told_before(before: str, after: str) -> set[str]:
    """Fields in which the later row says what the earlier one said; none where the earlier is not known."""
    if not before:
        return set()
    places = {name: _WORDS + _PART * place for place, name in enumerate(FIELDS)}
    return {name for name, at in places.items() if before[at : at + _PART] == after[at : at + _PART]}


def _mark(said: Any) -> str:
    return f"{zlib.crc32(repr(said).encode()):08x}"
