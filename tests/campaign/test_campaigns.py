"""Settings, calendar, campaigns beside one another, the log page."""

import ast
import datetime as dt
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from campaign import calendar_events, founding, invitations, log, totals, verbs
from campaign.access import Role
from campaign.models import CalendarEvent, Campaign, LogEntry, Membership, Unit
from campaign.problems import Refused
from tasks.models import DeadlineChange
from tests.log_guard import lifted
from tests.test_conventions import called, modules


@pytest.fixture
def deed(office, now):
    return {"by": office, "now": now}


WORDS = {
    "name": "创建全国文明城区",
    "short_name": "创文",
    "district": "东城区",
    "office_name": "区创文办",
    "layer_name": "攻坚战",
    "year": "2019",
    "notice_days": "10",
    "weekly_demand_limit": "5",
}


def test_words_of_the_district_are_used_everywhere(office, login):
    client = login(office)
    client.post("/settings", WORDS)
    page = client.get("/settings").content.decode()
    assert all(word in page for word in ("创文工作台", "攻坚战与项目"))


def test_change_of_settings_is_in_the_log(office, login):
    client = login(office)
    client.post("/settings", WORDS)
    assert LogEntry.objects.get(verb="changed").data["notice_days"] == [7, 10]
    assert "临期天数 7 → 10" in client.get("/log").content.decode()


def test_saving_nothing_new_leaves_no_entry(office, login):
    client = login(office)
    client.post("/settings", WORDS)
    client.post("/settings", WORDS)
    assert LogEntry.objects.filter(verb="changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("notice_days", "61"), ("year", "1999"), ("name", ""), ("adopted_on", "四月")]
)
def test_wrong_settings_are_told_and_change_nothing(office, login, campaign, field, value):
    answer = login(office).post("/settings", WORDS | {field: value})
    campaign.refresh_from_db()
    assert (answer.status_code, campaign.short_name) == (200, "创城")
    assert "处要改" in answer.content.decode()


def test_stated_totals_are_held_against_the_ledger(campaign, task):
    campaign.stated_projects, campaign.stated_tasks = 35, 1
    assert [(total.label, total.is_off) for total in totals.totals(campaign)] == [
        ("提升工程", False),
        ("项目", True),
        ("任务", False),
    ]
    assert [problem.message for problem in totals.problems(campaign)] == ["计划说有 35 个项目，台账里是 1 个。"]


def test_day_is_pinned_only_in_a_demonstration(office, campaign, login):
    client = login(office)
    assert client.post("/settings/pin", {"pinned_on": "2019-10-01"}).status_code == 403
    Campaign.objects.update(is_demo=True)
    client.post("/settings/pin", {"pinned_on": "2019-10-01"})
    campaign.refresh_from_db()
    assert campaign.pinned_on == dt.date(2019, 10, 1)


# --- calendar ---------------------------------------------------------------------------------


@pytest.fixture
def assessment(campaign, milestone):
    event = CalendarEvent.objects.create(
        campaign=campaign, name="年度测评", kind=CalendarEvent.Kind.ASSESSMENT, starts_on=dt.date(2019, 10, 1)
    )
    milestone.event = event
    milestone.save()
    return event


def test_limits_follow_the_assessment(assessment, milestone, office, login):
    body = {"name": "年度测评", "kind": "assessment", "starts_on": "2019-11-18"}
    login(office).post(f"/settings/calendar/{assessment.pk}", body)
    milestone.refresh_from_db()
    assert milestone.due_on == dt.date(2019, 11, 17)
    assert DeadlineChange.objects.get().basis == "日历：年度测评在 2019-11-18，提前一天"


def test_other_changes_of_an_event_move_nothing(assessment, milestone, deed):
    assert calendar_events.change(assessment, {"name": "国家测评"}, **deed) == 0
    assert not DeadlineChange.objects.exists()


def test_event_with_limits_is_not_removed(assessment, deed):
    with pytest.raises(Refused, match="1 项任务的时限跟着"):
        calendar_events.remove(assessment, **deed)


def test_free_event_is_removed_and_logged(campaign, deed):
    event = calendar_events.add(campaign, {"name": "例会", "starts_on": dt.date(2019, 9, 30)}, **deed)
    calendar_events.remove(event, **deed)
    assert sorted(entry.verb for entry in LogEntry.objects.all()) == ["added", "removed"]


def test_event_cannot_end_before_it_begins(office, login):
    body = {"name": "阶段", "kind": "phase", "starts_on": "2019-10-02", "ends_on": "2019-10-01"}
    assert "早于开始日期" in login(office).post("/settings/calendar", body).content.decode()
    assert not CalendarEvent.objects.exists()


# --- campaigns --------------------------------------------------------------------------------

NEXT = {"code": "c2020", "name": "创建", "short_name": "创城", "district": "东城区", "office_name": "区创城办"}
NEXT |= {"layer_name": "提升工程", "cycle": "", "year": 2020}


