"""How far two photos lie apart, where both say where they were taken."""

import math
from typing import Protocol

EARTH_METRES = 6_371_000


class Positioned(Protocol):
    latitude: float | None
    longitude: float | None


def metres_between(one: Positioned | None, other: Positioned | None) -> int | None:
    """Along the ground; None where either has no position."""
    if one is None or other is None:
        return None
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    first, second = math.radians(one.latitude or 0), math.radians(other.latitude or 0)
    across = math.radians((other.longitude or 0) - (one.longitude or 0))
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(across / 2) ** 2
    return round(2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, half))))
