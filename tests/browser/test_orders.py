"""The office at the board of orders: found, ticked, told before it is done, judged in the row and pair by pair."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from inspections import answering
from inspections.models import Finding, Photo, Place, PlaceType
from tests.browser.conftest import DESK, LAPTOP, PHONE
from tests.browser.patrol_day import jpeg
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def make_place(campaign):
    alley = PlaceType.objects.create(campaign=campaign, code="T29", name="背街小巷")

    def make(owner):
        code = f"S{Place.objects.count() + 1:04d}"
        return Place.objects.create(campaign=campaign, place_type=alley, code=code, name=f"{code}巷", owner=owner)

    return make


@pytest.fixture
def orders(campaign, make_place, police, city, office, liaison):
    """Three answered (0001-0003), two past their limit (0004, 0005), one to be issued (0006)."""
    texts = ("盲道砖缺失", "果皮箱满溢", "墙面张贴小广告", "护栏破损", "井盖松动")
    at = NOON - dt.timedelta(days=12)
    for number, text in enumerate(texts):
        row = found(campaign, make_place(police if number < 4 else city), text, at=at, by=office)
        shoot(row, by=office, at=at, seed=number, latitude=34.26, longitude=108.95)
    issue_all(campaign, by=office, now=at, today=at.date())
    for number, row in enumerate(Finding.objects.order_by("code")[:3]):
        shoot(row, moment=Photo.Moment.AFTER, by=liaison, seed=80 + number, latitude=34.26, longitude=108.95)
        said = answering.Said(token=f"token-{number}", version=1, words="已修复")
        answering.answer(row, said, by=liaison, unit=police, now=NOON - (30 - number) * HOUR)
    found(campaign, make_place(city), "果筐占道", by=office)


@pytest.fixture
def desk(visit, office, orders):
    visitor = visit(office)
    visitor.go("/orders")
    return visitor


def stages():
    return dict(Finding.objects.values_list("code", "stage"))


def test_the_legend_filters_and_the_export_holds_what_is_shown(desk):
    page = desk.page
    page.click(".leg a:has-text('超期')")
    page.wait_for_selector("h2:has-text('超期')")
    shown = page.locator("li.it").count()
    assert shown == 2
    assert page.inner_text(".bar a:has-text('导出')").split() == ["导出", "2", "张"]
    with page.expect_download() as file:
        page.click(".bar a:has-text('导出')")
    rows = list(load_workbook(io.BytesIO(file.value.path().read_bytes())).active.values)
    assert len(rows) - 1 == shown


def test_ticked_rows_are_urged_after_a_look_at_who_is_told(desk, liaison):
    page = desk.page
    page.check("[data-all=overdue]")
    assert page.inner_text("[data-picked]") == "已选 2 处"
    assert page.inner_text("[data-picked-words]") == "2 个单位 · 照片 2"
    assert page.locator("#bulk button[value=issue]").is_hidden(), "nothing of these is to be issued"
    desk.shot("orders-ticked")
    page.click("#bulk button[value=urge]")
    page.wait_for_selector(f"text={liaison.name}")
    assert page.locator("input[name=m]").count() == 2


def test_the_bar_exports_exactly_the_ticked(desk):
    page = desk.page
    for code in ("0004", "0006"):
        page.check(f"input[name=codes][value='{code}']")
    assert page.inner_text("#bulk button[value=export]").split() == ["导出", "2", "处"]
    with page.expect_download() as file:
        page.click("#bulk button[value=export]")
    rows = list(load_workbook(io.BytesIO(file.value.path().read_bytes())).active.values)
    assert {row[0] for row in rows[1:]} == {"0004", "0006"}


def test_limits_of_ticked_rows_move_with_their_basis(desk):
    page = desk.page
    page.check("[data-all=overdue]")
    page.click("#bulk button[value=limits]")
    page.fill("[name=to_on]", "2019-10-11")
    page.fill("[name=basis]", "第 31 期专题纪要")
    page.click("button:has-text('改 2 处的时限')")
    page.wait_for_selector(".toast:has-text('已改时限 2 处')")
    assert {row.due_at.day for row in Finding.objects.filter(code__in=["0004", "0005"])} == {11}


def test_a_row_is_judged_where_it_stands(desk):
    page = desk.page
    with page.expect_navigation():
        page.keyboard.press("1")
    page.wait_for_selector(".toast:has-text('整改 0001 已销号')")
    page.keyboard.press("2")
    page.click(".back-box .say:has-text('没有改完') >> visible=true")
    with page.expect_navigation():
        page.click(".back-box button[value=return] >> visible=true")
    assert [stages()[code] for code in ("0001", "0002", "0003")] == ["closed", "fixing", "recheck"]
    assert page.url.endswith("/orders")


def test_pairs_by_keys_alone_the_next_opens_by_itself(desk):
    page = desk.page
    page.click(".rv .ba >> nth=0")
    page.wait_for_selector("#pairs[open] .code:has-text('0001')")
    page.keyboard.press("j")
    page.wait_for_selector("#pair .code:has-text('0002')")
    page.keyboard.press("k")
    page.wait_for_selector("#pair .code:has-text('0001')")
    page.keyboard.press("3")
    page.wait_for_selector("#pair .code:has-text('0002')")
    page.keyboard.press("2")
    page.keyboard.type("角度不同")
    page.click("#pair button[value=return]")
    page.wait_for_selector("#pair .code:has-text('0003')")
    page.keyboard.press("1")
    page.wait_for_selector("#pair h2:has-text('复查完了')")
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert [stages()[code] for code in ("0001", "0002", "0003")] == ["recheck", "fixing", "closed"]
    assert page.locator(".rv").count() == 1


def test_a_verdict_over_the_board_is_taken_back(desk):
    page = desk.page
    page.click(".rv .ba >> nth=0")
    page.wait_for_selector("#pairs[open] .code:has-text('0001')")
    page.keyboard.press("1")
    page.wait_for_selector("#pair .banner:has-text('整改 0001 已销号')")
    page.keyboard.press("z")
    page.wait_for_selector("#pair .code:has-text('0001')")
    assert stages()["0001"] == "recheck"


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
def test_the_rooms_of_the_board(visit, office, orders, size):
    visitor = visit(office, size)
    for path in ("/orders", "/orders?kind=review", "/orders/meeting", "/orders/0001", "/orders/sweeps?codes=0004"):
        page = visitor.go(path)
        assert visitor.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path
        visitor.shot("orders" + path.removeprefix("/orders").translate(str.maketrans("/?=", "---")))


def test_the_board_and_its_pair_weigh_little(desk):
    desk.page.click(".rv .ba >> nth=0")
    desk.page.wait_for_selector("#pairs[open] .code")
    desk.shot("orders-pair")
    assert desk.violations() == []
    assert desk.gzipped_kilobytes() <= 60


def test_the_unit_answers_in_three_taps(visit, liaison, orders):
    visitor, taps = visit(liaison, PHONE), 0
    page = visitor.go("/my?show=orders")
    with page.expect_navigation():
        page.tap("a[href='/orders/0004']")
        taps += 1
    with page.expect_file_chooser() as camera:
        page.tap("[data-shoot]")
        taps += 1
    camera.value.set_files(jpeg(9))
    page.wait_for_selector("[data-shot]:not([hidden])")
    page.tap("button:has-text('提交答复')")
    taps += 1
    page.wait_for_selector("text=待复查")
    assert (taps, stages()["0004"]) == (3, "recheck")
