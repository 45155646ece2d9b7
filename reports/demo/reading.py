"""The district head's speech, read in the week after it was held: tied to the plan, its differences half settled."""

import datetime as dt
from itertools import islice

from campaign.attachments import Upload
from campaign.models import Campaign, User
from reports.demo import story
from reports.demo.stage import PLAN
from tasks.models import SourceDocument
from tasks.reading import committing, deciding, taking
from tasks.reconciling import settling
from tasks.reconciling.comparing import reconcile

SPEECH = PLAN.with_name("speech_2019.txt")
HELD_ON = dt.date(2019, 4, 12)


def read_speech(campaign: Campaign) -> SourceDocument:
    """What stands in the plan is tied to it; what the office has still to look at is left for the visitor."""
    office = User.objects.get(username="chenjing")
    at = dt.datetime.combine(dt.date(2019, 4, 15), dt.time(9, 30), campaign.zone)
    arrival = taking.Arrival(
        kind="speech", upload=Upload("全区创城工作部署会讲话.txt", SPEECH.read_bytes()), issued_on=HELD_ON
    )
    document = taking.take_document(campaign, arrival, by=office, now=at)
    for draft in document.drafts.filter(has_doubt=False).exclude(task=None).order_by("number"):
        draft.document = document
        deciding.accept(draft, by=office, now=at + dt.timedelta(minutes=20))
    committing.commit(document, by=office, now=at + dt.timedelta(minutes=40))
    return document


def settle_some(document: SourceDocument) -> None:
    """The day before the demo's day: the ledger stays in two points; for one more the speech was chosen, not yet written."""
    office = User.objects.get(username="chenjing")
    now = dt.datetime.combine(story.TODAY - dt.timedelta(days=1), dt.time(16, 30), document.campaign.zone)
    for one in islice(_differing(document), 2):
        settling.choose(document, one.key, "ledger", by=office, now=now)
    settling.settle(document, by=office, now=now)
    for one in islice((found for found in _differing(document) if not found.is_settled), 1):
        settling.choose(document, one.key, "document", by=office, now=now)


def _differing(document: SourceDocument) -> list[settling.Difference]:
    return [one for one in reconcile(document).differences if one.field != "missing"]
