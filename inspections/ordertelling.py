"""A unit learns of its order: one mail with the paper for each person who answers, one line of the inbox for each item."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string

from campaign.mail import queue_mail
from campaign.models import OutgoingMail, User
from inspections.models import Finding, Order
from tasks import notices
from tasks.models import Milestone, Notice

#: One screen of a phone; the paper that goes with the mail has all.
MOST_LINES = 8


def tell(order: Order, findings: Sequence[Finding], *, now: dt.datetime) -> int:
    """In the transaction that issues the order. Gives the number of people told; a unit without anybody has none."""
    today = now.astimezone(order.campaign.zone).date()
    people = notices.staff_of(order.campaign, [order.unit_id], today=today)[order.unit_id].answering
    if not people:
        return 0
    tasks = [finding.task_id for finding in findings]
    steps = {step.task_id: step for step in Milestone.objects.filter(task__in=tasks).select_related("task__campaign")}
    rows = []
    for person in people:
        mail = _mail(order, person, now=now)
        rows += [_notice(order, finding, steps[finding.task_id], person, mail, now=now) for finding in findings]
    notices.keep(rows)
    return len(people)


def _notice(
    order: Order, finding: Finding, step: Milestone, person: User, mail: OutgoingMail, *, now: dt.datetime
) -> Notice:
    item = next(item for item in order.facts["items"] if item["code"] == finding.code)
    row = notices.notice_for(
        step.task,
        Notice.Reason.ASSIGNED,
        person,
        occasion=f"order:{order.pk}:{finding.code}",
        text=f"督察单第{order.number}号：限{item['limit']}整改，请拍照答复。",
        by=order.issued_by,
        now=now,
        milestone=step,
        unit=order.unit,
    )
    row.mail = mail
    return row


def _mail(order: Order, person: User, *, now: dt.datetime) -> OutgoingMail:
    campaign = order.campaign
    url = f"{settings.SITE_URL}{order.get_absolute_url()}?campaign={campaign.code}"
    items = order.facts["items"]
    count = len(items)
    context = {"campaign": campaign, "facts": order.facts, "person": person, "url": url}
    context |= {"lines": items[:MOST_LINES], "more": max(0, count - MOST_LINES)}
    parts = [(order.paper.name, order.paper)] if order.paper else []
    return queue_mail(
        campaign,
        key=f"order:{order.pk}:{person.pk}",
        to=person,
        subject=f"【{campaign.office_name}】督察单第{order.number}号：{count} 处问题限期整改",
        kind="order",
        text=render_to_string("mail/order.txt", context).strip() + "\n",
        html=render_to_string("mail/order.html", context),
        about_id=order.pk,
        parts=parts,
        now=now,
    )
