"""The kit's small pictures as template tags: status, quantity, dates, units, icons.

Tags, not includes, because a list draws them fifty times over. They are built in (settings), so pages need no
`{% load kit %}`. Names of classes are indexed at the head of `static/css/kit.css`.
"""

import datetime as dt
import math
from collections.abc import Iterable
from functools import lru_cache
from typing import SupportsFloat

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from campaign import verbs
from campaign.models import LogEntry

register = template.Library()
Number = SupportsFloat | str | None

LAMP_WORDS = {
    "todo": "未启动",
    "doing": "推进中",
    "soon": "临期",
    "overdue": "逾期",
    "review": "待核验",
    "done": "已销号",
    "returned": "已退回",
    "waived": "已免办",
    "relapse": "反弹",
}
RING = '<circle class="g-line" cx="8" cy="8" r="5.9"/>'
SHAPES = {
    "todo": '<circle class="g-line" cx="8" cy="8" r="5.9" stroke-dasharray="2.2 1.9"/>',
    "soon": RING + '<path class="g-line" d="M8 4.9V8l2.1 1.5"/>',
    "overdue": '<path class="g-fill" d="M5.5 1.4h5L14.6 5.5v5L10.5 14.6h-5L1.4 10.5v-5z"/>'
    '<path class="g-knock" d="M8 4.6v4"/><circle class="g-dot" cx="8" cy="11.2" r="1.05"/>',
    "review": RING + '<path class="g-line" d="M5.4 8.1l1.8 1.8 3.4-3.6"/>',
    "done": '<circle class="g-fill" cx="8" cy="8" r="6.6"/><path class="g-knock" d="M5.1 8.2l2 2 3.9-4.3"/>',
    "returned": RING + '<path class="g-line" d="M9.9 10.4V9.3A1.6 1.6 0 0 0 8.3 7.7H5.4M6.9 6.1L5.3 7.7l1.6 1.6"/>',
    "relapse": '<circle class="g-fill" cx="8" cy="8" r="6.6"/>'
    '<path class="g-knock" d="M5 8.6A3.1 3.1 0 1 0 6.2 5.6M6.4 3.9V5.8H8.3"/>',
    "waived": RING + '<path class="g-line" d="M4 12L12 4"/>',
    "ask": '<path class="g-line" d="M8 1.7L14.3 8L8 14.3L1.7 8z"/>'
    '<path class="g-line" d="M6.6 6.6a1.4 1.4 0 1 1 2 1.3c-.4.2-.6.5-.6.9"/><circle class="g-fill" cx="8" cy="10.7" r=".85"/>',
}
ROLE_CHARACTERS = {
    "lead": ("lead", "牵", "牵头单位"),
    "primary": ("pri", "主", "主责单位"),
    "responsible": ("res", "责", "责任单位"),
    "support": ("sup", "配", "配合单位"),
}
PERIODS = {"done": "d", "missed": "x", "now": "n", "off": "off", "plan": "", "todo": ""}
WEEKDAYS = "一二三四五六日"


@lru_cache(maxsize=512)
def _icon(name: str, size: int) -> SafeString:
    svg = lucide(name, size=size, stroke_width="1.6", aria_hidden="true")
    return mark_safe(" ".join(svg.split()).replace(' class="lucide', ' class="icon lucide'))


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A line icon of the lucide set, hidden from screen readers: words stand beside it or in aria-label."""
    return _icon(str(name), int(size))


def _wedge(percent: int) -> str:
    """The ring of 推进中 with a pie wedge from twelve o'clock."""
    share = min(max(percent, 12), 92) / 100
    angle = math.tau * share
    x, y = 8 + 3.7 * math.sin(angle), 8 - 3.7 * math.cos(angle)
    return f'{RING}<path class="g-fill" d="M8 8V4.3A3.7 3.7 0 {int(share > 0.5)} 1 {x:.2f} {y:.2f}z"/>'


