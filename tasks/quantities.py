"""How much of a task's counted target is reached, added up from its milestones."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from tasks.models import Milestone, Target, Task


def amount(value: Decimal | None) -> str:
    """12.00 -> 12, 143.40 -> 143.4: as people write it."""
    return "" if value is None else f"{value.normalize():f}"


def reached(milestones: list[Milestone]) -> Decimal:
    """What all milestones of a task together have reached.

    Phases that each have a quantity of their own add up. Phases without one carry the running total, so the
    furthest counts. Members of a group add up.
    """
    owners: dict[UUID | None, list[Milestone]] = defaultdict(list)
    for milestone in milestones:
        owners[milestone.unit_id].append(milestone)
    return sum((_of_owner(rows) for rows in owners.values()), Decimal(0))


def _of_owner(rows: list[Milestone]) -> Decimal:
    done = [row.quantity_done for row in rows]
    return sum(done, Decimal(0)) if all(row.quantity is not None for row in rows) else max(done)


def refresh_targets(task: Task) -> None:
    """Set what the counted target has reached. A rhythm counts periods, its target is measured by none of them."""
    if task.freq:
        return
    targets = list(Target.objects.filter(task=task).order_by("order"))
    counted = next((t for t in targets if t.value is not None and not t.is_rate and t.value > 0), None)
    if counted is None:
        return
    total = reached(list(Milestone.objects.filter(task=task, period_on=None)))
    if total != counted.value_done:
        counted.value_done = total
        counted.save(update_fields=["value_done"])
