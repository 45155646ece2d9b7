"""A week of the ledger: one closed this week, one late, one due next week, a difficulty told."""

import datetime as dt

import pytest

from campaign.clock import Week
from reports import briefing as deeds
from reports.models import Distribution
from tasks import summary
from tasks.models import Milestone, ProgressReport, Task

WEEK = Week(dt.date(2019, 9, 23))


@pytest.fixture
def week():
    return WEEK


@pytest.fixture
def ledger(make_task, police, city, liaison, campaign, now):
    """As of Tuesday, 24 September 2019."""
    make_task("02-01-01", "本周销号的", unit=city, due_on=dt.date(2019, 9, 20))
    make_task("02-01-02", "上周销号的", unit=city, due_on=dt.date(2019, 9, 30))
    make_task("02-01-03", "逾期的", unit=police, due_on=dt.date(2019, 9, 10))
    make_task("02-01-04", "下周到期的", unit=police, due_on=dt.date(2019, 10, 2))
    make_task("02-01-05", "没写时限的", unit=city, due_on=None)
    rows = Milestone.objects.filter(campaign=campaign)
    rows.filter(task__code="02-01-01").update(state="done", closed_on=dt.date(2019, 9, 24), late_days=4)
    rows.filter(task__code="02-01-02").update(state="done", closed_on=dt.date(2019, 9, 18))
    summary.refresh(Task.objects.values_list("pk", flat=True))
    trouble = rows.get(task__code="02-01-03")
    ProgressReport.objects.create(
        campaign=campaign,
        task=trouble.task,
        milestone=trouble,
        unit=police,
        by=liaison,
        at=now,
        progress="已开工",
        problems="施工许可未批",
        measures="正与规划部门对接",
        token="t1",
    )


@pytest.fixture
def readers(campaign):
    """One line each of 报 and 发."""
    return [
        Distribution.objects.create(campaign=campaign, name="区委办公室", address="qw@example.test", line="report"),
        Distribution.objects.create(campaign=campaign, name="古桥街道", address="gq@example.test", line="issue"),
    ]


@pytest.fixture
def draft(ledger, campaign, office, now):
    return deeds.draft(campaign, WEEK, by=office, now=now)


@pytest.fixture
def final(draft, office, today, now):
    return deeds.finalise(draft, by=office, today=today, now=now)


@pytest.fixture
def document(final, readers, office, now):
    return deeds.issue(final, by=office, now=now)
