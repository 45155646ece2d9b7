"""Places at the desk: found, filtered, ticked, labelled, brought in; every page of theirs light, accessible, fitting."""

import io

import pytest
from openpyxl import Workbook

from campaign.models import Area
from inspections.models import Finding, Place, PlaceType, Register, RosterDuty
from inspections.standing import refresh_places
from tests.browser.conftest import DESK, LAPTOP, PHONE, faults_of
from tests.conftest import NOON, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ground(street_day, campaign, street, police, office):
    """Two markets in an area, one of them failing; a lane nobody answers for; a crossing with its duties."""
    area = Area.objects.create(campaign=campaign, code="01", name="古桥片区", unit=street, order=1)
    Place.objects.update(area=area)
    lane = PlaceType.objects.create(campaign=campaign, code="T29", name="背街小巷", order=290, draw_size=2)
    crossing = PlaceType.objects.create(
        campaign=campaign, code="T26", name="交通路口", order=260, staffing=[{"post": "交警", "count": 1}]
    )
    PlaceType.objects.filter(code="T14").update(draw_size=1)
    market = Place.objects.get(code="S0001")
    found = {"tile": "环境脏乱", "text": "果皮箱满溢", "found_at": NOON, "found_by": office, "unit": police}
    found |= {"stage": "fixing", "is_hidden": False, "issued_at": NOON}
    Finding.objects.create(campaign=campaign, code="0901", place=market, place_type=market.place_type, **found)
    make = {"campaign": campaign, "search_text": "bxg"}
    Place.objects.create(code="S0003", name="北巷", place_type=lane, street=street, lane_chief="周静", **make)
    spot = Place.objects.create(code="S0004", name="西街路口", place_type=crossing, owner=police, **make)
    RosterDuty.objects.create(campaign=campaign, place=spot, on=TODAY, shift="早高峰 7:00–9:00", post="志愿者")
    Register.objects.create(campaign=campaign, name="公厕台账", stated_total=9)
    refresh_places(list(Place.objects.values_list("pk", flat=True)))
    return area


def names(page):
    return page.locator("tbody tr[data-key-row] .tt a").all_text_contents()


def test_found_filtered_and_given_a_unit_at_once(visit, ground, office, city):
    page = visit(office).go("/sites")
    page.fill("#find", "bxg")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sites?q=bxg")
    assert names(page) == ["北巷", "西街路口"]
    page.click(".tab:has-text('无人负责')")
    page.click("summary:has-text('筛选')")
    page.select_option(".filter-form [name=type]", "T29")
    page.click(".filter-form button")
    assert names(page) == ["北巷"]
    page.check("tbody input[name=codes]")
    page.click(".bulk button:has-text('指定负责')")
    page.select_option("[name=owner]", label=city.name)
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=已改 1 个点位")
    assert Place.objects.get(code="S0003").owner == city


def test_labels_of_the_ticked_are_printed(visit, ground, office):
    page = visit(office).go("/sites?type=T14")
    page.check("input[data-all]")
    assert "已选 2" in page.inner_text("[data-picked]")
    page.click(".bulk button:has-text('打印二维码')")
    page.wait_for_url("**/sites/qr?**")
    page.wait_for_load_state("networkidle")
    assert page.locator(".labels img").count() == 2
    assert page.evaluate("[...document.querySelectorAll('.labels img')].every(i => i.complete && i.naturalWidth)")
    answer = page.request.get(page.get_attribute("a:has-text('打印用的 PDF')", "href"))
    assert answer.body().startswith(b"%PDF")


def test_the_ticked_look_at_themselves(visit, ground, office):
    page = visit(office).go("/sites?type=T14")
    page.check("tr:has-text('钟楼市场') input")
    page.click(".bulk button:has-text('举一反三')")
    page.check("label:has-text('果皮箱满溢') input")
    page.click("button:has-text('发自查单')")
    page.wait_for_selector("text=已向 1 个单位的 1 处点位发出自查单")
    assert Finding.objects.get(source="sweep").place.name == "钟楼市场"


def book(*rows):
    made, out = Workbook(), io.BytesIO()
    for row in (["编号", "名称", "类型", "责任单位"], *rows):
        made.active.append(row)
    made.save(out)
    return {"name": "点位.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": out.getvalue()}


def test_a_workbook_is_tried_before_it_is_written(visit, ground, office):
    page = visit(office).go("/sites/import")
    page.set_input_files("#file", book(["", "东门早市", "菜市场", ""]))
    page.click("button:has-text('试读')")
    page.wait_for_selector("text=C2：“菜市场”：没有这个点位类型")
    page.set_input_files("#file", book(["", "东门早市", "农贸市场", ""], ["S0003", "北大巷", "背街小巷", ""]))
    page.click("button:has-text('试读')")
    page.wait_for_selector("text=新增")
    assert Place.objects.count() == 4
    page.click("button:has-text('导入 1 个，修改 1 个')")
    page.wait_for_selector("text=已导入")
    assert sorted(Place.objects.values_list("name", flat=True))[:2] == ["东门早市", "北大巷"]


def test_the_missing_person_is_named_on_the_roster(visit, ground, office):
    page = visit(office).go("/readiness/roster")
    page.click("a.st.soon:has-text('交警 1 人')")
    assert page.input_value("[name=post]") == "交警"
    page.fill("[name=person]", "周安")
    page.click("button:has-text('排上')")
    page.wait_for_selector("text=排上 1 人")
    assert page.locator(".st.soon").count() == 0
    page.click("a:has-text('周安')")
    page.click("button:has-text('取消这一岗')")
    page.wait_for_selector("a.st.soon:has-text('交警 1 人')")


def test_a_roster_is_pasted(visit, ground, office):
    page = visit(office, PHONE).go("/readiness/roster/paste?day=2019-09-25")
    page.fill("[name=lines]", "西街路口｜早高峰｜交警｜交通支队｜周安、李青")
    page.click("button:has-text('试读')")
    page.wait_for_selector("text=读出")
    page.click("button:has-text('写入这 2 人')")
    page.wait_for_selector("text=排上 2 人")
    assert RosterDuty.objects.filter(person="李青", on__day=25).count() == 1


PAGES = (
    "/sites", "/sites?group=none", "/sites?is=never&type=T14&q=none", "/sites/S0001?view=page", "/sites/new", "/sites/types",
    "/sites/types/T14", "/sites/types/T14/checklist", "/sites/import", "/sites/qr?codes=S0001", "/sites/coverage",
    "/sites/risk", "/sites/registers", "/sites/assign?codes=S0003", "/sites/sweep?codes=S0001", "/areas", "/areas/01",
    "/readiness", "/readiness/roster", "/readiness/roster/paste", "/readiness/cards?area=01", "/sightings", "/intake/new",
    "/orders/lists", "/orders/lists/new",
)  # fmt: skip


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
def test_pages_are_accessible_light_and_fit_the_screen(size, visit, ground, office):
    assert faults_of(visit, office, size, PAGES) == []
