"""第 N 项，共 M 项 on a task's page: the list it was opened from, walked one by one."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.http import QueryDict

from tasks import counting, ledger, stepping
from tasks.columns import COLUMNS
from tasks.ledger import Ledger, read_state, views_of
from tasks.models import Task

INDEXED = [key for key, column in COLUMNS.items() if column.is_indexed]


@pytest.fixture
def tasks(make_task, city, street):
    """Twelve, with equal titles, limits and progress among them, and some that were never reported on."""
    units = [None, city, street]
    for number in range(12):
        made = make_task(
            f"02-02-{number:02d}",
            f"任务 {number % 4}",
            unit=units[number % 3],
            due_on=None if number % 5 == 0 else dt.date(2019, 10, 1 + number % 3),
        )
        reported = dt.datetime(2019, 9, 1 + number % 2, tzinfo=dt.UTC) if number % 3 else None
        Task.objects.filter(pk=made.pk).update(progress_share=number % 3, last_report_at=reported)


@pytest.fixture
def listed(office, actor):
    def make(query):
        views = views_of(actor(office))
        return Ledger(read_state(QueryDict(query), views, office), actor(office), views)

    return make


def walked(make, query, *, step="next"):
    """Every code met on the way from one end of the list to the other."""
    order = list(make(query).ordered)
    task = order[0 if step == "next" else -1]
    met = [task.code]
    while code := getattr(stepping.steps_of(make(query), task), step):
        task = Task.objects.get(code=code)
        met.append(code)
    return met, [task.code for task in order]


@pytest.fixture
def long(monkeypatch):
    for module in (counting, ledger, stepping):
        monkeypatch.setattr(module, "CAP", 5)


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("sort", INDEXED)
def test_a_long_list_is_walked_in_its_order(tasks, listed, long, sort, direction):
    query = f"view=all&group=none&sort={sort}&dir={direction}"
    met, order = walked(listed, query)
    assert met == order
    back, _ = walked(listed, query, step="previous")
    assert back == order[::-1]


@pytest.mark.parametrize("query", ["view=all", "view=all&group=lamp&sort=title", "view=all&f.lamp=todo", "view=open"])
def test_a_short_list_is_walked_in_its_order_groups_and_all(tasks, listed, query):
    met, order = walked(listed, query)
    assert met == order


def test_places_are_counted_from_one(tasks, listed):
    order = list(listed("view=all").ordered)
    words = [stepping.steps_of(listed("view=all"), task).words for task in order]
    assert words == [f"第 {number} 项，共 12 项" for number in range(1, 13)]


def test_a_long_list_is_not_counted_through(tasks, listed, long):
    order = list(listed("view=all&group=none").ordered)
    places = [stepping.steps_of(listed("view=all&group=none"), task).words for task in order]
    assert places[0] == "第 1 项，共 12 项"
    assert places[-1] == "第 5+ 项，共 12 项"


def test_what_has_left_the_list_goes_on_where_it_stood(tasks, listed):
    gone = Task.objects.get(code="02-02-04")
    Task.objects.filter(pk=gone.pk).update(state="done")
    steps = stepping.steps_of(listed("view=open&group=none"), gone)
    assert (steps.previous, steps.next) == ("02-02-03", "02-02-05")
    assert steps.words == "已不在列表里，还有 11 项"


def test_the_page_carries_its_list_along(tasks, login, office):
    client, source = login(office), "/tasks?view=all&f.program=02"
    page = client.get("/tasks/02-02-04", headers={"Referer": f"http://testserver{source}"}).content.decode()
    assert f'href="{source.replace("&", "&amp;")}"' in page
    fragment = client.get(f"/tasks/02-02-04/step?in={quote(source)}").content.decode()
    assert "第 5 项，共 12 项" in fragment
    assert f'href="/tasks/02-02-05?in={quote(source, safe="")}"' in fragment


def test_a_press_leads_on_without_scripts(tasks, login, office):
    client = login(office)
    assert client.get("/tasks/02-02-04/step?in=/tasks&to=next").url == "/tasks/02-02-05?in=%2Ftasks"
    assert client.get("/tasks/02-02-11/step?in=/tasks&to=next").url == "/tasks"


@pytest.mark.parametrize(
    "source", ["//elsewhere.example/tasks", "https://elsewhere.example/tasks", "/me", "javascript:x"]
)
def test_no_other_page_is_taken_for_a_list(task, login, office, source):
    page = login(office).get(f"/tasks/{task.code}?in={quote(source)}").content.decode()
    assert 'class="back" href="/tasks"' in page
    assert "elsewhere" not in page.split("</header>")[0]


def test_steps_cost_the_same_however_long_the_list(tasks, login, office, django_assert_max_num_queries):
    client = login(office)
    client.get("/tasks/02-02-04/step?in=/tasks")
    with django_assert_max_num_queries(9):
        client.get("/tasks/02-02-04/step?in=/tasks")