@lru_cache(maxsize=2048)
def glyph_of(lamp: str, percent: int, size: int) -> SafeString:
    shape = _wedge(percent) if lamp == "doing" else SHAPES[lamp]
    return mark_safe(
        f'<svg class="glyph glyph-{lamp}" width="{size}" height="{size}" viewBox="0 0 16 16" aria-hidden="true">{shape}</svg>'
    )


@register.simple_tag
def glyph(lamp: str, percent: float = 40, size: int = 16) -> SafeString:
    """One of the status shapes; `percent` (0-100) fills the wedge of `doing`. `ask` is the mark of a doubt."""
    return glyph_of(str(lamp), round(percent or 0), int(size))


@register.simple_tag
def lamp(name: str, percent: float = 40, size: int = 16) -> SafeString:
    """Shape + word + colour."""
    return format_html(
        '<span class="st {0}">{1}{2}</span>',
        name,
        glyph_of(str(name), round(percent or 0), int(size)),
        LAMP_WORDS[str(name)],
    )


@register.simple_tag
def lamp_word(name: str) -> str:
    return LAMP_WORDS[str(name)]


@register.simple_tag
def pill(text: object, tone: str = "") -> SafeString:
    return format_html('<span class="pill {}">{}</span>', tone, text)


def number(value: Number) -> str:
    """14.0 -> 14, 82.60 -> 82.6, None -> 0: as people write quantities."""
    if value is None or value == "":
        return "0"
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


@register.filter
def plain_number(value: Number) -> str:
    return number(value)


def share(done: Number, goal: Number) -> float:
    """Done of goal as 0-100; without a goal nothing is claimed."""
    whole = float(goal or 0)
    return 0.0 if whole <= 0 else min(float(done or 0) / whole, 1.0) * 100


def meter_svg(percent: float, lamp_name: str, css: str = "") -> SafeString:
    return format_html(
        '<svg class="meter {} {}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="{}" height="4"/></svg>',
        lamp_name,
        css,
        f"{percent:.1f}",
    )


@register.simple_tag
def bar(done: Number, goal: Number, lamp_name: str = "doing", css: str = "") -> SafeString:
    """Only the bar; its number must stand beside it."""
    return meter_svg(share(done, goal), str(lamp_name), css)


@register.simple_tag
def meter(done: Number, goal: Number, unit: str = "", lamp_name: str = "doing") -> SafeString:
    """Bar and quantity: `14/20 条`."""
    return format_html(
        '<span class="qty">{}<span class="n num"><b>{}</b>/{} {}</span></span>',
        meter_svg(share(done, goal), str(lamp_name)),
        number(done),
        number(goal),
        unit,
    )


@register.simple_tag
def period_marks(marks: Iterable[str], *, is_plan: bool = False, word: str = "期") -> SafeString:
    """One bar a period; marks are `done`, `missed`, `now`, `todo`; with is_plan `plan` and `off` (the rhythm as read)."""
    marks = list(marks)
    bars = format_html_join("", '<i class="{}"></i>', ((PERIODS[mark],) for mark in marks))
    if is_plan:
        due = sum(mark != "off" for mark in marks)
        return format_html('<span class="pm plan" role="img" aria-label="全年 {} {}">{}</span>', due, word, bars)
    done, missed = marks.count("done"), marks.count("missed")
    label = f"{len(marks)} {word}中已完成 {done} {word}" + (f"，漏 {missed} {word}" if missed else "")
    return format_html(
        '<span class="qty"><span class="pm" role="img" aria-label="{}">{}</span><span class="n num"><b>{}</b>/{} {}</span></span>',
        label,
        bars,
        done,
        len(marks),
        word,
    )


@register.simple_tag
def unit_chip(role: str, name: object, *, note: str = "", is_doubtful: bool = False) -> SafeString:
    """牵/主/责/配 in a square, then the unit's name; doubtful = dashed amber (the office must settle it)."""
    css, character, title = ROLE_CHARACTERS[str(role)]
    body = format_html("<u>{}</u>", name) if is_doubtful else name
    after = format_html('<span class="via">{}</span>', note) if note else ""
    return format_html(
        '<span class="unit {}{}" title="{}"><i>{}</i>{}{}</span>',
        css,
        " ask" if is_doubtful else "",
        title,
        character,
        body,
        after,
    )


