import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.access import Role
from campaign.models import Membership, OutgoingMail
from tasks import closing, inbox
from tasks.models import Milestone, Notice, ReminderRule
from tasks.reminders import DEFAULT_RULES, day_of, queue_reminders, rules_of

ZONE = dt.timezone(dt.timedelta(hours=8))
DUE = dt.date(2019, 9, 30)


def night(campaign, day):
    return queue_reminders(campaign, today=day, now=dt.datetime.combine(day, dt.time(6), ZONE))


def walk(campaign, first, last):
    """Every night from first to last; gives {day: [(reason, recipient)]}."""
    told, day = {}, first
    while day <= last:
        before = set(Notice.objects.values_list("pk", flat=True))
        night(campaign, day)
        fresh = Notice.objects.exclude(pk__in=before)
        if fresh:
            told[day] = sorted((n.reason, n.recipient.username) for n in fresh)
        day += dt.timedelta(days=1)
    return told


@pytest.fixture
def principal(make_person, police):
    return make_person("qian", police, Role.CHIEF, Membership.Post.PRINCIPAL, name="钱队")


@pytest.fixture
def staffed(liaison, chief, principal, task):
    return task


def test_the_whole_series_of_one_limit(staffed, campaign):
    told = walk(campaign, dt.date(2019, 9, 1), dt.date(2019, 12, 31))
    assert told == {
        dt.date(2019, 9, 20): [("remind", "wanglei")],  # seven working days, 29 September being a worked Sunday
        dt.date(2019, 9, 26): [("remind", "wanglei")],
        dt.date(2019, 9, 29): [("remind", "wanglei")],
        dt.date(2019, 9, 30): [("remind", "wanglei")],
        dt.date(2019, 10, 8): [("urge", "wanglei")],
        dt.date(2019, 10, 10): [("urge", "zhao")],
        dt.date(2019, 10, 15): [("supervise", "qian")],
        dt.date(2019, 10, 25): [("circulate", "qian")],
    }


def test_chiefs_hear_later_than_liaisons():
    firsts = {post: offset for offset, post, _ in reversed(DEFAULT_RULES)}
    assert firsts["liaison"] < firsts["deputy"] < firsts["principal"]


def test_missed_nights_heal_but_tell_only_the_highest_tone(staffed, campaign):
    night(campaign, dt.date(2019, 10, 16))
    told = sorted(Notice.objects.values_list("reason", "recipient__username"))
    assert told == [("supervise", "qian"), ("urge", "wanglei"), ("urge", "zhao")]


def test_a_second_run_of_the_night_adds_nothing(staffed, campaign):
    night(campaign, dt.date(2019, 10, 8))
    before = (Notice.objects.count(), OutgoingMail.objects.count())
    assert night(campaign, dt.date(2019, 10, 8)).notices == 0
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == before


def test_one_digest_a_person_and_day(campaign, make_task, liaison):
    for number in range(5):
        make_task(f"02-02-1{number}")
    assert night(campaign, dt.date(2019, 9, 26)).mails == 1
    mail = OutgoingMail.objects.get()
    assert mail.to_user == liaison
    assert mail.subject == "【区创城办】到期提醒 5 项（9月26日）"
    assert mail.text.count("/update?campaign=c2019") == 5


def test_a_long_digest_stays_one_screen(campaign, make_task, liaison):
    for number in range(10, 30):
        make_task(f"02-02-{number}")
    night(campaign, dt.date(2019, 9, 26))
    mail = OutgoingMail.objects.get()
    assert mail.text.count("/update") == 8
    assert "另有 12 项" in mail.text


def test_nothing_to_tell_is_no_mail(staffed, campaign):
    assert night(campaign, dt.date(2019, 3, 1)).mails == 0
    assert not OutgoingMail.objects.exists()


def test_assumed_limits_are_never_told(staffed, campaign):
    Milestone.objects.update(is_assumed=True)
    assert walk(campaign, dt.date(2019, 9, 20), dt.date(2019, 10, 30)) == {}


