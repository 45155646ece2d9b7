"""From findings to a numbered paper: gathered once, issued whole or not at all."""

import datetime as dt

import pypdfium2
import pytest

from campaign import attachments
from campaign.models import OutgoingMail
from campaign.problems import Conflict, Refused
from inspections import drafting, issuing, orderpaper, rectifying
from inspections.models import Finding, Order
from tasks.models import Notice, Task
from tests.conftest import NOON, TODAY
from tests.inspections.order_cast import found, issue_all, shoot

pytestmark = pytest.mark.django_db


def test_the_evening_run_twice_changes_nothing(campaign, place, police):
    found(campaign, place)
    first = drafting.draft_orders(campaign, today=TODAY, now=NOON)
    again = drafting.draft_orders(campaign, today=TODAY, now=NOON)
    assert (first.orders, first.findings, again.orders, again.findings) == (1, 1, 0, 0)
    assert Order.objects.drafts().get().lines.count() == 1


def test_an_issued_order_is_whole(campaign, place, office, liaison):
    shoot(found(campaign, place), seed=1)
    order = issue_all(campaign, by=office)[0]
    finding = Finding.objects.get()
    assert (order.number, order.batch, order.facts["no"]) == (1, 1, "创城督〔2019〕1号")
    assert (finding.stage, finding.is_hidden, finding.issued_at) == ("fixing", False, NOON)
    assert Task.objects.get(kind="rectification").get_absolute_url() == "/orders/0001"
    assert OutgoingMail.objects.get().parts.get().attachment == order.paper
    assert Notice.objects.get(recipient=liaison).mail == OutgoingMail.objects.get()


def test_numbers_have_no_gaps_though_an_issue_fails(campaign, make_place, police, city, office, monkeypatch):
    found(campaign, make_place(owner=police))
    found(campaign, make_place(owner=city))
    drafting.draft_orders(campaign, today=TODAY, now=NOON)
    one, two = Order.objects.drafts().order_by("pk")
    monkeypatch.setattr(orderpaper, "pdf", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        issuing.issue(one, by=office, now=NOON, version=one.version)
    monkeypatch.undo()
    assert (Order.objects.drafts().count(), Task.objects.count()) == (2, 0)
    assert issuing.issue(two, by=office, now=NOON, version=two.version).number == 1


def test_a_draft_changed_meanwhile_is_not_issued(campaign, place, office):
    row = found(campaign, place)
    drafting.draft_orders(campaign, today=TODAY, now=NOON)
    order = Order.objects.drafts().get()
    drafting.change(row, drafting.Change(severity="urgent"), by=office, now=NOON, version=row.version)
    with pytest.raises(Conflict):
        issuing.issue(order, by=office, now=NOON, version=order.version)


def test_a_limit_gone_by_is_not_put_on_paper(campaign, place, office, today):
    row = found(campaign, place)
    drafting.draft_orders(campaign, today=TODAY, now=NOON)
    drafting.change(row, drafting.Change(due_on=today), by=office, now=NOON, version=row.version)
    order = Order.objects.drafts().get()
    with pytest.raises(Refused, match="时限已经过了"):
        issuing.issue(order, by=office, now=NOON + dt.timedelta(days=1), version=order.version)
    order = Order.objects.drafts().get()
    assert issuing.issue(order, by=office, now=NOON, version=order.version).number == 1


def test_what_is_settled_while_the_order_is_issued_stays_settled(campaign, place, office, monkeypatch):
    """立行立改 closes by its photo, which may arrive just then."""
    found(campaign, place)
    drafting.draft_orders(campaign, today=TODAY, now=NOON)
    order, make = Order.objects.drafts().get(), rectifying.make_tasks

    def slowly(*args, **said):
        Finding.objects.update(stage="closed")
        return make(*args, **said)

    monkeypatch.setattr(rectifying, "make_tasks", slowly)
    with pytest.raises(Conflict, match="刚被别人处理"):
        issuing.issue(order, by=office, now=NOON, version=order.version)
    assert not Task.objects.exists()


def test_the_paper_says_what_was_found(campaign, place, office, checklist):
    item = checklist.items.first()
    shoot(found(campaign, place, item=item), seed=1)
    order = issue_all(campaign, by=office)[0]
    with attachments.read(order.paper.file) as file:
        document = pypdfium2.PdfDocument(file.read())
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for words in ("督察单", "创城督〔2019〕1号", "金桥市场（S0001）", "扫码答复", "整改0001", "签收人"):
        assert words in text.replace("\r\n", "").replace("\n", ""), words
