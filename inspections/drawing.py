"""Drawing places by lot, so that anybody can check afterwards that nothing was chosen by hand.

The rule: each place of the frozen list gets the number sha256(seed + ":" + code), written in hexadecimal; the places
with the lowest numbers are drawn, type by type, as many of each as the rule says. The same seed over the same list
draws the same places, on any machine and by any program; a place added to the ledger later changes nothing.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ALGORITHM = "sha256(seed:code), lowest first"


@dataclass(frozen=True)
class Candidate:
    code: str
    stratum: str
    """What it is drawn among: the code of its type, or "" where all are drawn together."""


@dataclass(frozen=True)
class Line:
    """One drawn or undrawn place of the proof."""

    code: str
    stratum: str
    digest: str
    rank: int
    is_drawn: bool


def new_seed() -> str:
    return secrets.token_hex(16)


def digest(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def ranked(seed: str, candidates: Iterable[Candidate], counts: Mapping[str, int]) -> list[Line]:
    """Every candidate in the order of the lot within its stratum; the first `counts[stratum]` are drawn."""
    strata: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in candidates:
        strata[one.stratum].append((digest(seed, one.code), one.code))
    return [
        Line(code, stratum, number, rank, rank <= counts.get(stratum, 0))
        for stratum in sorted(strata)
        for rank, (number, code) in enumerate(sorted(strata[stratum]), 1)
    ]


def draw(seed: str, candidates: Iterable[Candidate], counts: Mapping[str, int]) -> list[str]:
    """Codes of the drawn places."""
    return [line.code for line in ranked(seed, candidates, counts) if line.is_drawn]


def shares(sizes: Mapping[str, int], count: int) -> dict[str, int]:
    """`count` places spread over strata in proportion to their sizes, by largest remainder: sums to min(count, all)."""
    whole = sum(sizes.values())
    count = min(count, whole)
    if not whole:
        return {}
    exact = {stratum: count * size / whole for stratum, size in sizes.items()}
    given = {stratum: int(share) for stratum, share in exact.items()}
    by_rest = sorted(sizes, key=lambda stratum: (given[stratum] - exact[stratum], stratum))
    for stratum in by_rest[: count - sum(given.values())]:
        given[stratum] += 1
    return given


def frozen(candidates: Iterable[Candidate], counts: Mapping[str, int]) -> dict[str, Any]:
    """The rule as it is kept with the round; `redrawn` reads it."""
    listed = sorted(candidates, key=lambda one: (one.stratum, one.code))
    by_stratum: dict[str, list[str]] = defaultdict(list)
    for one in listed:
        by_stratum[one.stratum].append(one.code)
    return {"algorithm": ALGORITHM, "candidates": dict(by_stratum), "counts": dict(counts)}


def redrawn(seed: str, rule: Mapping[str, Any]) -> list[Line]:
    """The same draw again, from what was frozen."""
    candidates = [Candidate(code, stratum) for stratum, codes in rule["candidates"].items() for code in codes]
    return ranked(seed, candidates, rule["counts"])
