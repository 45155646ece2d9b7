"""The machine-written sentence that opens the desk, the reader, the briefing and the mail to leaders.

On a page each number is a link to the records behind it.
"""

import datetime as dt
from dataclasses import dataclass

from campaign.sentences import Piece, Sentence
from tasks.counting import Count
from tasks.filtering import FIELDS

__all__ = ["Piece", "Sentence", "Standing", "ledger_url", "month_end", "state_of_play", "week_before"]


@dataclass(frozen=True)
class Standing:
    """How a set of tasks stands on a day. All figures count tasks of the plan."""

    total: int = 0
    done: int = 0
    review: int = 0
    doing: int = 0
    soon: int = 0
    overdue: int = 0
    todo: int = 0
    waived: int = 0
    closed_lately: int = 0
    due_by_month_end: int = 0


def ledger_url(**filters: str) -> str:
    """`ledger_url(lamp="overdue")` -> `/tasks?view=all&f.kind=plan&f.lamp=overdue`: the page that lists what was counted."""
    words = {f"f.{name}": value for name, value in filters.items()}
    strange = words.keys() - FIELDS.keys()
    if strange:
        raise KeyError(f"the ledger has no filter {strange}")
    return "/tasks?view=all&f.kind=plan" + "".join(f"&{name}={value}" for name, value in words.items())


def month_end(day: dt.date) -> dt.date:
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def week_before(day: dt.date) -> dt.date:
    """The first day of the seven that end today: what was closed since is what stands above a week ago."""
    return day - dt.timedelta(days=6)


@dataclass(frozen=True)
class Street:
    """How many orders are open, and how many of them past their limit."""

    open: int = 0
    overdue: int = 0


def state_of_play(
    standing: Standing, *, today: dt.date, waiting: Count | None = None, street: Street | None = None
) -> Sentence:
    """132 项任务已销号 64 项，比一周前多 7 项；9 项逾期，13 项将在本月底前到期，6 件等您核验。

    `waiting`: length of the office's own queue (milestones, hence 件 and not 项); None where the reader does not verify.
    """
    if not standing.total:
        return Sentence((Piece("还没有任务。导入年度任务分解表以后，全局就写在这一句里。"),))
    pieces = [Piece(f"{standing.total} 项任务已销号 "), Piece(f"{standing.done} 项", ledger_url(lamp="done"))]
    if standing.closed_lately:
        since = ledger_url(closed_from=week_before(today).isoformat(), closed_to=today.isoformat())
        pieces += [Piece("，比一周前多 "), Piece(f"{standing.closed_lately} 项", since)]
    pieces += [Piece("；"), _late(standing), *_coming(standing, today), *_waiting(standing, waiting)]
    return Sentence((*pieces, *_street(street), Piece("。")))


def _street(street: Street | None) -> list[Piece]:
    if street is None or not street.open:
        return []
    pieces = [Piece("；整改单 "), Piece(f"{street.open} 张", "/orders"), Piece("未销号")]
    if street.overdue:
        pieces += [Piece("，"), Piece(f"{street.overdue} 张超期", "/orders?kind=overdue", "overdue")]
    return pieces


def _late(standing: Standing) -> Piece:
    if not standing.overdue:
        return Piece("没有逾期")
    return Piece(f"{standing.overdue} 项逾期", ledger_url(lamp="overdue"), "overdue")


def _coming(standing: Standing, today: dt.date) -> list[Piece]:
    if not standing.due_by_month_end:
        return [Piece("，到本月底没有要到期的")]
    span = f"{today.isoformat()}..{month_end(today).isoformat()}"
    url = ledger_url(due=span, assumed="no", state="open")
    return [Piece("，"), Piece(f"{standing.due_by_month_end} 项", url, "soon"), Piece("将在本月底前到期")]


def _waiting(standing: Standing, waiting: Count | None) -> list[Piece]:
    if waiting is None:
        review = Piece(f"{standing.review} 项", ledger_url(lamp="review"), "review")
        return [Piece("，"), review, Piece("待核验")] if standing.review else []
    return [Piece("，"), Piece(f"{waiting} 件", "/verify", "review"), Piece("等您核验")] if waiting else []
