"""Issuing killed at random moments: for the trial among the tests and, in full numbers, for the bench."""

import json
import random
import time
from dataclasses import dataclass

from tests.campaign.mail_house import House, kill

READERS = 3
MODULE = "tests.reports.issue_process"


@dataclass(frozen=True)
class Outcome:
    issues: list
    briefings: int
    mails: int
    interrupted: int

    @property
    def is_whole(self):
        """Every issue has its mails, and its PDF set again is the same to the byte."""
        return all(mails == READERS and is_same for _, _, mails, is_same in self.issues)


def killed_issuing(folder, *, weeks, kills):
    """So many weeks issued by processes of which so many are killed, each at a random moment after an issue."""
    house, chance, interrupted = House(folder), random.Random(20190927), 0
    for _ in range(kills):
        process = house.start("-m", MODULE, "issue", str(weeks))
        while process.stdout.readline() and chance.random() < 0.6:
            continue
        time.sleep(chance.uniform(0, 0.4))
        interrupted += process.poll() is None
        kill(process)
    house.start("-m", MODULE, "issue", str(weeks)).communicate(timeout=600)
    found = json.loads(house.start("-m", MODULE, "look").communicate(timeout=600)[0])
    return Outcome(**found, interrupted=interrupted)
