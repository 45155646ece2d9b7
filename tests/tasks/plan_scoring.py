"""How well a text was read: drafted rows held against rows made by hand.

A drafted row and a hand-made row are one where their sentences overlap by half of the shorter and nothing fits better; each is used
once. Of several that share a sentence the titles' words decide. Only rows with a measure, a date, a rhythm or a unit
have to be found; a drafted row that fits no hand-made row at all is invented, one that only doubles a sentence is split too far.
"""

from dataclasses import dataclass, field

ROLES = ("lead_units", "primary_units", "responsible_units", "support_units")
HALF = 0.5


@dataclass
class Score:
    wanted: int = 0
    found: int = 0
    units: int = 0
    limits: int = 0
    measures: int = 0
    drafted: int = 0
    invented: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)

    def rates(self):
        found = max(1, self.found)
        return {
            "found": self.found / max(1, self.wanted), "units": self.units / found, "limits": self.limits / found,
            "measures": self.measures / found, "invented": self.invented / max(1, self.drafted),
            "doubled": self.doubled / max(1, self.drafted),
        }  # fmt: skip

    def __str__(self):
        figures = ", ".join(f"{name} {rate:.3f}" for name, rate in self.rates().items())
        return f"{self.found}/{self.wanted} of {self.drafted}: {figures}"


def score(drafted, wanted):
    """`wanted`: dicts with sentence, source_offset and the contract's keys; `drafted`: `DraftRow.as_dict()`."""
    pairs = matched(drafted, wanted)
    said = Score(drafted=len(drafted))
    for place, row in enumerate(wanted):
        if not _must_be_found(row):
            continue
        said.wanted += 1
        if place not in pairs:
            said.wrong.append(f"MISSED {row['sentence']}")
            continue
        said.found += 1
        _compare(drafted[pairs[place]], row, said)
    for place, row in enumerate(drafted):
        if place in pairs.values():
            continue
        is_covered = any(_overlap(row, other) >= HALF for other in wanted)
        said.doubled += is_covered
        said.invented += not is_covered
        said.wrong.append(f"{'DOUBLED' if is_covered else 'INVENTED'} {row['sentence']}")
    return said


def matched(drafted, wanted):
    """Place in `wanted` -> place in `drafted`, best fits first."""
    fits = [
        (_overlap(row, other) + _likeness(row, other), -abs(row["source_offset"] - other["source_offset"]), there, here)
        for here, row in enumerate(drafted)
        for there, other in enumerate(wanted)
        if _overlap(row, other) >= HALF
    ]
    pairs = {}
    for _fit, _distance, there, here in sorted(fits, reverse=True):
        if there not in pairs and here not in pairs.values():
            pairs[there] = here
    return pairs


def _must_be_found(row):
    return bool(row["targets"] or row["deadline_text"] or row["recurrence"] or any(row[role] for role in ROLES))


def _compare(drafted, wanted, said):
    checks = {
        "units": all(set(drafted[role]) == set(wanted[role]) for role in ROLES),
        "limits": all(drafted[key] == wanted[key] for key in ("deadline_kind", "due_date", "recurrence")),
        "measures": _figures(drafted) == _figures(wanted),
    }
    for name, is_right in checks.items():
        setattr(said, name, getattr(said, name) + is_right)
        if not is_right:
            said.wrong.append(f"{name.upper()} {wanted['sentence']} | {_said(drafted, name)} | {_said(wanted, name)}")


def _said(row, name):
    if name == "units":
        return {role: row[role] for role in ROLES if row[role]}
    if name == "measures":
        return _figures(row)
    return row["deadline_kind"], row["due_date"], row["recurrence"]


def _figures(row):
    return sorted((target["op"], str(target["value"]), target["unit"]) for target in row["targets"])


def _overlap(row, other):
    start, end = row["source_offset"], row["source_offset"] + len(row["sentence"])
    first, last = other["source_offset"], other["source_offset"] + len(other["sentence"])
    return max(0, min(end, last) - max(start, first)) / max(1, min(end - start, last - first))


def _likeness(row, other):
    """Shared pairs of characters of the titles, and half a point for the same figures."""
    pairs = [{title[i : i + 2] for i in range(len(title) - 1)} for title in (row["title"], other["title"])]
    shared = len(pairs[0] & pairs[1]) / max(1, min(map(len, pairs)))
    same = 0.5 * (_figures(row) == _figures(other)) + 0.5 * (row["deadline_kind"] == other["deadline_kind"])
    return shared + same
