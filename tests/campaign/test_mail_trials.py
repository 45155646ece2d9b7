"""The outbox against real servers, with senders killed and brokers stopped (R1, R3, R6 of the reliability table).

In CI the full numbers (1,000 mails, 20 kills); elsewhere a fifth of them.
"""

import os
import time
from collections import Counter

import pytest

from tests.campaign.mail_house import LEASE, House, kill, killed_outbox
from tests.servers import wait_until

pytestmark = pytest.mark.trial
SCALE = 1 if os.environ.get("CI") == "true" else 5
MAILS, KILLS = 1000 // SCALE, 20 // SCALE


def test_killed_senders_lose_nothing_and_double_at_most_one_a_kill(smtp, tmp_path):
    outcome = killed_outbox(tmp_path, smtp, mails=MAILS, kills=KILLS, on_lapse="resend")
    assert outcome.states == {"sent": MAILS}
    assert set(outcome.copies) == {f"m-{number}" for number in range(MAILS)}
    assert outcome.doubles <= KILLS
    assert outcome.has_stable_ids
    assert outcome.settle_seconds <= LEASE + 60


def test_held_mails_are_never_doubled_and_at_most_one_a_kill_waits(smtp, tmp_path):
    outcome = killed_outbox(tmp_path, smtp, mails=MAILS, kills=KILLS, on_lapse="hold")
    assert outcome.doubles == 0
    assert outcome.states["unknown"] <= KILLS
    assert outcome.states["sent"] + outcome.states["unknown"] == MAILS


def test_three_deliveries_of_every_message_send_each_mail_once(smtp, tmp_path):
    house = House(tmp_path, **smtp.environment())
    house.write(MAILS, "m")
    senders = [house.process("send") for _ in range(3)]
    wait_until(lambda: house.states() == {"sent": MAILS}, "outbox", seconds=120)
    for sender in senders:
        kill(sender)
    assert sorted(Counter(line["subject"] for line in smtp.received()).values()) == [1] * MAILS
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
    assert sorted(Counter(line["subject"] for line in smtp.received()).values()) == [1] * 4 * part
