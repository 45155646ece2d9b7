"""The inspector in the street: three taps and a camera, one tap for what is fine, three for a re-check."""

import datetime as dt
import os
import time

import pytest

from campaign.attachments import Upload
from inspections import answering
from inspections.models import Answer, Finding, Place, Visit
from inspections.photos import Shot
from tests.browser.conftest import PHONE, QUIET
from tests.browser.patrol_day import ITEMS, SMALL_TARGETS, jpeg, received, session_of
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_finding_in_three_taps_and_a_camera(phone):
    page, began, taps = phone.page, time.monotonic(), 0
    with page.expect_file_chooser() as camera:
        page.tap(".shutter .ring")
        taps += 1
    camera.value.set_files(jpeg(1))
    page.wait_for_selector("[data-shot]:not([hidden])")
    page.tap(".tile:has-text('占道经营')")
    taps += 1
    phone.shot("patrol-shot")
    page.tap("[data-file]")
    taps += 1
    received(page)
    assert taps == 3
    assert time.monotonic() - began < 20
    finding = Finding.objects.get()
    assert (finding.place.name, finding.item.text, finding.unit.name) == ("金桥市场", ITEMS[0]["text"], "区交通支队")
    photo = finding.photos.select_related("attachment").get()
    assert (photo.attachment.width, photo.attachment.size < 400_000) == (1600, True)
    assert (round(photo.latitude, 2), round(photo.longitude, 2)) == (34.26, 108.95)
    assert page.locator("[data-shot]").is_hidden(), "ready for the next"


def test_fine_is_one_tap(phone):
    phone.page.tap("[data-fine]")
    received(phone.page)
    assert Visit.objects.get().is_fine


def test_what_lacks_is_said(phone):
    page = phone.page
    assert page.locator("[data-file]").is_disabled()
    page.set_input_files(".shutter .ring input", jpeg(1))
    page.tap("[data-file]:not([disabled])")
    page.wait_for_selector(".toast:has-text('请点一个问题类别')")
    assert not Visit.objects.exists()


def test_a_bad_shot_is_dropped(phone):
    page = phone.page
    page.set_input_files(".shutter .ring input", jpeg(1))
    page.wait_for_selector("[data-count]:has-text('1 张')")
    page.tap("[data-drop]")
    page.wait_for_selector("[data-shot]", state="hidden")
    assert page.evaluate("async () => (await patrolStore.photos()).length") == 0


def test_a_place_is_found_by_its_initials(phone):
    page = phone.page
    page.tap("[data-places]")
    page.fill("[data-find]", "zlsc")
    page.tap("[data-place-list] button:has-text('钟楼市场')")
    page.tap("[data-fine]")
    received(page)
    assert Visit.objects.get().place.name == "钟楼市场"


def test_the_nearest_place_is_guessed(visit, inspector, street_day):
    visitor = visit(inspector, PHONE)
    visitor.context.grant_permissions(["geolocation"])
    visitor.context.set_geolocation({"latitude": 34.2801, "longitude": 108.95})
    page = visitor.go("/patrol")
    page.wait_for_selector("[data-place-name]:has-text('钟楼市场')")
    page.wait_for_selector("[data-distance]:has-text('11 m')")


def test_the_checklist_opens_the_camera_in_the_row(phone):
    page = phone.go("/patrol/new?site=S0001")
    page.tap("li:nth-child(2) .y")
    with page.expect_file_chooser() as camera:
        page.tap("li:nth-child(1) .n")
    camera.value.set_files(jpeg(3))
    page.wait_for_selector("li:nth-child(1) .pics img")
    assert page.inner_text(".progress p") == "2/4 项已查，1 项不合格"
    phone.shot("patrol-checklist")
    with page.expect_navigation():
        page.tap("[data-file]")
    received(page)
    assert dict(Answer.objects.values_list("item__text", "verdict")) == {
        ITEMS[0]["text"]: "fail",
        ITEMS[1]["text"]: "pass",
    }
    assert Finding.objects.get().photos.count() == 1


