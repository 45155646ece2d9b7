"""Side-bar entries of the ledger. Counts come from the roll-up and from the very queries their pages list."""

from django.http import HttpRequest

from campaign.access import Right
from campaign.navigation import Entry
from tasks.counting import ledger_counts


def entries(request: HttpRequest) -> list[Entry]:
    actor = request.actor
    if not actor.can(Right.READ):
        return []
    counts = ledger_counts(actor)
    return [
        Entry("任务", "任务台账", "/tasks", "list-checks", order=10, count=counts.all),
        Entry("任务", "逾期督办", "/overdue", "bell-ring", order=20, count=counts.late, tone="over"),
    ]
