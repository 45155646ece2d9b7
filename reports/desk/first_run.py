"""The first day: a check list instead of an empty page."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from campaign.access import Actor
from campaign.models import Membership, Unit
from tasks.models import Assignment, Notice, Task


@dataclass(frozen=True)
class Step:
    name: str
    hint: str
    url: str
    action: str
    is_done: bool


def steps(actor: Actor) -> list[Step]:
    """导入台账 → 分配单位 → 邀请联络员 → 试发催办. Four small queries."""
    tasks = Task.objects.visible_to(actor).of_plan()
    duties = Assignment.objects.filter(unit=OuterRef("pk"))
    liaisons = Membership.objects.filter(unit=OuterRef("pk"), post=Membership.Post.LIAISON).current(today=actor.today)
    units = Unit.objects.visible_to(actor).active().filter(Exists(duties))
    alone = units.filter(~Exists(liaisons)).count()
    orphans = tasks.filter(main_unit=None).count()
    has_tasks = tasks.exists()
    has_told = Notice.objects.visible_to(actor).filter(is_manual=True).exists()
    return [
        Step("导入台账", "放进年度任务分解表，先试读，看清再写入。", "/tasks/import", "去导入", has_tasks),
        Step(
            "分配单位",
            f"还有 {orphans} 项任务没有单位负责。" if orphans else "每项任务都要有单位负责。",
            "/tasks?view=all&f.orphan=yes",
            "去分配",
            has_tasks and not orphans,
        ),
        Step(
            "邀请联络员",
            f"还有 {alone} 个单位没有联络员。" if alone else "每个有任务的单位都要有联络员。",
            "/units",
            "去邀请",
            has_tasks and not alone,
        ),
        Step("试发一次催办", "发出前能看到谁会收到、收到什么。", "/overdue", "去看看", has_told),
    ]
