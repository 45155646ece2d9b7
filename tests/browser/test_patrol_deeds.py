"""Mended on the spot, a 合格 taken back, a picture taken out, a re-check without a signal: each also where the line is dead."""

import datetime as dt

import pytest

from inspections import answering
from inspections.models import Finding, Place, Visit
from tests.browser.conftest import PHONE
from tests.browser.patrol_day import SMALL_TARGETS, jpeg, received
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


def shoot_mended(page):
    page.set_input_files(".shutter .ring input", jpeg(31))
    page.wait_for_selector("[data-shot]:not([hidden])")
    page.set_input_files("[data-pick-after]", jpeg(32))
    page.wait_for_selector("[data-after]:not([hidden])")


def test_mended_on_the_spot_without_a_signal(phone):
    page = phone.page
    phone.context.set_offline(True)
    shoot_mended(page)
    page.tap(".tile:has-text('占道经营')")
    page.fill("[data-mended-by]", "摊主")
    phone.shot("patrol-mended")
    page.tap("[data-file]")
    page.wait_for_selector("[data-sync-text]:has-text('没有信号。已存 1 条、2 张照片')")
    phone.context.set_offline(False)
    received(page)
    row = Finding.objects.get()
    assert (row.stage, row.is_on_spot, row.mended_by, row.task) == ("closed", True, "摊主", None)
    assert sorted(row.photos.values_list("moment", flat=True)) == ["after", "before"]
    phone.go("/patrol/records")
    assert "（立行立改）" in page.inner_text("[data-list]")
    phone.faults.clear()


def test_the_picture_of_it_mended_is_taken_out(phone):
    page = phone.page
    shoot_mended(page)
    assert (phone.violations(), page.evaluate(SMALL_TARGETS)) == ([], [])
    page.tap("[data-drop-after]")
    page.wait_for_selector("[data-after]", state="hidden")
    page.tap(".tile:has-text('占道经营')")
    page.tap("[data-file]")
    received(page)
    row = Finding.objects.get()
    assert (row.stage, row.is_on_spot, row.photos.count()) == ("pending", False, 1)


def test_one_of_several_pictures_is_shown_and_taken_out(phone):
    page = phone.page
    page.set_input_files(".shutter .ring input", jpeg(33))
    page.wait_for_selector("[data-count]:has-text('1 张')")
    page.set_input_files(".shutter .add input", jpeg(34))
    page.wait_for_selector("[data-count]:has-text('2 张')")
    page.tap("[data-more] button")
    page.tap("[data-drop]")
    page.wait_for_selector("[data-count]:has-text('1 张')")
    page.tap(".tile:has-text('占道经营')")
    page.tap("[data-file]")
    received(page)
    assert Finding.objects.get().photos.count() == 1


def test_fine_is_taken_back_before_it_was_sent(phone):
    page = phone.page
    phone.context.set_offline(True)
    page.tap("[data-fine]")
    page.tap(".toast:has-text('合格') .undo")
    page.wait_for_selector(".toast:has-text('已撤销：金桥市场 合格')")
    page.wait_for_selector("[data-sync]", state="hidden")
    phone.context.set_offline(False)
    phone.go("/patrol/records")
    assert not Visit.objects.exists()
    phone.faults.clear()


def test_fine_is_taken_back_after_it_was_sent(phone):
    page = phone.page
    page.tap("[data-fine]")
    received(page)
    page.tap(".toast:has-text('合格') .undo")
    received(page, count=2)
    assert Visit.objects.get().withdrawn_at is not None
    assert Place.objects.get(code="S0001").visit_count == 0
    phone.go("/patrol/records")
    assert page.inner_text("[data-list] .pill") == "已撤销"


def test_a_picture_of_a_row_is_taken_out_and_replaced(phone):
    page = phone.go("/patrol/new?site=S0001")
    with page.expect_file_chooser() as camera:
        page.tap("li:nth-child(1) .n")
    camera.value.set_files(jpeg(35))
    page.wait_for_selector("li:nth-child(1) .pic")
    wrong = page.evaluate("patrolStore.photos().then((rows) => rows[0].sha256)")
    page.tap("li:nth-child(1) .pic button")
    page.wait_for_selector("li:nth-child(1) .pic", state="detached")
    page.set_input_files("li:nth-child(1) .cam:not(.mend) input", jpeg(36))
    page.wait_for_selector("li:nth-child(1) .pic")
    with page.expect_navigation():
        page.tap("[data-file]")
    received(page)
    assert Finding.objects.get().photos.exclude(sha256=wrong).count() == Finding.objects.get().photos.count() == 1


def test_an_item_mended_on_the_spot(phone):
    page = phone.go("/patrol/new?site=S0001")
    with page.expect_file_chooser() as camera:
        page.tap("li:nth-child(2) .n")
    camera.value.set_files(jpeg(37))
    page.wait_for_selector("li:nth-child(2) .pic")
    page.set_input_files("li:nth-child(2) .mend input", jpeg(38))
    page.wait_for_selector("li:nth-child(2) .pic.mended")
    page.fill("li:nth-child(2) [data-mended-by]", "保洁员")
    phone.shot("patrol-checklist-mended")
    assert (phone.violations(), page.evaluate(SMALL_TARGETS)) == ([], [])
    with page.expect_navigation():
        page.tap("[data-file]")
    received(page)
    row = Finding.objects.get()
    assert (row.stage, row.mended_by, row.item.order) == ("closed", "保洁员", 2)


@pytest.fixture
def answered(campaign, street_day, office, liaison, police):
    row = found(campaign, Place.objects.get(code="S0001"), at=NOON - DAY, by=office)
    shoot(row, at=NOON - DAY, by=office)
    issue_all(campaign, by=office, now=NOON - dt.timedelta(hours=5))
    row.refresh_from_db()
    shoot(row, moment="after", at=NOON, by=liaison, seed=70)
    said = answering.Said(token="answer-1", version=answering.milestone_of(row).version)
    answering.answer(row, said, by=liaison, unit=police, now=NOON - dt.timedelta(hours=2))
    return row


def until_carried(page, code):
    for _ in range(300):
        if page.evaluate(f"caches.match('/patrol/rechecks/{code}', {{ ignoreVary: true }}).then(Boolean)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the re-check is not carried")


def test_a_recheck_without_a_signal(answered, visit, inspector):
    phone = visit(inspector, PHONE)
    page = phone.go("/patrol")
    until_carried(page, answered.code)
    phone.context.set_offline(True)
    page.goto("/patrol/rechecks")
    with page.expect_navigation():
        page.tap(".stops a")
    page.set_input_files(".shutter .ring input", jpeg(39))
    page.wait_for_selector("[data-shot]:not([hidden])")
    page.tap("[data-say]:has-text('没有改完')")
    with page.expect_navigation():
        page.tap("button[value=unmended]")
    page.wait_for_selector(".pill:has-text('未整改，等上传')")
    phone.shot("patrol-rechecks-offline")
    phone.context.set_offline(False)
    received(page)
    answered.refresh_from_db()
    assert (answered.stage, answered.returns) == ("fixing", 1)
    assert answered.task.verdicts.get().reason == "没有改完"
    phone.faults.clear()


@pytest.mark.parametrize("path", ["/patrol/rechecks", "/patrol/rechecks/0001"])
def test_recheck_pages_are_made_for_thumbs(visit, inspector, answered, path):
    visitor = visit(inspector, (360, 740))
    page = visitor.go(path)
    assert (visitor.violations(), page.evaluate(SMALL_TARGETS)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
