import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks import inbox
from tasks.models import Milestone, Notice, Request
from tasks.notices import notice_for


@pytest.fixture
def tell(milestone, now):
    def do(recipient, reason="urge", *, at=None, number=[0], **fields):  # noqa: B006 - a running number
        number[0] += 1
        notice = notice_for(
            milestone.task,
            reason,
            recipient,
            occasion=f"n{number[0]}",
            text="逾期 9 天",
            now=at or now,
            milestone=milestone,
        )
        for name, value in fields.items():
            setattr(notice, name, value)
        notice.save()
        return notice

    return do


@pytest.fixture
def mine(login, liaison, tell):
    return login(liaison), tell(liaison)


def keys(actor, now):
    return {key for key, count in inbox.counts(actor, now=now).items() if count}


def test_each_reason_has_its_place(tell, liaison, actor, now):
    for reason in ("urge", "remind", "returned", "ruling", "instruction", "assigned", "passed"):
        tell(liaison, reason)
    # the later word on one limit is the reminder: it stands for the urging before it
    assert keys(actor(liaison), now) == {"due", "returned", "answers", "instructions", "assigned"}


def test_the_latest_word_on_a_limit_stands_for_all_before(tell, liaison, actor, now):
    tell(liaison, "remind", at=now - dt.timedelta(days=3))
    latest = tell(liaison, "urge")
    assert [line.id for section in inbox.SECTIONS for line in inbox.lines(actor(liaison), section, now=now)] == [
        str(latest.pk)
    ]


def test_an_old_reminder_counts_to_today(tell, liaison, actor, now):
    tell(liaison, "remind", at=now - dt.timedelta(days=5))
    (line,) = inbox.lines(actor(liaison), inbox.SECTIONS[4], now=now)
    assert line.text == "还剩 6 天，9月30日到期。"


def test_what_is_handed_in_presses_no_longer(tell, liaison, actor, now, hand_in, milestone):
    tell(liaison, "urge")
    tell(liaison, "returned")
    hand_in(milestone)
    assert keys(actor(liaison), now) == set()


def test_held_and_recalled_are_not_there(tell, liaison, actor, now):
    tell(liaison, "returned", held_until=now + dt.timedelta(seconds=5))
    tell(liaison, "returned", recalled_at=now)
    assert keys(actor(liaison), now) == set()
    assert keys(actor(liaison), now + dt.timedelta(seconds=6)) == {"returned"}


def test_the_office_finds_what_waits_for_it(office, actor, now, submitted, campaign, police, liaison, task):
    Request.objects.create(
        campaign=campaign,
        task=task,
        milestone=submitted,
        kind="extension",
        unit=police,
        by=liaison,
        at=now,
        reason="雨",
    )
    assert keys(actor(office), now) == {"verify", "requests"}
    assert keys(actor(liaison), now) == set()


def test_opening_is_the_receipt(mine):
    client, notice = mine
    client.get(f"/inbox/{notice.pk}")
    notice.refresh_from_db()
    assert notice.receipt == "已读"


def test_signing_takes_it_off_the_list(mine, actor, liaison, now):
    client, notice = mine
    client.post(f"/inbox/{notice.pk}/acknowledge")
    notice.refresh_from_db()
    assert notice.receipt == "已签收"
    assert not inbox.waiting(actor(liaison), now=now).total


def test_somebody_elses_entry_is_not_there(tell, liaison, office, login):
    notice = tell(liaison)
    assert login(office).get(f"/inbox/{notice.pk}").status_code == 404
    login(office).post("/inbox/acknowledge", {"n": [str(notice.pk)]})
    notice.refresh_from_db()
    assert notice.acknowledged_at is None


def test_the_card_of_a_task_reads_its_notices(tell, liaison, chief, actor, now, task):
    mine, his = tell(liaison), tell(chief)
    assert inbox.read_task(actor(liaison), task, now=now) == 1
    mine.refresh_from_db()
    his.refresh_from_db()
    assert (mine.receipt, his.receipt) == ("已读", "未读")


@pytest.mark.parametrize("path", ["/tasks/02-02-02/update", "/tasks/02-02-02"])
def test_opening_the_card_is_the_receipt_too(mine, path):
    client, notice = mine
    client.get(path)
    notice.refresh_from_db()
    assert notice.receipt == "已读"


def test_the_page_leads_to_the_card(mine):
    client, notice = mine
    html = client.get(f"/inbox/{notice.pk}").content.decode()
    assert f'href="/tasks/02-02-02/update?milestone={notice.milestone_id}"' in html
    assert "逾期 9 天" in html


def test_an_empty_inbox_says_so(login, liaison):
    assert "没有在等您的事。" in login(liaison).get("/inbox").content.decode()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_the_badge_is_the_length_of_the_list(tell, actor, office, now, make_task, milestone, liaison, seed):
    Notice.objects.all().delete()
    dice = random.Random(seed)
    for _ in range(dice.randint(0, 12)):
        notice = tell(
            dice.choice([office, liaison]),
            dice.choice(Notice.Reason.values),
            at=now - dt.timedelta(minutes=dice.randint(0, 3)),
        )
        times = [None, now - dt.timedelta(minutes=1), now + dt.timedelta(minutes=1)]
        notice.held_until, notice.read_at = dice.choice(times), dice.choice(times[:2])
        notice.acknowledged_at, notice.recalled_at = dice.choice([None, None, now]), dice.choice([None, None, now])
        notice.save()
    Milestone.objects.filter(pk=milestone.pk).update(state=dice.choice(["open", "submitted"]), submitted_at=now)
    for user in (office, liaison):
        who = actor(user)
        listed = [line for section in inbox.SECTIONS for line in inbox.lines(who, section, now=now, most=999)]
        assert inbox.waiting(who, now=now).total.value == len(listed)
        assert sum(count.value for count in inbox.counts(who, now=now).values()) == len(listed)


def test_queries_do_not_grow(login, liaison, tell, django_assert_max_num_queries):
    for _ in range(40):
        tell(liaison, "returned")
    client = login(liaison)
    client.get("/inbox")
    with django_assert_max_num_queries(16):
        client.get("/inbox")
