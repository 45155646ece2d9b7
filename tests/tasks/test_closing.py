import datetime as dt
from decimal import Decimal

import pytest

from campaign.models import LogEntry
from campaign.problems import Conflict, Refused
from tasks import closing, summary
from tasks.models import ClosingRequirement, Milestone, Notice, Tally, Task, Verdict


@pytest.fixture
def decide(submitted, office, now):
    def do(outcome, **fields):
        given = {"reason": "", "by": office, "now": now, "version": submitted.version} | fields
        return closing.decide(submitted, outcome=outcome, **given)

    return do


@pytest.fixture
def requirement(task, campaign):
    return ClosingRequirement.objects.create(campaign=campaign, task=task, label="巡查记录", least_files=2)


def test_passing_closes_the_milestone_and_the_task(decide, submitted, task):
    decide("pass")
    task.refresh_from_db()
    assert (submitted.state, submitted.closed_on) == (Milestone.State.DONE, dt.date(2019, 9, 24))
    assert submitted.quantity_approved == Decimal(20)
    assert (task.state, task.closed_on) == (Task.State.DONE, dt.date(2019, 9, 24))


def test_passing_moves_the_roll_up(decide, campaign):
    summary.recount(campaign)
    decide("pass")
    kept = dict(Tally.objects.filter(campaign=campaign).exclude(count=0).values_list("state", "count"))
    assert kept == {"done": 1}
    assert summary.recount(campaign) == 0


def test_lateness_counts_to_the_day_it_was_handed_in_and_stays(hand_in, milestone, office, now):
    milestone.due_on = dt.date(2019, 9, 10)
    milestone.save()
    hand_in(milestone, at=now - dt.timedelta(days=4))
    closing.decide(milestone, outcome="pass", by=office, now=now, version=milestone.version)
    assert milestone.late_days == 10


def test_an_assumed_limit_makes_nothing_late(hand_in, milestone, office, now):
    milestone.due_on, milestone.is_assumed = dt.date(2019, 9, 1), True
    milestone.save()
    hand_in(milestone)
    closing.decide(milestone, outcome="pass", by=office, now=now, version=milestone.version)
    assert milestone.late_days == 0


def test_returning_opens_again_and_tells_the_unit(decide, submitted, liaison):
    verdict = decide("return", reason="名单缺 2 家", limit_on=dt.date(2019, 9, 27))
    notice = Notice.objects.get(recipient=liaison)
    assert (submitted.state, submitted.is_returned, submitted.returns) == ("open", True, 1)
    assert verdict.limit_on == dt.date(2019, 9, 27)
    assert "名单缺 2 家" in notice.text
    assert "9月27日" in notice.text


def test_returning_needs_a_reason_and_writes_nothing(decide, submitted):
    with pytest.raises(Refused) as refusal:
        decide("return", reason="  ")
    submitted.refresh_from_db()
    assert refusal.value.problems[0].where == "reason"
    assert (submitted.state, Verdict.objects.count(), LogEntry.objects.count()) == ("submitted", 0, 0)


def test_a_limit_in_the_past_is_refused(decide):
    with pytest.raises(Refused, match="早于今天"):
        decide("return", reason="缺件", limit_on=dt.date(2019, 9, 23))


def test_held_items_leave_the_queue_and_come_back(decide, submitted, office, now):
    decide("hold")
    assert list(Milestone.objects.held()) == [submitted]
    assert not Milestone.objects.waiting().exists()
    closing.release(submitted, by=office, now=now, version=submitted.version)
    assert list(Milestone.objects.waiting()) == [submitted]


def test_a_missing_requirement_asks_for_a_reason_but_does_not_lock(requirement, decide):
    with pytest.raises(Refused, match="缺 1 件"):
        decide("pass")
    assert decide("pass", reason="区长办公会同意先行销号").reason


def test_the_second_of_two_deciders_is_told(decide, submitted):
    decide("return", reason="缺件")
    with pytest.raises(Conflict) as conflict:
        decide("pass", version=1)
    assert conflict.value.current.is_returned
    assert "已退回" in conflict.value.problems[0].message
    assert Verdict.objects.count() == 1


def test_every_verdict_is_logged_once(decide, office):
    decide("pass")
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.by, entry.data["outcome"]) == ("pass", office, "pass")


def test_waiving_needs_a_reason_and_closes(milestone, office, now, task):
    with pytest.raises(Refused):
        closing.waive(milestone, reason="", by=office, now=now, version=1)
    closing.waive(milestone, reason="区里统一安排，不再单独创建", by=office, now=now, version=1)
    task.refresh_from_db()
    assert (milestone.state, task.state) == ("waived", "waived")


def test_reopening_keeps_the_history(decide, submitted, office, now, task):
    decide("pass")
    closing.reopen(submitted, reason="现场核实只有 12 条", by=office, now=now, version=submitted.version)
    task.refresh_from_db()
    assert (submitted.state, submitted.closed_on, submitted.is_returned) == ("open", None, True)
    assert task.state == "open"
    assert [v.outcome for v in submitted.verdicts.all()] == ["return", "pass"]


def test_a_reached_target_is_kept_up_by_looking_again(decide, task, office, now):
    decide("pass")
    task.refresh_from_db()
    made = closing.keep_up(task, freq="quarterly", by=office, now=now)
    task.refresh_from_db()
    assert [m.label for m in made] == ["三季度复查", "四季度复查"]
    assert (task.is_standing, task.state, task.milestone_count) == (True, "done", 1)
    assert (task.closed_on, task.recheck_on) == (dt.date(2019, 9, 24), dt.date(2019, 9, 30))


def test_what_is_not_reached_cannot_be_kept_up(task, office, now):
    with pytest.raises(Refused, match="还没有销号"):
        closing.keep_up(task, freq="monthly", by=office, now=now)


def test_passing_many_leaves_those_with_a_problem(make_task, campaign, hand_in, office, now):
    good, bad = make_task("02-02-02"), make_task("02-02-03")
    ClosingRequirement.objects.create(campaign=campaign, task=bad, label="巡查记录")
    rows = [hand_in(task.milestones.get()) for task in (good, bad)]
    outcome = closing.pass_many(rows, reason="", by=office, now=now)
    assert [m.task_id for m in outcome.passed] == [good.pk]
    assert [(m.task_id, p.code) for m, p in outcome.left] == [(bad.pk, "reason_needed")]
