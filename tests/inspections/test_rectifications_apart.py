"""A rectification is a task of the ledger, and yet no task of the plan: 171 项任务 stays 171."""

import pytest

from inspections import answering
from inspections.models import Finding, Photo
from tasks.counting import ledger_counts
from tasks.models import Task
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(campaign, place, office, liaison, task):
    row = found(campaign, place, text="盲道被占用", by=office)
    issue_all(campaign, by=office)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("who", ["office", "liaison"])
def test_it_is_in_no_count_of_the_plan(issued, actor, request, who):
    person = actor(request.getfixturevalue(who))
    assert Task.objects.visible_to(person).count() == 2
    assert ledger_counts(person).all.value == 1


def test_the_ledger_lists_it_only_when_asked(issued, login, office):
    client = login(office)
    assert "盲道被占用" not in client.get("/tasks?view=all").text
    assert "盲道被占用" in client.get("/tasks?f.kind=rectification").text


def test_the_office_does_not_verify_it_where_it_verifies_the_plan(issued, login, office, liaison, police):
    shoot(issued, moment=Photo.Moment.AFTER, by=liaison, seed=3)
    said = answering.Said(token="a" * 8, version=1)
    answering.answer(issued, said, by=liaison, unit=police, now=NOON)
    client, step = login(office), answering.milestone_of(issued)
    assert "盲道被占用" not in client.get("/verify").text
    assert client.get(f"/verify/{step.pk}").status_code == 404
    assert "盲道被占用" in client.get(f"/orders/{issued.code}").text


def test_the_liaison_finds_it_beside_the_tasks(issued, login, liaison):
    client = login(liaison)
    assert "盲道被占用" not in client.get("/my?show=all").text
    assert f"/orders/{issued.code}" in client.get("/my?show=orders").text
    for path in (f"/tasks/ZG{issued.code}", f"/tasks/ZG{issued.code}/update"):
        assert client.get(path).url == f"/orders/{issued.code}"


def test_what_is_not_issued_is_unknown_to_the_unit(campaign, place, login, liaison, office):
    row = found(campaign, place, by=office)
    photo = shoot(row, by=office)
    client = login(liaison)
    assert client.get(f"/orders/{row.code}").status_code == 404
    assert client.get(f"/photos/{photo.pk}").status_code == 404
    assert "盲道" not in client.get("/orders").text


def test_another_unit_learns_nothing(issued, login, stranger):
    client = login(stranger)
    paths = [f"/orders/{issued.code}", "/orders/papers/2019-1", "/orders/papers/2019-1/pdf", f"/tasks/ZG{issued.code}"]
    assert [client.get(path).status_code for path in paths] == [404] * 4


def test_the_unit_answers_with_one_form(issued, login, liaison, picture_file):
    client = login(liaison)
    data = {"token": "form-1", "version": "1", "say": "已修复", "photo": picture_file}
    assert client.post(f"/orders/{issued.code}/reply", data).status_code == 302
    assert Finding.objects.get(pk=issued.pk).stage == "recheck"


def test_without_a_photo_the_form_comes_back(issued, login, liaison):
    data = {"token": "form-1", "version": "1", "words": "已经改好了"}
    response = login(liaison).post(f"/orders/{issued.code}/reply", data)
    assert response.status_code == 422
    assert "没有整改后的照片" in response.text
    assert "已经改好了" in response.text
