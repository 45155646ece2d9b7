"""The ledger by keyboard alone, and by mouse: peek, picking, filters, folding, print; at three widths."""

import datetime as dt
import io

import openpyxl
import pytest

from campaign.models import Unit
from tasks.models import DeadlineChange, Task
from tests.browser.conftest import DESK, LAPTOP, PHONE, SMALL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ledger(make_task, city, project):
    for n in range(1, 7):
        make_task(
            f"02-02-{n:02d}", f"创建文明交通示范道路第{n}段", due_on=dt.date(2019, 9, 18) + dt.timedelta(days=3 * n)
        )
    make_task("02-02-07", "公厕提升改造", unit=city, due_on=dt.date(2019, 9, 20), goal=10, measure="座")
    return Task.objects.all()


def test_the_ledger_by_keyboard_alone(visit, office, ledger):
    """Down two, pick both, peek, next, change their limit with a basis: no mouse, no click."""
    page = visit(office).go("/tasks")
    keys = page.keyboard
    for key in ("j", "x", "j", "x", "Enter"):
        keys.press(key)
    page.wait_for_selector("#peek:not([hidden]) h2")
    assert page.inner_text("#peek h2") == "创建文明交通示范道路第2段"
    keys.press("j")
    page.wait_for_selector("#peek h2:has-text('第3段')")
    keys.press("Escape")
    page.wait_for_selector("#peek", state="hidden")
    assert page.inner_text("#bulk b") == "已选 2 项"
    page.focus("#bulk button[value=deadline]")
    keys.press("Enter")
    page.wait_for_url("**/tasks/deadline?codes=02-02-01,02-02-02")
    page.focus("input[name=to_on]")
    keys.type("10202019")
    page.fill("input[name=to_on]", "2019-10-20")
    page.focus("[name=basis]")
    keys.type("第 31 期专题纪要")
    keys.press("Enter")
    page.wait_for_selector("text=已改时限 2 项")
    assert DeadlineChange.objects.filter(basis="第 31 期专题纪要", to_on=dt.date(2019, 10, 20)).count() == 2


def test_slash_finds_and_shortcuts_can_be_switched_off(visit, office, ledger):
    page = visit(office).go("/tasks")
    page.keyboard.press("/")
    page.keyboard.type("公厕")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=导出 1 项")
    type(office).objects.update(has_shortcuts=False)
    page = visit(office).go("/tasks")
    page.keyboard.press("j")
    assert page.query_selector("tr.cur") is None


def test_a_filter_is_built_from_the_menu_and_taken_away(visit, office, ledger, city):
    Unit.objects.filter(pk=city.pk).update(search_text="区城市管理委 qcsglw")
    page = visit(office).go("/tasks")
    page.click("#add-filter summary")
    page.click("#add-filter a:has-text('单位') >> nth=0")
    page.fill("#step-pick", "csglw")
    page.click("[role=option]:has-text('区城市管理委')")
    page.click(".filter-step .btn.pri")
    page.wait_for_selector(".chip:has-text('单位')")
    assert page.query_selector_all("tr[data-key-row]").__len__() == 1
    page.click(".chip .xx")
    page.wait_for_selector("text=导出 7 项")


def test_a_row_opens_beside_the_list_and_then_as_a_page(visit, office, ledger):
    page = visit(office).go("/tasks")
    page.click("#t-02-02-07 a")
    page.wait_for_selector("#peek h2")
    assert "逾期 4 天" in page.inner_text("#peek")
    page.click("#t-02-02-03 a")
    page.wait_for_selector("#peek h2:has-text('第3段')")


def test_folding_is_remembered(visit, office, ledger):
    page = visit(office).go("/tasks")
    page.click(".tw")
    page.wait_for_selector("tr.grp.folded")
    assert page.locator("tr[data-key-row]").count() == 0
    assert visit(office).go("/tasks").query_selector("tr[data-key-row]") is None


def test_the_export_holds_what_its_button_says(visit, office, ledger):
    page = visit(office).go("/tasks?f.unit=区城市管理委")
    page.click("#export")
    with page.expect_download() as found:
        page.click("text=Excel 表格")
    sheet = openpyxl.load_workbook(io.BytesIO(found.value.path().read_bytes())).active
    assert (page.inner_text("#export").strip(), sheet.max_row) == ("导出 1 项", 2)


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
def test_the_ledger_is_accessible_and_light(visit, office, ledger, size):
    visitor = visit(office, size)
    page = visitor.go("/tasks?view=all&f.lamp=!done")
    if size != PHONE:
        page.click("#t-02-02-07 a")
        page.wait_for_selector("#peek h2")
    assert visitor.violations() == []
    assert page.evaluate(SMALL, 44 if size == PHONE else 24) == []
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    visitor.shot("ledger")


def test_the_print_repeats_its_head_on_landscape_pages(visit, office, make_task):
    for n in range(60):
        make_task(f"02-02-{n:02d}", f"创建文明交通示范道路第{n}段，名字长得一行写不下，要在纸上换行才看得全")
    visitor = visit(office)
    visitor.context.add_init_script("window.print = () => {}")
    page = visitor.go("/tasks?view=all&print=1")
    import pypdfium2

    pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    texts = [pdf[n].get_textpage().get_text_range() for n in range(len(pdf))]
    assert len(texts) > 1
    assert pdf[0].get_width() > pdf[0].get_height()
    words = ["".join(text.split()) for text in texts]
    assert all("主责单位" in text for text in words)
    assert "共60项" in words[0]
