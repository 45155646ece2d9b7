"""The ribbon: one tick a task, ten groups; height = progress, red dot = overdue. The same picture in page and print.

Up to `MOST_TICKS` tasks each has its tick; above that a program is one bar, parted by status, from the roll-up.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from campaign.access import Actor
from campaign.models import Program
from reports.desk.counts import Board
from reports.sentence import Standing, ledger_url
from tasks.lamps import Lamp
from tasks.models import Task

MOST_TICKS = 600
WIDTH = 860.0
TOP, HEIGHT = 9.0, 57.0
#: What is settled stands left, what asks for work stands right.
ORDER = (Lamp.WAIVED, Lamp.DONE, Lamp.REVIEW, Lamp.DOING, Lamp.TODO, Lamp.SOON, Lamp.OVERDUE)


@dataclass(frozen=True)
class Strip:
    """One program: its picture, its figures, the page behind it."""

    program: Program
    standing: Standing
    picture: SafeString
    url: str

    @property
    def label(self) -> str:
        said = f"{self.program.name}：{self.standing.total} 项，已销号 {self.standing.done} 项"
        return said + (f"，逾期 {self.standing.overdue} 项" if self.standing.overdue else "")


def has_ticks(board: Board) -> bool:
    return board.whole.total <= MOST_TICKS


def draw(actor: Actor, board: Board) -> list[Strip]:
    """At most one query."""
    total = board.whole.total
    ticks = _ticks(actor) if has_ticks(board) else None
    return [
        Strip(
            program=program,
            standing=standing,
            picture=_comb(ticks[program.pk], _pitch(total)) if ticks is not None else _bar(standing, total),
            url=ledger_url(program=program.code),
        )
        for program, standing in board.programs
        if standing.total
    ]


def _pitch(total: int) -> float:
    return max(1.5, min(12.0, WIDTH / max(total, 1)))


def _ticks(actor: Actor) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    tasks = Task.objects.visible_to(actor).filter(kind=Task.Kind.PLAN)
    lit = tasks.with_lamp(today=actor.today, notice_days=actor.campaign.notice_days)
    for row in lit.order_by("code").values("program", "code", "title", "lamp", "progress_share"):
        found[row["program"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (ORDER.index(row["lamp"]), -row["progress_share"]))
    return found


def _comb(rows: list[dict[str, Any]], pitch: float) -> SafeString:
    tick = round(pitch * 0.72, 2)
    parts = [_tick(row, round(number * pitch, 2), tick) for number, row in enumerate(rows)]
    return _svg(max(len(rows) * pitch, tick), parts)


def _tick(row: dict[str, Any], x: float, width: float) -> str:
    lamp = row["lamp"]
    name = f"<title>{escape(row['code'])} {escape(row['title'])} · {Lamp(lamp).label}</title>"
    if lamp in (Lamp.DONE, Lamp.REVIEW, Lamp.TODO, Lamp.WAIVED):
        return f"<g>{name}{_rect(lamp, x, TOP, width, HEIGHT)}</g>"
    height = round(HEIGHT * max(row["progress_share"], 60) / 1000, 2)
    dot = f'<circle class="overdue" cx="{x + width / 2:.2f}" cy="3.2" r="2.6"/>' if lamp == Lamp.OVERDUE else ""
    filled = _rect(lamp, x, TOP + HEIGHT - height, width, height)
    return f"<g>{name}{_rect(f'{lamp}-bg', x, TOP, width, HEIGHT)}{filled}{dot}</g>"


def _bar(standing: Standing, total: int) -> SafeString:
    width = max(WIDTH * standing.total / total, 24.0)
    parts, x = [], 0.0
    for lamp in ORDER:
        share = width * getattr(standing, lamp) / standing.total
        if share:
            parts.append(_rect(lamp, round(x, 2), TOP, round(max(share - 0.6, 0.6), 2), HEIGHT))
        if share and lamp == Lamp.OVERDUE:
            parts.append(f'<circle class="overdue" cx="{x + share / 2:.2f}" cy="3.2" r="2.6"/>')
        x += share
    return _svg(width, parts)


def _rect(css: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="{css}" x="{x}" y="{y:g}" width="{width}" height="{height:g}" rx="{min(1.6, width / 2.6):.1f}"/>'
    )


def _svg(width: float, parts: Iterable[str]) -> SafeString:
    head = f'<svg class="rib" width="{width:.1f}" height="66" viewBox="0 0 {width:.1f} 66" aria-hidden="true">'
    return mark_safe(head + "".join(parts) + "</svg>")
