import datetime as dt
from decimal import Decimal

import pytest

from campaign.problems import Conflict, Refused
from tasks.editing import Changes, NewMilestone, edit
from tasks.models import Assignment, Milestone, Notice
from tasks.sheet import Sheet

OCTOBER = dt.date(2019, 10, 15)


@pytest.fixture
def change(task, office, now):
    def do(version=None, **changes):
        return edit(task, Changes(**{"words": {}} | changes), by=office, now=now, version=version or task.version)

    return do


def test_page_shows_quantity_units_and_limit(login, office, task):
    page = login(office).get("/tasks/02-02-02").content.decode()
    assert "创建文明交通示范道路" in page
    assert "区交通支队" in page
    assert "2019年9月30日" in page


def test_changed_title_is_kept_with_from_and_to(change, task):
    data = change(words={"title": "示范道路 20 条"})
    task.refresh_from_db()
    assert (task.title, data["title"]) == ("示范道路 20 条", ["创建文明交通示范道路", "示范道路 20 条"])
    assert "sfdl" in task.search_text


def test_second_editor_is_told(change):
    change(words={"title": "甲"})
    with pytest.raises(Conflict, match="别人先改了"):
        change(words={"title": "乙"}, version=1)


def test_new_milestone_may_not_pass_the_limit(change):
    with pytest.raises(Refused, match="晚于任务时限"):
        change(milestones=[NewMilestone(label="第一批", due_on=OCTOBER)], basis="纪要")


def test_milestones_are_laid_back_from_the_limit(change, task):
    change(milestones=[NewMilestone(label="第一批", due_on=dt.date(2019, 9, 27), quantity=Decimal(8))], basis="纪要")
    assert [str(row) for row in task.milestones.order_by("due_on")] == ["第一批", "完成"]


def test_target_needs_a_basis(change, task):
    with pytest.raises(Refused, match="改目标要写依据"):
        change(targets={task.targets.get().pk: Decimal(25)})


def test_target_moves_the_milestone_with_it(change, task, milestone):
    change(targets={task.targets.get().pk: Decimal(25)}, basis="第 31 期纪要")
    milestone.refresh_from_db()
    assert milestone.quantity == 25


def test_changed_unit_takes_over_what_is_open(change, task, city, milestone):
    change(units={"primary": [city]})
    milestone.refresh_from_db()
    assert (milestone.unit, task.assignments.get().unit) == (city, city)


def test_unknown_unit_is_named(login, office, task):
    data = {"title": task.title, "version": task.version, "units-primary": "区不存在局"}
    response = login(office).post(f"/tasks/{task.code}/edit", data)
    assert "“区不存在局”不在单位名录里" in response.content.decode()


def test_instruction_reaches_the_liaison(login, leader, liaison, task):
    login(leader).post(f"/tasks/{task.code}/instruct", {"text": "国庆前完成"})
    assert Notice.objects.get(recipient=liaison).text == "国庆前完成"


def test_gaps_say_what_is_not_laid_down(task, actor, office):
    assert {problem.code for problem in Sheet(task, actor(office)).gaps} >= {"standard", "reward"}


def test_page_costs_the_same_at_any_size(login, office, task, street, campaign, today, django_assert_max_num_queries):
    Assignment.objects.create(campaign=campaign, task=task, unit=street, role="support")
    for day in range(1, 29):
        Milestone.objects.create(campaign=campaign, task=task, unit=street, due_on=dt.date(2019, 10, day))
    client = login(office)
    client.get("/tasks/02-02-02")
    with django_assert_max_num_queries(12):
        client.get("/tasks/02-02-02")
