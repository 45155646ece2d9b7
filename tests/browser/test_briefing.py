"""The briefing in a real browser: three clicks from the desk, accessible, light, by the phone too."""

import pytest

from reports import briefing as deeds
from reports.models import Distribution, Document
from tests.browser.conftest import DESK, LAPTOP, PHONE
from tests.browser.conftest import SMALL_BOXES as SMALL
from tests.reports.conftest import WEEK, ledger, readers  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drafts(ledger, readers, campaign, office, today, now):  # noqa: F811
    """Last week's issue, this week's draft and the year's."""
    last = deeds.draft(campaign, WEEK.previous, by=office, now=now)
    deeds.issue(deeds.finalise(last, by=office, today=today, now=now), by=office, now=now)
    deeds.draft_year(campaign, by=office, now=now)
    return deeds.draft(campaign, WEEK, by=office, now=now)


def test_from_the_desk_to_the_outbox_in_three_clicks(visit, ledger, readers, office):  # noqa: F811
    page = visit(office).go("/")
    page.click("button:has-text('生成本周简报')")
    page.click("button:has-text('定稿')")
    page.click("button:has-text('发送')")
    page.wait_for_selector(".toast:has-text('已发送第 1 期，寄给 2 个收件人')")
    assert Document.objects.count() == 1


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
@pytest.mark.parametrize(
    "path", ["/briefs", "/briefs/2019-39", "/briefs/2019-38", "/briefs/2019-year", "/briefs/recipients", "/practices"]
)
def test_pages_are_accessible_light_and_fit_the_screen(path, size, visit, drafts, office):
    visitor = visit(office, size)
    page = visitor.go(path)
    visitor.shot(f"briefing{path.replace('/', '-')}")
    assert visitor.violations() == []
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL, 44 if size == PHONE else 24) == []


def test_a_section_is_rewritten_and_stands_on_the_paper(visit, drafts, office):
    page = visit(office).go("/briefs/2019-39")
    before = page.get_attribute(".bf-paper img", "src")
    article = page.locator("article.bs", has_text="逾期情况")
    article.locator("summary").click()
    article.locator("textarea").fill("请有关单位抓紧。")
    article.locator("button:has-text('保存')").click()
    page.wait_for_selector(".said:has-text('请有关单位抓紧。')")
    assert page.get_attribute(".bf-paper img", "src") != before
    page.wait_for_load_state("load")
    assert page.evaluate("document.querySelector('.bf-paper img').naturalWidth") > 600


def test_a_number_opens_its_records(visit, drafts, office):
    page = visit(office).go("/briefs/2019-39")
    page.click(".said a.overdue >> nth=0")
    page.wait_for_url("**/tasks?*f.lamp=overdue*")
    assert Distribution.objects.count() == 2
    assert page.is_visible("text=逾期的")
