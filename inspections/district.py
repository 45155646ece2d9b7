"""The district as a picture: the areas' own outlines where the office gave them, else one cell for each area.

Pure: takes areas with their figures, gives paths in the picture's own units; the template draws them as SVG.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from inspections.coverage import Figures

WIDTH, HEIGHT, EDGE = 356.0, 280.0, 6.0
#: Of a grid cell: how it is spaced, and how many dots fit.
GAP, DOT, DOTS_LEFT, DOTS_TOP = 6.0, 6.0, 10.0, 46.0
#: More places than this and only those with something open are drawn.
MOST_DOTS = 1500


@dataclass(frozen=True)
class Region:
    """An area to draw: `shape` is a GeoJSON geometry or None."""

    name: str
    url: str
    figures: Figures
    late: int = 0
    shape: dict[str, Any] | None = None


@dataclass(frozen=True)
class Dot:
    """A place with a position. `mark`: fine, unseen, open, late."""

    latitude: float
    longitude: float
    mark: str


@dataclass(frozen=True)
class Drawn:
    path: str
    name: str
    words: str
    x: float
    y: float
    url: str
    is_cell: bool
    figures: Figures

    @property
    def words_y(self) -> float:
        return self.y + 15


@dataclass(frozen=True)
class Picture:
    regions: tuple[Drawn, ...]
    dots: dict[str, str]
    """Mark -> one path of round points."""
    is_grid: bool
    width: float = WIDTH
    height: float = HEIGHT


def picture(regions: Sequence[Region], dots: Iterable[Dot] = ()) -> Picture:
    if any(region.shape for region in regions):
        return _outlined(regions, list(dots))
    return _grid(regions)


# --- outlines -----------------------------------------------------------------------------------
def rings(shape: dict[str, Any] | None) -> list[list[tuple[float, float]]]:
    """Outer rings of a Polygon or MultiPolygon as (longitude, latitude)."""
    if not shape:
        return []
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [[(float(point[0]), float(point[1])) for point in polygon[0]] for polygon in polygons]


class _Plane:
    """From degrees to the picture, true to angle at this latitude, y downwards."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        self.squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * self.squeeze, 1e-9), max(north - south, 1e-9)
        self.scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
        self.west, self.north = west, north
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - high * self.scale) / 2

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.squeeze * self.scale
        return x, self.top + (self.north - latitude) * self.scale


def _outlined(regions: Sequence[Region], dots: Sequence[Dot]) -> Picture:
    plane = _Plane([point for region in regions for ring in rings(region.shape) for point in ring])
    drawn = []
    for region in regions:
        flat = [[plane.at(*point) for point in ring] for ring in rings(region.shape)]
        if not flat:
            continue
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in flat)
        x, y = centre(max(flat, key=lambda ring: abs(_area(ring))))
        drawn.append(Drawn(path, region.name, _words(region), x, y, region.url, is_cell=False, figures=region.figures))
    marks: dict[str, list[tuple[float, float]]] = {}
    for dot in dots:
        x, y = plane.at(dot.longitude, dot.latitude)
        if 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
            marks.setdefault(dot.mark, []).append((x, y))
    return Picture(tuple(drawn), {mark: _points(found) for mark, found in marks.items()}, is_grid=False)


def _points(found: Iterable[tuple[float, float]]) -> str:
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in found)


def _area(ring: Sequence[tuple[float, float]]) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def centre(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centroid of a ring; of one without extent the mean of its points."""
    area = _area(ring)
    if abs(area) < 1e-9:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
    y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
    return x, y


def _words(region: Region) -> str:
    return f"{region.figures.failing} 处" if region.figures.failing else ""


# --- a plain grid -------------------------------------------------------------------------------
def _grid(regions: Sequence[Region]) -> Picture:
    if not regions:
        return Picture((), {}, is_grid=True)
    columns = min(3, len(regions)) if len(regions) <= 12 else 4
    lines = math.ceil(len(regions) / columns)
    wide = (WIDTH - GAP * (columns - 1)) / columns
    high = min(92.0, max(56.0, (420.0 - GAP * (lines - 1)) / lines))
    drawn, marks = [], {"late": [], "open": [], "unseen": [], "fine": []}  # type: ignore[var-annotated]
    for number, region in enumerate(regions):
        x, y = number % columns * (wide + GAP), number // columns * (high + GAP)
        path = f"M{x:.1f} {y:.1f}h{wide:.1f}v{high:.1f}h{-wide:.1f}z"
        drawn.append(
            Drawn(path, region.name, _words(region), x + 10, y + 20, region.url, is_cell=True, figures=region.figures)
        )
        for mark, point in _matrix(region, x, y, wide, high):
            marks[mark].append(point)
    height = lines * high + (lines - 1) * GAP
    return Picture(tuple(drawn), {mark: _points(found) for mark, found in marks.items()}, is_grid=True, height=height)


def _matrix(region: Region, x: float, y: float, wide: float, high: float) -> Iterable[tuple[str, tuple[float, float]]]:
    """One dot a place, what is open first; of more than fit each dot stands for the same number of places."""
    across = int((wide - 2 * DOTS_LEFT) // DOT) + 1
    down = max(1, int((high - DOTS_TOP - 6) // DOT) + 1)
    figures, room = region.figures, across * down
    every = max(1, math.ceil(figures.places / room))
    late, open_ = region.late, max(0, figures.failing - region.late)
    unseen = max(0, min(figures.unseen, figures.places - figures.failing))
    counts = {"late": late, "open": open_, "unseen": unseen, "fine": figures.places - figures.failing - unseen}
    marks = [mark for mark, count in counts.items() for _ in range(math.ceil(count / every))]
    for number, mark in enumerate(marks[:room]):
        yield mark, (x + DOTS_LEFT + 2 + number % across * DOT, y + DOTS_TOP - 8 + number // across * DOT)


def check_shape(shape: Any) -> str:
    """Why this is no outline of an area; empty when it is one."""
    if not isinstance(shape, dict) or shape.get("type") not in {"Polygon", "MultiPolygon"}:
        return "边界要写成 GeoJSON 的 Polygon 或 MultiPolygon。"
    try:
        found = rings(shape)
    except (KeyError, IndexError, TypeError, ValueError):
        return "边界的坐标读不懂，请从地图软件重新导出 GeoJSON。"
    points = [point for ring in found for point in ring]
    if not found or any(len(ring) < 4 for ring in found):
        return "边界至少要有四个点，首尾相同。"
    if len(points) > 5000:
        return f"边界有 {len(points)} 个点，最多 5000 个，请先简化。"
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        return "边界的坐标应当是经度在前、纬度在后的度数（WGS-84）。"
    return ""
