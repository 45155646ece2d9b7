"""A unit's people answer from the street: a broken line, a dead page, an office that was quicker."""

import datetime as dt
import hashlib
import os

import pytest

from campaign.attachments import read
from inspections import answering
from inspections.models import Photo, Place
from tasks.models import ProgressReport
from tests.browser.conftest import PHONE, QUIET, until
from tests.browser.flaky_proxy import FlakyProxy
from tests.browser.patrol_day import SMALL_TARGETS, jpeg, session_of
from tests.browser.persistent import Persistent, hashes_on
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
THERE = "button:has-text('撤回答复')"


@pytest.fixture
def owed(campaign, street_day, office, police):
    """A finding of yesterday that 交通支队 owes."""
    row = found(campaign, Place.objects.get(code="S0001"), at=NOON - DAY, by=office)
    shoot(row, at=NOON - DAY, by=office, latitude=34.26, longitude=108.95)
    issue_all(campaign, by=office, now=NOON - dt.timedelta(hours=5))
    row.refresh_from_db()
    return row


def take(page, *seeds):
    """So many pictures, one after the other."""
    for number, seed in enumerate(seeds, 1):
        page.set_input_files("[data-shoot] input", jpeg(seed))
        until(page, "(count) => patrolStore.photos().then((rows) => rows.length >= count)", number)
    page.wait_for_selector(".answer button.main-button:visible")


def fill(page, *seeds):
    take(page, *seeds)
    page.tap(".says label:has-text('已清理归位')")
    page.tap("details.own summary")
    page.fill("#words", "已劝导商户")


def submit(page):
    page.tap("button:has-text('提交答复')")
    page.wait_for_selector("[data-kept]:not([hidden])")


def controlled(page, path):
    """The page as the phone keeps it: opened, and opened once more under its worker."""
    page.goto(path, wait_until="networkidle")
    until(page, "Boolean(navigator.serviceWorker.controller)")
    page.goto(path, wait_until="networkidle")


def arrived(row):
    row.refresh_from_db()
    assert (row.stage, ProgressReport.objects.count()) == ("recheck", 1)
    assert ProgressReport.objects.get().progress == "已清理归位 已劝导商户"
    return {photo.client_id: photo.sha256 for photo in row.photos.filter(moment="after")}


def test_filed_offline_killed_and_sent_over_a_flaky_line(chromium, live_server, tmp_path, liaison, owed):
    proxy = FlakyProxy(live_server.url, seed=20190925)
    phone, path = Persistent(chromium, tmp_path / "phone", proxy.url, liaison), f"/orders/{owed.code}"
    try:
        page = phone.start(offline=False)
        controlled(page, path)
        phone.context.set_offline(True)
        page.goto(path)
        fill(page, 11, 12)
        submit(page)
        page.wait_for_selector("[data-sync-text]:has-text('没有信号。已存 1 条、2 张照片')")
        before = hashes_on(page)
        phone.kill()
        assert not Photo.objects.filter(moment="after").exists()

        page = phone.start(offline=True)
        page.goto(path)
        page.wait_for_selector("[data-kept-title]:has-text('答复已存在手机里')")
        assert "已清理归位 已劝导商户" in page.inner_text("[data-kept-words]")
        assert (page.locator("form[data-answer]").is_visible(), page.locator(".kept .rc").count()) == (False, 2)
        proxy.share = 0.3
        proxy.counts.clear()
        phone.context.set_offline(False)
        page.wait_for_selector(f"{THERE}, [data-kept-title]:has-text('答复已收到')", timeout=180_000)
    finally:
        proxy.close()
        phone.close()
    print(f"\nflaky line: {proxy.counts['cut']} of {proxy.counts['all']} requests cut")
    assert arrived(owed) == before
    stored = Photo.objects.filter(moment="after").select_related("attachment")
    assert {photo.client_id: original_hash(photo) for photo in stored} == before


def original_hash(photo):
    with read(photo.attachment.file) as file:
        return hashlib.sha256(file.read()).hexdigest()


def test_with_a_signal_it_is_there_at_once(visit, liaison, owed):
    visitor = visit(liaison, PHONE)
    page = visitor.go(f"/orders/{owed.code}")
    visitor.shot("answer-new")
    fill(page, 13)
    visitor.shot("answer-shot")
    assert visitor.violations() == []
    assert page.evaluate(SMALL_TARGETS) == []
    submit(page)
    page.wait_for_selector(THERE)
    assert len(arrived(owed)) == 1
    page = visitor.go("/orders/mine")
    visitor.shot("answers-mine")
    assert visitor.violations() == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.locator("[data-list] .rc.ok").count() == 1