@pytest.mark.parametrize("state", ["submitted", "done", "waived"])
def test_what_the_unit_has_handed_in_is_not_told(staffed, campaign, state):
    Milestone.objects.update(state=state)
    assert night(campaign, dt.date(2019, 10, 16)).notices == 0


def test_a_moved_limit_begins_its_series_again(staffed, campaign):
    night(campaign, dt.date(2019, 9, 30))
    Milestone.objects.update(due_on=dt.date(2019, 11, 29))
    told = walk(campaign, dt.date(2019, 11, 1), dt.date(2019, 11, 29))
    assert list(told.values()) == [[("remind", "wanglei")]] * 4


def test_overdue_words_name_the_chief(staffed, campaign):
    night(campaign, dt.date(2019, 10, 8))
    assert Notice.objects.get().text == "逾期 8 天，时限 9月30日。主要领导：钱队。"


def test_a_unit_without_liaison_is_told_to_the_office_once_a_month(task, office, campaign):
    first = night(campaign, dt.date(2019, 9, 26))
    night(campaign, dt.date(2019, 9, 27))
    notice = Notice.objects.get()
    assert (notice.reason, notice.recipient) == ("vacancy", office)
    assert "区交通支队没有联络员" in first.vacancies[0].message


def test_an_empty_deputy_post_is_stood_in_for(task, liaison, principal, campaign):
    night(campaign, dt.date(2019, 10, 10))
    assert sorted(Notice.objects.values_list("recipient__username", "reason")) == [
        ("qian", "urge"),
        ("wanglei", "urge"),
    ]


def test_who_holds_two_posts_is_told_once(task, make_person, police, campaign):
    person = make_person("solo", police, Role.LIAISON)
    Membership.objects.create(
        campaign=campaign, user=person, unit=police, role=Role.CHIEF, post="principal", valid_from=dt.date(2019, 1, 1)
    )
    night(campaign, dt.date(2019, 10, 16))
    assert list(Notice.objects.values_list("reason", flat=True)) == ["supervise"]


def test_verdicts_ride_in_the_digest(staffed, campaign, hand_in, milestone, office, now, liaison):
    hand_in(milestone)
    closing.decide(milestone, outcome="return", reason="名单缺 2 家", by=office, now=now, version=milestone.version)
    night(campaign, dt.date(2019, 9, 25))
    assert "【退回】1 项" in OutgoingMail.objects.get(to_user=liaison).text


def test_good_news_alone_is_no_mail(staffed, campaign, hand_in, milestone, office, now):
    hand_in(milestone)
    closing.decide(milestone, outcome="pass", by=office, now=now, version=milestone.version)
    assert night(campaign, dt.date(2019, 9, 25)).mails == 0


def test_a_weekly_duty_is_reminded_of_once_in_its_week(staffed, campaign, milestone):
    Milestone.objects.update(period_on=dt.date(2019, 9, 16), due_on=dt.date(2019, 9, 22))
    told = walk(campaign, dt.date(2019, 9, 1), dt.date(2019, 9, 22))
    assert told == {dt.date(2019, 9, 20): [("remind", "wanglei")]}


def test_what_was_read_is_not_mailed(staffed, campaign, now):
    night(campaign, dt.date(2019, 9, 25))
    OutgoingMail.objects.all().delete()
    Notice.objects.update(mail=None, read_at=now)
    assert night(campaign, dt.date(2019, 9, 25)).mails == 0


def test_calendar_days_where_the_rule_says_so(campaign):
    rule = rules_of(campaign)[0]
    rule.is_in_working_days = False
    assert day_of(rule, dt.date(2019, 10, 7)) == dt.date(2019, 9, 30)


