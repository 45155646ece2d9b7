"""The inspector in the street: three taps and a camera, one tap for what is fine, and a line that breaks."""

import datetime as dt
import hashlib
import io
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from PIL import ExifTags, Image
from playwright.sync_api import Error

from campaign.attachments import Upload, read
from inspections import answering
from inspections.checklists import write_checklist
from inspections.models import Answer, Finding, Photo, Place, PlaceType, Round, RoundMember, RoundPlace, Visit
from inspections.photos import Shot
from tests.browser.conftest import PHONE, QUIET
from tests.browser.flaky_proxy import FlakyProxy
from tests.conftest import NOON, TODAY
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS = [
    {
        "text": "摊位不出线，通道不堆物",
        "tile": "占道经营",
        "severity": "major",
        "norm": "占道为0",
        "how": "走一遍主通道",
    },
    {"text": "地面无垃圾、积水、菜叶", "tile": "环境脏乱"},
    {"text": "垃圾桶不满溢，分类标识清楚", "tile": "环境脏乱"},
    {"text": "消防通道、安全出口畅通", "tile": "其他", "severity": "urgent", "is_bottom_line": True},
]


def jpeg(seed, size=(2000, 1500)):
    """As a camera makes it: large, with the time and place of capture."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2019:09:24 08:30:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps.update({1: "N", 2: (34.0, 15.0, 36.0), 3: "E", 4: (108.0, 57.0, 0.0)})
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste((seed * 37 % 256, seed * 91 % 256, 120), (100, 100, 900 + seed, 900))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif.tobytes(), quality=90)
    return {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@pytest.fixture
def street_day(campaign, police, street, inspector):
    """A market on today's round of the inspector, and a lane beside it."""
    market = PlaceType.objects.create(campaign=campaign, code="T14", name="农贸市场", order=140)
    write_checklist(market, ITEMS, source="2019 版", by=None, now=NOON, today=TODAY)
    row = Round.objects.create(
        campaign=campaign,
        code="R001",
        name="日常巡查",
        state="running",
        starts_on=TODAY,
        ends_on=TODAY,
        created_at=NOON,
    )
    RoundMember.objects.create(campaign=campaign, round=row, user=inspector)
    for number, name in enumerate(("金桥市场", "钟楼市场"), 1):
        place = Place.objects.create(
            campaign=campaign,
            code=f"S000{number}",
            name=name,
            place_type=market,
            street=street,
            owner=police,
            latitude=34.26 + number / 100,
            longitude=108.95,
            search_text=f"s000{number} {name} {'jqsc' if number == 1 else 'zlsc'}",
        )
        RoundPlace.objects.create(campaign=campaign, round=row, place=place, order=number)
    return row


@pytest.fixture
def phone(visit, inspector, street_day):
    visitor = visit(inspector, PHONE)
    visitor.go("/patrol")
    return visitor


def session_of(user, url):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def received(page, count=1):
    page.wait_for_selector(f"[data-sync-text]:has-text('{count} 条都已上传，服务器已收到')")


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
    assert "不能定位，也不能离线打开" in page.inner_text("[data-plain]")
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


