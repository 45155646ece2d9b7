"""The outbox. A mail is a row written in the transaction of its cause and delivered later by a worker.

Promise (for a process killed at any moment): nothing is lost; with MAIL_ON_LAPSE=resend at most one mail for each
kill goes twice, with the same Message-ID; with hold none goes twice and at most one for each kill waits for a person.
"""

import datetime as dt
import logging
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Least, Now

from campaign import clock, doorbell, mail_transport
from campaign.identifiers import uuid7
from campaign.mail_transport import NotTaken, Refused, Transport, Uncertain
from campaign.models import Attachment, Campaign, MailPart, OutgoingMail, User

log = logging.getLogger(__name__)
State = OutgoingMail.State

#: After the first, second, third failure; two hours after every later one, until four days have gone by.
WAITS = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30))
LATER = dt.timedelta(hours=2)
GIVE_UP_AFTER = dt.timedelta(days=4)
#: The server itself does not answer: the rest of the batch waits for the next sweep.
LINE_FAILURES = 3
DELIVER = "campaign.jobs.deliver"


@dataclass(frozen=True)
class Recipient:
    """An address without an account: a line of a distribution list."""

    name: str
    address: str


def queue_mail(
    campaign: Campaign,
    *,
    key: str,
    to: User | Recipient,
    subject: str,
    text: str,
    html: str = "",
    kind: str = "notice",
    about_id: object = None,
    parts: Iterable[tuple[str, Attachment]] = (),
    delay: dt.timedelta | None = None,
    now: dt.datetime,
) -> OutgoingMail:
    """Put one mail into the outbox, in the caller's transaction.

    `key` says what, to whom, for which occasion: a second call with it gives the first mail and adds nothing.
    `parts` are (file name shown, attachment). `delay` holds the mail back so that it can still be taken back.
    """
    row = _row(campaign, to=to, key=key, subject=subject, text=text, html=html, kind=kind, about_id=about_id, now=now)
    # A pinned campaign may live in another year; delivery goes by the real clock, which is the database's here.
    row.due_at = Now() + delay if delay else Least(Value(now), Now())
    with transaction.atomic():
        written = OutgoingMail.objects.bulk_create([row], ignore_conflicts=True)
        kept = OutgoingMail.objects.get(campaign=campaign, key=row.key)
        if kept.pk != written[0].pk:
            return kept
        MailPart.objects.bulk_create(
            MailPart(campaign=campaign, mail=kept, name=name, attachment=attachment) for name, attachment in parts
        )
        if kept.state == State.QUEUED:
            doorbell.ring(DELIVER)
    return kept


def _row(
    campaign: Campaign, *, to: User | Recipient, key: str, subject: str, now: dt.datetime, **fields: object
) -> OutgoingMail:
    address = (to.email if isinstance(to, User) else to.address).strip()
    fault = _fault_of(address)
    identity = uuid7()
    return OutgoingMail(
        id=identity,
        campaign=campaign,
        key=key,
        to_name=_one_line(to.name)[:60],
        to_address=_one_line(address)[:254],
        to_user=to if isinstance(to, User) else None,
        subject=_one_line(subject)[:200],
        message_id=f"<{identity}@{_domain()}>",
        state=State.FAILED if fault else State.QUEUED,
        last_error=fault,
        created_at=now,
        **fields,
    )


def _one_line(text: str) -> str:
    """A line break in a header would let its writer add headers of his own."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _fault_of(address: str) -> str:
    if not address:
        return "没有登记邮箱，请在“单位与人员”里补上后重发。"
    try:
        validate_email(address)
    except ValidationError:
        return f"邮箱地址“{address[:80]}”写法不对，请改正后重发。"
    return ""


def _domain() -> str:
    return settings.MAIL_FROM.rpartition("@")[2].rstrip("> ") or "localhost"


def take_back(mails: QuerySet[OutgoingMail]) -> int:
    """Cancel those that have not been begun. Gives how many were still in time."""
    return mails.filter(state=State.QUEUED, attempts=0).update(state=State.CANCELLED)


def send_again(mail: OutgoingMail) -> bool:
    """An office's order for a mail that failed or whose fate is unknown; its Message-ID stays. False: too late."""
    user = mail.to_user
    address = user.email.strip() if user else mail.to_address
    if _fault_of(address):
        return False
    undecided = OutgoingMail.objects.filter(pk=mail.pk, state__in=[State.FAILED, State.UNKNOWN, State.CANCELLED])
    moved = undecided.update(
        state=State.QUEUED, to_address=address, due_at=Now(), attempts=0, last_error="", lease=None
    )
    if moved:
        doorbell.ring(DELIVER)
    return bool(moved)


def give_up(mail: OutgoingMail) -> bool:
    """An office's decision that a mail need not go (any more). False: it is being sent or has gone."""
    open_states = [State.QUEUED, State.FAILED, State.UNKNOWN]
    return bool(
        OutgoingMail.objects.filter(pk=mail.pk, state__in=open_states).update(state=State.CANCELLED, lease=None)
    )