@pytest.fixture
def answered(campaign, street_day, office, liaison, police):
    """A finding of yesterday that 交通支队 says is mended."""
    row = found(campaign, Place.objects.get(code="S0001"), at=NOON - dt.timedelta(days=1), by=office)
    shoot(row, at=NOON - dt.timedelta(days=1), by=office)
    issue_all(campaign, by=office, now=NOON - dt.timedelta(hours=5))
    row.refresh_from_db()
    after = Shot(client_id="after", upload=Upload("after.jpg", jpeg(8)["buffer"]), moment="after", taken_at=NOON)
    said = answering.Said(token="answer-1", version=answering.milestone_of(row).version, shots=[after])
    answering.answer(row, said, by=liaison, unit=police, now=NOON - dt.timedelta(hours=2))
    return row


def test_a_recheck_in_three_taps(phone, answered):
    page, taps = phone.go("/patrol/rechecks"), 0
    with page.expect_navigation():
        page.tap(".stops a")
        taps += 1
    page.wait_for_load_state("networkidle")
    phone.shot("patrol-recheck")
    assert phone.violations() == []
    with page.expect_file_chooser() as camera:
        page.tap(".shutter .ring")
        taps += 1
    camera.value.set_files(jpeg(9))
    page.wait_for_selector("[data-shot]:not([hidden])")
    with page.expect_navigation():
        page.tap("button[value=mended]")
        taps += 1
    received(page)
    answered.refresh_from_db()
    assert (taps, answered.stage) == (3, "closed")
    assert answered.photos.filter(moment="context").count() == 1


def test_on_plain_http_it_says_so_and_still_files(chromium, live_server, inspector, street_day, settings):
    settings.ALLOWED_HOSTS = ["*"]
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        args=[*QUIET, "--host-resolver-rules=MAP street.test 127.0.0.1"],
    )
    url = f"http://street.test:{live_server.url.rsplit(':', 1)[1]}"
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, base_url=url)
    context.add_cookies([session_of(inspector, url)])
    page = context.new_page()
    page.goto("/patrol", wait_until="networkidle")
    assert page.evaluate("[isSecureContext, 'serviceWorker' in navigator, 'subtle' in crypto]") == [False] * 3
    assert "不能在网页里取景、不能定位，没有信号时打不开" in page.inner_text("[data-plain-http]")
    page.set_input_files(".shutter .ring input", jpeg(5))
    page.wait_for_selector("[data-shot]:not([hidden])")
    page.tap(".tile:has-text('小广告')")
    page.tap("[data-file]")
    received(page)
    assert Finding.objects.get().photos.count() == 1
    browser.close()


def test_a_checklist_half_done_is_found_again(phone):
    page = phone.go("/patrol/new?site=S0001")
    page.tap("li:nth-child(2) .y")
    page.set_input_files("li:nth-child(3) [data-pick]", jpeg(4))
    page.wait_for_selector("li:nth-child(3) .pics img", state="attached")
    phone.go("/patrol/new?site=S0001")
    page.wait_for_selector("li:nth-child(3) .pics img", state="attached")
    assert page.inner_text("[data-done]") == "1"


@pytest.mark.parametrize(
    "path", ["/patrol", "/patrol/new?site=S0001", "/patrol/records", "/patrol/route", "/patrol/places"]
)
def test_pages_are_accessible_light_and_made_for_thumbs(visit, inspector, street_day, path):
    visitor = visit(inspector, PHONE)
    page = visitor.go(path)
    visitor.shot("patrol" + path.split("?")[0].replace("/", "-"))
    assert visitor.violations() == []
    for url in [url for url, answer in visitor.answers.items() if is_carried_along(answer)]:
        del visitor.answers[url]
    assert visitor.gzipped_kilobytes() <= 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    assert page.evaluate(SMALL_TARGETS) == []


def is_carried_along(answer):
    """Fetched behind the page for a day without a signal: other pages, by script."""
    return answer.request.resource_type == "fetch" and not answer.url.endswith("/patrol/pack")


def test_on_a_short_phone_the_button_stands_above_the_tabs(visit, inspector, street_day):
    page = visit(inspector, (360, 740)).go("/patrol")
    button, tabs = page.locator("[data-file]").bounding_box(), page.locator(".phone-tabs").bounding_box()
    assert button["y"] + button["height"] <= tabs["y"]
