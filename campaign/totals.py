"""The plan's stated totals against what the ledger holds (A3)."""

from dataclasses import dataclass

from django.apps import apps

from campaign.models import Campaign, Program, Project
from campaign.problems import Problem


@dataclass(frozen=True)
class Total:
    label: str
    stated: int | None
    live: int

    @property
    def is_off(self) -> bool:
        return self.stated is not None and self.stated != self.live


def totals(campaign: Campaign) -> list[Total]:
    tasks = apps.get_model("tasks", "Task").objects.filter(campaign=campaign, kind="plan")
    return [
        Total(campaign.layer_name, campaign.stated_programs, Program.objects.filter(campaign=campaign).count()),
        Total("项目", campaign.stated_projects, Project.objects.filter(campaign=campaign).count()),
        Total("任务", campaign.stated_tasks, tasks.count()),
    ]


def problems(campaign: Campaign) -> list[Problem]:
    """One warning for each total that does not match."""
    return [
        Problem(
            "totals",
            f"计划说有 {total.stated} 个{total.label}，台账里是 {total.live} 个。",
            level="warns",
            where=total.label,
            mend="请核对导入的台账，或在设置里改正计划所称的数目。",
        )
        for total in totals(campaign)
        if total.is_off
    ]
