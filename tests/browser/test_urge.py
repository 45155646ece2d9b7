"""催办: all that is overdue in two clicks, and taken back in one; the inbox of who was urged."""

import datetime as dt

import pytest

from tasks.models import Notice
from tests.browser.conftest import DESK, LAPTOP, PHONE, SMALL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def late(make_task, liaison, stranger, chief, police, city):
    for number in range(6):
        unit = (police, city)[number % 2]
        make_task(f"02-02-0{number}", f"第 {number} 条示范道路", unit=unit, due_on=dt.date(2019, 9, 10 + number))


def test_all_overdue_in_two_clicks_from_the_desk(visit, late, office):
    page = visit(office).go("/")
    page.click("a:has-text('全部催办')")
    page.click("button:has-text('发送')")
    page.wait_for_selector("h1:has-text('已催办 6 项')")
    assert Notice.objects.filter(reason="urge", is_manual=True).count() == 6


def test_it_is_taken_back_by_one_key(visit, late, office):
    visitor = visit(office)
    page = visitor.go("/tasks/urge")
    page.click("button:has-text('发送')")
    page.wait_for_selector(".toast button:has-text('撤销')")
    visitor.shot("urged")
    page.keyboard.press("z")
    page.wait_for_selector("text=已撤销 6 条催办")
    assert Notice.objects.filter(recalled_at=None).count() == 0


def test_the_unit_reads_signs_and_finds_its_card(visit, late, office, liaison, now):
    page = visit(office).go("/tasks/urge")
    page.click("button:has-text('发送')")
    page.wait_for_selector(".toast button:has-text('撤销')")
    Notice.objects.update(held_until=None)
    phone = visit(liaison, PHONE)
    inbox = phone.go("/inbox")
    assert inbox.locator("li.unread").count() == 3
    inbox.click("li.unread a >> nth=0")
    inbox.wait_for_selector("text=去填报")
    phone.shot("inbox-item")
    inbox.click(".detail button:has-text('签收')")
    inbox.wait_for_selector("text=已签收")
    assert inbox.locator("[data-key-row]").count() == 2
    assert Notice.objects.exclude(acknowledged_at=None).count() == 1


def test_the_inbox_is_walked_by_keyboard(visit, late, office, liaison):
    page = visit(office).go("/tasks/urge")
    page.click("button:has-text('发送')")
    page.wait_for_selector(".toast button:has-text('撤销')")
    Notice.objects.update(held_until=None, recipient=office)
    page = visit(office).go("/inbox?reason=urged")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=谁说的")
    assert Notice.objects.exclude(read_at=None).count() == 1


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
@pytest.mark.parametrize("path", ["/tasks/urge", "/inbox", "/settings/reminders"])
def test_pages_are_accessible_light_and_fit_the_screen(path, size, visit, late, office):
    visitor = visit(office, size)
    page = visitor.go(path)
    visitor.shot(path.strip("/").replace("/", "-"))
    assert visitor.violations() == []
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL, 44 if size == PHONE else 24) == []
