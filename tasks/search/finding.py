"""What fits the words. Every word must be found; a whole code comes first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from campaign.access import Actor
from campaign.models import Unit
from campaign.pinyin import normal
from tasks.models import Evidence, Task

SHOWN = 20
FEW = 8


@dataclass(frozen=True)
class Found:
    words: tuple[str, ...]
    tasks: Sequence[Task] = ()
    units: Sequence[Unit] = ()
    files: Sequence[Evidence] = ()
    has_more_tasks: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.tasks or self.units or self.files)


def find(actor: Actor, text: str) -> Found:
    """At most five queries, none of which looks further than what it shows."""
    words = tuple(normal(text).split())[:6]
    if not words:
        return Found(words)
    tasks = _tasks(actor, words)
    return Found(
        words=words,
        tasks=tasks[:SHOWN],
        units=list(Unit.objects.visible_to(actor).active().filter(_holding(words)).in_order()[:FEW]),
        files=list(_files(actor, words)[:FEW]),
        has_more_tasks=len(tasks) > SHOWN,
    )


def _tasks(actor: Actor, words: Sequence[str]) -> list[Task]:
    """By code first, then in the plan's order. Ids come from the narrow search index, rows only for what is shown."""
    visible = Task.objects.visible_to(actor).of_plan()
    exact = list(visible.filter(code=words[0]).values_list("pk", flat=True)) if len(words) == 1 else []
    narrow = visible.filter(_holding(words)).order_by("search_text").values_list("pk", flat=True)
    ids = list(dict.fromkeys([*exact, *narrow[: SHOWN + 1]]))
    lit = Task.objects.filter(pk__in=ids).with_lamp(today=actor.today, notice_days=actor.campaign.notice_days)
    rows = {task.pk: task for task in lit.select_related("main_unit")}
    return [rows[pk] for pk in ids]


def _files(actor: Actor, words: Sequence[str]) -> QuerySet:
    return Evidence.objects.visible_to(actor).filter(_holding(words)).select_related("task").order_by("-at")


def _holding(words: Sequence[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(search_text__contains=word)
    return condition