def full_date(value: dt.date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def short_date(value: dt.date, today: dt.date) -> str:
    """9月30日; another year 2018年12月3日."""
    return f"{value.month}月{value.day}日" if value.year == today.year else full_date(value)


def _near_day(value: dt.date, today: dt.date) -> str:
    near = {0: "今天", -1: "昨天", 1: "明天"}
    return near.get((value - today).days, short_date(value, today))


def _time_tag(machine: str, title: str, words: str, css: str = "", *, printed: str = "") -> SafeString:
    """`title` on hover; `printed` (the day alone) on paper, where nothing is relative."""
    return format_html(
        '<time class="day {}" datetime="{}" title="{}"><span class="near">{}</span><span class="full sr">{}</span></time>',
        css,
        machine,
        title,
        words,
        printed or title,
    )


def today_of(context: Context) -> dt.date:
    """The campaign's day: what the page says, else the actor's."""
    return context.get("today") or context["request"].actor.today


@register.simple_tag(takes_context=True)
def day(context: Context, value: dt.date | dt.datetime | None, today: dt.date | None = None) -> SafeString:
    """今天 09:20, 昨天, 9月12日; the absolute date in `title` and in print. Empty for None."""
    if value is None:
        return mark_safe("")
    today = today or today_of(context)
    if isinstance(value, dt.datetime):
        local = (
            timezone.localtime(value, context["request"].campaign.zone)
            if _has_campaign(context)
            else timezone.localtime(value)
        )
        title = f"{full_date(local.date())} {local:%H:%M}"
        words = _near_day(local.date(), today)
        near = f"{words} {local:%H:%M}" if words in ("今天", "昨天") else words
        return _time_tag(local.isoformat(timespec="minutes"), title, near, printed=full_date(local.date()))
    return _time_tag(value.isoformat(), full_date(value), _near_day(value, today))


def _has_campaign(context: Context) -> bool:
    return bool(getattr(context.get("request"), "campaign", None))


def due_words(due_on: dt.date, today: dt.date, lamp_name: str) -> str:
    """剩 6 天, 今天到期, 逾期 9 天; beyond a week, or when nothing is owed any more, the date."""
    left = (due_on - today).days
    if lamp_name in ("done", "waived", "review"):
        return short_date(due_on, today)
    if left < 0:
        return f"逾期 {-left} 天" if lamp_name == "overdue" else short_date(due_on, today)
    if left == 0:
        return "今天到期"
    return f"剩 {left} 天" if left <= 7 else short_date(due_on, today)


@register.simple_tag(takes_context=True)
def due(context: Context, due_on: dt.date | None, lamp_name: str = "todo", today: dt.date | None = None) -> SafeString:
    """A limit in words with its tone. None = the plan writes no limit."""
    if due_on is None:
        return mark_safe('<span class="due mute">不设期限</span>')
    today = today or today_of(context)
    tone = lamp_name if lamp_name in ("overdue", "soon") else ""
    return _time_tag(
        due_on.isoformat(), full_date(due_on), due_words(due_on, today, str(lamp_name)), f"due {tone}".strip()
    )


@register.filter
def month_day(value: dt.date | str) -> str:
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day.month}月{day.day}日"


@register.filter
def full_day(value: dt.date) -> str:
    return full_date(value)


@register.filter
def week_day(value: dt.date) -> str:
    return WEEKDAYS[value.weekday()]


@register.filter
def first_character(value: object) -> str:
    return str(value)[:1]


@register.simple_tag
def help_text(slug: str) -> SafeString:
    """What the `?` of a page shows and `/help/<slug>` repeats: one text, in `templates/help/<slug>.html`."""
    return render_to_string(f"help/{slug}.html")


@register.simple_tag
def error_of(field: object) -> str:
    """The first error of a bound field, in the same words as the summary above the form."""
    errors = getattr(field, "errors", [])
    return errors[0] if errors else ""


@register.simple_tag
def log_words(entry: LogEntry) -> str:
    """What an entry of the log says: 添加了区财政局."""
    return verbs.words_of(entry)
