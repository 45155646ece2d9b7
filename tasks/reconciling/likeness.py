"""Which task of the ledger a drafted row speaks of, by the meaning of its words: two clerks never write one title alike.

Texts are laid beside one another as pairs of characters, rare pairs weighing more than common ones, so that
苹果园综合交通枢纽 decides and 推进…建设 does not. The same number, unit, limit and heading each add a little;
another number takes nothing away, because finding another number is what the comparison is for.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tasks.language.nouns import VERB
from tasks.language.text import even

#: From SURE on two texts are one thing; from MAYBE on they are like enough to name one beside the other.
SURE, MAYBE = 0.5, 0.34
_NOISE = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9%]|进一步|切实|大力|深入|积极|全面|着力|扎实|持续|加快|加强|不断|充分|认真|严格|有效|稳步|全力|抓好|做好|搞好|"
    r"工作|活动|项目|工程|任务|要求|情况|有关|相关|各类|各级|全区|全市|全县|我区|我市|年内|今年|全年|每年|每月|每季度|每周|每半年|每半月|"
    r"每学期|至少|不少于|不低于|以上|以内|达到|力争|争取|确保|要|将|应|于|底前|月底|的|和|与|及|等|了|并|把|对|为|以|在|前|次|个"
)
_WEIGHT_OF_A_VERB = 0.35
#: A pair of characters in more texts than this tells nothing; how many candidates are weighed for a row.
_COMMON, _CANDIDATES = 64, 24


@dataclass(frozen=True)
class Said:
    """One side of a comparison. `words`: a short title; `more`: its whole sentence, where there is one."""

    key: Any
    words: str
    more: str = ""
    layer: str = ""
    numbers: frozenset[tuple[str, str]] = frozenset()
    units: frozenset[str] = frozenset()
    limit: str = ""


@dataclass(frozen=True)
class Pair:
    """A row's likeliest task. Not sure: like enough to be named, not to be claimed."""

    task: Any
    score: float

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE


def pairs(rows: Iterable[Said], tasks: Iterable[Said]) -> dict[Any, Pair]:
    """Row key -> its task, each task given once, the likeliest pairs first. A row without a like task is left out."""
    table = _Table([_Text.of(row) for row in rows], [_Text.of(task) for task in tasks])
    found: dict[Any, Pair] = {}
    taken: set[Any] = set()
    for score, row, task in sorted(table.likely(), key=lambda pair: (-pair[0], str(pair[1].key), str(pair[2].key))):
        if row.key not in found and task.key not in taken:
            found[row.key] = Pair(task.key, score)
            taken.add(task.key)
    return found


@dataclass(frozen=True)
class _Text:
    said: Said
    short: frozenset[str]
    whole: frozenset[str]

    @classmethod
    def of(cls, said: Said) -> "_Text":
        short = _grams(said.words)
        return cls(said, short, short | _grams(said.more))


class _Table:
    """Rows and tasks with the weight of each pair of characters among them."""

    def __init__(self, rows: Sequence[_Text], tasks: Sequence[_Text]) -> None:
        self.rows, self.tasks = rows, tasks
        count = len(rows) + len(tasks) + 1
        seen = Counter(gram for text in (*rows, *tasks) for gram in text.whole)
        self.weight = {
            gram: math.log(count / times) * (_WEIGHT_OF_A_VERB if VERB.fullmatch(gram) else 1)
            for gram, times in seen.items()
        }
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, task in enumerate(tasks):
            for gram in task.whole:
                self.places[gram].append(place)

    def likely(self) -> Iterator[tuple[float, Said, Said]]:
        common = max(_COMMON, len(self.tasks) // 8)
        for row in self.rows:
            shared: Counter[int] = Counter()
            for gram in sorted(row.whole):
                places = self.places.get(gram, ())
                if len(places) <= common:
                    shared.update(places)
            for place, _ in shared.most_common(_CANDIDATES):
                task = self.tasks[place]
                score = self._words_alike(row, task) + _facts_alike(row.said, task.said)
                if score >= MAYBE:
                    yield score, row.said, task.said

    def _words_alike(self, row: _Text, task: _Text) -> float:
        inside = self._mass(task.short & row.whole) / self._mass(task.short)
        back = self._mass(row.short & task.whole) / self._mass(row.short)
        titles = 2 * self._mass(row.short & task.short) / (self._mass(row.short) + self._mass(task.short))
        return 0.45 * math.sqrt(inside * back) + 0.30 * max(inside, back) + 0.25 * titles

    def _mass(self, grams: frozenset[str]) -> float:
        return sum(self.weight[gram] for gram in grams) + 1e-9


def _facts_alike(row: Said, task: Said) -> float:
    return (
        0.12 * _overlap(row.numbers, task.numbers)
        + 0.10 * _overlap(row.units, task.units)
        + 0.08 * bool(row.layer and row.layer == task.layer)
        + 0.06 * bool(row.limit and row.limit == task.limit)
    )


def _overlap(one: frozenset[Any], other: frozenset[Any]) -> float:
    return len(one & other) / max(len(one), len(other)) if one and other else 0.0


@lru_cache(maxsize=8192)
def _grams(text: str) -> frozenset[str]:
    parts = _NOISE.sub("|", even(text[:600]).text).split("|")
    pairs_of = (part[at : at + 2] for part in parts for at in range(len(part) - 1))
    return frozenset([*pairs_of, *(part for part in parts if len(part) == 1)])