def test_an_inactive_rule_tells_nothing(staffed, campaign):
    rules_of(campaign)
    ReminderRule.objects.update(is_active=False)
    assert night(campaign, dt.date(2019, 10, 16)).notices == 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_any_order_and_number_of_nights_tells_each_rule_at_most_once(staffed, campaign, seed):
    Notice.objects.all().delete()
    OutgoingMail.objects.all().delete()
    dice = random.Random(seed)
    nights = sorted(dice.sample(range(60), 12))
    for offset in nights:
        for _ in range(dice.randint(1, 3)):
            night(campaign, dt.date(2019, 9, 1) + dt.timedelta(days=offset))
    told = list(Notice.objects.order_by("told_on").values_list("recipient", "key"))
    assert len(told) == len(set(told))
    offsets = {}
    for recipient, key in told:
        offsets.setdefault(recipient, []).append(int(key.split(":")[2]))
    assert all(series == sorted(set(series)) for series in offsets.values())


@pytest.mark.parametrize(
    ("due", "reminds"),
    [
        (dt.date(2020, 2, 29), 3),  # a Saturday: the day before and the day itself fall on one Friday
        (dt.date(2019, 12, 31), 4),
        (dt.date(2019, 2, 28), 4),
        (dt.date(2019, 4, 30), 4),
    ],
)
def test_month_ends_leap_day_and_year_end(make_task, liaison, campaign, due, reminds):
    make_task(due_on=due)
    told = walk(campaign, due - dt.timedelta(days=20), due + dt.timedelta(days=20))
    assert [reason for night in told.values() for reason, _ in night] == ["remind"] * reminds + ["urge"]


def test_queries_do_not_grow_with_the_ledger(campaign, make_task, liaison, django_assert_max_num_queries):
    for number in range(40):
        make_task(f"02-02-{number}")
    with django_assert_max_num_queries(24):
        night(campaign, dt.date(2019, 9, 26))


@pytest.fixture
def sent_back(staffed, hand_in, milestone, office, now):
    """Returned on 24 September, to be mended by the 27th; the plan's own limit is the 20th."""
    Milestone.objects.update(due_on=dt.date(2019, 9, 20))
    hand_in(milestone)
    closing.decide(
        milestone,
        outcome="return",
        reason="照片看不清",
        limit_on=dt.date(2019, 9, 27),
        by=office,
        now=now,
        version=milestone.version,
    )
    Notice.objects.all().delete()
    return milestone


def test_the_limit_for_mending_is_reminded_of_by_the_same_rules(sent_back, campaign):
    told = walk(campaign, dt.date(2019, 9, 24), dt.date(2019, 10, 9))
    assert told == {
        dt.date(2019, 9, 24): [("remind", "wanglei")],
        dt.date(2019, 9, 26): [("remind", "wanglei")],
        dt.date(2019, 9, 27): [("remind", "wanglei")],
        dt.date(2019, 9, 29): [("urge", "wanglei")],
        dt.date(2019, 10, 8): [("urge", "zhao")],
    }


def test_mending_words_count_to_the_day_given(sent_back, campaign, liaison, actor):
    night(campaign, dt.date(2019, 9, 24))
    assert Notice.objects.get().text == "退回待补正，还剩 3 天，9月27日到期。"
    due = next(section for section in inbox.SECTIONS if section.key == "due")
    later = dt.datetime(2019, 9, 24, 12, tzinfo=ZONE)
    assert inbox.lines(actor(liaison), due, now=later)[0].text == "退回待补正，还剩 3 天，9月27日到期。"


def test_a_later_limit_of_the_plan_keeps_its_own_series(sent_back, campaign):
    Milestone.objects.update(due_on=dt.date(2019, 10, 31))
    for day in (dt.date(2019, 9, 27), dt.date(2019, 10, 30)):
        night(campaign, day)
    told = Notice.objects.filter(recipient__username="wanglei").order_by("told_on", "key")
    assert [(notice.key.split(":")[0], notice.reason) for notice in told] == [
        ("mend", "remind"),
        ("mend", "urge"),
        ("rule", "remind"),
    ]


def test_what_was_mended_or_sent_back_without_a_day_is_not_told(sent_back, campaign, hand_in):
    hand_in(sent_back, is_returned=False)
    assert night(campaign, dt.date(2019, 9, 27)).notices == 0
