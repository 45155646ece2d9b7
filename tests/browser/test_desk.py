"""The desk, the leader's page and search in a real browser; and what every page's frame promises."""

import datetime as dt

import pytest

from campaign.models import Unit
from campaign.pinyin import search_text
from tasks import summary
from tasks.models import Milestone, Notice, Task
from tests.browser.conftest import DESK, LAPTOP, PHONE, SMALL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(make_task, police, city):
    for unit in (police, city):
        Unit.objects.filter(pk=unit.pk).update(search_text=search_text(unit.name, unit.short_name))
    for number in range(24):
        unit = (police, city)[number % 2]
        code, title = f"02-02-{number:02d}", f"第 {number} 条示范道路"
        due_on = dt.date(2019, 9, 1) + dt.timedelta(days=number * 3)
        make_task(code, title, unit=unit, due_on=due_on, search_text=search_text(code, title, unit.name, limit=600))


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
@pytest.mark.parametrize("path", ["/", "/read", "/search?q=jtzd", "/help/desk"])
def test_pages_are_accessible_light_and_fit_the_screen(path, size, visit, plan, office):
    visitor = visit(office, size)
    page = visitor.go(path)
    visitor.shot(f"desk{path.split('?')[0].replace('/', '-')}")
    assert visitor.violations() == []
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL, 44 if size == PHONE else 24) == []


def test_the_dark_desk_keeps_its_contrast_and_is_remembered(visit, plan, office):
    visitor = visit(office)
    page = visitor.go("/")
    page.click(".user-menu")
    page.click("[data-theme-choice=dark]")
    page = visitor.go("/")
    assert page.get_attribute("html", "data-theme") == "dark"
    visitor.shot("desk-dark")
    assert visitor.violations() == []


def test_the_sentence_is_copied_as_text(visit, plan, office):
    visitor = visit(office)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.go("/")
    page.click("button:has-text('复制这句话')")
    page.wait_for_selector(".toast:has-text('已复制')")
    said = page.evaluate("navigator.clipboard.readText()")
    assert said == " ".join(page.inner_text("#sentence").split())


def test_search_by_keyboard_alone(visit, plan, office):
    page = visit(office).go("/")
    page.keyboard.press("Control+k")
    page.wait_for_url("**/search")
    page.keyboard.type("jtzd")
    page.wait_for_selector("#found:has-text('区交通支队')")
    assert page.url.endswith("/search?q=jtzd")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    assert page.locator(".found li.cur").count() == 1


def test_keys_can_be_switched_off_and_stay_out_of_inputs(visit, plan, office):
    page = visit(office).go("/search?q=jtzd")
    page.keyboard.press("j")  # the box has the focus
    assert page.locator(".cur").count() == 0
    office.has_shortcuts = False
    office.save()
    page = visit(office).go("/")
    page.keyboard.press("j")
    assert page.locator(".cur").count() == 0


def test_help_opens_and_escape_gives_the_focus_back(visit, plan, office):
    page = visit(office).go("/")
    page.click("summary[aria-label=本页帮助]")
    assert page.is_visible(".pop >> text=要做什么")
    page.keyboard.press("Escape")
    assert not page.is_visible(".pop >> text=要做什么")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "本页帮助"


def test_the_phones_menu_opens(visit, plan, office):
    page = visit(office, PHONE).go("/")
    assert not page.is_visible("nav.nav >> text=一页通")
    page.click("[data-side-toggle]")
    page.click("nav.nav >> text=一页通")
    page.wait_for_url("**/read")


def test_the_office_reads_who_is_late_without_a_click_and_opens_it_with_one(visit, plan, leader):
    page = visit(leader).go("/")
    assert page.url.endswith("/read")
    assert "项逾期" in page.inner_text("#sentence")
    assert "区交通支队" in page.inner_text(".late-unit >> nth=0") + page.inner_text(".late-unit >> nth=1")


def test_all_late_work_is_urged_with_two_clicks(visit, plan, office, liaison, stranger):
    page = visit(office).go("/")
    page.click("a.link:has-text('全部催办')")
    page.click("button:has-text('发送')")
    page.wait_for_url("**/tasks/urge/*")
    late = Task.objects.overdue(today=dt.date(2019, 9, 24)).count()
    assert Notice.objects.filter(is_manual=True).values("task").distinct().count() == late
    page.goto("/")
    assert page.locator("a.btn:has-text('再次催办')").count() == min(late, 5)


def test_a_task_is_closed_from_the_desk_with_two_clicks(visit, task, office, liaison, now):
    Milestone.objects.filter(task=task).update(state="submitted", submitted_at=now, submitted_by=liaison)
    summary.refresh([task.pk])
    page = visit(office).go("/")
    page.click("a.btn:has-text('核验')")
    page.click("footer button:has-text('通过')")
    page.wait_for_load_state("networkidle")
    task.refresh_from_db()
    assert task.state == "done"
