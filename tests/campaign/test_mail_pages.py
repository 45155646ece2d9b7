"""The pages 发件记录 and 信箱."""

import pytest
from django.utils import timezone

from campaign.attachments import Upload, keep
from campaign.mail import Recipient, deliver_outbox, queue_mail
from campaign.models import LogEntry, OutgoingMail

State = OutgoingMail.State


@pytest.fixture
def letter(campaign, now):
    paper = keep(campaign, Upload("a.pdf", b"%PDF-1.7 x"), by=None, now=now, content_type="application/pdf")
    fields = {"subject": "简报第1期", "text": "请查收。", "html": "<p>请查收。</p>", "parts": [("第1期.pdf", paper)]}
    return queue_mail(campaign, key="k", to=Recipient("王磊", "wang@example.test"), now=now, **fields)


@pytest.fixture
def desk(login, office):
    return login(office)


def test_the_outbox_shows_each_mail_and_its_fate(desk, letter):
    OutgoingMail.objects.update(state=State.FAILED, last_error="550 没有这个人")
    page = desk.get("/mail").content.decode()
    assert all(words in page for words in ("王磊", "简报第1期", "未送达", "550 没有这个人", "重发"))


def test_the_outbox_is_filtered_by_fate_and_words(desk, letter):
    assert "简报第1期" not in desk.get("/mail?state=failed").content.decode()
    assert "简报第1期" in desk.get("/mail?state=queued&q=wang").content.decode()


def test_older_mails_are_on_the_next_page(desk, campaign, now):
    for number in range(51):
        queue_mail(
            campaign, key=f"k{number}", to=Recipient("甲", "a@b.test"), subject=f"第{number:02}封", text="文", now=now
        )
    first = desk.get("/mail")
    older = desk.get(f"/mail?after={first.context['next']}").content.decode()
    assert ("第00封" in older, "第50封" in older) == (True, False)


def test_the_page_asks_few_questions(desk, letter, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        desk.get("/mail")


@pytest.mark.parametrize("state", [State.FAILED, State.UNKNOWN, State.CANCELLED])
def test_the_office_sends_again(desk, letter, state):
    OutgoingMail.objects.update(state=state)
    desk.post(f"/mail/{letter.pk}/again")
    assert OutgoingMail.objects.get().state == State.QUEUED
    assert LogEntry.objects.filter(verb="mail.again", object_id=letter.pk).exists()


def test_what_was_sent_is_not_sent_again(desk, letter):
    OutgoingMail.objects.update(state=State.SENT)
    answer = desk.post(f"/mail/{letter.pk}/again", follow=True)
    assert "不能重发" in answer.content.decode()
    assert OutgoingMail.objects.get().state == State.SENT


def test_the_office_gives_a_mail_up(desk, letter):
    desk.post(f"/mail/{letter.pk}/give-up")
    assert OutgoingMail.objects.get().state == State.CANCELLED


def test_html_of_a_mail_cannot_run_anything(desk, letter):
    answer = desk.get(f"/mail/{letter.pk}/html")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


def test_the_mailbox_shows_what_would_have_gone_out(desk, letter, now):
    deliver_outbox(now=now)
    assert "简报第1期" in desk.get("/mailbox").content.decode()
    assert "请查收。" in desk.get(f"/mailbox/{letter.pk}").content.decode()
    part = desk.get(f"/mailbox/{letter.pk}/parts/0")
    assert b"".join(part.streaming_content) == b"%PDF-1.7 x"


def test_with_a_mail_server_there_is_no_mailbox(desk, letter, settings):
    settings.SMTP_HOST = "mail.example.test"
    assert desk.get("/mailbox").status_code == 404


def test_a_campaign_sees_only_its_own_mailbox(login, outsider, letter, now):
    deliver_outbox(now=now)
    assert login(outsider).get(f"/mailbox/{letter.pk}").status_code == 404


def test_a_mail_that_waits_says_when(desk, letter):
    OutgoingMail.objects.update(attempts=1, due_at=timezone.now() + timezone.timedelta(minutes=5), last_error="450")
    assert "分钟后再试" in desk.get("/mail").content.decode()


def test_the_office_is_told_that_nothing_is_being_sent(desk, letter):
    assert "后台任务可能没有运行" in desk.get("/mail").content.decode()
    OutgoingMail.objects.update(due_at=timezone.now())
    assert "后台任务可能没有运行" not in desk.get("/mail").content.decode()
