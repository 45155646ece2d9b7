"""`make demo` from a clean clone: how long until it answers, the first time and the second, and what the second changes."""

import contextlib
import hashlib
import os
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

from tests.servers import ROOT, free_port, wait_until

#: Variables of the bench that the clone must not see.
OURS = {"CCGZT_DATA", "BROKER_URL", "DATABASE_URL"}


def is_up(port):
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=10).status == 200
    return False


def running_in(clone):
    """Processes of the demo that still live: workers finish what they are at."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            found += [place.parent.name] if place.readlink() == clone.resolve() else []
    return found


@contextmanager
def demo(clone, port):
    """`make demo` until it answers; gives the seconds that took."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    words = ["make", "--no-print-directory", "demo", f"PORT={port}"]
    with (clone / "demo.log").open("ab") as log:
        began = time.monotonic()
        process = subprocess.Popen(words, cwd=clone, env=kept, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until(lambda: process.poll() is not None or is_up(port), "make demo", seconds=600)
            assert process.poll() is None, (clone / "demo.log").read_text()[-3000:]
            yield time.monotonic() - began
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
            wait_until(lambda: not running_in(clone), "the end of the demo", seconds=60)


def content(clone):
    """A sum over every row; the query planner's own figures are not data."""
    with closing(sqlite3.connect(clone / "data" / "ccgzt.sqlite3")) as database:
        lines = [line for line in database.iterdump() if "sqlite_stat1" not in line]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def changes(clone):
    """1 when loading the demo again changed anything, else 0. Nothing else runs meanwhile."""
    before = content(clone)
    words = [".venv/bin/python", "manage.py", "prepare", "--demo"]
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    subprocess.run(words, cwd=clone, env=kept, check=True, capture_output=True)
    return int(content(clone) != before)


def run(report):
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        with demo(clone, free_port()) as seconds:
            report("demo_first", seconds, "s")
        report("demo_second_changes", changes(clone), "databases")
        with demo(clone, free_port()) as seconds:
            report("demo_second", seconds, "s")
