"""Which task of the ledger a row speaks of: by its place in this very file, its code, what it was brought in as, its words."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz

from campaign.models import Campaign
from tasks.importing.origin import origin_of, words_in, words_mark, words_of
from tasks.importing.rows import Row
from tasks.models import Assignment, ImportBatch, Milestone, Target, Task

#: How like two titles of one project must be to be one task reworded, on the same row of the sheet and elsewhere.
LIKE_IN_PLACE, LIKE = 60.0, 80.0


@dataclass
class Held:
    """One task of the ledger with what hangs on it."""

    task: Task
    assignments: list[Assignment] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    """Without the periods of a rhythm."""

    @property
    def duties(self) -> list[tuple[str, str]]:
        """(role, words of the plan): a group's members stand under the group's words."""
        return list(dict.fromkeys((row.role, row.group_text or row.unit.name) for row in self.assignments))

    @property
    def due_on(self) -> dt.date | None:
        """The written limit as it stands today; None where the plan wrote none."""
        return max((row.due_on for row in self.milestones if row.due_on and not row.is_assumed), default=None)

    @property
    def basis(self) -> str:
        """What the limit was last changed on; empty where it is as the plan wrote it."""
        moved = [row for row in self.milestones if row.due_on != row.first_due_on and not row.is_assumed]
        return moved[-1].basis if moved else ""


@dataclass
class Ledger:
    """The campaign's plan tasks. `this_file`: the batches of a file of the same bytes."""

    held: dict[UUID, Held]
    this_file: set[UUID]

    @classmethod
    def of(cls, campaign: Campaign, sha256: str) -> "Ledger":
        tasks = Task.objects.filter(campaign=campaign, kind=Task.Kind.PLAN).select_related("program", "project")
        held = {task.pk: Held(task) for task in tasks.order_by("code")}
        if held:
            _hang(campaign, held)
        this_file = ImportBatch.objects.filter(campaign=campaign, sha256=sha256).values_list("pk", flat=True)
        return cls(held, set(this_file))

    def find(self, rows: Sequence[Row]) -> dict[str, Task]:
        """Row key -> its task. Each task is found once, so that two like rows stay two tasks; the surest ways go first."""
        if not self.held:
            return {}
        matching = _Matching([Said(row, origin_of(row)) for row in rows], [held.task for held in self.held.values()])
        in_file = self._in_this_file
        for row_key, task_key in (
            (lambda said: (said.place, said.words), lambda task: in_file(task) and (place_of(task), words_in(task.origin))),
            (lambda said: said.place, lambda task: in_file(task) and place_of(task)),
            (lambda said: said.row.code, lambda task: task.code),
            (lambda said: (said.origin, said.place), lambda task: (task.origin, place_of(task))),
            (lambda said: said.origin, lambda task: task.origin),
            (lambda said: said.words, lambda task: words_in(task.origin)),
            (lambda said: said.words, lambda task: words_mark(*layers_of(task), task.title)),
        ):  # fmt: skip
            matching.pair(row_key, task_key)
        matching.pair_moved()
        return matching.found

    def _in_this_file(self, task: Task) -> bool:
        return task.batch_id in self.this_file

    def is_in_place(self, row: Row, task: Task) -> bool:
        """Does the task come from this very row of this very file?"""
        return self._in_this_file(task) and place_of(task) == (row.sheet[:80], row.row)

    def gone(self, found: dict[str, Task]) -> list[Task]:
        """Tasks still owed of an earlier version, which this one no longer names."""
        tasks = [held.task for held in self.held.values()]
        taken = {task.pk for task in found.values()}
        earlier = earlier_versions(tasks, taken, least_share_of_rows=None, row_count=len(found))
        return [
            task
            for task in tasks
            if task.pk not in taken and task.batch_id in earlier and task.state in Task.OPEN_STATES
        ]


