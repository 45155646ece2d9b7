"""The ledger page: what it lists, says, links to and remembers."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks import scale
from tasks.counting import CAP, Count
from tasks.models import SavedView, Task
from tasks.summary import refresh


@pytest.fixture
def page(login, office):
    """The text of a page as somebody sees it."""

    def get(url="/tasks", who=None, **headers):
        response = login(who or office).get(url, headers=headers)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    return get


@pytest.fixture
def ledger(make_task, city):
    make_task("02-01-01", "逾期的事", due_on=dt.date(2019, 9, 20))
    make_task("02-01-02", "临期的事", due_on=dt.date(2019, 9, 30), unit=city)
    make_task("02-01-03", "以后的事", due_on=dt.date(2019, 12, 1), goal=None)
    done = make_task("02-01-04", "办完的事", due_on=dt.date(2019, 9, 10))
    done.milestones.update(state="done", closed_on=dt.date(2019, 9, 9))
    refresh([done.pk])


def codes(html):
    return re.findall(r'<tr id="t-([\d-]+)"', html)


def test_the_page_opens_with_what_is_not_closed(page, ledger):
    assert codes(page()) == ["02-01-01", "02-01-02", "02-01-03"]


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("/tasks?view=all", ["02-01-01", "02-01-02", "02-01-03", "02-01-04"]),
        ("/tasks?view=all&sort=title&dir=desc&group=none", ["02-01-01", "02-01-04", "02-01-03", "02-01-02"]),
        ("/tasks?view=all&sort=lamp&group=none", ["02-01-01", "02-01-02", "02-01-03", "02-01-04"]),
        ("/tasks?view=all&group=unit", ["02-01-01", "02-01-03", "02-01-04", "02-01-02"]),
        ("/tasks?view=all&group=lamp", ["02-01-01", "02-01-02", "02-01-03", "02-01-04"]),
        ("/tasks?view=all&group=due&sort=due&dir=desc", ["02-01-04", "02-01-01", "02-01-02", "02-01-03"]),
        ("/overdue", ["02-01-01"]),
        ("/tasks?f.lamp=!done&f.unit=区城市管理委", ["02-01-02"]),
        ("/tasks?view=month", ["02-01-01", "02-01-02"]),
        ("/tasks?q=临期", ["02-01-02"]),
    ],
)
def test_the_url_says_what_is_listed(page, ledger, url, listed):
    html = page(url)
    assert codes(html) == listed
    assert f"导出 {len(listed)} 项" in html


def test_every_tab_counts_what_it_lists(page, ledger):
    tabs = re.findall(r'href="(/tasks\?view=\w+)"[^>]*>[^<]* <i>(\d+)</i>', page())
    assert len(tabs) == 6
    assert {url: int(count) for url, count in tabs} == {url: len(codes(page(url))) for url, _ in tabs}


def test_a_group_head_says_how_the_whole_group_stands(page, ledger):
    html = page()
    assert "02 市民文明素养提升工程</b>" in html
    assert "3 项" in html
    assert "已销号 1" in html
    assert "逾期 1" in html


def test_folded_groups_stay_folded_and_keep_their_head(page, ledger, client, program):
    client.post("/tasks/layout", {"view": "open", "fold": str(program.pk), "next": "/tasks"})
    html = page()
    assert codes(html) == []
    assert "已销号 1" in html
    client.post("/tasks/layout", {"view": "open", "unfold": str(program.pk)})
    assert len(codes(page())) == 3


@pytest.fixture(autouse=True)
def _logged_in(login, office):
    login(office)


def test_columns_and_height_are_kept_for_the_view(page, ledger, client):
    client.post("/tasks/layout", {"view": "open", "columns": ["code", "title", "lamp", "program"], "density": "dense"})
    html = page()
    assert 'class="body table-scroll dense"' in html
    assert 'id="sort-evidence"' not in html
    assert 'id="sort-evidence"' in page("/tasks?view=all")


def test_a_state_is_kept_as_a_view_only_when_it_differs(page, ledger, client, office):
    assert "存为视图" not in page()
    assert "存为视图" in page("/tasks?f.lamp=overdue")
    client.post("/tasks/views?f.lamp=overdue&sort=due", {"name": "逾期的"})
    view = SavedView.objects.get(user=office)
    html = page(f"/tasks?view={view.pk}")
    assert codes(html) == ["02-01-01"]
    assert "/tasks/views?" not in html


@pytest.mark.parametrize(
    ("name", "says"), [("", "没有给视图起名字"), ("全部", "是系统视图"), ("长" * 21, "请不超过 20 个字")]
)
def test_a_view_wants_a_name(client, ledger, name, says):
    response = client.post("/tasks/views?f.lamp=overdue", {"name": name})
    assert (response.status_code, SavedView.objects.count()) == (422, 0)
    assert says in response.content.decode()


def test_views_of_others_are_not_shown(page, ledger, client, liaison, office, campaign):
    SavedView.objects.create(campaign=campaign, user=liaison, name="王磊自己的", query="f.lamp=overdue")
    SavedView.objects.create(campaign=campaign, user=None, name="大家都看的", query="f.lamp=overdue")
    html = page()
    assert "王磊自己的" not in html
    assert "大家都看的" in html


def test_a_wrong_filter_lists_nothing_and_says_how_to_write_it(page, ledger):
    html = page("/tasks?f.due=九月")
    assert codes(html) == []
    assert "“九月”认不出是哪天，请写成 2019-09" in html


def test_empty_pages_say_which_kind_of_empty(page, campaign, make_task):
    assert "台账还是空的" in page()
    make_task("02-01-01", "以后的事", due_on=dt.date(2019, 12, 1))
    assert "没有符合条件的任务" in page("/tasks?q=没有这样的事")
    assert "下一项到期：12月1日，1 项" in page("/overdue")


def test_titles_are_text_and_never_markup(page, make_task):
    make_task("02-01-01", '<script>alert("x")</script>')
    assert "<script>alert" not in page() + page("/tasks/02-01-01/peek", **{"HX-Request": "true"})


def test_the_print_has_all_rows_and_says_what_they_are(page, ledger):
    html = page("/tasks?f.lamp=!done&print=1")
    assert "状态不是已销号 · 共 3 项 · 陈静 打印于 2019年9月24日" in html
    assert 'class="pager' not in html


def test_a_liaison_sees_and_counts_own_tasks_only(page, ledger, stranger):
    html = page("/tasks?view=all", who=stranger)
    assert codes(html) == ["02-01-02"]
    tabs = re.findall(r'id="tab-\w+"[^>]*>[^<]* <i>(\d+)</i>', html)
    assert tabs == ["1", "1", "1", "0", "1", "0"]
    assert "逾期的事" not in html


def test_pages_follow_one_another(login, now):
    campaign = scale.make_campaign(1, 130)
    client = login(campaign_office(campaign))
    listed = [code for n in (1, 2, 3) for code in codes(client.get(f"/tasks?view=all&page={n}").content.decode())]
    assert listed == sorted(Task.objects.values_list("code", flat=True))


def campaign_office(campaign):
    from campaign.models import User

    return User.objects.get(username=f"scale-office-{campaign.code.rpartition('-')[2]}")


@pytest.mark.parametrize("url", ["/tasks", "/tasks?f.unit=!第1局&f.program=02,03&f.lamp=!done", "/overdue"])
def test_queries_do_not_grow_with_the_ledger(login, url):
    counted = []
    for number, size in ((1, 60), (2, 240)):
        client = login(campaign_office(scale.make_campaign(number, size)))
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12


def test_a_long_list_counts_no_further_than_its_cap():
    assert str(Count(CAP, is_capped=True)) == "2,000+"
    assert str(Count(171)) == "171"