#: Everything to press inside the page that is smaller than 44 x 44.
SMALL_TARGETS = """() => [...document.querySelectorAll("main a, main button, main label, main summary, .phone-bar a, .phone-bar button, .phone-tabs a")]
  .filter((it) => it.offsetParent && !it.closest("[hidden],.field"))
  .map((it) => [it.textContent.trim().slice(0, 12), it.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 43.9 || box.height < 43.9))
  .map(([text, box]) => `${text} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


# ---------- a line that breaks, a page that dies


class Persistent:
    """A phone with its own storage: it can be killed and comes back with what it kept."""

    def __init__(self, chromium, folder, url, user):
        self.chromium, self.folder, self.url, self.user = chromium, folder, url, user
        self.context = None

    def start(self, *, offline):
        self.context = self.chromium.browser_type.launch_persistent_context(
            str(self.folder),
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=QUIET,
            viewport={"width": PHONE[0], "height": PHONE[1]},
            has_touch=True,
            base_url=self.url,
            offline=offline,
        )
        self.context.add_cookies([session_of(self.user, self.url)])
        return self.context.pages[0]

    def kill(self):
        """As a phone does with a page it has no memory for: no warning, nothing is closed."""
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"--user-data-dir={self.folder}".encode() in words:
                with suppress(ProcessLookupError):  # a child that fell with its parent
                    os.kill(int(entry.name), signal.SIGKILL)
        self.close()

    def close(self):
        with suppress(Error):  # of a killed browser nothing is left to close
            self.context.close()


def hashes_on(page):
    return page.evaluate(
        "async () => Object.fromEntries((await patrolStore.photos()).map((photo) => [photo.id, photo.sha256]))"
    )


def test_three_findings_six_photos_offline_killed_and_a_flaky_line(
    chromium, live_server, tmp_path, inspector, street_day
):
    proxy = FlakyProxy(live_server.url, seed=20190924)
    phone = Persistent(chromium, tmp_path / "phone", proxy.url, inspector)
    try:
        page = phone.start(offline=False)
        page.goto("/patrol", wait_until="networkidle")
        page.wait_for_function("async () => (await caches.keys()).includes('patrol-pages')")
        page.goto("/patrol", wait_until="networkidle")
        phone.context.set_offline(True)
        for number, tile in enumerate(("占道经营", "乱停车", "小广告")):
            for shot in (0, 1):
                field = ".shutter .ring input" if shot == 0 else ".shutter .add input"
                page.set_input_files(field, jpeg(10 + number * 2 + shot))
                page.wait_for_selector(f"[data-count]:has-text('{shot + 1} 张')")
            page.tap(f".tile:has-text('{tile}')")
            page.tap("[data-file]")
            page.wait_for_selector(f"[data-sync-text]:has-text('已存 {number + 1} 条')")
        page.wait_for_selector("[data-sync-text]:has-text('没有信号。已存 3 条、6 张照片')")
        before = hashes_on(page)
        phone.kill()
        assert not Visit.objects.exists()

        page = phone.start(offline=True)
        page.goto("/patrol/records")
        page.wait_for_selector("[data-headline]:has-text('6 张照片都在手机里，0 张已收到，6 张等信号')")
        page.screenshot(path=tmp_path / "offline.png")
        assert hashes_on(page) == before

        proxy.share, began = 0.3, time.monotonic()
        proxy.counts.clear()
        phone.context.set_offline(False)
        page.wait_for_selector("[data-headline]:has-text('3 条、6 张照片，服务器都已收到')", timeout=180_000)
        took = time.monotonic() - began
    finally:
        proxy.close()
        phone.close()
    print(f"\nflaky line: {proxy.counts['cut']} of {proxy.counts['all']} requests cut, all there after {took:.0f} s")
    assert proxy.counts["cut"] >= 3
    assert sorted(Finding.objects.values_list("tile", flat=True)) == ["乱停车", "占道经营", "小广告"]
    assert (Visit.objects.count(), Photo.objects.count()) == (3, 6)
    kept = dict(Photo.objects.exclude(finding=None).values_list("client_id", "sha256"))
    assert kept == before
    stored = Photo.objects.select_related("attachment")
    assert {p.client_id: hashlib.sha256(read_original(p)).hexdigest() for p in stored} == before
    assert [found.photos.count() for found in Finding.objects.all()] == [2, 2, 2]


def read_original(photo):
    with read(photo.attachment.file) as file:
        return file.read()


def test_another_persons_records_stay_theirs(phone, visit, office):
    """What the inspector has not sent yet is neither shown to nor sent by the next person on this phone."""
    page = phone.page
    phone.context.set_offline(True)
    page.tap("[data-fine]")
    page.wait_for_selector("[data-sync-text]:has-text('没有信号。已存 1 条')")
    phone.log_in(office)
    phone.context.set_offline(False)
    page.wait_for_timeout(1500)
    phone.go("/patrol/records")
    assert page.locator("[data-queue]").is_hidden()
    assert not Visit.objects.exists()
    phone.faults.clear()


def test_a_logout_leaves_no_page_behind(phone):
    page = phone.page
    page.wait_for_function("async () => (await caches.keys()).includes('patrol-pages')")
    phone.context.clear_cookies()
    page.goto("/login", wait_until="networkidle")
    page.wait_for_function("async () => !(await caches.keys()).includes('patrol-pages')")
