"""Small pictures of field work: grade, twelve weeks, the curve of the draw."""

from collections.abc import Callable, Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from inspections.drawrisk import Draw, percent

register = template.Library()
LEFT, RIGHT, TOP, FLOOR = 42.0, 346.0, 12.0, 104.0


@register.simple_tag
def grade(letter: str) -> SafeString:
    """A, B, C by form, not by colour."""
    if not letter:
        return mark_safe('<span class="mute">—</span>')
    return format_html('<span class="grade {}">{}</span>', letter.lower(), letter)


@register.simple_tag
def weeks(marks: Iterable[str]) -> SafeString:
    """One bar a week: seen, seen with something failed (upper half ink), not seen."""
    marks = list(marks)
    bars = format_html_join("", '<i class="{}"></i>', ((mark,) for mark in marks))
    label = f"近 {len(marks)} 周查过 {sum(map(bool, marks))} 周，{marks.count('p')} 周查出问题"
    return format_html('<span class="wk" role="img" aria-label="{}">{}</span>', label, bars)


@register.filter
def chance(value: float) -> str:
    return percent(value)


@register.simple_tag
def risk_curve(draw: Draw) -> SafeString:
    """How the chance of a clean draw rises with every place mended; the table twin stands on the risk page."""
    bad = max(draw.bad, 1)

    def x(mended: float) -> str:
        return f"{LEFT + (RIGHT - LEFT) * mended / bad:.1f}"

    def y(chance: float) -> str:
        return f"{FLOOR - (FLOOR - TOP) * chance:.1f}"

    points = " ".join(f"{x(mended)},{y(value)}" for mended, value in draw.curve())
    return format_html(
        '<svg class="curve" viewBox="0 0 356 128" width="100%" role="img" aria-label="{label}">{axis}'
        '<polygon class="under" points="{left},{floor} {points} {right},{floor}"/><polyline class="line" points="{points}"/>'
        '{half}<circle class="now" cx="{left}" cy="{now}" r="4.5"/><text class="an" x="{near}" y="{above}">现在 {chance}</text></svg>',
        label=f"再修好几处与全部达标把握的关系：现在 {percent(draw.chance)}，修好 {draw.repairs} 处 {percent(draw.chance_then)}，"
        f"修好 {draw.bad} 处 100%",
        axis=_axis(draw, x, y),
        half=_half(draw, x, y),
        left=f"{LEFT:.1f}",
        right=f"{RIGHT:.1f}",
        floor=f"{FLOOR:.1f}",
        points=points,
        now=y(draw.chance),
        near=f"{LEFT + 9:.1f}",
        above=f"{max(TOP + 4, FLOOR - (FLOOR - TOP) * draw.chance - 8):.1f}",
        chance=percent(draw.chance),
    )


def _axis(draw: Draw, x: Callable[[float], str], y: Callable[[float], str]) -> SafeString:
    rows = ((value, f"{value:.0%}" if value else "0") for value in (0.0, 0.5, 1.0))
    lines = format_html_join(
        "",
        '<path class="rule" d="M{} {}H{}"/><text class="ax" x="36" y="{}" text-anchor="end">{}</text>',
        ((LEFT, y(value), RIGHT, f"{FLOOR - (FLOOR - TOP) * value + 4:.1f}", words) for value, words in rows),
    )
    step = next(
        size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if draw.bad / size <= 6 or size == 5000
    )
    near = draw.bad * 0.07
    ticks = {number for number in range(0, draw.bad + 1, step) if abs(number - draw.repairs) > near}
    ticks = {number for number in ticks if draw.bad - number > near} | {draw.bad}
    ticks.add(draw.repairs if abs(draw.bad - draw.repairs) > near or draw.repairs == draw.bad else draw.bad)
    marks = format_html_join(
        "",
        '<text class="ax" x="{}" y="121" text-anchor="middle">{}</text>',
        ((x(number), number) for number in sorted(ticks)),
    )
    return mark_safe(lines + marks)


def _half(draw: Draw, x: Callable[[float], str], y: Callable[[float], str]) -> SafeString:
    """The point from which the odds are even, unless they are already."""
    if not draw.repairs:
        return mark_safe("")
    middle = y(draw.chance_then)
    return format_html(
        '<path class="drop" d="M{0} {3}V{1}"/><circle class="then" cx="{0}" cy="{1}" r="4.5"/>'
        '<text class="an" x="{4}" y="{2}" text-anchor="end">修好 {5} 处，{6}</text>',
        x(draw.repairs),
        middle,
        f"{float(middle) - 7:.1f}",
        f"{FLOOR:.1f}",
        f"{max(float(x(draw.repairs)) - 10, 150):.1f}",
        draw.repairs,
        percent(draw.chance_then),
    )
