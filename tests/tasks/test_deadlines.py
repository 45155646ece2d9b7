"""Limits change with a basis, all or none, and the first one is kept."""

import datetime as dt

import pytest

from campaign.models import LogEntry
from campaign.problems import Conflict, Refused
from tasks import deadlines
from tasks.models import DeadlineChange, Milestone, Notice

LATER = dt.date(2019, 10, 20)


@pytest.fixture
def change(office, now):
    def do(milestones, to_on=LATER, basis="第 31 期专题纪要"):
        return deadlines.change_deadlines(list(milestones), to_on=to_on, basis=basis, by=office, now=now)

    return do


def test_a_change_keeps_its_basis_and_the_first_limit(change, milestone, office, task):
    change([milestone])
    milestone.refresh_from_db()
    task.refresh_from_db()
    kept = DeadlineChange.objects.get()
    assert (kept.from_on, kept.to_on, kept.by) == (dt.date(2019, 9, 30), LATER, office)
    assert (milestone.due_on, milestone.first_due_on, task.due_on) == (LATER, dt.date(2019, 9, 30), LATER)
    entry = LogEntry.objects.get(verb="change_deadline")
    assert (entry.task_id, entry.reason) == (task.pk, "第 31 期专题纪要")
    assert entry.data == {"due_on": ["2019-09-30", "2019-10-20"]}


def test_an_assumed_limit_is_confirmed_even_to_a_past_day(change, make_task):
    task = make_task(due_on=None)
    change(task.milestones.all(), to_on=dt.date(2019, 6, 30))
    task.refresh_from_db()
    assert (task.due_on, task.is_due_assumed) == (dt.date(2019, 6, 30), False)


@pytest.mark.parametrize(
    ("to_on", "basis", "says"),
    [
        (None, "纪要", "没有填新的时限"),
        (LATER, " ", "没有填依据"),
        (LATER, "长" * 201, "超过 200 个字"),
        (dt.date(2019, 9, 1), "纪要", "已经过去"),
        (dt.date(2109, 9, 1), "纪要", "请核对年份"),
    ],
)
def test_a_wrong_change_is_refused(change, milestone, to_on, basis, says):
    with pytest.raises(Refused, match=says):
        change([milestone], to_on=to_on, basis=basis)
    assert not DeadlineChange.objects.exists()


def test_what_is_submitted_keeps_its_limit(change, milestone):
    milestone.state = Milestone.State.SUBMITTED
    milestone.save()
    with pytest.raises(Refused, match="待核验，不能再改时限"):
        change([milestone])


def test_all_or_none_when_one_was_changed_meanwhile(change, make_task):
    milestones = [make_task(f"02-02-0{n}").milestones.select_related("task").get() for n in (1, 2)]
    Milestone.objects.filter(pk=milestones[1].pk).update(version=9)
    with pytest.raises(Conflict, match="一项也没有改"):
        change(milestones)
    assert set(Milestone.objects.values_list("due_on", flat=True)) == {dt.date(2019, 9, 30)}


def test_the_next_limit_of_a_task_is_what_falls_due_next(task, campaign, police):
    Milestone.objects.create(campaign=campaign, task=task, unit=police, due_on=dt.date(2019, 12, 31))
    assert [milestone.due_on for milestone in deadlines.next_milestones([task])] == [dt.date(2019, 9, 30)]


def test_who_answers_for_the_unit_is_told(change, milestone, liaison):
    change([milestone])
    notice = Notice.objects.get(recipient=liaison)
    assert (notice.reason, notice.text) == ("changed", "时限改为10月20日，依据：第 31 期专题纪要")
