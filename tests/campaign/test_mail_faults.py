"""R12: what a real SMTP server does to mail when it is down, slow, greylists, refuses or hangs up."""

import datetime as dt
from collections import Counter

import pytest

from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.models import OutgoingMail

State = OutgoingMail.State
MINUTE = dt.timedelta(minutes=1)
SOON = 1.2 * MINUTE  # the wait is counted from the failure, some seconds after the run began


@pytest.fixture(autouse=True)
def _mail_goes_to(smtp, settings):
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_TIMEOUT = "127.0.0.1", smtp.port, 2


@pytest.fixture
def mails(campaign, now):
    """mails(n) puts n mails to r0@, r1@ … into the outbox."""

    def mails(number):
        for n in range(number):
            to = Recipient(f"收件人{n}", f"r{n}@example.test")
            queue_mail(campaign, key=f"k{n}", to=to, subject=f"k{n}", text=".一行以点开头\n..\n正文", now=now)

    return mails


def states():
    return dict(Counter(OutgoingMail.objects.values_list("state", flat=True)))


def subjects(smtp):
    return sorted(line["subject"] for line in smtp.received())


def test_the_text_arrives_as_written(mails, smtp, now):
    mails(1)
    deliver_outbox(now=now)
    assert smtp.received()[0]["text"].splitlines() == [".一行以点开头", "..", "正文"]


def test_a_server_that_was_down_ten_minutes_gets_everything(mails, smtp, now):
    mails(30)
    smtp.stop()
    for minute in range(10):
        deliver_outbox(now=now + minute * MINUTE)
    smtp.start()
    deliver_outbox(now=now + 10 * MINUTE)
    late = states()[State.QUEUED]
    assert late <= 30  # three a run were tried and wait their turn
    deliver_outbox(now=now + 50 * MINUTE)
    assert (states(), len(set(subjects(smtp)))) == ({State.SENT: 30}, 30)


def test_while_it_is_down_most_mails_are_not_even_tried(mails, smtp, now):
    mails(30)
    smtp.stop()
    assert deliver_outbox(now=now).waiting == 3
    row = OutgoingMail.objects.exclude(last_error="").first()
    assert "连不上邮件服务器" in row.last_error


def test_a_server_that_refuses_to_talk_is_left_alone(mails, smtp, now):
    mails(5)
    smtp.faults(down_until=now.timestamp() * 2)
    assert deliver_outbox(now=now).waiting == 3
    smtp.faults()
    assert deliver_outbox(now=now + SOON).sent == 5


def test_a_slow_server_ends_in_a_retry_and_no_double(mails, smtp, now):
    mails(2)
    smtp.faults(delay=4)
    assert deliver_outbox(now=now).waiting == 2
    smtp.faults()
    assert deliver_outbox(now=now + SOON).sent == 2
    assert subjects(smtp) == ["k0", "k1"]


def test_a_dialogue_ends_before_its_lease(mails, smtp, now, settings):
    """Slow, but each answer in time: all together would outlast the lease, so it is broken off."""
    settings.MAIL_LEASE_SECONDS = 5
    mails(1)
    smtp.faults(delay=1.4)
    assert deliver_outbox(now=now).waiting == 1
    assert smtp.received() == []


def test_greylisted_mail_is_delivered_later(mails, smtp, now):
    mails(3)
    smtp.faults(greylist_until=now.timestamp() * 2)
    assert deliver_outbox(now=now).waiting == 3
    assert "450 4.7.1 greylisted" in OutgoingMail.objects.first().last_error
    assert deliver_outbox(now=now + 0.9 * MINUTE).waiting == 0
    smtp.faults()
    assert deliver_outbox(now=now + SOON).sent == 3


def test_a_server_that_hangs_up_now_and_then_gets_each_mail_once(mails, smtp, now):
    mails(120)
    smtp.faults(every=50)
    first = deliver_outbox(now=now)
    assert (first.sent, first.waiting) == (118, 2)
    assert deliver_outbox(now=now + SOON).sent == 2
    assert Counter(subjects(smtp)).most_common(1)[0][1] == 1


def test_one_refused_recipient_does_not_delay_the_others(mails, smtp, now):
    mails(5)
    smtp.faults(refuse={"r2@example.test": "550 5.1.1 no such user"})
    outcome = deliver_outbox(now=now)
    assert (outcome.sent, outcome.failed) == (4, 1)
    assert deliver_outbox(now=now + dt.timedelta(days=5)).sent == 0
    assert "550 5.1.1 no such user" in OutgoingMail.objects.get(state=State.FAILED).last_error


def test_a_line_cut_after_the_text_is_unknown_to_the_office(mails, smtp, now):
    mails(3)
    smtp.faults(cut_after_data=[1])
    outcome = deliver_outbox(now=now)
    assert (outcome.sent, outcome.unknown) == (2, 1)
    assert deliver_outbox(now=now + dt.timedelta(days=1)).sent == 0
    assert "可能已送到" in OutgoingMail.objects.get(state=State.UNKNOWN).last_error


def test_header_injection_does_not_reach_the_server(campaign, smtp, now):
    to = Recipient("王磊\r\nBcc: evil@example.test", "wang@example.test")
    queue_mail(campaign, key="k", to=to, subject="题\r\nX-Evil: 1", text="文", now=now)
    deliver_outbox(now=now)
    received = smtp.received()[0]
    assert received["to"] == ["wang@example.test"]
    assert not {"X-Evil", "Bcc"} & set(received["headers"])