def test_new_year_takes_units_and_posts_along_but_no_tasks(campaign, task, liaison, street, make_unit, deed):
    make_unit("古桥社区", kind="community", parent=street)
    made = founding.next_year(campaign, NEXT, with_units=True, **deed)
    community = Unit.objects.get(campaign=made, name="古桥社区")
    assert (community.parent.campaign, community.parent.name) == (made, "古桥街道")
    assert Membership.objects.get(campaign=made, user=liaison).unit.campaign == made
    assert totals.totals(made)[2].live == 0


def test_new_year_without_units_still_has_its_office(campaign, deed, office):
    made = founding.next_year(campaign, NEXT, with_units=False, **deed)
    post = Membership.objects.get(campaign=made)
    assert (post.user, post.role, post.unit.name) == (office, Role.OFFICE, "区创城办")


def test_page_founds_the_new_year(office, login):
    client = login(office)
    assert (
        client.post("/settings/campaigns/new", NEXT | {"copies_units": "on"})["Location"] == "/settings?campaign=c2020"
    )
    assert "2020 年度" in client.get("/settings?campaign=c2020").content.decode()


def test_side_bar_offers_the_other_campaign(campaign, deed, office, login):
    founding.next_year(campaign, NEXT, with_units=True, **deed)
    page = login(office).get("/units?campaign=c2019").content.decode()
    assert 'href="/?campaign=c2020"' in page


def test_campaign_of_others_cannot_be_switched_to(campaign, outsider, office, login):
    assert login(office).get("/units?campaign=other").context["campaign"] == campaign


def test_code_is_used_once(office, login):
    answer = login(office).post("/settings/campaigns/new", NEXT | {"code": "C2019"})
    assert "已经用过" in answer.content.decode()


def test_campaign_put_aside_is_offered_no_more(office, login, campaign, deed):
    founding.next_year(campaign, NEXT, with_units=True, **deed)
    client = login(office)
    client.get("/settings?campaign=c2019")
    client.post("/settings/campaigns/c2020/switch")
    assert not Campaign.objects.get(code="c2020").is_active
    assert client.get("/settings?campaign=c2020").context["campaign"].code == "c2019"


def test_command_founds_a_district_and_prints_a_link(db, client):
    out = io.StringIO()
    call_command(
        "new_campaign", "xicheng-2020", "--district=西城区", "--year=2020", "--person=赵一", "--json", stdout=out
    )
    told = json.loads(out.getvalue())
    secret = told["link"].rsplit("/", 1)[1]
    assert told["username"] == "zhaoyi"
    assert client.get(f"/invite/{secret}").status_code == 200


@pytest.mark.parametrize(("code", "year"), [("c2019", 2020), ("有汉字", 2020), ("ok", 1800)])
def test_command_refuses_wrong_input_and_writes_nothing(campaign, code, year):
    with pytest.raises(CommandError) as told:
        call_command("new_campaign", code, "--district=西城区", f"--year={year}", "--person=赵一")
    assert (told.value.returncode, Campaign.objects.count()) == (2, 1)


# --- the log ----------------------------------------------------------------------------------


def test_log_page_finds_a_changed_entry(campaign, office, police, login):
    client = login(office)
    client.post(f"/units/{police.pk}/edit", {"name": "区交通支队", "kind": "department", "order": "11"})
    log.seal(campaign)
    assert "都与封存时一致" in client.get("/log?check=1").content.decode()
    with lifted():
        LogEntry.objects.filter(sequence=1).update(object_label="别的单位")
    assert "第 1 条与封存时不一致" in client.get("/log?check=1").content.decode()


def test_log_is_searched_by_person_and_object(campaign, office, police, login):
    client = login(office)
    client.post(f"/units/{police.pk}/edit", {"name": "区交通支队", "kind": "department", "order": "11"})
    assert "修改了区交通支队" in client.get("/log?q=陈静").content.decode()
    assert "没有符合条件的记录" in client.get("/log?q=无此人").content.decode()


def test_log_says_nothing_of_another_campaign(campaign, office, outsider, police, login):
    client = login(office)
    client.post(f"/units/{police.pk}/edit", {"name": "区交通支队", "kind": "department", "order": "11"})
    client.get("/log")
    assert "交通支队" not in login(outsider).get("/log").content.decode()


def test_invitation_of_the_founder_needs_no_inviter(db, now):
    founder = founding.Founder(name="赵一")
    post = founding.found({"code": "x-2020", "district": "西城区", "year": 2020}, founder, now=now)
    assert invitations.invite(post, by=None, now=now, real_now=now).link.startswith("http")


def verbs_written():
    """Every verb that some deed writes, read from the code."""
    for name, tree in modules():
        for node in ast.walk(tree):
            is_call = isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
            if is_call and re.search(r"(^|\.)(log\.write|entry_for|_record|note)$", called(node)):
                yield node.args[1].value, name


def test_every_verb_has_its_words():
    known = verbs.every_word()
    missing = {f"{verb} ({name})" for verb, name in verbs_written() if verb not in known}
    assert not missing, f"The log would show these in English; add them to the app's verbs.py: {sorted(missing)}"
