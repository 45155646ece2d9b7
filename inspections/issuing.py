"""签发: a draft becomes a numbered paper and its findings become duties of the ledger, all of it or nothing.

One transaction holds the number, the tasks, the frozen facts, the paper, the notices and the mails. Numbers are taken
under a lock, so they have no gaps and none is given twice; a process killed in the middle leaves the draft as it was.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max

from campaign import attachments, log
from campaign.attachments import Upload
from campaign.models import Campaign, User
from campaign.problems import Conflict, Problem, Refused
from inspections import limits, numbering, orderpaper, ordertelling, rectifying
from inspections.models import Finding, Order
from inspections.models.orders import OrderPolicy

State = Order.State


def objections(order: Order, findings: Sequence[Finding], *, now: dt.datetime) -> list[Problem]:
    """Why this draft cannot be issued."""
    if not findings:
        return [Problem("empty", f"{order.unit}的督察单上没有问题。", mend="请先放入问题，或不签发这一张。")]
    moved = [row.code for row in findings if row.stage != Finding.Stage.PENDING]
    if moved:
        message = f"整改 {'、'.join(moved)} 已不在待签发。"
        return [Problem("not_pending", message, mend="请刷新后再签发。")]
    gone = [row.code for row in findings if row.due_at is not None and row.due_at <= now]
    if gone:
        message = f"{order.unit}的督察单上，整改 {'、'.join(gone)} 定的时限已经过了。"
        return [Problem("due_past", message, mend="请重新定时限再签发。")]
    return []


def alone_objections(finding: Finding, *, today: dt.date) -> list[Problem]:
    """Why this one cannot go onto an order by itself."""
    if finding.joined_into_id is not None:
        return [
            Problem("joined", f"整改 {finding.code} 已并入整改 {finding.joined_into.code}。", mend="请签发那一个。")
        ]
    if finding.stage != Finding.Stage.PENDING:
        return [Problem("issued", f"整改 {finding.code} 现在是“{finding.get_stage_display()}”，不用再签发。")]
    if finding.not_before_on is not None and finding.not_before_on > today:
        day = finding.not_before_on
        message = f"整改 {finding.code} 已推到{day.month}月{day.day}日签发。"
        return [Problem("put_off", message, mend="到那天会自动进待签发。")]
    return []


def issue(order: Order, *, by: User, now: dt.datetime, version: int) -> Order:
    """Number, freeze, print, hand over and tell. Raises `Refused`, or `Conflict` when the draft changed meanwhile."""
    campaign = order.campaign
    with transaction.atomic():
        claimed = {"state": State.ISSUED, "issued_at": now, "issued_by": by, "version": F("version") + 1}
        rows = Order.objects.filter(pk=order.pk, state=State.DRAFT, version=version)
        if not rows.update(**claimed):
            raise _changed(order)
        order.refresh_from_db()
        findings = _findings(order)
        wrong = objections(order, findings, now=now)
        if wrong:
            raise Refused(*wrong)
        _number(order, campaign, now=now)
        _hand_over(order, findings, now=now)
        order.facts = orderpaper.facts_of(order, findings, now=now)
        paper = Upload(f"{order.facts['head']}{order.facts['no']}.pdf", orderpaper.pdf(order.facts, now=now))
        order.paper = attachments.keep(campaign, paper, by=by, now=now, content_type="application/pdf")
        order.save(update_fields=["number", "year", "batch", "on", "facts", "paper"])
        ordertelling.tell(order, findings, now=now)
        _log(order, findings, by=by, now=now)
    return order


def _findings(order: Order) -> list[Finding]:
    rows = Finding.objects.filter(lines__order=order, joined_into=None).select_related(
        "campaign", "unit", "place", "place_type", "item__checklist__place_type", "relapse_of"
    )
    unread = ("place__elements", "place_type__elements", "place_type__staffing")
    return list(rows.defer(*unread).order_by("lines__position", "lines__id"))


def _number(order: Order, campaign: Campaign, *, now: dt.datetime) -> None:
    """The paper's number in its year; all papers of one day are one batch (第 X 批)."""
    order.on = now.astimezone(campaign.zone).date()
    order.year = order.on.year
    order.number = numbering.take(campaign, f"order:{order.year}")[0]
    others = Order.objects.issued().filter(campaign=campaign, year=order.year).exclude(pk=order.pk)
    today = others.filter(on=order.on).exclude(batch=0).values_list("batch", flat=True).first()
    order.batch = today or (others.aggregate(last=Max("batch"))["last"] or 0) + 1


