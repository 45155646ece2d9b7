"""The desk: who lands where, figures that agree with their lists, constant queries."""

import datetime as dt
import re

import pytest

from campaign.models import CalendarEvent
from reports.desk import counts, overview, ribbon, today, week
from reports.sentence import Standing, ledger_url, state_of_play
from tasks import summary
from tasks.filters import Filters
from tasks.lamps import Lamp
from tasks.models import Milestone, Request, Task

TODAY = dt.date(2019, 9, 24)


@pytest.fixture
def plan(make_task, police, city):
    """One task of each lamp, and a second late one that only has an assumed limit."""
    make_task("02-01-01", "已销号的", unit=city, due_on=dt.date(2019, 6, 30))
    make_task("02-01-02", "逾期的", unit=police, due_on=dt.date(2019, 9, 15))
    make_task("02-01-03", "临期的", unit=police, due_on=dt.date(2019, 9, 28))
    make_task("02-01-04", "待核验的", unit=city, due_on=dt.date(2019, 9, 20))
    make_task("02-01-05", "推进中的", unit=city, due_on=dt.date(2019, 12, 1))
    make_task("02-01-06", "没写时限的", unit=city, due_on=None)
    Milestone.objects.filter(task__code="02-01-01").update(state="done", closed_on=dt.date(2019, 9, 20))
    Milestone.objects.filter(task__code="02-01-04").update(state="submitted", submitted_at="2019-09-24T01:00Z")
    Milestone.objects.filter(task__code="02-01-05").update(has_begun=True)
    summary.refresh(Task.objects.values_list("pk", flat=True))


def standing_of(who):
    return counts.count(who, today=TODAY).whole


def test_the_roll_up_knows_each_lamp(plan, actor, office):
    found = standing_of(actor(office))
    assert (found.total, found.done, found.review, found.overdue, found.soon) == (6, 1, 1, 1, 1)
    assert (found.doing, found.todo, found.closed_lately, found.due_by_month_end) == (1, 1, 1, 1)


def test_the_roll_up_agrees_with_the_lamps_of_the_tasks(plan, actor, office):
    lit = Task.objects.with_lamp(today=TODAY, notice_days=7).values_list("lamp", flat=True)
    found = standing_of(actor(office))
    assert {lamp: getattr(found, lamp) for lamp in Lamp.values} == {lamp: list(lit).count(lamp) for lamp in Lamp.values}


def test_the_sentence_counts_things_and_never_percent(plan, actor, office):
    who = actor(office)
    text = state_of_play(standing_of(who), today=TODAY, waiting=today.waiting(who)).text
    assert text == "6 项任务已销号 1 项，比一周前多 1 项；1 项逾期，1 项将在本月底前到期，1 件等您核验。"
    assert "%" not in text


def test_each_number_of_the_sentence_opens_as_many_tasks(plan, actor, office):
    who = actor(office)
    for piece in state_of_play(standing_of(who), today=TODAY).pieces:
        if piece.url:
            params = dict(re.findall(r"[?&](f\.\w+)=([^&]+)", piece.url))
            filters = Filters(params, who)
            assert not filters.mistakes
            listed = filters.narrow(Task.objects.visible_to(who)).count()
            assert listed == int(re.match(r"\d+", piece.text)[0]), piece


def test_a_link_to_an_unknown_filter_cannot_be_written():
    with pytest.raises(KeyError):
        ledger_url(colour="red")


def test_nothing_late_is_said_so():
    text = state_of_play(Standing(total=3, done=1, doing=2), today=TODAY).text
    assert text == "3 项任务已销号 1 项；没有逾期，到本月底没有要到期的。"


def test_the_ribbon_has_a_tick_for_each_task(plan, actor, office):
    who = actor(office)
    strips = ribbon.draw(who, counts.count(who, today=TODAY))
    assert sum(str(strip.picture).count("<title>") for strip in strips) == 6
    assert str(strips[0].picture).count("<circle") == 1
    assert "逾期 1 项" in strips[0].label


