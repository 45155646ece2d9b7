import datetime as dt

import pytest

from campaign.models import LogEntry
from campaign.problems import Refused
from tasks import rules
from tasks.models import ReminderRule


@pytest.fixture
def desk(login, office):
    return login(office)


def sent(lines):
    """The form as a browser would send these lines."""
    data = {"form-TOTAL_FORMS": len(lines), "form-INITIAL_FORMS": len(lines)}
    for number, line in enumerate(lines):
        row = {"side": "before", "days": "7", "post": "liaison", "tone": "remind", "is_active": "on"} | line
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def kept(campaign):
    return {(rule.offset_days, rule.post, rule.tone) for rule in ReminderRule.objects.filter(campaign=campaign)}


def test_a_new_campaign_begins_with_the_default(desk, campaign):
    html = desk.get("/settings/reminders").content.decode()
    assert len(kept(campaign)) == 8
    assert "9月20日 周五" in html


def test_the_office_edits_the_table(desk, campaign, office):
    desk.post(
        "/settings/reminders", sent([{"days": "10"}, {"side": "after", "days": "2", "post": "deputy", "tone": "urge"}])
    )
    assert kept(campaign) == {(-10, "liaison", "remind"), (2, "deputy", "urge")}
    entry = LogEntry.objects.get(verb="rules_changed")
    assert entry.by == office
    assert "时限前 10 天 联络员 提醒" in entry.data["added"]


def test_a_ticked_line_is_removed(desk, campaign):
    desk.post("/settings/reminders", sent([{"days": "10"}, {"side": "on", "days": "", "is_removed": "on"}]))
    assert kept(campaign) == {(-10, "liaison", "remind")}


def test_nothing_left_is_the_default_again(desk, campaign):
    desk.post("/settings/reminders", sent([{"is_removed": "on"}]))
    assert len(kept(campaign)) == 8


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"days": "三"}, "要写整数"),
        ({"days": "-3"}, "不能是负数"),
        ({"days": ""}, "请填写“天数”"),
        ({"days": "999"}, "最多 120"),
    ],
)
def test_a_wrong_line_is_said_and_nothing_written(desk, campaign, line, words):
    before = rules.lines_of(campaign)
    response = desk.post("/settings/reminders", sent([{}, line]))
    html = response.content.decode()
    assert response.status_code == 422
    assert "第 2 行" in html
    assert words in html
    assert rules.lines_of(campaign) == before


def test_the_same_day_and_post_twice_is_refused(campaign, office, now):
    line = rules.Line(-3, "liaison", "remind")
    with pytest.raises(Refused, match="第 2 行与第 1 行"):
        rules.revise_rules(campaign, [line, rules.Line(-3, "liaison", "urge")], by=office, now=now)


def test_no_change_is_no_entry(campaign, office, now):
    assert rules.revise_rules(campaign, rules.lines_of(campaign), by=office, now=now) is False
    assert not LogEntry.objects.exists()


def test_beyond_the_announced_calendar_it_says_so():
    assert "尚未公布" in rules.calendar_note(2031, today=dt.date(2031, 1, 1))