@dataclass
class Delivered:
    """What one run did; a mail counts once for each attempt."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unknown: int = 0


class _Watch:
    """The present, from the moment a run was told: a run may last longer than a lease."""

    def __init__(self, now: dt.datetime) -> None:
        self.began, self.told = time.monotonic(), now

    @property
    def now(self) -> dt.datetime:
        return self.told + dt.timedelta(seconds=time.monotonic() - self.began)


def deliver_outbox(*, now: dt.datetime, limit: int = 500, transport: Transport | None = None) -> Delivered:
    """Send what is due, one mail at a time, any number of workers at once. Call it outside a transaction."""
    watch, outcome, line_failures = _Watch(now), Delivered(), 0
    with transport or mail_transport.default_transport() as line:
        for mail in _claimed(watch, outcome, limit):
            try:
                message = mail_transport.compose(mail, now=watch.now)
                _hold_lease(mail, watch.now)
                line.send(mail, message)
            except Refused as error:
                outcome.failed += _settle(mail, state=State.FAILED, last_error=str(error)[:400])
            except Uncertain as error:
                outcome.unknown += _settle(mail, state=State.UNKNOWN, last_error=str(error)[:400])
            except NotTaken as error:
                outcome.waiting += _try_later(mail, str(error), watch.now)
                line_failures = line_failures + 1 if error.is_line_down else 0
            except Exception as error:  # one mail that cannot be put together must not hold up the others
                log.exception("Mail %s cannot be composed.", mail.pk)
                outcome.waiting += _try_later(mail, f"这封邮件组不成：{error}", watch.now)
            else:
                sent_at = clock.pinned(watch.now, mail.campaign)
                outcome.sent += _settle(mail, state=State.SENT, sent_at=sent_at, last_error="")
                line_failures = 0
            if line_failures >= LINE_FAILURES:
                break
    return outcome


def _claimed(watch: _Watch, outcome: Delivered, limit: int) -> Iterable[OutgoingMail]:
    """Mails that this process, and no other, may send now."""
    tried = 0
    while tried < limit:
        if settings.MAIL_ON_LAPSE == "hold":
            outcome.unknown += _hold_lapsed(watch.now)
        batch = list(_due(watch.now).order_by("due_at").values_list("pk", flat=True)[:50])
        if not batch:
            return
        random.shuffle(batch)  # several workers look at the same fifty
        for pk in batch[: limit - tried]:
            tried += 1
            mail = _claim(pk, watch.now)
            if mail is not None:
                yield mail


def _due(now: dt.datetime) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(Q(state=State.QUEUED, due_at__lte=now) | _lapsed(now))


def _lapsed(now: dt.datetime) -> Q:
    return Q(state=State.SENDING, leased_until__lt=now)


def _claim(pk: object, now: dt.datetime) -> OutgoingMail | None:
    """One conditional UPDATE, committed before the first word to the server."""
    lease = uuid4()
    leased_until = now + dt.timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    claim = {"state": State.SENDING, "lease": lease, "leased_until": leased_until, "attempts": F("attempts") + 1}
    if not _due(now).filter(pk=pk).update(**claim):
        return None
    return OutgoingMail.objects.select_related("campaign").get(pk=pk)


def _hold_lapsed(now: dt.datetime) -> int:
    reason = "发送进程中断，不知道是否已送出。请核实后选择重发或放弃。"
    return OutgoingMail.objects.filter(_lapsed(now)).update(state=State.UNKNOWN, lease=None, last_error=reason)


def _hold_lease(mail: OutgoingMail, now: dt.datetime) -> None:
    """Composing may take long; the text is handed over only while the mail is still ours."""
    leased_until = now + dt.timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    mine = OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.SENDING)
    if not mine.update(leased_until=leased_until):
        raise NotTaken("另一个发送进程接手了。")


def _settle(mail: OutgoingMail, **fields: object) -> int:
    """Write the fate down, unless another process has taken the mail over meanwhile."""
    return OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease).update(lease=None, leased_until=None, **fields)


def _try_later(mail: OutgoingMail, reason: str, now: dt.datetime) -> int:
    if _waited(mail.attempts) >= GIVE_UP_AFTER:
        return _settle(mail, state=State.FAILED, last_error=f"四天没有送出，不再重试。{reason}"[:400])
    return _settle(mail, state=State.QUEUED, due_at=now + wait_after(mail.attempts), last_error=reason[:400])


def wait_after(attempts: int) -> dt.timedelta:
    return WAITS[attempts - 1] if attempts <= len(WAITS) else LATER


def _waited(attempts: int) -> dt.timedelta:
    """Time between the first attempt and this one."""
    return sum((wait_after(number) for number in range(1, attempts)), dt.timedelta())
