"""What the API reads: the same rows and the same filters as the pages."""

import datetime as dt

import pytest

from campaign import throttling
from tasks.models import Milestone, Task


def codes(answer):
    return [row["code"] for row in answer.json()["results"]]


def test_campaign_says_its_words_and_its_day(liaison, api):
    row = api(liaison).get("/api/v1/campaigns/c2019").json()
    assert (row["layer_name"], row["today"]) == ("提升工程", "2019-09-24")


def test_units_are_found_by_their_names(liaison, city, api):
    found = api(liaison).get("/api/v1/units?kind=department").json()["results"]
    assert [row["name"] for row in found] == ["区交通支队", "区城市管理委"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("f.lamp=soon", ["02-02-02"]),
        ("f.lamp=overdue", ["02-02-03"]),
        ("f.lamp=!overdue", ["02-02-02"]),
        ("q=示范", ["02-02-02", "02-02-03"]),
        ("f.due=2019-09-30", ["02-02-02"]),
        ("sort=-code", ["02-02-03", "02-02-02"]),
        ("f.code=02-02-03", ["02-02-03"]),
    ],
)
def test_tasks_take_the_filters_of_the_page(task, make_task, office, api, query, found):
    make_task("02-02-03", due_on=dt.date(2019, 9, 1))
    assert codes(api(office).get(f"/api/v1/tasks?{query}")) == found


def test_wrong_filter_says_what_is_wrong(task, office, api):
    answer = api(office).get("/api/v1/tasks?f.lamp=red")
    problem = answer.json()["problems"][0]
    assert (answer.status_code, problem["where"]) == (400, "f.lamp")
    assert "没有“red”这一项" in problem["message"]


def test_task_carries_its_duties_targets_and_milestones(task, liaison, api):
    row = api(liaison).get(f"/api/v1/tasks/{task.code}").json()
    assert row["assignments"][0]["unit"]["name"] == "区交通支队"
    assert (row["targets"][0]["value"], row["milestones"][0]["lamp"], row["lamp"]) == ("20.00", "soon", "soon")


@pytest.mark.parametrize(
    ("query", "count"), [("state=open", 1), ("state=done", 0), ("due_from=2019-10-01", 0), ("task=02-02-02", 1)]
)
def test_milestones_are_filtered(task, liaison, api, query, count):
    assert api(liaison).get(f"/api/v1/milestones?{query}").json()["count"] == count


@pytest.mark.parametrize(
    ("query", "status"),
    [("due_from=yesterday", 400), ("unit=nobody", 400), ("state=red", 400), ("page=99", 404), ("page=x", 404)],
)
def test_bad_parameters_are_problems(task, liaison, api, query, status):
    answer = api(liaison).get(f"/api/v1/milestones?{query}")
    assert (answer.status_code, bool(answer.json()["problems"])) == (status, True)


def test_page_size_has_a_cap(campaign, make_unit, office, api):
    for number in range(210):
        make_unit(f"单位{number}")
    answer = api(office).get("/api/v1/units?page_size=100000").json()
    assert (len(answer["results"]), answer["count"]) == (200, 211)


@pytest.mark.parametrize("path", ["tasks", "milestones", "reports", "evidence"])
def test_queries_do_not_grow_with_rows(make_task, office, api, path, django_assert_max_num_queries):
    client = api(office)
    for number in range(12):
        make_task(f"02-02-{number:02}")
    client.get("/api/v1/units")  # the first request of a window begins its count
    with django_assert_max_num_queries(10):
        assert client.get(f"/api/v1/{path}").status_code == 200


@pytest.mark.parametrize("code", ["..%2f..%2fetc", "%00", "' or 1=1 --", "02-02-02/../x", "a" * 3000])
def test_strange_codes_are_not_found(task, office, api, code):
    assert api(office).get(f"/api/v1/tasks/{code}").status_code in {400, 404}


def test_other_unit_counts_nothing(task, stranger, api):
    client = api(stranger)
    lists = ("tasks?q=示范", "milestones", "reports", "evidence", "tasks?f.unit=区交通支队")
    assert [client.get(f"/api/v1/{path}").json()["count"] for path in lists] == [0] * 5


def test_too_many_requests_are_turned_away(liaison, api, monkeypatch):
    monkeypatch.setattr(throttling.Counted, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min", "report": "3/min"})
    client = api(liaison)
    assert [client.get("/api/v1/units").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_no_row_of_another_campaign(task, outsider, api):
    other = outsider.memberships.get().campaign
    client = api(outsider, where=other)
    assert client.get(f"/api/v1/milestones/{Milestone.objects.get().pk}").status_code == 404
    assert client.get("/api/v1/tasks").json()["count"] == 0


@pytest.fixture
def rectification(make_task):
    made = make_task("ZG0142", "金桥市场：果筐占用通道")
    for rows in (Task.objects.filter(pk=made.pk), made.milestones.all()):
        rows.update(kind="rectification")
    return made


def test_a_rectification_is_found_by_its_code_and_says_its_kind(rectification, liaison, api):
    row = api(liaison).get("/api/v1/tasks/ZG0142").json()
    assert (row["code"], row["kind"]) == ("ZG0142", "rectification")


def test_lists_are_of_one_kind(task, rectification, office, api):
    client = api(office)
    assert codes(client.get("/api/v1/tasks")) == ["02-02-02"]
    assert codes(client.get("/api/v1/tasks?f.kind=rectification")) == ["ZG0142"]
    rows = client.get("/api/v1/milestones?kind=rectification").json()["results"]
    assert [(row["task"], row["kind"]) for row in rows] == [("ZG0142", "rectification")]


def test_a_rectification_is_not_verified_as_a_task(rectification, office, api):
    milestone = rectification.milestones.get()
    answer = api(office).post(f"/api/v1/milestones/{milestone.pk}/verdicts", {"outcome": "pass", "version": 1})
    assert answer.status_code == 422
    assert "另一个人复查" in answer.json()["problems"][0]["message"]
