"""发件记录 and 信箱 as the office sees them."""

import datetime as dt

import pytest

from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.models import OutgoingMail
from tests.browser.conftest import DESK, LAPTOP, PHONE

State = OutgoingMail.State
FATES = [
    ("王磊", "催办：交通秩序整治等 3 项任务将到期", {}),
    ("刘洋", "您有 2 项任务逾期", {"state": State.FAILED, "last_error": "邮件服务器拒收：550 5.1.1 no such user"}),
    ("赵队长", "第 39 周创城工作简报", {"state": State.UNKNOWN, "last_error": "可能已送到，也可能没有。"}),
    ("周区长", "第 39 周创城工作简报", {"state": State.QUEUED, "attempts": 2, "last_error": "450 稍后再试"}),
]


@pytest.fixture
def sent(campaign, now, transactional_db):
    for number, (name, subject, fate) in enumerate(FATES):
        to = Recipient(name, f"p{number}@example.test")
        mail = queue_mail(
            campaign, key=f"k{number}", to=to, subject=subject, text="请登录查看。", html="<p>请登录查看。</p>", now=now
        )
        if fate:
            later = {"due_at": dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)}
            OutgoingMail.objects.filter(pk=mail.pk).update(**fate | later)
    deliver_outbox(now=now)
    return OutgoingMail.objects.get(key="k0")


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
@pytest.mark.parametrize("page", ["mail", "mailbox"])
def test_the_lists_are_accessible_and_light(visit, office, sent, page, size):
    visitor = visit(office, size)
    visitor.go(f"/{page}")
    visitor.shot(page)
    assert visitor.violations() == []
    assert visitor.gzipped_kilobytes() <= 60


def test_a_letter_shows_its_text_and_fate(visit, office, sent):
    visitor = visit(office)
    visitor.go(f"/mail/{sent.pk}")
    visitor.shot("letter")
    assert visitor.violations() == []


def test_the_office_sends_a_failed_mail_again_in_one_click(visit, office, sent):
    visitor = visit(office)
    page = visitor.go("/mail?state=failed")
    with page.expect_navigation():
        page.get_by_role("button", name="重发").first.click()
    assert "已重新排队" in page.inner_text("#toasts")
