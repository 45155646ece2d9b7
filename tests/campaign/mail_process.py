"""What the trials run in processes of their own, to be killed: `python -m tests.campaign.mail_process send|write N PREFIX`."""

import json
import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402

from campaign import clock  # noqa: E402
from campaign.mail import Recipient, deliver_outbox, queue_mail  # noqa: E402
from campaign.models import Campaign, OutgoingMail  # noqa: E402


def send():
    """A worker without Celery: starts in a second, so that a trial can kill twenty of them."""
    while True:
        deliver_outbox(now=clock.now())
        time.sleep(0.1)


def write(count, prefix):
    """So many saves of users, each with its mail; prints how long the slowest took."""
    campaign, _ = Campaign.objects.get_or_create(code="trial", defaults={"district": "东城区", "year": 2019})
    slowest = 0.0
    for number in range(int(count)):
        began = time.monotonic()
        with transaction.atomic():
            campaign.save()
            to = Recipient("收件人", f"{prefix}{number}@example.test")
            key = f"{prefix}-{number}"
            queue_mail(campaign, key=key, to=to, subject=key, text="正文", now=clock.now())
        slowest = max(slowest, time.monotonic() - began)
    print(json.dumps({"slowest": slowest}))


def count():
    """State of each mail by key."""
    rows = OutgoingMail.objects.values_list("key", "state", "message_id", "attempts")
    print(
        json.dumps({key: {"state": state, "id": identity, "attempts": tries} for key, state, identity, tries in rows})
    )


if __name__ == "__main__":
    {"send": send, "write": write, "count": count}[sys.argv[1]](*sys.argv[2:])
