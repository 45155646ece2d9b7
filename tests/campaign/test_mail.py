"""The outbox with a transport that answers as told: states, waits, keys. Real servers: test_mail_trials.py."""

import datetime as dt
import email
from email import policy

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaign import mail
from campaign.attachments import Upload, keep
from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.mail_transport import NotTaken, Refused, Uncertain
from campaign.models import Attachment, OutgoingMail

State = OutgoingMail.State


class Told:
    """Answers each mail with the next of its answers (None: taken); remembers what went."""

    def __init__(self, *answers):
        self.answers, self.went = list(answers), []

    def __enter__(self):
        return self

    def __exit__(self, *trace):
        pass

    def send(self, row, message):
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.went.append(message)


@pytest.fixture
def queue(campaign, now):
    def queue(key="k1", to=None, **fields):
        to = to or Recipient("王磊", "wang@example.test")
        return queue_mail(campaign, **{"key": key, "to": to, "subject": "题", "text": "文", "now": now} | fields)

    return queue


def fresh(row):
    return OutgoingMail.objects.get(pk=row.pk)


def test_a_mail_goes_once(queue, now):
    row, line = queue(), Told()
    assert deliver_outbox(now=now, transport=line).sent == 1
    assert deliver_outbox(now=now, transport=line).sent == 0
    assert (fresh(row).state, fresh(row).attempts, len(line.went)) == (State.SENT, 1, 1)


def test_the_same_key_is_the_same_mail(queue):
    assert queue(subject="第一次").pk == queue(subject="第二次").pk
    assert OutgoingMail.objects.get().subject == "第一次"


def test_keys_of_two_campaigns_do_not_meet(queue, outsider, now):
    queue()
    queue_mail(outsider.memberships.get().campaign, key="k1", to=outsider, subject="题", text="文", now=now)
    assert OutgoingMail.objects.count() == 2


def test_it_is_gone_when_its_cause_is_rolled_back(queue):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(("address", "words"), [("", "没有登记邮箱"), ("wang@", "写法不对"), ("a b@c.cn", "写法不对")])
def test_an_address_that_cannot_be_used_is_shown_at_once(queue, now, address, words):
    row = queue(to=Recipient("王磊", address))
    assert row.state == State.FAILED
    assert words in row.last_error
    assert deliver_outbox(now=now, transport=Told()).sent == 0


def test_waits_grow(queue, now):
    row, moment, waits = queue(), now, []
    for _ in range(6):
        deliver_outbox(now=moment, transport=Told(NotTaken("450")))
        waits.append(round((fresh(row).due_at - moment) / dt.timedelta(minutes=1)))
        moment = fresh(row).due_at
    assert waits == [1, 5, 30, 120, 120, 120]


def test_it_stops_after_four_days(queue, now):
    row, moment = queue(), now
    while fresh(row).state == State.QUEUED:
        deliver_outbox(now=moment, transport=Told(NotTaken("450 稍后")))
        moment = max(moment, fresh(row).due_at)
    assert fresh(row).state == State.FAILED
    assert dt.timedelta(days=4) <= moment - now <= dt.timedelta(days=4, hours=2)
    assert "四天" in fresh(row).last_error


def test_a_refusal_is_never_tried_again(queue, now):
    row = queue()
    deliver_outbox(now=now, transport=Told(Refused("550 没有这个人")))
    assert deliver_outbox(now=now + dt.timedelta(days=9), transport=Told()).sent == 0
    assert (fresh(row).state, fresh(row).last_error) == (State.FAILED, "550 没有这个人")


def test_an_uncertain_mail_waits_for_a_person(queue, now):
    row = queue()
    deliver_outbox(now=now, transport=Told(Uncertain("断了")))
    assert deliver_outbox(now=now + dt.timedelta(days=9), transport=Told()).sent == 0
    assert fresh(row).state == State.UNKNOWN


def test_a_dead_senders_mail_is_sent_again_after_its_lease(queue, now):
    row = queue()
    mail._claim(row.pk, now)
    assert deliver_outbox(now=now + dt.timedelta(seconds=59), transport=Told()).sent == 0
    assert deliver_outbox(now=now + dt.timedelta(seconds=61), transport=Told()).sent == 1


def test_a_dead_senders_mail_is_held_where_the_office_wants_that(queue, now, settings):
    settings.MAIL_ON_LAPSE = "hold"
    row = queue()
    mail._claim(row.pk, now)
    outcome = deliver_outbox(now=now + dt.timedelta(seconds=61), transport=Told())
    assert (outcome.sent, outcome.unknown, fresh(row).state) == (0, 1, State.UNKNOWN)


