"""The import in a real browser: from the file to the ledger, questions settled in place, by keyboard too."""

import pytest

from campaign.models import Unit
from tasks.models import Task
from tests.browser.conftest import DESK, LAPTOP, PHONE
from tests.tasks.workbooks import plan_with, task, workbook

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def spoiled(tmp_path, campaign):
    """The plan of 2019 with a day that no calendar has and a unit one word off."""
    Unit.objects.create(campaign=campaign, name="区城市管理委", order=20)
    file = tmp_path / "2019 任务分解表.xlsx"
    file.write_bytes(plan_with(H32="6月31日前", F44="区市政管委"))
    return file


def read_in(visitor, file):
    page = visitor.go("/tasks/import")
    page.set_input_files("input[type=file]", file)
    page.click("button:has-text('试读')")
    page.wait_for_url("**/tasks/import/*-*")
    return page


def test_from_the_file_to_the_ledger(visit, office, spoiled):
    page = read_in(visit(office), spoiled)
    page.click("button:has-text('全部新建')")
    page.wait_for_selector("button:has-text('先导入没有问题的 130 行')")
    page.click("#q-H32 button:has-text('采用')")
    page.wait_for_selector("button:has-text('先导入没有问题的 131 行')")
    page.click("#q-F44 button:has-text('采用')")
    page.click("button:has-text('全部导入 132 行')")
    page.wait_for_selector("text=已导入：新增 132 项")
    assert Task.objects.count() == 132
    assert Task.objects.get(source_row=44).main_unit.name == "区城市管理委"
    assert Unit.objects.get(name="区城市管理委").aliases == ["区市政管委"]


def test_n_goes_to_the_question(visit, office, spoiled):
    page = read_in(visit(office), spoiled)
    page.click("button:has-text('全部新建')")
    page.wait_for_selector("text=下一处 H32")
    page.wait_for_load_state()
    page.keyboard.press("n")
    page.wait_for_url("**#q-H32")
    assert page.locator("#q-H32").is_visible()
    page.keyboard.press("n")
    page.wait_for_url("**#q-F44")
    page.keyboard.press("Enter")
    page.wait_for_url("**open=44-44#r44")
    assert page.locator("[data-next-question] span").inner_text() == "H32"


def test_on_a_phone_a_question_is_answered_without_panning(visit, office, spoiled):
    page = read_in(visit(office, PHONE), spoiled)
    page.wait_for_load_state()
    for button in page.locator("#q-F44 button").all():
        assert button.bounding_box()["x"] + button.bounding_box()["width"] <= PHONE[0]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_folds_open_and_nothing_is_pushed_off(visit, office, police, tmp_path):
    file = tmp_path / "大表.xlsx"
    file.write_bytes(workbook([task(f"整治{n}号街巷", primary="区交通支队", number=n) for n in range(400)]))
    page = read_in(visit(office), file)
    page.locator(".fold a").nth(1).click()
    page.wait_for_url("**open=*")
    assert page.locator(".foot-bar").bounding_box()["y"] + page.locator(".foot-bar").bounding_box()["height"] <= 900
    assert page.locator("tr.new").count() < 150


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE], ids=str)
def test_the_pages_are_accessible_and_light(visit, office, spoiled, size):
    visitor = visit(office, size)
    visitor.go("/tasks/import")
    assert visitor.violations() == []
    visitor.shot("import-choose")
    visitor.answers.clear()
    page = read_in(visitor, spoiled)
    page.click("button:has-text('全部新建')")
    page.wait_for_selector("text=下一处 H32")
    assert visitor.violations() == []
    visitor.shot("import")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_dry_run_weighs_little(visit, office, spoiled):
    visitor = visit(office)
    address = read_in(visitor, spoiled).url
    visitor.answers.clear()
    visitor.page.goto(address, wait_until="networkidle")
    assert visitor.gzipped_kilobytes() < 60
