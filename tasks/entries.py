"""Side-bar entries of the ledger. Counts come from the roll-up and from the very queries their pages list."""

from django.http import HttpRequest

from campaign.access import Right
from campaign.navigation import Entry
from tasks.counting import ledger_counts
from tasks.views.badge import waiting_of


def entries(request: HttpRequest) -> list[Entry]:
    actor = request.actor
    if not actor.can(Right.READ):
        return []
    counts = ledger_counts(actor)
    waiting = waiting_of(request)
    found = [Entry("", "待办", "/inbox", "inbox", order=20, count=waiting.total)]
    if actor.can(Right.REPORT) and not actor.can(Right.READ_ALL):
        found.append(Entry("", "我的任务", "/my", "list-todo", order=10))
    if actor.can(Right.VERIFY):
        found.append(Entry("任务", "销号核验", "/verify", "stamp", order=30, count=waiting.verify))
    if actor.can(Right.READ_ALL):
        found.append(Entry("任务", "讲话拆解", "/tasks/reader", "text-cursor-input", order=40))
    return [
        *found,
        Entry("任务", "任务台账", "/tasks", "list-checks", order=10, count=counts.all),
        Entry("任务", "逾期督办", "/overdue", "bell-ring", order=20, count=counts.late, tone="over"),
    ]
