"""A line that breaks, a page that dies, a phone that changes hands."""

import hashlib
import time
from pathlib import Path

import pytest

from campaign.attachments import read
from inspections.models import Finding, Photo, Visit
from tests.browser.conftest import until
from tests.browser.flaky_proxy import FlakyProxy
from tests.browser.patrol_day import jpeg
from tests.browser.persistent import Persistent, hashes_on

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_findings_six_photos_offline_killed_and_a_flaky_line(
    chromium, live_server, tmp_path, inspector, street_day
):
    proxy = FlakyProxy(live_server.url, seed=20190924)
    phone = Persistent(chromium, tmp_path / "phone", proxy.url, inspector)
    try:
        page = phone.start(offline=False)
        page.goto("/patrol", wait_until="networkidle")
        until(page, "caches.keys().then((names) => names.includes('patrol-pages'))")
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
    until(page, "caches.keys().then((names) => names.includes('patrol-pages'))")
    phone.context.clear_cookies()
    page.goto("/login", wait_until="networkidle")
    until(page, "caches.keys().then((names) => !names.includes('patrol-pages'))")


#: The worker's script before an answer of the net: gives which caches it emptied.
WORKER = """async ([script, path, answer]) => {
  const heard = {}, emptied = [];
  const cache = { put: async () => {}, match: async () => undefined };
  const self = { location, VERSION: "1", SHELL: [], addEventListener: (name, what) => { heard[name] = what; } };
  const caches = { open: async () => cache, delete: async (name) => emptied.push(name) };
  new Function("self", "caches", "fetch", script)(self, caches, async () => ({ clone: () => null, ...answer }));
  const request = { url: location.origin + path, method: "GET", mode: "navigate" };
  let given;
  heard.fetch({ request, respondWith: (promise) => { given = promise; } });
  await given;
  return emptied;
}"""
ELSEWHERE = {"ok": True, "status": 200, "redirected": True, "type": "basic"}
ENDINGS = [
    ("/patrol/records", {"ok": False, "status": 0, "type": "opaqueredirect"}, []),
    ("/patrol/pack", ELSEWHERE | {"url": "https://street.test/patrol"}, []),
    ("/patrol/pack", ELSEWHERE | {"url": "https://street.test/login?next=/patrol/pack"}, ["patrol-pages"]),
    ("/patrol/pack", {"ok": False, "status": 401, "type": "basic"}, ["patrol-pages"]),
    ("/login?next=/patrol", {"ok": True, "status": 200, "type": "basic"}, ["patrol-pages"]),
    ("/login", {"ok": False, "status": 0, "type": "opaqueredirect"}, []),
]


def test_only_the_way_to_the_login_empties_what_the_phone_keeps(chromium):
    page = chromium.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
    page.goto("https://street.test/")
    script = (Path(__file__).parents[2] / "static/js/patrol-worker.js").read_text()
    found = [page.evaluate(WORKER, [script, path, answer]) for path, answer, _ in ENDINGS]
    page.close()
    assert found == [emptied for _, _, emptied in ENDINGS]