def _hand_over(order: Order, findings: list[Finding], *, now: dt.datetime) -> None:
    policy = OrderPolicy.of(order.campaign_id)
    for finding in findings:
        finding.unit = order.unit
        if finding.due_at is None:
            finding.due_at = limits.due_at(policy, finding.severity, campaign=order.campaign, issued_at=now)
    basis = f"督察单{order.year}年第{order.number}号"
    rectifying.make_tasks(findings, basis=basis, now=now)
    Finding.objects.bulk_update(findings, ["due_at", "task"], batch_size=100)
    # what a milestone just made says: the same `standing.refresh` would find, which reads it all again
    moved = {"stage": Finding.Stage.FIXING, "unit": order.unit_id}
    rows = Finding.objects.filter(pk__in=[finding.pk for finding in findings])
    pending = rows.filter(stage=Finding.Stage.PENDING)
    if pending.update(**moved, issued_at=now, is_hidden=False, version=F("version") + 1) != len(findings):
        message = f"{order.unit}的督察单上有问题刚被别人处理，没有签发。"
        raise Conflict(Problem("changed", message, mend="请看一遍再签发。"))
    Finding.objects.filter(joined_into__in=rows.values("pk")).update(**moved)


def _log(order: Order, findings: Sequence[Finding], *, by: User, now: dt.datetime) -> None:
    data = {"number": order.number, "year": order.year, "batch": order.batch, "findings": len(findings)}
    log.write(order, "issue_order", by=by, now=now, data=data)
    entries = [
        log.entry_for(row, "issue_finding", by=by, now=now, task_id=row.task_id, data={"order": str(order)})
        for row in findings
    ]
    type(entries[0]).objects.bulk_create(entries, batch_size=200)


def _changed(order: Order) -> Conflict:
    current = Order.objects.filter(pk=order.pk).select_related("unit", "issued_by").first()
    if current is None:
        return Conflict(Problem("gone", "这张督察单已经没有问题在上面了，没有签发。"), current=None)
    if current.state == State.ISSUED:
        message = f"{current.unit}的督察单已由{current.issued_by}签发（第 {current.number} 号）。"
        return Conflict(Problem("issued", message, mend="不用再签发。"), current=current)
    return Conflict(
        Problem("changed", f"{current.unit}的督察单别人刚改过，没有签发。", mend="请看一遍再签发。"), current=current
    )


@dataclass(frozen=True)
class Issued:
    """What became of several drafts."""

    done: list[Order]
    left: list[tuple[Order, Problem]]


def issue_many(
    orders: Sequence[Order], *, by: User, now: dt.datetime, told: Callable[[int], object] | None = None
) -> Issued:
    """Each draft by itself: one that cannot be issued stays with its reason and does not hold up the others."""
    done: list[Order] = []
    left: list[tuple[Order, Problem]] = []
    for order in orders:
        try:
            done.append(issue(order, by=by, now=now, version=order.version))
        except Refused as refusal:
            left.append((order, refusal.problems[0]))
        if told is not None:
            told(len(done) + len(left))
    return Issued(done=done, left=left)


def receive(order: Order, *, by: User, now: dt.datetime) -> bool:
    """签收: once, by the first of the unit; the hours to send back what is not its own run from here."""
    with transaction.atomic():
        rows = Order.objects.filter(pk=order.pk, state=State.ISSUED, received_at=None)
        if not rows.update(received_at=now, received_by=by):
            return False
        log.write(order, "receive_order", by=by, now=now)
    order.refresh_from_db()
    return True
