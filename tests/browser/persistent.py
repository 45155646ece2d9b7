"""A phone that is killed and comes back with what it kept."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error

from tests.browser.conftest import PHONE, QUIET
from tests.browser.patrol_day import session_of


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
