"""How likely a draw of places is clean, exactly.

Of `places` places `bad` are not up to standard; the assessors draw `drawn` of them by lot, each as likely as any other
and none twice. The draw is clean with C(places - bad, drawn) / C(places, drawn).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import Any

HALF = 0.5


def clean_chance(places: int, bad: int, drawn: int) -> float:
    """0.0–1.0. Nothing drawn or nothing bad is clean for certain; more is never drawn than there is."""
    if min(places, bad, drawn) < 0 or bad > places:
        raise ValueError("a draw needs 0 <= bad <= places and 0 <= drawn")
    drawn = min(drawn, places)
    return comb(places - bad, drawn) / comb(places, drawn)


def repairs_for(places: int, bad: int, drawn: int, goal: float = HALF) -> int:
    """The fewest places to mend until the draw is clean with at least `goal` (0–1)."""
    low, high = 0, bad
    while low < high:
        middle = (low + high) // 2
        if clean_chance(places, bad - middle, drawn) >= goal:
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(frozen=True)
class Draw:
    """What is drawn from what: all places together, or one type's."""

    name: str
    places: int
    bad: int
    drawn: int
    key: Any = ""

    @property
    def taken(self) -> int:
        """More is never drawn than there is."""
        return min(self.drawn, self.places)

    @cached_property
    def chance(self) -> float:
        return clean_chance(self.places, self.bad, self.drawn)

    @cached_property
    def repairs(self) -> int:
        return repairs_for(self.places, self.bad, self.drawn)

    @cached_property
    def chance_then(self) -> float:
        return self.after(self.repairs)

    @property
    def expected(self) -> float:
        """How many bad ones a draw meets on average."""
        return self.taken * self.bad / self.places if self.places else 0.0

    def after(self, mended: int) -> float:
        return clean_chance(self.places, self.bad - mended, self.drawn)

    def curve(self, most: int = 40) -> list[tuple[int, float]]:
        """(mended, chance) from nothing to everything, at most `most` steps, the point of one half among them."""
        steps = {round(self.bad * step / most) for step in range(most + 1)} if self.bad > most else range(self.bad + 1)
        return [(mended, self.after(mended)) for mended in sorted({*steps, self.repairs})]


def riskiest(draws: Iterable[Draw]) -> list[Draw]:
    """Types of which any is drawn, the least sure first; of equal ones the one with more bad places."""
    judged = [draw for draw in draws if draw.drawn and draw.places]
    return sorted(judged, key=lambda draw: (draw.chance, -draw.bad, draw.name))


def worth_mending_first(draws: Iterable[Draw]) -> list[Draw]:
    """Where one repair raises the chance of a wholly clean draw by most, the types being drawn apart."""

    def gain(draw: Draw) -> float:
        return draw.after(1) / draw.chance if draw.chance else float(draw.drawn > 0) * 1e9 / draw.bad

    return sorted((draw for draw in draws if draw.bad and draw.drawn), key=lambda draw: (-gain(draw), draw.name))


def percent(chance: float) -> str:
    """2.3 %: one decimal; what is nearly impossible or nearly certain is not written as 0 or 100."""
    if 0 < chance < 0.0005:
        return "不到 0.1%"
    if 0.9995 < chance < 1:
        return "99.9% 以上"
    return f"{chance * 100:.1f}%".replace(".0%", "%")
