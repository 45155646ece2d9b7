"""销号要件 of a milestone: which are there, which are missing, and why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from campaign.problems import Problem
from tasks.models import ClosingRequirement, Evidence, Milestone


@dataclass(frozen=True)
class Standing:
    """One requirement as it stands for one milestone."""

    requirement: ClosingRequirement
    files: int

    @property
    def is_met(self) -> bool:
        return self.files >= self.requirement.least_files

    @property
    def lacks(self) -> int:
        return max(0, self.requirement.least_files - self.files)

    @property
    def note(self) -> str:
        least = self.requirement.least_files
        if self.is_met:
            return f"已有 {self.files} 份"
        return f"缺 {self.lacks} 份，已有 {self.files} 份" if self.files else f"缺，应有 {least} 份"


def standings(milestone: Milestone) -> list[Standing]:
    """Every requirement of the task as it stands for this milestone (two queries)."""
    return standings_of([milestone])[milestone.pk]


def standings_of(milestones: Sequence[Milestone]) -> dict[UUID, list[Standing]]:
    """The same for many, by two queries.

    A period and a member of a group prove their own share; a phased task builds on what lay before.
    """
    task_ids = {milestone.task_id for milestone in milestones}
    wanted: dict[UUID, list[ClosingRequirement]] = {task_id: [] for task_id in task_ids}
    for requirement in ClosingRequirement.objects.wanted().filter(task__in=task_ids).order_by("order", "id"):
        wanted[requirement.task_id].append(requirement)
    files = Evidence.objects.filter(task__in=task_ids, requirement__isnull=False)
    rows = list(files.values_list("requirement", "milestone", "unit"))
    return {
        milestone.pk: [Standing(need, _count(rows, need, milestone)) for need in wanted[milestone.task_id]]
        for milestone in milestones
    }


def _count(
    rows: Iterable[tuple[UUID, UUID | None, UUID | None]], need: ClosingRequirement, milestone: Milestone
) -> int:
    found: Counter[bool] = Counter()
    for requirement, of_milestone, of_unit in rows:
        if requirement == need.pk:
            found[_counts_for(milestone, of_milestone, of_unit)] += 1
    return found[True]


def _counts_for(milestone: Milestone, of_milestone: UUID | None, of_unit: UUID | None) -> bool:
    if of_milestone == milestone.pk:
        return True
    if milestone.period_on is not None:
        return False
    return milestone.unit_id is None or of_unit in (None, milestone.unit_id)


def missing(found: Iterable[Standing]) -> list[Standing]:
    return [standing for standing in found if not standing.is_met]


def problems(found: Iterable[Standing]) -> list[Problem]:
    """What is missing, as warnings: it does not lock 通过, it asks for a reason."""
    return [
        Problem(
            "requirement_missing",
            f"缺要件“{standing.requirement.label}”：{standing.note}。",
            level="warns",
            where=standing.requirement.label,
            mend="请单位补交，或写明为什么可以通过。",
        )
        for standing in missing(found)
    ]


def return_words(found: Iterable[Standing]) -> str:
    """The words a return begins with, from what is missing; empty when nothing is."""
    lacking = missing(found)
    if not lacking:
        return ""
    names = "、".join(standing.requirement.label for standing in lacking)
    return f"缺 {len(lacking)} 件：{names}。其余要件已核对无误，补齐后直接提请，不必重传。"
