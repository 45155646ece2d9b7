import datetime as dt
import json
import random
from collections import Counter

import pytest
from django.core.management import call_command

from campaign import log
from campaign.models import Campaign, OutgoingMail, PeriodicRun
from campaign.periodic import Duty, every_day, run
from reports import daily
from reports.daily import run_day
from tasks import summary
from tasks.models import Milestone, Notice, Tally
from tasks.periods import periods

ZONE = dt.timezone(dt.timedelta(hours=8))


def do_day(campaign, day):
    return run_day(campaign, today=day, now=dt.datetime.combine(day, dt.time(7, 30), ZONE))


def state():
    return Notice.objects.count(), OutgoingMail.objects.count(), PeriodicRun.objects.count()


@pytest.fixture
def recurring(make_task, campaign, police):
    """每月11日组织1次: twelve milestones made ahead."""

    def make(code="02-03-01", freq="monthly", **fields):
        task = make_task(code, "自觉排队日", goal=None, freq=freq, deadline_kind="recurring")
        task.milestones.all().delete()
        Milestone.objects.bulk_create(
            Milestone(
                campaign=campaign,
                task=task,
                unit=police,
                label=period.label,
                order=number,
                period_on=period.first,
                due_on=period.due,
                first_due_on=period.due,
            )
            for number, period in enumerate(periods(freq, 2019, **fields))
        )
        summary.refresh([task.pk])
        return task

    return make


def test_a_day_is_done_once(staffed, campaign):
    first = do_day(campaign, dt.date(2019, 9, 26))
    before = state()
    again = do_day(campaign, dt.date(2019, 9, 26))
    assert [done.is_repeat for done in first] == [False] * len(first)
    assert all(done.is_repeat for done in again)
    assert state() == before


@pytest.fixture
def staffed(task, liaison, chief):
    return task


def test_a_failing_duty_is_told_and_tried_again_the_others_are_done(campaign, now, today, monkeypatch):
    tries = []

    def broken(campaign, *, today, now):
        tries.append(today)
        raise OSError("disk")

    duties = [Duty("broken", "坏的", every_day, broken), Duty("good", "好的", every_day, lambda *a, **k: {"n": 1})]
    for _ in range(2):
        bad, good = run(campaign, duties, today=today, now=now)
    assert (len(tries), bool(bad.error), good.result, good.is_repeat) == (2, True, {"n": 1}, True)


def test_a_run_killed_half_way_is_done_again(staffed, campaign):
    day = dt.date(2019, 9, 26)
    PeriodicRun.objects.create(
        campaign=campaign, name="reminders", period=day.isoformat(), started_at=dt.datetime.now(ZONE)
    )
    do_day(campaign, day)
    assert Notice.objects.count() == 1


def test_one_bad_campaign_does_not_stop_the_others(staffed, campaign, monkeypatch, capsys):
    Campaign.objects.create(code="a-bad", district="西城区", year=2019)
    honest = daily.queue_reminders

    def remind(campaign, **when):
        if campaign.code == "a-bad":
            raise ValueError("broken row")
        return honest(campaign, **when)

    monkeypatch.setattr(daily, "queue_reminders", remind)
    call_command("run_daily", date="2019-09-26", json=True)
    said = json.loads(capsys.readouterr().out)
    assert len(said["problems"]) == 1
    assert Notice.objects.filter(campaign=campaign).count() == 1


def test_figures_are_healed_and_the_log_is_sealed(staffed, campaign, office, now):
    log.write(staffed, "urge", by=office, now=now)
    Tally.objects.update(count=99)
    results = {done.duty.name: done.result for done in do_day(campaign, dt.date(2019, 9, 25))}
    assert results["tally"]["wrong"] > 0
    assert results["seal"]["sealed"] == 1
    assert log.verify(campaign).is_whole


@pytest.mark.parametrize("date", ["2019-02-30", "昨天", "2019/9/24"])
def test_a_date_that_is_none_is_refused_with_a_sentence(campaign, date, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("run_daily", date=date, json=True)
    assert stop.value.code == 2
    assert "不是日期" in capsys.readouterr().err
    assert not PeriodicRun.objects.exists()


def test_without_a_date_it_is_the_campaigns_day(staffed, campaign, capsys):
    call_command("run_daily", json=True)
    assert json.loads(capsys.readouterr().out)["campaigns"][0]["date"] == "2019-09-24"


def test_a_year_of_nights_tells_each_period_its_series_once(recurring, liaison, campaign):
    recurring(day_of_month=11)
    recurring("02-03-02", "weekly")
    day = dt.date(2018, 12, 1)
    while day <= dt.date(2020, 2, 1):
        do_day(campaign, day)
        day += dt.timedelta(days=random.Random(day.toordinal()).choice([1, 3, 5]))
    told = Counter(Notice.objects.values_list("milestone", "recipient", "key"))
    assert set(told.values()) == {1}
    urged = Counter(Notice.objects.filter(reason="urge").values_list("milestone", flat=True))
    assert urged == Counter(Milestone.objects.values_list("pk", flat=True))
    per_day = Counter(OutgoingMail.objects.values_list("to_user", "created_at__date"))
    assert set(per_day.values()) == {1}


def test_no_further_mails_when_checking_later(recurring, liaison, campaign):
    recurring(day_of_month=11)
    for day in (dt.date(2020, 1, 20), dt.date(2020, 1, 21)):
        do_day(campaign, day)
    before = state()[:2]
    for offset in range(1, 60, 7):
        do_day(campaign, dt.date(2020, 1, 21) + dt.timedelta(days=offset))
    assert state()[:2] == before


def test_days_in_any_order_and_repeated_make_no_double(recurring, liaison, campaign):
    recurring()
    nights = [dt.date(2019, 5, 25) + dt.timedelta(days=n) for n in range(14)] * 3
    random.Random(7).shuffle(nights)
    for day in nights:
        do_day(campaign, day)
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    assert len(Counter(OutgoingMail.objects.values_list("key", flat=True))) == OutgoingMail.objects.count()


def test_a_campaign_that_rests_is_left_alone(staffed, campaign, capsys):
    Campaign.objects.update(is_active=False)
    call_command("run_daily", date="2019-09-26", json=True)
    assert json.loads(capsys.readouterr().out)["campaigns"] == []
