"""名册: from the template's columns to people with their links, at a desk and on a phone."""

import io

import openpyxl
import pytest

from campaign.models import Membership
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
HEADS = ["单位", "类别", "姓名", "岗位", "邮箱"]
GOOD = [["新城街道", "街道", "赵一", "主要领导", ""], ["新城街道", "", "钱二", "联络员", "qian@example.test"]]
BAD = [["区交通支队", "", "李建国", "联络员", ""], ["", "", "郑八", "", ""]]


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in (HEADS, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}


def tried(page, *rows):
    page.set_input_files("#file", workbook(*rows))
    with page.expect_navigation():
        page.click("button:text-is('试读')")
    page.wait_for_selector("text=现在还什么都没写")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_problems_then_the_whole_then_the_links(visit, office, liaison, size):
    visitor = visit(office, size)
    page = visitor.go("/units/import")
    tried(page, *GOOD, *BAD)
    assert page.locator("ul.problems li").count() == 2
    assert visitor.violations() == []
    tried(page, *GOOD)
    assert visitor.violations() == []
    with page.expect_navigation():
        page.click("button:has-text('全部导入')")
    page.wait_for_selector("h1:has-text('已导入名册')")
    assert visitor.violations() == []
    assert page.locator("button[data-copy]").count() == 2
    assert Membership.objects.filter(unit__name="新城街道").count() == 2
