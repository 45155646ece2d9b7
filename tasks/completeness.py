"""六定: is a task laid down so that it can be done and checked? 定目标、定人员、定时间、定进度、定标准、定奖惩.

五定 is the lighter profile without 奖惩; each campaign chooses (mission B20, B21).
"""

from collections.abc import Sequence

from campaign.models import Campaign
from campaign.problems import Problem
from tasks.models import Assignment, ClosingRequirement, Milestone, Target, Task


def gaps(
    task: Task,
    *,
    campaign: Campaign,
    targets: Sequence[Target],
    assignments: Sequence[Assignment],
    milestones: Sequence[Milestone],
    requirements: Sequence[ClosingRequirement],
) -> list[Problem]:
    """What is not laid down yet, as warnings: nothing is blocked by it, the office mends it."""
    checks = [
        (bool(targets or task.freq), "goal", "定目标", "没有可量化的目标", "写明完成多少、达到多少"),
        (bool(assignments) and not task.open_ended_units, "person", "定人员", _person(task), "指定责任单位"),
        (
            bool(milestones) and not any(m.is_assumed for m in milestones),
            "time",
            "定时间",
            "时限是暂按年底，未确认",
            "确认时限并写依据",
        ),
        (
            len(milestones) > 1 or bool(task.freq) or _is_short(milestones),
            "progress",
            "定进度",
            "只有一个节点",
            "倒排几个节点",
        ),
        (bool(requirements or task.standard), "standard", "定标准", "没有销号要件和工作标准", "写明销号要看什么"),
    ]
    if campaign.is_reward_laid_down:
        checks.append((bool(campaign.reward_policy), "reward", "定奖惩", "没有奖惩办法", "在设置里写明"))
    return [
        Problem(code, f"{name}：{what}。", level="warns", where=name, mend=f"{mend}。")
        for is_there, code, name, what, mend in checks
        if not is_there
    ]


def _person(task: Task) -> str:
    return f"“{task.open_ended_units}”还没有落到单位" if task.open_ended_units else "没有责任单位"


def _is_short(milestones: Sequence[Milestone]) -> bool:
    """A duty of under two months needs no milestones in between."""
    return any(m.due_on is not None and (m.due_on - m.task.created_at.date()).days < 60 for m in milestones)
