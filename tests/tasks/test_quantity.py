"""完成量 in the ledger: things first, then periods, then a lone rate."""

from decimal import Decimal

import pytest

from tasks.models import Target
from tasks.summary import refresh


@pytest.mark.parametrize(
    ("op", "done", "shown"),
    [(">=", "76.4", (Decimal("76.4"), Decimal(80), "%", 955)), ("<=", "3", (None, None, "", 0))],
)
def test_a_lone_rate_is_shown_unless_less_is_better(make_task, campaign, op, done, shown):
    task = make_task(goal=None)
    Target.objects.create(campaign=campaign, task=task, op=op, value=80, value_done=done, unit_of_measure="%")
    refresh([task.pk])
    task.refresh_from_db()
    assert (task.quantity_done, task.quantity_goal, task.quantity_unit, task.progress_share) == shown
    assert task.has_target
