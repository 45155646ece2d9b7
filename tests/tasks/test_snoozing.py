"""稍后再看: out of the list and the badge for some days, for one person; back by itself."""

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.access import actor_for
from campaign.problems import Refused
from tasks import inbox, snoozing
from tasks.models import Notice, Request, Snooze, Task
from tasks.notices import notice_for
from tasks.requesting import ask

TOMORROW = dt.date(2019, 9, 25)


@pytest.fixture
def notice(milestone, liaison, now):
    row = notice_for(milestone.task, "urge", liaison, occasion="x", text="请办理", now=now, milestone=milestone)
    row.save()
    return row


@pytest.fixture
def on(campaign):
    """A person on a day."""
    return lambda user, day: actor_for(user, campaign, today=day)


def listed(who, now):
    return [line.id for section in inbox.SECTIONS for line in inbox.lines(who, section, now=now, most=99)]


def test_it_leaves_list_and_badge_and_comes_back_by_itself(notice, liaison, actor, on, now):
    assert snoozing.put_off_until(actor(liaison), [notice.pk], until_on=TOMORROW, now=now) == 1
    assert listed(actor(liaison), now) == []
    assert not inbox.waiting(actor(liaison), now=now).total
    assert listed(on(liaison, TOMORROW), now) == [str(notice.pk)]
    assert inbox.waiting(on(liaison, TOMORROW), now=now).total.value == 1


def test_it_is_one_persons_own(submitted, office, make_person, office_unit, actor, now):
    colleague = make_person("second", office_unit, "office", "staff")
    snoozing.put_off_until(actor(office), [submitted.pk], until_on=TOMORROW, now=now)
    assert listed(actor(office), now) == []
    assert listed(actor(colleague), now) == [str(submitted.pk)]
    assert inbox.waiting(actor(office), now=now).verify.value == 1, "the queue itself is as long as before"


def test_what_was_done_meanwhile_does_not_come_back(notice, liaison, actor, on, now):
    snoozing.put_off_until(actor(liaison), [notice.pk], until_on=TOMORROW, now=now)
    inbox.acknowledge(actor(liaison), [notice.pk], now=now)
    assert listed(on(liaison, TOMORROW), now) == []
    assert snoozing.put_off(actor(liaison), now=now) == []


@pytest.mark.parametrize("until_on", [dt.date(2019, 9, 24), dt.date(2019, 9, 1), dt.date(2020, 1, 1)])
def test_only_a_day_not_far_ahead(notice, liaison, actor, now, until_on):
    with pytest.raises(Refused):
        snoozing.put_off_until(actor(liaison), [notice.pk], until_on=until_on, now=now)


def test_nobody_elses_entry_can_be_put_off(notice, stranger, actor, now):
    assert snoozing.put_off_until(actor(stranger), [notice.pk], until_on=TOMORROW, now=now) == 0
    assert not Snooze.objects.exists()


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (dt.date(2019, 9, 24), {"明天": 25, "三天后": 27, "下周一": 30}),
        (dt.date(2019, 9, 27), {"明天": 28, "三天后": 30}),  # a Friday: three days on is Monday
        (dt.date(2019, 9, 29), {"明天": 30, "三天后": 2}),
    ],
)
def test_the_days_offered(today, days):
    assert {words: on.day for words, on in snoozing.choices(today=today)} == days


def test_the_page_puts_off_shows_and_fetches_back(notice, login, liaison):
    client = login(liaison)
    page = client.post("/inbox/snooze", {"n": notice.pk, "until": "2019-09-27"}, follow=True).content.decode()
    assert "没有在等您的事" in page
    assert "稍后再看的 1 条" in page
    assert "9月27日回来" in page
    assert 'action="/inbox/wake?at=' in page
    client.post("/inbox/wake", {"n": notice.pk})
    assert "没有在等您的事" not in client.get("/inbox").content.decode()


@pytest.mark.parametrize("until", ["2019-02-30", "x", "2001-01-01"])
def test_a_day_that_is_none_is_said_or_taken_for_tomorrow(notice, login, liaison, until):
    assert login(liaison).post("/inbox/snooze", {"n": notice.pk, "until": until}).status_code == 302
    assert Snooze.objects.filter(until_on=TOMORROW).count() == (until == "x")


@pytest.fixture
def fill(submitted, office, liaison, police, make_task, now):
    """An inbox of the office by the dice: something to verify, some notices, perhaps a request."""

    def do(dice):
        for model in (Notice, Request, Snooze):
            model.objects.all().delete()
        for number in range(dice.randint(0, 6)):
            reason = dice.choice(["ruling", "instruction"])
            notice_for(submitted.task, reason, office, occasion=f"{number}", text="x", now=now).save()
        if dice.random() < 0.5:
            other = make_task(f"02-02-{Task.objects.count() + 10:03d}").milestones.get()
            ask(other, "decline", reason="不是本单位的", by=liaison, unit=police, now=now)

    return do


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_the_badge_is_the_length_of_the_list(fill, office, on, now, seed):
    dice = random.Random(seed)
    fill(dice)
    today = dt.date(2019, 9, 24)
    every = listed(on(office, today), now)
    for item in every:
        if dice.random() < 0.5:
            day = today + dt.timedelta(days=dice.randint(1, 4))
            snoozing.put_off_until(on(office, today), [item], until_on=day, now=now)
    for day in range(5):
        who = on(office, today + dt.timedelta(days=day))
        shown = listed(who, now)
        assert inbox.waiting(who, now=now).total.value == len(shown)
        assert sum(count.value for count in inbox.counts(who, now=now).values()) == len(shown)
        assert len(shown) + len(snoozing.put_off(who, now=now)) == len(every)
