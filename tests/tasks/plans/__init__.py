"""Plans and speeches of districts that do not exist, in the styles offices write, with the rows a careful clerk reads.

A row is (words its sentence holds, units, limit, measures). Units: "牵 A、B 配 C" with 牵 主 责 配, "+" for an open end.
Limit: "" or an ISO day, "year", or "monthly 1", "quarterly 1+" (at least), "monthly @11". Measures: ">=10场 =80%".
"""

import re
from dataclasses import dataclass

_ROLE = {"牵": "lead_units", "主": "primary_units", "责": "responsible_units", "配": "support_units"}


@dataclass(frozen=True)
class Written:
    name: str
    year: int
    text: str
    rows: tuple


def wanted(written):
    """The hand-made rows in the contract's keys."""
    said, place = [], 0
    for words, units, limit, measures in written.rows:
        at = written.text.find(words, place)
        at = at if at >= 0 else written.text.index(words)
        place = at
        said.append(
            {"sentence": words, "title": words, "source_offset": at}
            | _units(units)
            | limit_of(limit, written.year)
            | _measures(measures)
        )
    return said


def _units(units):
    parts = re.split(r"(?:^| )([牵主责配]) ", units.rstrip("+").strip())
    found = {role: [] for role in _ROLE.values()}
    for mark, names in zip(parts[1::2], parts[2::2], strict=True):
        found[_ROLE[mark]] = names.split("、")
    return found | {"units_open_ended": units.endswith("+")}


def limit_of(limit, year):
    none = {"deadline_kind": "none", "due_date": None, "recurrence": None, "deadline_text": limit}
    if not limit:
        return none
    if limit == "year":
        return none | {"deadline_kind": "year_end", "due_date": f"{year}-12-31"}
    if re.match(r"\d{4}-", limit):
        return none | {"deadline_kind": "fixed", "due_date": limit}
    freq, _space, count = limit.partition(" ")
    day = int(count[1:]) if count.startswith("@") else None
    times = 1 if day else int(count.rstrip("+"))
    rhythm = {"freq": freq, "count": times, "day_of_month": day, "at_least": count.endswith("+")}
    return none | {"deadline_kind": "recurring", "recurrence": rhythm}


def _measures(measures):
    found = re.findall(r"(>=|<=|=)([\d.]+|\?)(\S+)", measures)
    return {"targets": [{"op": op, "value": _value(number), "unit": unit} for op, number, unit in found]}


def _value(number):
    """? stands for a masked number."""
    if number == "?":
        return None
    return float(number) if "." in number else int(number)
