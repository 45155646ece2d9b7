"""What was said or ruled on a task outlives a second version of the plan, and stops the undoing of the first."""

import datetime as dt

import pytest

from campaign.problems import Refused
from tasks import closing, requesting
from tasks.importing import undoing
from tasks.models import ImportBatch, Instruction, Milestone, Notice, Request, Task
from tasks.notices import notice_for
from tests.tasks.test_import_committing import bring, early
from tests.tasks.workbooks import task, workbook

__all__ = ["bring", "early"]


def plan(deadline="8月底前"):
    return workbook([task("创建示范道路18个", deadline=deadline, primary="区交通支队")])


@pytest.fixture
def step(bring, early, police):
    bring(plan(), at=early)
    return Milestone.objects.select_related("task__campaign", "unit").get()


def notified(step, liaison, office, now, *, is_manual):
    row = notice_for(step.task, "urge", liaison, occasion="x", text="请抓紧", now=now, by=office, milestone=step)
    row.is_manual = is_manual
    row.save()


def waived(step, liaison, office, now):
    closing.waive(step, reason="区长专题会同意", by=office, now=now, version=step.version)


def asked(step, liaison, office, now):
    later = dt.date(2019, 10, 31)
    requesting.ask(step, "extension", proposed_on=later, reason="材料未到", unit=step.unit, by=liaison, now=now)


def urged(step, liaison, office, now):
    notified(step, liaison, office, now, is_manual=True)


def reminded(step, liaison, office, now):
    notified(step, liaison, office, now, is_manual=False)


def instructed(step, liaison, office, now):
    Instruction.objects.create(campaign=step.campaign, task=step.task, text="要抓紧", by=office, at=now)


@pytest.mark.parametrize(
    ("deed", "model"), [(asked, Request), (urged, Notice), (reminded, Notice), (waived, Milestone)]
)
def test_a_second_version_makes_nothing_anew(bring, early, step, liaison, office, now, deed, model):
    deed(step, liaison, office, now)
    before = set(model.objects.values_list("pk", flat=True))
    bring(plan("9月底前"), at=early, name="第二版.xlsx")
    assert set(model.objects.values_list("pk", flat=True)) == before
    assert Milestone.objects.get().pk == step.pk


@pytest.mark.parametrize("deed", [asked, urged, waived, instructed])
def test_undoing_stops_where_somebody_spoke(step, liaison, office, now, deed):
    deed(step, liaison, office, now)
    with pytest.raises(Refused, match="不能整批撤销"):
        undoing.undo_batch(ImportBatch.objects.get(), by=office, now=now)
    assert Task.objects.count() == 1
