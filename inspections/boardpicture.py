"""The board's two pictures as SVG: the days of a month, one cell a finding; and the ages of what is open."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from inspections import ages
from inspections.board import Picture
from inspections.kinds import Kind
from inspections.rates import Span

WIDTH, HEIGHT = 1140.0, 92.0
CELL, GAP, MOST_PITCH = 4.1, 1.3, 7.4
#: From the ground up: what is settled, then what waits for the office, then what others owe.
ORDER = (Kind.DONE, Kind.REVIEW, Kind.DOING, Kind.TODO, Kind.RELAPSE, Kind.OVERDUE)


@dataclass(frozen=True)
class Column:
    """One day. `counts` from the ground up; the day before the month stands for everything open from earlier."""

    on: dt.date | None
    label: str
    counts: Mapping[str, int]
    is_today: bool = False
    is_weekend: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def words(self) -> str:
        parts = "，".join(f"{kind.label} {self.counts[kind]}" for kind in ORDER if self.counts.get(kind))
        day = f"{self.on.month}月{self.on.day}日" if self.on else "以前发现、还没有销号的"
        return f"{day}：{parts}" if parts else f"{day}：没有发现问题"


def columns(shown: Picture, span: Span, *, today: dt.date) -> list[Column]:
    assert span.first is not None
    assert span.last is not None
    last = min(span.last, today) if span.holds(today) else span.last
    found = [Column(None, "以前", shown.earlier)] if shown.earlier else []
    day = span.first
    while day <= last:
        label = "今天" if day == today else f"{day.day}"
        found.append(Column(day, label, shown.days.get(day, {}), day == today, day.weekday() >= 5))
        day += dt.timedelta(days=1)
    return found


def draw(found: list[Column], label: str) -> SafeString:
    """One path for each kind, so that a thousand cells cost no more than ten."""
    step = WIDTH / len(found)
    wide = step - min(6.0, step * 0.14)
    tallest = max((one.total for one in found), default=0)
    pitch = min(MOST_PITCH, (HEIGHT - GAP) / max(tallest, 1))
    cell = pitch * CELL / (CELL + GAP) if pitch > 2.2 else pitch
    paths: dict[str, list[str]] = {}
    for number, one in enumerate(found):
        level = 0
        for kind in ORDER:
            count = one.counts.get(kind, 0)
            if count and pitch <= 2.2:  # cells would be hairs: one bar
                paths.setdefault(kind, []).append(_cell(number * step, level + count, wide, pitch * count, pitch))
            else:
                places = range(level + 1, level + count + 1)
                paths.setdefault(kind, []).extend(_cell(number * step, at, wide, cell, pitch) for at in places)
            level += count
    body = "".join(f'<path class="{kind}" d="{"".join(made)}"/>' for kind, made in paths.items() if made)
    return mark_safe(
        f'<svg class="rib days" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{body}</svg>"
    )


def _cell(x: float, level: int, wide: float, tall: float, pitch: float) -> str:
    return f"M{x:.1f} {HEIGHT - level * pitch:.1f}h{wide:.1f}v{tall:.1f}h-{wide:.1f}z"


def draw_ages(found: Iterable[ages.Bin], label: str) -> SafeString:
    """Squares three in a row, the number above, the age below."""
    found = list(found)
    per, parts = ages.per_square(found), []
    for number, one in enumerate(found):
        left = number * 50
        squares = ages.squares(one, per)
        for place, kind in enumerate(squares):
            x, y = left + 13 * (place % 3), 58 - 13 * (place // 3)
            parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="11" height="11" rx="2"/>')
        top = 58 - 13 * max(0, (len(squares) - 1) // 3) - 6
        parts.append(f'<text x="{left}" y="88">{one.label}</text>')
        parts.append(
            f'<text class="n" x="{left + 18.5}" y="{top if squares else 66}" text-anchor="middle">{one.total}</text>'
        )
    return mark_safe(
        f'<svg class="rib ages" viewBox="0 -6 300 98" width="300" height="98" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def ages_words(found: Iterable[ages.Bin]) -> str:
    found = list(found)
    parts = "，".join(f"{one.label} {one.total} 处" for one in found)
    return f"未销号 {sum(one.total for one in found)} 处按天数：{parts}"