def test_one_claim_wins(queue, now):
    row = queue()
    assert [mail._claim(row.pk, now) is None for _ in range(3)] == [False, True, True]


def test_a_late_answer_does_not_overwrite_the_new_owner(queue, now):
    row = queue()
    late = mail._claim(row.pk, now)
    mail._claim(row.pk, now + dt.timedelta(seconds=61))
    assert mail._settle(late, state=State.SENT) == 0
    assert fresh(row).state == State.SENDING


def test_a_dead_server_is_asked_three_times_a_run(queue, now):
    for number in range(10):
        queue(key=f"k{number}")
    outcome = deliver_outbox(now=now, transport=Told(*[NotTaken("拒绝连接", is_line_down=True)] * 10))
    assert outcome.waiting == 3
    assert OutgoingMail.objects.filter(attempts=0, state=State.QUEUED).count() == 7


def test_one_broken_mail_does_not_hold_up_the_others(queue, now, campaign):
    lost = Attachment.objects.create(
        campaign=campaign, sha256="0" * 64, name="x", content_type="a/b", size=1, file="gone"
    )
    queue(parts=[("x.pdf", lost)])
    queue(key="k2")
    outcome = deliver_outbox(now=now, transport=Told())
    assert (outcome.sent, outcome.waiting) == (1, 1)


def test_what_is_held_back_can_be_taken_back(queue):
    queue(delay=dt.timedelta(seconds=10))
    assert deliver_outbox(now=timezone.now(), transport=Told()).sent == 0
    assert mail.take_back(OutgoingMail.objects.all()) == 1
    assert deliver_outbox(now=timezone.now() + dt.timedelta(minutes=1), transport=Told()).sent == 0


def test_what_has_gone_cannot_be_taken_back(queue, now):
    queue()
    deliver_outbox(now=now, transport=Told())
    assert mail.take_back(OutgoingMail.objects.all()) == 0


def test_a_campaign_pinned_to_the_future_still_sends(queue):
    queue(now=timezone.now() + dt.timedelta(days=300))
    assert deliver_outbox(now=timezone.now() + dt.timedelta(seconds=1), transport=Told()).sent == 1


def test_the_office_sends_a_failed_mail_again(queue, now):
    row = queue()
    deliver_outbox(now=now, transport=Told(Refused("550")))
    assert mail.send_again(fresh(row))
    assert deliver_outbox(now=timezone.now() + dt.timedelta(seconds=1), transport=Told()).sent == 1
    assert fresh(row).message_id == row.message_id


def test_sending_again_uses_the_address_as_mended(queue, now, liaison):
    liaison.email = "mistyped"
    row = queue(to=liaison)
    liaison.email = "mended@example.test"
    liaison.save()
    assert mail.send_again(fresh(row))
    assert fresh(row).to_address == "mended@example.test"


def test_the_office_gives_up_a_mail(queue, now):
    row = queue()
    assert mail.give_up(row)
    assert deliver_outbox(now=now, transport=Told()).sent == 0
    assert fresh(row).state == State.CANCELLED


def parsed(queue, now, **fields):
    line = Told()
    queue(**fields)
    deliver_outbox(now=now, transport=line)
    return email.message_from_bytes(line.went[0], policy=policy.default)


def test_headers_cannot_be_smuggled_in(queue, now):
    to = Recipient("王磊\r\nBcc: x@evil.test", "wang@example.test")
    message = parsed(queue, now, subject="题\r\nBcc: x@evil.test", to=to)
    assert message["Bcc"] is None
    assert message["Subject"] == "题 Bcc: x@evil.test"


def test_the_mail_carries_both_texts_and_its_papers(queue, now, campaign):
    paper = keep(campaign, Upload("a.pdf", b"%PDF-1.7 x"), by=None, now=now, content_type="application/pdf")
    message = parsed(queue, now, html="<p>文</p>", parts=[("第1期.pdf", paper)])
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert [part.get_filename() for part in message.iter_attachments()] == ["第1期.pdf"]


def test_without_a_server_it_goes_to_the_mailbox_folder(queue, now, campaign):
    row = queue()
    assert deliver_outbox(now=now).sent == 1
    kept = settings.MAILBOX_DIR / str(campaign.pk) / f"{row.pk}.eml"
    assert email.message_from_bytes(kept.read_bytes())["Message-ID"] == row.message_id
