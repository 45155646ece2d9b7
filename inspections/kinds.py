"""Whose turn it is: the group that each finding of the board stands in, in SQL, of a row in hand, and as a condition."""

import datetime as dt

from django.db.models import Case, Q, TextChoices, Value, When

from inspections.models import Finding

Stage = Finding.Stage


class Kind(TextChoices):
    """A finding's group, in the order of whose turn it is. The values are names of status glyphs."""

    TODO = "todo", "待签发"
    REVIEW = "review", "待复查"
    OVERDUE = "overdue", "超期"
    RELAPSE = "relapse", "反弹"
    DOING = "doing", "整改中"
    DONE = "done", "已销号"


OPEN_KINDS = (Kind.TODO, Kind.REVIEW, Kind.OVERDUE, Kind.RELAPSE, Kind.DOING)


def kind_column(*, now: dt.datetime) -> Case:
    """The group of a row, in SQL; a relapse past its limit is 超期."""
    return Case(
        When(stage=Stage.CLOSED, then=Value(Kind.DONE.value)),
        When(stage=Stage.PENDING, then=Value(Kind.TODO.value)),
        When(stage=Stage.RECHECK, then=Value(Kind.REVIEW.value)),
        When(due_at__lt=now, then=Value(Kind.OVERDUE.value)),
        When(is_relapse=True, then=Value(Kind.RELAPSE.value)),
        default=Value(Kind.DOING.value),
    )


def kind_of(finding: Finding, *, now: dt.datetime) -> Kind:
    """The same, of a row in hand."""
    settled = {Stage.CLOSED: Kind.DONE, Stage.PENDING: Kind.TODO, Stage.RECHECK: Kind.REVIEW}
    if finding.stage in settled:
        return settled[Stage(finding.stage)]
    if finding.due_at is not None and finding.due_at < now:
        return Kind.OVERDUE
    return Kind.RELAPSE if finding.is_relapse else Kind.DOING


def of_kind(kind: str, *, now: dt.datetime) -> Q:
    fixing = Q(stage=Stage.FIXING)
    late = Q(due_at__lt=now)
    in_time = Q(due_at__gte=now) | Q(due_at=None)
    return {
        Kind.TODO: Q(stage=Stage.PENDING),
        Kind.REVIEW: Q(stage=Stage.RECHECK),
        Kind.OVERDUE: fixing & late,
        Kind.RELAPSE: fixing & in_time & Q(is_relapse=True),
        Kind.DOING: fixing & in_time & Q(is_relapse=False),
        Kind.DONE: Q(stage=Stage.CLOSED),
    }[Kind(kind)]
