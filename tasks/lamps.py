"""The one definition of late, soon, waiting and done, computed in SQL for tasks and milestones alike.

grey 未启动, blue 推进中, amber 临期 (due within the campaign's notice days), red 逾期,
violet 待核验, green 已销号. An assumed limit (one the plan did not write) is never soon nor late.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Q, Value, When


class Lamp(models.TextChoices):
    TODO = "todo", "未启动"
    DOING = "doing", "推进中"
    SOON = "soon", "临期"
    OVERDUE = "overdue", "逾期"
    REVIEW = "review", "待核验"
    DONE = "done", "已销号"
    WAIVED = "waived", "已免办"


#: Lamps that ask for work, most pressing first.
PRESSING = (Lamp.OVERDUE, Lamp.SOON, Lamp.REVIEW, Lamp.DOING, Lamp.TODO)


def task_lamp(*, today: dt.date, notice_days: int) -> Case:
    return _lamp("is_due_assumed", today=today, notice_days=notice_days)


def milestone_lamp(*, today: dt.date, notice_days: int) -> Case:
    return _lamp("is_assumed", today=today, notice_days=notice_days)


def conditions(
    lamp: str, *, today: dt.date, notice_days: int, assumed: str = "is_due_assumed", due: str = "due_on"
) -> Q:
    """The same definition as a filter that an index can serve; a Tally names its columns otherwise."""
    limit = today + dt.timedelta(days=notice_days)
    written = Q(**{assumed: False})
    is_open = Q(state="open")
    late = is_open & written & Q(**{f"{due}__lt": today})
    soon = is_open & written & Q(**{f"{due}__gte": today, f"{due}__lte": limit})
    later = is_open & (Q(**{assumed: True}) | Q(**{due: None}) | Q(**{f"{due}__gt": limit}))
    return {
        Lamp.DONE: Q(state="done"),
        Lamp.WAIVED: Q(state="waived"),
        Lamp.REVIEW: Q(state="submitted"),
        Lamp.OVERDUE: late,
        Lamp.SOON: soon,
        Lamp.DOING: later & Q(has_begun=True),
        Lamp.TODO: later & Q(has_begun=False),
    }[Lamp(lamp)]


def lamp_of(row: Any, *, today: dt.date, notice_days: int) -> str:
    """The same definition for one loaded task or milestone."""
    if row.state != "open":
        return {"done": Lamp.DONE, "waived": Lamp.WAIVED, "submitted": Lamp.REVIEW}[row.state]
    assumed = row.is_due_assumed if hasattr(row, "is_due_assumed") else row.is_assumed
    if row.due_on is not None and not assumed:
        if row.due_on < today:
            return Lamp.OVERDUE
        if row.due_on <= today + dt.timedelta(days=notice_days):
            return Lamp.SOON
    return Lamp.DOING if row.has_begun else Lamp.TODO


def _lamp(assumed: str, *, today: dt.date, notice_days: int) -> Case:
    limit = today + dt.timedelta(days=notice_days)
    return Case(
        When(state="done", then=Value(Lamp.DONE)),
        When(state="waived", then=Value(Lamp.WAIVED)),
        When(state="submitted", then=Value(Lamp.REVIEW)),
        When(**{assumed: False, "due_on__lt": today}, then=Value(Lamp.OVERDUE)),
        When(**{assumed: False, "due_on__lte": limit}, then=Value(Lamp.SOON)),
        When(has_begun=True, then=Value(Lamp.DOING)),
        default=Value(Lamp.TODO),
        output_field=CharField(),
    )
