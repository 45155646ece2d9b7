"""常态保持: what is 已销号 stays so; the re-checks are owed, late and verified by themselves."""

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.access import actor_for
from tasks import closing, inbox, mine, reminders
from tasks.counting import ledger_counts
from tasks.models import Milestone, Notice, Tally, Task

State = Milestone.State


@pytest.fixture
def kept(submitted, office, now, task):
    """Closed on 24 September, to be looked at again each month: 30 September, 31 October …"""
    closing.decide(submitted, outcome="pass", by=office, now=now, version=submitted.version)
    task.refresh_from_db()
    closing.keep_up(task, freq="monthly", by=office, now=now)
    return Task.objects.get(pk=task.pk)


def rechecks(task):
    return list(task.milestones.filter(is_recheck=True).order_by("due_on"))


def standing(task):
    fresh = Task.objects.get(pk=task.pk)
    tally = dict(Tally.objects.exclude(count=0).values_list("state", "count"))
    return fresh.state, fresh.closed_on, fresh.done_count, fresh.milestone_count, tally


CLOSED = ("done", dt.date(2019, 9, 24), 1, 1, {"done": 1})


def test_it_stays_closed(kept):
    assert standing(kept) == CLOSED
    assert kept.recheck_on == dt.date(2019, 9, 30)
    assert kept.open_count == len(rechecks(kept)) == 4


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_whatever_becomes_of_the_rechecks_it_stays_closed(kept, hand_in, office, now, seed):
    dice = random.Random(seed)
    for _ in range(8):
        row = dice.choice(rechecks(kept))
        if row.state == State.OPEN:
            hand_in(row)
        elif row.state == State.SUBMITTED:
            outcome = dice.choice(["pass", "return", "hold"])
            closing.decide(row, outcome=outcome, reason="看过", by=office, now=now, version=row.version)
        assert standing(kept) == CLOSED
    owed = [row.due_on for row in rechecks(kept) if row.state == State.OPEN]
    assert Task.objects.get(pk=kept.pk).recheck_on == min(owed, default=None)


def test_a_late_recheck_is_late_by_itself(kept, campaign, liaison, office):
    day = dt.date(2019, 10, 10)
    lamps = dict(Milestone.objects.with_lamp(today=day, notice_days=7).values_list("label", "lamp"))
    assert lamps["9月复查"] == "overdue"
    counts = ledger_counts(actor_for(office, campaign, today=day))
    assert (counts.done.value, counts.late.value, counts.unclosed.value) == (1, 0, 0)
    reminders.queue_reminders(campaign, today=day, now=dt.datetime(2019, 10, 10, 8, tzinfo=campaign.zone))
    assert Notice.objects.filter(recipient=liaison, milestone__label="9月复查").exists()


def test_the_liaison_reports_on_it_and_the_office_verifies(kept, hand_in, liaison, office, actor, now):
    cards = mine.cards(actor(liaison), notice_days=7)
    assert [card.milestone.label for card in cards] == ["9月复查"]
    hand_in(cards[0].milestone)
    assert inbox.waiting(actor(office), now=now).verify.value == 1
    assert standing(kept) == CLOSED


@pytest.mark.parametrize(
    ("query", "found"), [("f.state=done", 1), ("f.recheck=any", 1), ("f.recheck=late", 0), ("f.state=unclosed", 0)]
)
def test_pages_and_api_say_the_same(kept, login, office, query, found):
    client = login(office)
    assert client.get(f"/tasks?view=all&{query}").content.decode().count('id="t-') == found
    assert client.get(f"/api/v1/tasks?{query}").json()["count"] == found


def test_the_page_says_when_and_that_it_is_late(kept, login, office, campaign):
    client = login(office)
    assert "常态保持，9月30日前复查" in client.get(f"/tasks/{kept.code}").content.decode()
    type(campaign).objects.update(pinned_on=dt.date(2019, 10, 8))
    assert "复查逾期，9月30日应复查" in client.get(f"/tasks/{kept.code}").content.decode()


def test_what_proves_untrue_is_opened_again_in_its_own_right(kept, submitted, office, now):
    closing.reopen(submitted, reason="反弹", by=office, now=now, version=Milestone.objects.get(pk=submitted.pk).version)
    assert Task.objects.get(pk=kept.pk).state == "open"
