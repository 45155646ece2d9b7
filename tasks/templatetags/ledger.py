"""The cells of a ledger row. A tag, not a template for each cell: a page draws four hundred of them."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django import template
from django.utils.html import conditional_escape as esc
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from campaign.templatetags import kit
from campaign.templatetags.kit import full_date, glyph_of, lamp_word, meter_svg, number, share, short_date
from tasks.models import Task
from tasks.rows import Row

register = template.Library()

RETURNED_SHOWS = {"todo", "doing", "soon"}
NOTHING = mark_safe('<span class="mute">—</span>')


def shown_lamp(row: Row) -> str:
    """A returned task says so, unless it is late as well."""
    return "returned" if row.task.is_returned and row.lamp in RETURNED_SHOWS else row.lamp


def rhythm(task: Task) -> str:
    """每月 11 日, 每周 2 次."""
    words = task.get_freq_display()
    if task.day_of_month:
        words += f" {task.day_of_month} 日"
    if task.freq_count > 1:
        words += f" {task.freq_count} 次"
    return words


def code_cell(row: Row, today: dt.date) -> str:
    return esc(row.task.code)


def title_cell(row: Row, today: dt.date) -> str:
    task, tags = row.task, ""
    if task.freq:
        tags += f'<span class="tag">{kit.icon("calendar-clock", 11)}{rhythm(task)}</span>'
    if task.is_key_item:
        tags += '<span class="tag key">重点</span>'
    if task.main_unit_id is None:
        tags += '<span class="tag ask">无人负责</span>'
    elif task.open_ended_units:
        tags += f'<span class="tag ask" title="{esc(task.open_ended_units)}">单位待明确</span>'
    code = esc(task.code)
    return (
        f'<a href="/tasks/{code}" data-peek="/tasks/{code}/peek"><span class="ell">{esc(task.title)}</span>{tags}</a>'
    )


def lamp_cell(row: Row, today: dt.date) -> str:
    name = shown_lamp(row)
    return f'<span class="st {name}">{glyph_of(name, row.task.progress_share // 10, 16)}{lamp_word(name)}</span>'


def unit_cell(row: Row, today: dt.date) -> str:
    task = row.task
    if task.main_unit is None:
        return '<span class="ld askw">待落实</span>'
    more = (
        f'<span class="more" title="共 {task.party_count} 个单位">+{task.party_count - 1}</span>'
        if task.party_count > 1
        else ""
    )
    return f'<span class="ld"><span class="ell">{esc(task.main_unit.short_name or task.main_unit.name)}</span>{more}</span>'


def quantity_cell(row: Row, today: dt.date) -> str:
    task = row.task
    if row.marks:
        return kit.period_marks(row.marks)
    if task.quantity_goal:
        meter = meter_svg(share(task.quantity_done, task.quantity_goal), row.lamp)
        done, goal = number(task.quantity_done), number(task.quantity_goal)
        return (
            f'<span class="qty">{meter}<span class="n num"><b>{done}</b>/{goal} {esc(task.quantity_unit)}</span></span>'
        )
    return NOTHING


def due_cell(row: Row, today: dt.date) -> str:
    task = row.task
    if task.due_on is None:
        return '<span class="due mute">不设期限</span>'
    full = full_date(task.due_on)
    if task.is_due_assumed and row.lamp not in ("done", "waived"):
        return f'<span class="due askw" title="计划没有写时限，暂按 {full}，待创建办确认">待确认</span>'
    words = kit.due_words(task.due_on, today, row.lamp)
    tone = row.lamp if row.lamp in ("overdue", "soon") else ""
    return _day(task.due_on.isoformat(), full, words, f"due {tone}")


def _day(machine: str, full: str, words: str, css: str) -> str:
    return (
        f'<time class="day {css}" datetime="{machine}" title="{full}">'
        f'<span class="near">{words}</span><span class="full sr">{full}</span></time>'
    )


def evidence_cell(row: Row, today: dt.date) -> str:
    return f'<span class="evc">{row.task.evidence_count or ""}</span>'


def updated_cell(row: Row, today: dt.date) -> str:
    at = row.task.last_report_at
    if at is None:
        return '<span class="mute">尚未更新</span>'
    local = at.astimezone(row.zone)
    near = {0: f"今天 {local:%H:%M}", -1: "昨天"}.get((local.date() - today).days) or short_date(local.date(), today)
    day = _day(local.isoformat(timespec="minutes"), f"{full_date(local.date())} {local:%H:%M}", near, "")
    return f'<span class="upd">{day}<span class="by">{esc(row.updated_by)}</span></span>'


def urged_cell(row: Row, today: dt.date) -> str:
    if row.urged is None:
        return '<span class="mute">尚未催办</span>'
    urged = row.urged
    at = short_date(urged.at.astimezone(row.zone).date(), today)
    receipt = "已读" if urged.read == urged.told else (f"{urged.read}/{urged.told} 已读" if urged.read else "未读")
    return f'<span class="rcp">{urged.times} 次 · {at}</span><span class="rcp {"r" if urged.read else ""}">{receipt}</span>'


def closed_cell(row: Row, today: dt.date) -> str:
    on = row.task.closed_on
    return _day(on.isoformat(), full_date(on), short_date(on, today), "") if on else NOTHING


def layer_cell(name: str) -> Callable[[Row, dt.date], str]:
    def cell(row: Row, today: dt.date) -> str:
        layer = getattr(row.task, name)
        return f'<span class="ell" title="{esc(layer.name)}">{esc(layer.name)}</span>' if layer else NOTHING

    return cell


def text_cell(get: Callable[[Task], str]) -> Callable[[Row, dt.date], str]:
    def cell(row: Row, today: dt.date) -> str:
        text = esc(get(row.task))
        return f'<span class="ell" title="{text}">{text}</span>' if text else NOTHING

    return cell


#: By column: class (k-more is left out on a phone), and what stands in it.
CELLS: dict[str, tuple[str, Callable[[Row, dt.date], str]]] = {
    "code": ("code", code_cell),
    "title": ("tt", title_cell),
    "lamp": ("k-lamp", lamp_cell),
    "unit": ("k-more", unit_cell),
    "quantity": ("k-quantity", quantity_cell),
    "due": ("k-due r", due_cell),
    "evidence": ("k-more r", evidence_cell),
    "updated": ("k-more r", updated_cell),
    "program": ("k-more", layer_cell("program")),
    "project": ("k-more", layer_cell("project")),
    "freq": ("k-more", text_cell(lambda task: rhythm(task) if task.freq else "")),
    "strength": ("k-more", text_cell(Task.get_strength_display)),
    "deadline_text": ("k-more", text_cell(lambda task: task.deadline_text)),
    "closed": ("k-more r", closed_cell),
    "urged": ("k-more", urged_cell),
    "remark": ("k-more", text_cell(lambda task: task.remark)),
}


@register.simple_tag
def cells(row: Row, columns: Sequence[str], today: dt.date) -> SafeString:
    """All cells of a row; every text of a person is escaped in its cell."""
    parts, end = [], len(columns) - 1
    for place, key in enumerate(columns):
        css, draw = CELLS[key]
        last = " lastc" if place == end else ""
        parts.append(f'<td class="{css}{last}">{draw(row, today)}</td>')
    return mark_safe("".join(parts))


@register.simple_tag
def group_meter(group: Any) -> SafeString:
    """Done of the whole group, as a bar; its number stands beside it."""
    return format_html('<span class="gm">{}</span>', meter_svg(share(group.done, group.whole), "done"))


@register.simple_tag
def quantity_of(row: Row, today: dt.date) -> SafeString:
    """The 完成量 cell, for the panel."""
    return mark_safe(quantity_cell(row, today))


@register.simple_tag
def rhythm_of(task: Task) -> str:
    return rhythm(task)


@register.filter
def percent(share_of_thousand: int) -> int:
    return share_of_thousand // 10
