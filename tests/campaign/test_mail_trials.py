"""The outbox against real servers, with senders killed and brokers stopped (R1, R3, R6 of the reliability table).

In CI the full numbers (1,000 mails, 20 kills); elsewhere a fifth of them.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.servers import ROOT, wait_until

pytestmark = pytest.mark.trial
SCALE = 1 if os.environ.get("CI") == "true" else 5
MAILS, KILLS, LEASE = 1000 // SCALE, 20 // SCALE, 5


class House:
    """The product with a data folder of its own, its parts as processes."""

    def __init__(self, folder, **environment):
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "CCGZT_DATA": str(folder), "PYTHONUTF8": "1"}
        self.folder, self.environment = folder, kept | own | environment
        self.run("manage.py", "migrate", "--verbosity", "0")

    def run(self, *words):
        return self.start(*words).communicate(timeout=300)[0]

    def start(self, *words):
        log = (self.folder / "log").open("ab")
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )

    def process(self, *words):
        return self.start("-m", "tests.campaign.mail_process", *words)

    def write(self, number, prefix):
        return json.loads(self.process("write", str(number), prefix).communicate(timeout=300)[0])

    def rows(self):
        return json.loads(self.process("count").communicate(timeout=60)[0])

    def states(self):
        return Counter(row["state"] for row in self.rows().values())

    def log(self):
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    @contextlib.contextmanager
    def worker_and_beat(self):
        celery = [Path(sys.executable).parent / "celery", "-A", "campaign"]
        parts = [
            [*celery, "worker", "--pool=threads", "--concurrency=2", "--loglevel=warning"],
            [*celery, "beat", f"--schedule={self.folder}/beat", "--pidfile=", "--loglevel=warning"],
        ]
        log = (self.folder / "log").open("ab")
        options = {"cwd": ROOT, "env": self.environment, "stdout": log, "stderr": log, "start_new_session": True}
        started = [subprocess.Popen(words, **options) for words in parts]
        try:
            yield
        finally:
            for process in started:
                kill(process)


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def kill_senders(house, smtp, chance):
    """KILLS senders one after the other, each at a random moment while it sends."""
    for _ in range(KILLS):
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


@pytest.fixture
def killed(smtp, tmp_path, request):
    """An outbox whose senders were killed again and again, then left to settle; by the lapse mode."""
    smtp.faults(delay=0.004)  # a mail takes long enough to be killed in the middle of
    house = House(tmp_path, MAIL_LEASE_SECONDS=str(LEASE), MAIL_ON_LAPSE=request.param, **smtp.environment())
    house.write(MAILS, "m")
    kill_senders(house, smtp, random.Random(20190924))
    return house, settle(house), smtp.received()


def doubled(received):
    return {subject: n for subject, n in Counter(line["subject"] for line in received).items() if n > 1}


@pytest.mark.parametrize("killed", ["resend"], indirect=True)
def test_killed_senders_lose_nothing_and_double_at_most_one_a_kill(killed):
    house, seconds, received = killed
    assert house.states() == {"sent": MAILS}
    assert {line["subject"] for line in received} == {f"m-{number}" for number in range(MAILS)}
    assert sum(doubled(received).values()) - len(doubled(received)) <= KILLS
    assert {line["id"] for line in received} == {row["id"] for row in house.rows().values()}
    assert seconds <= LEASE + 60


@pytest.mark.parametrize("killed", ["hold"], indirect=True)
def test_held_mails_are_never_doubled_and_at_most_one_a_kill_waits(killed):
    house, _, received = killed
    states = house.states()
    assert doubled(received) == {}
    assert states["unknown"] <= KILLS
    assert states["sent"] + states["unknown"] == MAILS


def test_three_deliveries_of_every_message_send_each_mail_once(smtp, tmp_path):
    house = House(tmp_path, **smtp.environment())
    house.write(MAILS, "m")
    senders = [house.process("send") for _ in range(3)]
    wait_until(lambda: house.states() == {"sent": MAILS}, "outbox", seconds=120)
    for sender in senders:
        kill(sender)
    assert doubled(smtp.received()) == {}
    assert len(smtp.received()) == MAILS
    assert {row["attempts"] for row in house.rows().values()} == {1}


def test_a_stopped_and_emptied_broker_loses_nothing(redis, smtp, tmp_path):
    house = House(tmp_path, **redis.environment(), **smtp.environment())
    part = 500 // SCALE // 4
    with house.worker_and_beat():
        house.write(part, "before")
        redis.stop()
        assert house.write(part, "down")["slowest"] < 5, house.log()
        time.sleep(60 / SCALE)
        redis.start()
        house.write(part, "back")
        redis.say("FLUSHALL")
        house.write(part, "emptied")
        wait_until(lambda: house.states() == {"sent": 4 * part}, f"backlog\n{house.log()}", seconds=120)
    assert doubled(smtp.received()) == {}
