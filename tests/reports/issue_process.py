"""What the trial of issuing runs in processes of its own, to be killed: `… issue N` weeks, `… look`."""

import datetime as dt
import hashlib
import json
import sys

import django

django.setup()

from campaign import attachments, clock  # noqa: E402
from campaign.clock import Week  # noqa: E402
from campaign.models import Campaign, OutgoingMail  # noqa: E402
from reports import briefing as deeds  # noqa: E402
from reports.models import Briefing, Distribution, Document  # noqa: E402
from tests.reports.issue_trial import READERS  # noqa: E402

FIRST = Week(dt.date(2018, 1, 1))


def issue(weeks):
    """Each week's briefing from draft to outbox, taken up where a killed process left it; a line for each."""
    campaign, _ = Campaign.objects.get_or_create(code="trial", defaults={"district": "东城区", "year": 2018})
    for number in range(READERS):
        name = f"r{number}@example.test"
        Distribution.objects.get_or_create(campaign=campaign, address=name, defaults={"name": name})
    for number in range(int(weeks)):
        week = Week(FIRST.monday + dt.timedelta(days=7 * number))
        now = clock.noon(week.sunday, campaign.zone)
        draft = deeds.draft(campaign, week, by=None, now=now)
        if draft.state == Briefing.State.DRAFT:
            draft = deeds.finalise(draft, by=None, today=week.sunday, now=now)
        deeds.issue(draft, by=None, now=now)
        print(week, flush=True)


def look():
    """What there is: (week, number, mails, whether file and re-rendering have the hash that was kept)."""
    found = []
    for document in Document.objects.select_related("pdf", "briefing").order_by("number"):
        with attachments.read(document.pdf.file) as file:
            kept = hashlib.sha256(file.read()).hexdigest()
        again = hashlib.sha256(deeds.set_again(document)).hexdigest()
        mails = OutgoingMail.objects.filter(about_id=document.pk).count()
        found.append([document.briefing.period, document.number, mails, kept == again == document.pdf.sha256])
    print(json.dumps({"issues": found, "briefings": Briefing.objects.count(), "mails": OutgoingMail.objects.count()}))


if __name__ == "__main__":
    {"issue": issue, "look": look}[sys.argv[1]](*sys.argv[2:])
