"""`make demo` from a clean clone: how long until it answers, the first time and the second, and what the second changes."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

from tests.servers import ROOT, answers, free_port, wait_until

#: What running at all leaves behind: logins, and the day's work done by the clock.
MOVING = ("django_session", "axes_", "campaign_periodicrun", "campaign_devicesession")


@contextmanager
def demo(clone, port):
    """`make demo` until it answers; gives the seconds that took."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"CCGZT_DATA", "BROKER_URL", "DATABASE_URL"}
    }
    words = ["make", "--no-print-directory", "demo", f"PORT={port}"]
    with (clone / "demo.log").open("ab") as log:
        began = time.monotonic()
        process = subprocess.Popen(words, cwd=clone, env=kept, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until(lambda: process.poll() is not None or answers(port), "make demo", seconds=600)
            assert process.poll() is None, (clone / "demo.log").read_text()[-3000:]
            yield time.monotonic() - began
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def content(clone):
    """A sum over every row that is not on the move."""
    with closing(sqlite3.connect(clone / "data" / "ccgzt.sqlite3")) as database:
        lines = [line for line in database.iterdump() if not any(f'"{name}' in line[:60] for name in MOVING)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def run(report):
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        with demo(clone, free_port()) as seconds:
            report("demo_first", seconds, "s")
        before = content(clone)
        with demo(clone, free_port()) as seconds:
            report("demo_second", seconds, "s")
        report("demo_second_changes", 0 if content(clone) == before else 1, "databases")