def test_one_of_two_pictures_is_taken_out_again(visit, liaison, owed):
    page = visit(liaison, PHONE).go(f"/orders/{owed.code}")
    take(page, 14, 15)
    page.tap("[data-pics] .pic button")
    page.wait_for_selector("[data-shot-words]:has-text('刚刚')")
    assert page.evaluate("patrolStore.photos().then((rows) => rows.length)") == 1


def test_the_office_was_quicker(visit, liaison, owed, police):
    """Nothing is overwritten: what was written is shown with the reason, and thrown away only by its writer."""
    visitor = visit(liaison, PHONE)
    page = visitor.go(f"/orders/{owed.code}")
    fill(page, 16, 17)
    visitor.context.set_offline(True)
    submit(page)
    shoot(owed, moment="after", by=liaison, seed=90)
    answering.answer(owed, answering.Said(token="desk-1", version=1), by=liaison, unit=police, now=NOON)
    visitor.context.set_offline(False)
    page.wait_for_selector("[data-kept-title]:has-text('上次的答复没有收下')")
    assert "已经答复过，正等复查" in page.inner_text("[data-kept-why]")
    assert "已劝导商户" in page.inner_text("[data-kept-words]")
    assert page.locator("[data-kept] .rc.ok").count() == 2
    visitor.go(f"/orders/{owed.code}")
    page.tap("[data-kept-drop]")
    page.wait_for_selector("[data-kept]", state="hidden")
    visitor.faults.clear()


def test_sent_back_meanwhile_it_is_put_right_and_sent_anew(visit, liaison, owed):
    visitor = visit(liaison, PHONE)
    page = visitor.go(f"/orders/{owed.code}")
    fill(page, 18)
    visitor.context.set_offline(True)
    submit(page)
    milestone = answering.milestone_of(owed)
    type(milestone).objects.update(version=milestone.version + 2, is_returned=True)
    visitor.context.set_offline(False)
    page.wait_for_selector("[data-kept-why]:has-text('别人先更新了这一项')")
    visitor.go(f"/orders/{owed.code}")
    page.tap("[data-kept-again]")
    page.wait_for_selector("form[data-answer]:visible")
    assert page.input_value("#words") == "已清理归位 已劝导商户"
    submit(page)
    page.wait_for_selector(THERE)
    assert len(arrived(owed)) == 1
    visitor.faults.clear()


def test_a_page_that_dies_finds_its_draft(visit, liaison, owed):
    visitor = visit(liaison, PHONE)
    page = visitor.go(f"/orders/{owed.code}")
    fill(page, 19)
    page.evaluate("document.activeElement.blur()")
    until(page, "code => patrolStore.draft(`answer:${code}`).then((kept) => kept.value.text)", owed.code)
    visitor.go(f"/orders/{owed.code}")
    page.wait_for_selector("[data-shot]:visible")
    assert page.input_value("#words") == "已劝导商户"


def test_orders_of_the_list_open_without_a_signal(visit, liaison, owed):
    visitor = visit(liaison, PHONE)
    page = visitor.page
    controlled(page, "/my?show=orders")
    until(
        page,
        "code => caches.open('patrol-pages').then((cache) => cache.match(`/orders/${code}`, { ignoreVary: true })).then(Boolean)",
        owed.code,
    )
    visitor.context.set_offline(True)
    page.goto(f"/orders/{owed.code}")
    assert owed.text in page.inner_text("main")
    visitor.faults.clear()


def test_on_plain_http_an_answer_still_goes(chromium, live_server, liaison, owed, settings):
    settings.ALLOWED_HOSTS = ["*"]
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        args=[*QUIET, "--host-resolver-rules=MAP street.test 127.0.0.1"],
    )
    url = f"http://street.test:{live_server.url.rsplit(':', 1)[1]}"
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, base_url=url)
    context.add_cookies([session_of(liaison, url)])
    page = context.new_page()
    page.goto(f"/orders/{owed.code}", wait_until="networkidle")
    assert "没有信号时打不开网页" in page.inner_text("[data-plain-http]")
    fill(page, 20)
    submit(page)
    page.wait_for_selector(THERE)
    assert len(arrived(owed)) == 1
    browser.close()


@pytest.mark.parametrize("size", [PHONE, (360, 740)])
def test_the_page_is_light_and_fits(visit, liaison, owed, size):
    visitor = visit(liaison, size)
    page = visitor.go(f"/orders/{owed.code}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    files = {url: answer for url, answer in visitor.answers.items() if answer.request.resource_type != "fetch"}
    visitor.answers = {url: answer for url, answer in files.items() if "worker.js" not in url}
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") < 10_000
