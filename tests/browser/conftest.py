"""A real Chromium before the live server. Whatever a page asks of another host is refused and fails the test."""

import gzip
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests import log_guard
from tests.browser.patrol_day import phone, street_day
from tests.plugins_servers import unavailable

__all__ = ["phone", "street_day"]

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's own loop runs in this thread; Django's does not
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SHOTS = Path(__file__).parent / "shots"
DESK, LAPTOP, PHONE = (1440, 900), (1366, 768), (390, 844)
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-sandbox"]


#: Links inside a sentence are exempt (WCAG 2.5.8), as is what is hidden or only for screen readers.
SMALL_BOXES = """least => [...document.querySelectorAll('a[href],button,summary,input:not([type=hidden]),select,textarea')]
  .filter(e => e.offsetParent && !e.closest('p,dialog,.sr,.skip') && !e.classList.contains('skip'))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < least - 0.5 || box.width < Math.min(least, 24) - 0.5))
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
#: A box inside a label is as large as its label.
SMALL = SMALL_BOXES.replace("e.getBoundingClientRect()", "(e.closest('label') || e).getBoundingClientRect()")


@pytest.fixture
def transactional_db(transactional_db):
    """Emptying the tables after a walk is no deed of the product: what keeps the log steps aside, and is laid again."""
    log_guard.relay()
    yield
    log_guard.lift()


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM.exists():
        unavailable(f"{CHROMIUM} is not installed: apt install chromium (or set CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """One person at one screen. `go` opens a page of the product; `page` is Playwright's own."""

    def __init__(self, browser, live_server, user, size):
        self.home = live_server.url
        self.asked_outside, self.faults, self.answers = [], [], {}
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size == PHONE,
            base_url=self.home,
        )
        if user is not None:
            self.log_in(user)
        self.context.route("**/*", self.guard)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        self.page.on("response", self.note)

    def log_in(self, user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.home}])

    def guard(self, route):
        url = route.request.url
        if url.startswith((self.home + "/", "data:", "blob:", "about:")):
            route.continue_()
        else:
            self.asked_outside.append(url)
            route.abort()

    def note(self, response):
        self.answers[response.url] = response

    def go(self, path):
        answer = self.page.goto(path, wait_until="networkidle")
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page

    def violations(self):
        """axe-core, WCAG 2.2 A and AA: one line for each thing it found."""
        self.page.wait_for_load_state()
        options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
        found = Axe().run(self.page, options=options).response["violations"]
        return [f"{fault['id']}: {fault['help']} {[node['target'] for node in fault['nodes'][:3]]}" for fault in found]

    def gzipped_kilobytes(self):
        """What the pages opened so far weigh over the wire, pictures apart."""
        texts = [a for a in self.answers.values() if a.ok and "image/" not in a.headers.get("content-type", "image/")]
        return sum(len(gzip.compress(answer.body())) for answer in texts) / 1024

    def shot(self, name):
        SHOTS.mkdir(exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=SHOTS / f"{name}-{width}.png")

    def close(self):
        self.context.close()
        hosts = sorted({urlsplit(url).netloc for url in self.asked_outside})
        assert not hosts, f"requests left the host: {hosts}"
        assert not self.faults, f"the page complained: {self.faults}"


@pytest.fixture
def visit(chromium, live_server):
    """visit(user, size=DESK) -> Visitor; None for a person who is not logged in."""
    visitors = []

    def visit(user=None, size=DESK):
        visitors.append(Visitor(chromium, live_server, user, size))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.close()


def until(page, script, arg=None):
    """Asks again until what the script promises is true; wait_for_function takes the promise itself for it."""
    for _ in range(300):
        if page.evaluate(script, arg):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


def faults_of(visit, user, size, paths, *, most_kilobytes=60):
    """What is wrong with the pages at this size: not accessible, heavy, wider than the screen, too small to press."""
    wrong = []
    for path in paths:
        visitor = visit(user, size)
        page = visitor.go(path)
        wrong += [f"{path}: {fault}" for fault in visitor.violations()]
        if visitor.gzipped_kilobytes() > most_kilobytes:
            wrong.append(f"{path}: {visitor.gzipped_kilobytes():.0f} KB")
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            wrong.append(f"{path}: wider than the screen")
        wrong += [f"{path}: too small to press: {one}" for one in page.evaluate(SMALL, 44 if size == PHONE else 24)]
    return wrong
