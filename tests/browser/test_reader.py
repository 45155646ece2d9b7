"""The reader in a real browser: by single keys from the first doubt to the ledger; accessible at three sizes."""

import pytest

from tasks.models import Task
from tests.browser.conftest import DESK, LAPTOP, PHONE, until
from tests.tasks.plans.battle import BATTLE
from tests.tasks.plans.campaign import CAMPAIGN
from tests.tasks.plans.county import COUNTY
from tests.tasks.plans.numbered import NUMBERED
from tests.tasks.plans.town import TOWN
from tests.tasks.reader_cast import document, take  # noqa: F401
from tests.tasks.speeches import MINUTES

pytestmark = pytest.mark.django_db(transaction=True)


def at_hand(page):
    return page.locator(".tk.cur").get_attribute("data-row")


@pytest.fixture
def opened(visit, office, document):  # noqa: F811
    """The document opened on its first row."""
    office.has_shortcuts = True
    office.save()
    page = visit(office).go(f"/tasks/reader/{document.pk}?at=1")
    page.wait_for_selector(".tk.cur")
    return page


def test_rows_are_gone_through_by_keys(opened, document):  # noqa: F811
    opened.keyboard.press("j")
    opened.keyboard.press("j")
    opened.keyboard.press("k")
    assert at_hand(opened) == "2"
    assert opened.locator('[data-mark="2"].cur').count() >= 1
    opened.keyboard.press("Enter")
    opened.wait_for_selector("#t-2.s-accepted")
    opened.keyboard.press("x")
    opened.wait_for_selector("#t-3", state="detached")
    opened.keyboard.press("z")
    opened.wait_for_selector("#t-3.s-drafted")
    assert document.drafts.filter(state="accepted").count() == 1


def test_a_doubt_is_settled_by_its_number(opened, document):  # noqa: F811
    asked = next(draft for draft in document.drafts.all() if "公厕" in draft.row["title"])
    opened.locator(f"#t-{asked.label}").click()
    opened.wait_for_selector(f"#t-{asked.label}.cur")
    opened.keyboard.press("2")
    opened.wait_for_selector(f"#t-{asked.label} .qd", state="detached")
    assert document.drafts.get(pk=asked.pk).row["due_date"] == "2019-11-30"


def test_the_curve_leads_to_the_row_at_hand_after_a_step(opened):
    """Both ends are where the row and its clause are, though the step brought all of them anew."""
    opened.keyboard.press("Enter")
    opened.wait_for_selector("#t-1.s-accepted")
    until(opened, "document.querySelector('.tk.cur').dataset.row === '2'")
    ends = """() => {
        const [row, list] = [".tk.cur", ".rdr"].map((at) => document.querySelector(at).getBoundingClientRect());
        const end = document.querySelector(".wire path").getAttribute("d").split(" ").pop();
        return Math.abs(row.top + 20 - list.top - Number(end)) < 1;
    }"""
    until(opened, ends)


def test_a_date_written_by_hand_is_taken_with_enter(opened, document):  # noqa: F811
    asked = next(draft for draft in document.drafts.all() if "公厕" in draft.row["title"])
    opened.locator(f"#t-{asked.label}").click()
    opened.fill(f"#day-{asked.label}", "11月15日")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"#t-{asked.label}.s-accepted")
    assert document.drafts.get(pk=asked.pk).row["due_date"] == "2019-11-15"


def test_the_keys_of_the_reconciliation_go_on_from_the_row_answered(visit, office, task, document):  # noqa: F811
    office.has_shortcuts = True
    office.save()
    page = visit(office).go(f"/tasks/reader/{document.pk}/reconcile")
    for key in ("j", "j", "1"):
        page.keyboard.press(key)
    page.wait_for_url("**#d-*")
    page.wait_for_selector("tr.cur .pick.on")
    at = "[...document.querySelectorAll('[data-recon-row]')].findIndex((row) => row.classList.contains('cur'))"
    assert page.evaluate(at) == 1
    page.keyboard.press("j")
    assert page.evaluate(at) == 2


def test_on_a_phone_the_row_at_hand_is_in_sight(visit, office, document):  # noqa: F811
    page = visit(office, PHONE).go(f"/tasks/reader/{document.pk}")
    page.tap(".foot-bar [data-verb=n]")
    until(page, "document.querySelector('.tk.cur').classList.contains('q')")
    row = page.locator(".tk.cur").bounding_box()
    assert row["y"] >= 0
    assert row["y"] + row["height"] <= page.locator(".foot-bar").bounding_box()["y"]


def test_n_goes_to_the_next_doubt_and_escape_leaves_a_form(opened):
    opened.keyboard.press("n")
    assert "q" in opened.locator(".tk.cur").get_attribute("class").split()
    label = at_hand(opened)
    opened.keyboard.press("e")
    opened.wait_for_selector(".ed input[name=title]")
    opened.wait_for_load_state()
    opened.locator(".ed input[name=title]").focus()
    opened.keyboard.press("Escape")
    opened.wait_for_selector(".ed", state="detached")
    assert at_hand(opened) == label


def test_keys_are_off_where_the_person_turned_them_off(visit, office, document):  # noqa: F811
    office.has_shortcuts = False
    office.save()
    page = visit(office).go(f"/tasks/reader/{document.pk}?at=1")
    page.keyboard.press("j")
    assert at_hand(page) == "1"


def test_a_key_of_an_input_method_is_not_ours(opened):
    opened.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))"
    )
    assert at_hand(opened) == "1"


def test_from_pasted_text_to_the_ledger_in_six_clicks(visit, office, police):
    page = visit(office).go("/tasks/reader")
    page.check("input[value=minutes]")
    page.fill("textarea[name=text]", MINUTES)
    page.click("button:has-text('读出任务')")
    page.click("button:has-text('采用没有疑问的 2 项')")
    page.click("button:has-text('写入台账 2 项')")
    page.wait_for_selector("text=已写入台账：新增 2 项任务")
    assert Task.objects.count() == 2


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE], ids=str)
def test_the_pages_are_accessible_and_light(visit, office, document, task, size):  # noqa: F811
    visitor = visit(office, size)
    visitor.go("/tasks/reader")
    assert visitor.violations() == []
    visitor.shot("reader-list")
    for name, path in (("reader", ""), ("reader-edit", "?at=3&do=edit"), ("reconcile", "/reconcile")):
        page = visitor.go(f"/tasks/reader/{document.pk}{path}")
        assert visitor.violations() == [], name
        visitor.shot(name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize("query", ["", "?show=doubt", "?at=70"])
def test_the_reader_weighs_little(visit, office, take, query):  # noqa: F811
    """A plan of 10,000 characters, as offices write them."""
    whole = take("\n\n".join(plan.text for plan in (CAMPAIGN, COUNTY, BATTLE, NUMBERED, TOWN)))
    visitor = visit(office)
    visitor.go(f"/tasks/reader/{whole.pk}{query}")
    assert visitor.gzipped_kilobytes() <= 60