def test_a_large_ledger_is_drawn_from_the_roll_up(plan, actor, office, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(ribbon, "MOST_TICKS", 3)
    who = actor(office)
    board = counts.count(who, today=TODAY)
    with django_assert_num_queries(0):
        strips = ribbon.draw(who, board)
    assert str(strips[0].picture).count("<rect") == 6


def test_titles_in_the_ribbon_are_not_markup(make_task, actor, office):
    make_task(title="<script>alert(1)</script>")
    who = actor(office)
    assert "<script>" not in str(ribbon.draw(who, counts.count(who, today=TODAY))[0].picture)


def test_groups_say_whose_turn_it_is(plan, actor, office, liaison, police, now):
    late = Milestone.objects.get(task__code="02-01-02")
    Request.objects.create(
        campaign=late.campaign,
        task=late.task,
        milestone=late,
        kind="extension",
        unit=police,
        by=liaison,
        at=now,
        reason="未通气",
    )
    who = actor(office)
    groups = today.groups(who, standing_of(who), today=TODAY, waiting=today.waiting(who))
    assert [(group.name, str(group.count)) for group in groups] == [
        ("逾期督办", "1"),
        ("待核验销号", "1"),
        ("申请延期", "1"),
    ]
    assert [group.rows[0].action for group in groups] == ["催办", "核验", "答复"]


def test_the_week_has_events_limits_and_the_briefing(plan, campaign, actor, office):
    CalendarEvent.objects.create(
        campaign=campaign, name="创城工作例会", starts_on=TODAY, starts_at_time=dt.time(14), kind="meeting"
    )
    days = {day.on: [line.text for line in day.lines] for day in week.rhythm(actor(office), today=TODAY)}
    assert days[TODAY] == ["14:00 创城工作例会"]
    assert days[dt.date(2019, 9, 26)] == ["本周简报"]
    assert days[dt.date(2019, 9, 28)] == ["1 项任务到期"]


@pytest.mark.parametrize(
    ("role", "lands"),
    [
        ("office", None),
        ("administrator", None),
        ("leader", "/read"),
        ("liaison", "/my"),
        ("chief", "/my"),
        ("inspector", "/patrol"),
        ("third_party", "/patrol"),
    ],
)
def test_everyone_lands_on_their_own_page(role, lands, request, login):
    response = login(request.getfixturevalue(role)).get("/")
    assert (response.url if response.status_code == 302 else None) == lands


def test_who_has_no_post_is_told_so(leader, login):
    leader.memberships.all().delete()
    assert "创建办" in login(leader).get("/").content.decode()


def test_the_first_day_shows_a_check_list(office, login):
    page = login(office).get("/").content.decode()
    assert "第一天，按这四步来" in page
    assert page.index("导入台账") < page.index("分配单位") < page.index("邀请联络员") < page.index("试发一次催办")


def test_administrators_see_but_cannot_press(plan, administrator, login):
    page = login(administrator).get("/").content.decode()
    assert "逾期 1" in page
    assert "/urge" not in page


@pytest.mark.parametrize("many", [10, 60])
def test_queries_do_not_grow_with_the_ledger(many, plan, make_task, office, login, django_assert_max_num_queries):
    for number in range(many):
        make_task(f"03-{number:02d}", "逾期的", due_on=dt.date(2019, 9, 1))
    client = login(office)
    client.get("/")
    with django_assert_max_num_queries(20):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("many", [10, 60])
def test_the_leaders_page_asks_as_little(many, plan, make_task, leader, login, django_assert_max_num_queries):
    for number in range(many):
        make_task(f"03-{number:02d}", "逾期的", due_on=dt.date(2019, 9, 1))
    client = login(leader)
    client.get("/read")
    with django_assert_max_num_queries(20):
        page = client.get("/read").content.decode()
    assert f"{many + 1} 项逾期" in page
    assert "最久 23 天" in page


def test_what_comes_next_is_what_is_lit_amber(plan, actor, office):
    who = actor(office)
    lit = Task.objects.with_lamp(today=TODAY, notice_days=7).filter(lamp="soon")
    assert list(overview.coming(who, today=TODAY)) == list(lit)
    assert list(today.late_tasks(who, today=TODAY)) == list(Task.objects.overdue(today=TODAY))


def test_late_units_are_ranked_and_named(plan, make_task, actor, office, city):
    for number in range(2):
        make_task(f"05-{number:02d}", "逾期的", unit=city, due_on=dt.date(2019, 9, 10 + number))
    make_task("05-09", "没人管的", unit=None, due_on=dt.date(2019, 9, 20))
    found = overview.late_units(actor(office), today=TODAY)
    assert [(unit.name, unit.tasks, unit.longest_days) for unit in found] == [
        ("区城市管理委", 2, 14),
        ("区交通支队", 1, 9),
        ("还没有单位负责", 1, 4),
    ]
