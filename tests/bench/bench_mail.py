"""The outbox: what a mail costs, and what 20 SIGKILLs among 1,000 mails do to it (R1)."""

import tempfile

from campaign import clock
from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.models import Campaign
from tests import servers
from tests.bench.measure import cpu_ms
from tests.campaign.mail_house import killed_outbox

MAILS, KILLS = 1000, 20


class Nowhere:
    """A transport that takes everything, so that only the outbox is measured."""

    def __enter__(self):
        return self

    def __exit__(self, *trace):
        pass

    def send(self, mail, message):
        pass


def run(report):
    campaign = Campaign.objects.create(code="bench", district="东城区", year=2019)
    to, now = Recipient("收件人", "someone@example.test"), clock.now()
    numbers = iter(range(1_000_000))
    queue = lambda: queue_mail(campaign, key=f"k{next(numbers)}", to=to, subject="题", text="文", now=now)  # noqa: E731
    report("mail_queue_cpu", cpu_ms(queue), "ms")

    def deliver_ten():
        for _ in range(10):
            queue()
        deliver_outbox(now=clock.now(), transport=Nowhere())

    report("mail_queue_and_deliver_cpu", cpu_ms(deliver_ten) / 10, "ms")
    for mode in ("resend", "hold"):
        with servers.running("smtp") as smtp, tempfile.TemporaryDirectory() as folder:
            outcome = killed_outbox(folder, smtp, mails=MAILS, kills=KILLS, on_lapse=mode)
        lost = MAILS - len(outcome.copies) - outcome.states["unknown"]
        report(f"mail_{mode}_lost", max(lost, 0), f"of_{MAILS}")
        report(f"mail_{mode}_doubled", outcome.doubles, f"of_{KILLS}_kills")
        report(f"mail_{mode}_flagged", outcome.states["unknown"], f"of_{KILLS}_kills")
        report(f"mail_{mode}_settled", outcome.settle_seconds, "s")
