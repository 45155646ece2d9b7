"""/orders: the board, and the lists that its numbers open. URL = state."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import clock
from campaign.access import Actor, Right, needs
from campaign.models import Area, Unit
from campaign.sentences import Piece, Sentence
from inspections import ages, board, boardpicture, boardrows, rates, rechecking, recurring
from inspections.address import FILTERS, TABS, State, read_state
from inspections.kinds import OPEN_KINDS, Kind
from inspections.models import Finding, PlaceType
from inspections.rates import Compared


@require_safe
@needs(Right.READ)
def orders(request: HttpRequest) -> HttpResponse:
    actor, now = request.actor, clock.now(request.campaign)
    state = read_state(request.GET.dict(), today=actor.today)
    rows = board.seen(actor)
    shown = board.picture(rows, state.span, now=now)
    context = {
        "state": state,
        "today": actor.today,
        "may_order": actor.can(Right.ORDER),
        "may_inspect": actor.can(Right.INSPECT) and not actor.is_outsider,
        "reasons": rechecking.REASONS,
        "here": request.get_full_path(),
        "pairs": state.is_board or state.kinds == (Kind.REVIEW.value,),
        "tabs": _tabs(actor, state, shown),
        "export_url": state.url("/orders/export", keeps_month=True),
        "pack_url": state.url("/orders/pack") if actor.can(Right.READ_ALL) else "",
        "strange": "、".join(state.strange),
        "chips": chips(actor, state),
    }
    made = _board(actor, state, shown, rows, now=now) if state.is_board else _list(actor, state, now=now)
    return render(request, "inspections/orders.html", context | made)


def _tabs(actor: Actor, state: State, shown: board.Picture) -> list[dict[str, Any]]:
    waits = shown.open_of(Kind.TODO, Kind.REVIEW) if actor.can(Right.ORDER) else _own(actor, shown)
    month = "本月" if state.span.holds(actor.today) else f"{state.month.month}月"
    named = {"open": (TABS["open"], shown.open), "mine": (TABS["mine"], waits), "month": (month, shown.found)}
    bare = State(month=state.month)
    return [
        {
            "word": word,
            "count": count,
            "url": bare.url(tab=None if tab == "open" else tab, month=_month_of(state, actor)),
            "is_current": tab == state.tab and not state.filters and not state.kinds,
        }
        for tab, (word, count) in named.items()
        if tab != "mine" or actor.can(Right.ORDER) or actor.can(Right.REPORT)
    ]


def _own(actor: Actor, shown: board.Picture) -> int:
    return shown.open_of(Kind.OVERDUE, Kind.RELAPSE, Kind.DOING)


def _month_of(state: State, actor: Actor) -> str | None:
    return None if state.span.holds(actor.today) else f"{state.month:%Y-%m}"


def _board(actor: Actor, state: State, shown: board.Picture, rows: QuerySet, *, now: Any) -> dict[str, Any]:
    compared = rates.compared(actor.campaign, rows, state.span)
    columns = boardpicture.columns(shown, state.span, today=actor.today)
    first = board.first_of_each(rows, now=now)
    groups = board.groups(shown, first)
    made = boardrows.rows_of(actor, [finding for group in groups for finding in group.rows], now=now)
    by_finding = {row.finding.pk: row for row in made}
    bins = ages.bins(shown.open_days, today=actor.today)
    streets = [line for line in compared.units if line.kind == Unit.Kind.STREET]
    return {
        "sentence": sentence(actor, state, shown, compared),
        "columns": [(one, _day_url(state, one)) for one in columns],
        "picture": boardpicture.draw(columns, _picture_words(state, shown)),
        "legend": [(kind, shown.count(kind), legend_url(state, kind)) for kind in Kind],
        "open_total": shown.open,
        "export_count": shown.open,
        "groups": [
            {
                "kind": group.kind,
                "count": group.count,
                "more": group.more,
                "rows": [by_finding[finding.pk] for finding in group.rows],
                "note": _longest(group, now=now),
                "url": State(month=state.month).url(kind=group.kind.value, keeps_month=False),
            }
            for group in groups
        ],
        "first_review": next((row.finding.code for row in made if row.may_recheck), ""),
        "streets": [(line, unit_url(state, line)) for line in streets],
        "departments": [(line, unit_url(state, line)) for line in compared.units if line.kind != Unit.Kind.STREET],
        "lowest": min((line.rate.percent for line in streets if line.rate.percent is not None), default=None),
        "ages_picture": boardpicture.draw_ages(bins, boardpicture.ages_words(bins)),
        "ages_per": ages.per_square(bins),
        "worst": recurring.worst_places(rows, state.span),
        "previous_url": State(month=state.month).url(month=f"{state.span.before.first:%Y-%m}"),
        "next_url": "" if state.span.holds(actor.today) else State(month=state.month).url(month=_next(state)),
        "month": state.month,
        "is_this_month": state.span.holds(actor.today),
    }


def _longest(group: board.Group, *, now: Any) -> str:
    """最久的等了 2 天: what waits for the office says how long."""
    since = group.rows[0].answered_at if group.kind == Kind.REVIEW and group.rows else None
    return f"最久的等了 {ages.spell((now - since).total_seconds() / 3600)}" if since else ""


def _next(state: State) -> str:
    assert state.span.last is not None
    following = state.span.last.toordinal() + 1
    return f"{state.month.fromordinal(following):%Y-%m}"


def _day_url(state: State, column: boardpicture.Column) -> str:
    if column.on is not None:
        return State(month=state.month).url(day=column.on.isoformat(), keeps_month=False)
    assert state.span.before.last is not None
    kinds = ",".join(kind.value for kind in OPEN_KINDS)
    return State(month=state.month).url(kind=kinds, to=state.span.before.last.isoformat(), keeps_month=False)


def legend_url(state: State, kind: Kind) -> str:
    """Open ones are listed whenever they were found, closed ones of the month: just what the number counts."""
    if kind == Kind.DONE:
        return State(month=state.month).url(tab="month", kind=kind.value)
    ends = {} if not state.span.last else {"to": state.span.last.isoformat()}
    return State(month=state.month).url(kind=kind.value, keeps_month=False, **ends)


def unit_url(state: State, line: rates.Line) -> str:
    return State(month=state.month).url(tab="month", unit=line.key or None)


def _picture_words(state: State, shown: board.Picture) -> str:
    done = shown.count(Kind.DONE)
    return f"{state.month.month}月每天发现的问题与现在的状态：{shown.found} 处，其中已销号 {done} 处"


def sentence(actor: Actor, state: State, shown: board.Picture, compared: Compared) -> Sentence:
    """本月发现 214 处，已销号 171 处，整改率 79.9%，比上月高 3.2 个百分点；反弹 6 处，超期 5 处，9 处等您复查。"""
    month = "本月" if state.span.holds(actor.today) else f"{state.month.month}月"
    here = State(month=state.month)
    if not compared.now.found:
        return Sentence.of(f"{month}还没有发现问题", *_tail(actor, state, shown))
    figures = here.url("/orders/figures", by="unit")
    said: list[str | Piece] = [
        f"{month}发现 ",
        Piece(f"{compared.now.found} 处", here.url(tab="month")),
        "，已销号 ",
        Piece(f"{compared.now.closed} 处", here.url(tab="month", kind=Kind.DONE.value)),
        "，整改率 ",
        Piece(compared.now.words, figures),
    ]
    if compared.points is not None:
        points = compared.points
        said.append(f"，比上月{'高' if points > 0 else '低'} {abs(points)} 个百分点" if points else "，与上月持平")
    return Sentence.of(*said, *_tail(actor, state, shown))


def _tail(actor: Actor, state: State, shown: board.Picture) -> list[str | Piece]:
    found: list[str | Piece] = []
    for kind, tone in ((Kind.RELAPSE, "relapse"), (Kind.OVERDUE, "overdue")):
        if shown.open_of(kind):
            url = State(month=state.month).url(kind=kind.value, keeps_month=False)
            found += ["，" if found else "；", Piece(f"{kind.label} {shown.open_of(kind)} 处", url, tone)]
    waits = shown.open_of(Kind.REVIEW)
    if waits:
        word = "等您复查" if actor.can(Right.ORDER) else "待复查"
        url = State(month=state.month).url(kind=Kind.REVIEW.value, keeps_month=False)
        found += ["，" if found else "；", Piece(f"{waits} 处", url, "review"), word]
    return [*found, "。"]


def _list(actor: Actor, state: State, *, now: Any) -> dict[str, Any]:
    rows = board.with_names(board.listed(actor, state, now=now)).order_by("-found_on", "-code")
    pages = Paginator(rows, board.PAGE)
    page = pages.get_page(state.page)
    made = boardrows.rows_of(actor, list(page.object_list), now=now)
    return {
        "rows": made,
        "total": pages.count,
        "export_count": pages.count,
        "page": page,
        "previous_url": state.url(page=page.number - 1) if page.has_previous() else "",
        "next_url": state.url(page=page.number + 1) if page.has_next() else "",
        "title": _title(state, actor),
    }


def _title(state: State, actor: Actor) -> str:
    if state.kinds and len(state.kinds) == 1:
        return Kind(state.kinds[0]).label
    if state.tab == "mine":
        return TABS["mine"]
    if state.tab == "month":
        return "本月发现" if state.span.holds(actor.today) else f"{state.month.month}月发现"
    return "符合条件的"


NAMED = {"unit": Unit, "type": PlaceType, "area": Area}
MARK_WORDS = {"difficult": "重点难点", "again": "反弹", "onspot": "立行立改"}


def chips(actor: Actor, state: State) -> list[dict[str, str]]:
    """What the list is narrowed by, each with the address without it."""
    found = [
        {
            "label": "状态",
            "words": "、".join(Kind(kind).label for kind in state.kinds),
            "url": State(state.month, state.tab, (), state.filters).url(),
        }
    ]
    found = found if state.kinds else []
    for name, text in state.filters.items():
        rest = {key: value for key, value in state.filters.items() if key != name}
        words = _words_of(actor, name, text)
        without = State(state.month, state.tab, state.kinds, rest)
        found.append({"label": FILTERS[name][0], "words": words, "url": without.url()})
    return found


def _words_of(actor: Actor, name: str, text: str) -> str:
    if name in NAMED:
        row = NAMED[name].objects.visible_to(actor).filter(pk=text).first()
        return str(row.name) if row else "没有这一个"
    if name == "source":
        return Finding.Source(text).label
    if name == "code":
        return f"{text.count(',') + 1} 处"
    return MARK_WORDS[text] if name == "mark" else text