def earlier_versions(
    tasks: Iterable[Task], taken: set[UUID], *, least_share_of_rows: float | None, row_count: int
) -> set[UUID]:
    """Batches this file is another version of: half of what they brought is in it, or half of it came with them.

    `least_share_of_rows` None: only the former; an excerpt of a plan says nothing of what it leaves out.
    """
    brought = Counter(task.batch_id for task in tasks if task.batch_id)
    again = Counter(task.batch_id for task in tasks if task.batch_id and task.pk in taken)
    return {
        batch
        for batch, count in again.items()
        if batch and (2 * count >= brought[batch] or (least_share_of_rows and count >= least_share_of_rows * row_count))
    }


@dataclass(frozen=True)
class Said:
    """A row with the marks it is found by."""

    row: Row
    origin: str

    @property
    def words(self) -> str:
        return words_in(self.origin)

    @property
    def place(self) -> Hashable:
        return self.row.sheet[:80], self.row.row


@dataclass
class _Matching:
    """Rows and tasks that have not found each other yet."""

    rows: Sequence[Said]
    tasks: Sequence[Task]
    found: dict[str, Task] = field(default_factory=dict)
    _taken: set[UUID] = field(default_factory=set)

    def pair(self, row_key: Callable[[Said], Any], task_key: Callable[[Task], Any]) -> None:
        """Rows and tasks with one key; a key that is empty finds nothing."""
        waiting = self._waiting()
        if not waiting:
            return
        by_key: dict[Any, list[Task]] = defaultdict(list)
        for task in reversed(self.tasks):
            if task.pk not in self._taken and (key := task_key(task)):
                by_key[key].append(task)
        for said in waiting:
            like = by_key.get(row_key(said))
            if like:
                self._take(said, like.pop())

    def pair_moved(self) -> None:
        """What is left of the file beside what is left of its earlier versions: reworded, or under another heading."""
        waiting = self._waiting()
        earlier = earlier_versions(self.tasks, self._taken, least_share_of_rows=0.5, row_count=len(self.rows))
        left = [task for task in self.tasks if task.pk not in self._taken and task.batch_id in earlier]
        if not waiting or not left:
            return
        by_layers: dict[Any, list[Task]] = defaultdict(list)
        for task in left:
            by_layers[layers_of(task)].append(task)
            by_layers[task.title].append(task)
        likely = [
            (-score, said.row.key, task.code, said, task)
            for said in waiting
            for task in (*by_layers.get((said.row.program, said.row.project), ()), *by_layers.get(said.row.title, ()))
            if (score := _likeness(said, task))
        ]
        for _, _, _, said, task in sorted(likely, key=lambda pair: pair[:3]):
            if said.row.key not in self.found and task.pk not in self._taken:
                self._take(said, task)

    def _waiting(self) -> list[Said]:
        return (
            [said for said in self.rows if said.row.key not in self.found] if len(self._taken) < len(self.tasks) else []
        )

    def _take(self, said: Said, task: Task) -> None:
        self.found[said.row.key] = task
        self._taken.add(task.pk)


def _likeness(said: Said, task: Task) -> float:
    """0 where the row is no rewording of the task."""
    least = LIKE_IN_PLACE if place_of(task) == said.place else LIKE
    return fuzz.ratio(words_of(said.row.title), words_of(task.title), score_cutoff=least)


def place_of(task: Task) -> Hashable:
    return (task.source_sheet, task.source_row) if task.source_row else None


def layers_of(task: Task) -> tuple[str, str]:
    return task.program.name if task.program else "", task.project.name if task.project else ""


def _hang(campaign: Campaign, held: dict[UUID, Held]) -> None:
    plan = {"campaign": campaign, "task__kind": Task.Kind.PLAN}
    for assignment in Assignment.objects.filter(**plan).select_related("unit").order_by("order"):
        held[assignment.task_id].assignments.append(assignment)
    for target in Target.objects.filter(**plan).order_by("order"):
        held[target.task_id].targets.append(target)
    columns = ("id", "task_id", "due_on", "first_due_on", "is_assumed", "basis", "state", "has_begun", "period_on")
    for milestone in Milestone.objects.filter(**plan, period_on=None).only(*columns).order_by("due_on"):
        held[milestone.task_id].milestones.append(milestone)
