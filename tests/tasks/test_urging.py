import datetime as dt

import pytest

from campaign.access import Role
from campaign.identifiers import uuid7
from campaign.mail import deliver_outbox
from campaign.models import LogEntry, Membership, OutgoingMail
from campaign.problems import Refused
from tasks import urging
from tasks.models import Milestone, Notice

LATE = dt.date(2019, 9, 15)


@pytest.fixture
def late(make_task, liaison, chief):
    return [make_task(f"02-02-0{number}", due_on=LATE) for number in (2, 3)]


@pytest.fixture
def look(campaign, today):
    def do(tasks, tone="urge"):
        return urging.preview(campaign, urging.to_urge(tasks, today=today), tone=tone, today=today)

    return do


@pytest.fixture
def send(look, office, now):
    def do(tasks, tone="urge", **fields):
        return urging.urge(look(tasks, tone), **{"batch": uuid7(), "by": office, "now": now} | fields)

    return do


def test_the_preview_says_who_gets_what(look, late, liaison):
    found = look(late)
    assert [(line.people, line.channels) for line in found.lines] == [([liaison], "待办 + 邮件")] * 2
    assert found.lines[0].text == "逾期 9 天，时限 9月15日。主要领导：赵队长。"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("tone", "people"), [("urge", 1), ("supervise", 2), ("circulate", 2)])
def test_the_higher_the_tone_the_more_hear_it(look, late, tone, people):
    assert len(look(late, tone).people) == people


def test_a_task_that_is_not_late_is_urged_at_its_next_milestone(look, make_task, liaison):
    assert [line.text for line in look([make_task()]).lines] == ["还剩 6 天，9月30日到期。"]


def test_what_is_handed_in_is_not_urged(look, late):
    Milestone.objects.update(state="submitted")
    assert look(late).lines == []


def test_one_mail_a_person_and_a_notice_for_each_milestone(send, late, liaison):
    sent = send(late, note="请今天报来。")
    mail = OutgoingMail.objects.get()
    assert (sent.milestones, sent.people, Notice.objects.count()) == (2, 1, 2)
    assert mail.to_user == liaison
    assert "请今天报来。" in mail.text
    assert {notice.mail for notice in Notice.objects.all()} == {mail}


def test_the_same_form_twice_urges_once(send, late):
    batch = uuid7()
    send(late, batch=batch)
    send(late, batch=batch)
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (2, 1)


def test_it_is_held_then_can_be_taken_back(send, late, campaign, office, now, liaison):
    batch = send(late).batch
    assert not Notice.objects.sent(now=now).exists()
    assert urging.take_back(campaign, batch, by=office, now=now + dt.timedelta(seconds=5)) == 2
    assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED
    assert not Notice.objects.sent(now=now + dt.timedelta(minutes=1)).exists()


def test_what_has_gone_out_cannot_be_taken_back(send, late, campaign, office, now):
    batch = send(late).batch
    with pytest.raises(Refused, match="撤不回来"):
        urging.take_back(campaign, batch, by=office, now=now + dt.timedelta(seconds=11))


def test_the_mail_waits_as_long(send, late, transactional_now, settings):
    send(late)
    assert deliver_outbox(now=transactional_now).sent == 0
    assert deliver_outbox(now=transactional_now + dt.timedelta(seconds=30)).sent == 1


@pytest.fixture
def transactional_now():
    return dt.datetime.now(dt.UTC)


def test_a_unit_nobody_works_for_is_said_and_not_counted(look, make_task, city):
    found = look([make_task("02-02-09", unit=city, due_on=LATE)])
    assert not found.is_sendable
    assert "没有联络员" in found.problems[0].message
    with pytest.raises(Refused, match="没有人可以接收"):
        urging.urge(found, batch=uuid7(), by=None, now=None)


def test_no_mailbox_is_said_beforehand(look, make_task, make_person, city):
    make_person("paper", city, Role.LIAISON, email="")
    assert look([make_task("02-02-09", unit=city, due_on=LATE)]).lines[0].channels == "只有待办，没有邮箱"


def test_pressing_a_unit_too_often_is_warned_of(look, send, late, campaign):
    campaign.weekly_demand_limit = 2
    campaign.save()
    send(late)
    assert look(late).problems == []
    send(late)
    assert [problem.code for problem in look(late).problems] == ["demand_limit"]


def test_the_last_time_is_shown(look, send, late, now):
    send(late)
    assert {line.last.at for line in look(late).lines} == {now}


def test_each_urging_stands_in_the_log(send, late, office):
    send(late)
    assert set(LogEntry.objects.values_list("verb", "by")) == {("urge", office.pk)}


def test_a_person_of_two_posts_is_told_once(look, late, campaign, police, liaison):
    Membership.objects.create(
        campaign=campaign, user=liaison, unit=police, role=Role.LIAISON, post="materials", valid_from=LATE
    )
    assert look(late).lines[0].people == [liaison]


def test_queries_do_not_grow(look, make_task, liaison, django_assert_max_num_queries):
    tasks = [make_task(f"02-02-{number}", due_on=LATE) for number in range(30)]
    with django_assert_max_num_queries(8):
        look(tasks)
