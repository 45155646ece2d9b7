"""What the tests of the ledger share beside the cast."""

from decimal import Decimal

import pytest

from tasks import summary
from tasks.models import Milestone


@pytest.fixture
def hand_in(now, liaison):
    """A unit hands a milestone in: state submitted, its quantity reached."""

    def do(milestone, *, at=None, by=None, **fields):
        changes = {"state": Milestone.State.SUBMITTED, "submitted_at": at or now, "submitted_by": by or liaison}
        changes |= {"quantity_done": milestone.quantity or Decimal(0), "has_begun": True} | fields
        Milestone.objects.filter(pk=milestone.pk).update(**changes)
        summary.refresh([milestone.task_id])
        milestone.refresh_from_db()
        return milestone

    return do


@pytest.fixture
def submitted(milestone, hand_in):
    return hand_in(milestone)
