"""A house with its own data folder whose parts are processes, to be killed: for the trials and for the bench."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ROOT, wait_until

LEASE = 5


class House:
    def __init__(self, folder, **environment):
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "CCGZT_DATA": str(folder), "PYTHONUTF8": "1"}
        self.folder, self.environment = Path(folder), kept | own | environment
        self.start("manage.py", "migrate", "--verbosity", "0").communicate(timeout=300)

    def start(self, *words):
        log = (self.folder / "log").open("ab")
        options = {"cwd": ROOT, "env": self.environment, "start_new_session": True}
        return subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, stderr=log, **options)

    def process(self, *words):
        return self.start("-m", "tests.campaign.mail_process", *words)

    def write(self, number, prefix):
        return json.loads(self.process("write", str(number), prefix).communicate(timeout=300)[0])

    def rows(self):
        return json.loads(self.process("count").communicate(timeout=300)[0])

    def states(self):
        return Counter(row["state"] for row in self.rows().values())

    def log(self):
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    @contextlib.contextmanager
    def worker_and_beat(self):
        celery = ["-m", "celery", "-A", "campaign"]
        parts = [
            self.start(*celery, "worker", "--pool=threads", "--concurrency=2", "--loglevel=warning"),
            self.start(*celery, "beat", f"--schedule={self.folder}/beat", "--pidfile=", "--loglevel=warning"),
        ]
        try:
            yield
        finally:
            for process in parts:
                kill(process)


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def kill_senders(house, smtp, *, kills, chance):
    """Senders one after the other, each killed at a random moment while it sends."""
    for _ in range(kills):
        sender, before = house.process("send"), len(smtp.received())
        wait_until(lambda before=before: len(smtp.received()) > before, "sender", seconds=90)
        time.sleep(chance.uniform(0.0, 0.6))
        kill(sender)


def settle(house):
    """The last sender lives; gives the seconds until nothing is queued or in flight."""
    sender, began = house.process("send"), time.monotonic()
    try:
        wait_until(lambda: not {"queued", "sending"} & set(house.states()), "outbox", seconds=LEASE + 60)
    finally:
        kill(sender)
    return time.monotonic() - began


@dataclass(frozen=True)
class Outcome:
    """What became of mails whose senders were killed. `copies`: subject -> how often the server took it."""

    states: Counter
    copies: Counter
    has_stable_ids: bool
    settle_seconds: float

    @property
    def doubles(self):
        return sum(number - 1 for number in self.copies.values())


def killed_outbox(folder, smtp, *, mails, kills, on_lapse):
    """The trial itself: so many mails, so many SIGKILLs at random moments, then peace."""
    smtp.faults(delay=0.004)  # a mail takes long enough to be killed in the middle of
    house = House(folder, MAIL_LEASE_SECONDS=str(LEASE), MAIL_ON_LAPSE=on_lapse, **smtp.environment())
    house.write(mails, "m")
    kill_senders(house, smtp, kills=kills, chance=random.Random(20190924))
    seconds, received, rows = settle(house), smtp.received(), house.rows()
    return Outcome(
        states=Counter(row["state"] for row in rows.values()),
        copies=Counter(line["subject"] for line in received),
        has_stable_ids=all(line["id"] == rows[line["subject"]]["id"] for line in received),
        settle_seconds=seconds,
    )
