"""The pages of a briefing: three clicks, living links, hidden drafts, words kept, files and deliveries."""

import email
import re
from email.policy import default as modern

import pytest

from campaign.mail import deliver_outbox
from campaign.models import OutgoingMail
from reports.models import Briefing, Distribution, Document, Practice


@pytest.fixture
def desk(login, office):
    return login(office)


def text(response):
    return response.content.decode()


def test_made_frozen_and_sent_in_three_clicks(desk, ledger, readers):
    draft = desk.post("/briefs/new", {"week": "2019-W39"})
    assert draft.url == "/briefs/2019-39"
    desk.post("/briefs/2019-39/final")
    page = desk.post("/briefs/2019-39/issue", follow=True)
    assert "已发送第 1 期，寄给 2 个收件人。" in text(page)
    assert Document.objects.get().briefing.state == Briefing.State.ISSUED


def test_every_number_of_the_draft_is_a_link(desk, draft):
    page = text(desk.get("/briefs/2019-39"))
    assert '<a class="overdue" href="/tasks?view=all&amp;f.kind=plan&amp;f.lamp=overdue">1项</a>' in page
    assert "/tasks/02-01-03" in page


def test_a_draft_is_not_known_to_units(login, liaison, draft):
    client = login(liaison)
    assert client.get("/briefs/2019-39").status_code == 404
    assert "2019-39" not in text(client.get("/briefs"))


def test_a_unit_reads_the_issued_paper_and_no_addresses(login, liaison, document):
    page = text(login(liaison).get("/briefs/2019-39"))
    assert "/briefs/2019-39/pages/1?v=" in page
    assert "qw@example.test" not in page


def test_the_preview_shows_each_page_and_no_more(desk, draft):
    first = desk.get("/briefs/2019-39/pages/1")
    assert (first["Content-Type"], first.content[:4]) == ("image/png", b"\x89PNG")
    assert desk.get("/briefs/2019-39/pages/99").status_code == 404


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_draft_can_be_taken_along(desk, draft, kind, start):
    answer = desk.get(f"/briefs/2019-39/{kind}")
    assert answer.getvalue().startswith(start)
    assert "%E9%80%81%E5%AE%A1%E7%A8%BF" in answer["Content-Disposition"]


def test_the_issued_file_is_given_as_it_went_out(desk, document):
    answer = desk.get("/briefs/2019-39/pdf")
    assert len(b"".join(answer.streaming_content)) == document.pdf.size


def test_words_of_who_came_second_are_kept(desk, draft):
    section = draft.sections.get(kind="late")
    words = {"do": "save", "title": "逾期", "body": "我写了半天的话", "version": "0"}
    answer = desk.post(f"/briefs/2019-39/sections/{section.pk}", words)
    assert answer.status_code == 409
    assert "刚被别人改过" in text(answer)
    assert "我写了半天的话" in text(answer)


def test_a_section_is_rewritten_and_given_back_to_the_ledger(desk, draft):
    section = draft.sections.get(kind="late")
    address = f"/briefs/2019-39/sections/{section.pk}"
    desk.post(address, {"do": "save", "title": "逾期督办", "body": "请抓紧。", "version": "1"})
    assert "请抓紧。" in text(desk.get("/briefs/2019-39"))
    desk.post(address, {"do": "reset", "version": "2"})
    section.refresh_from_db()
    assert (section.title, section.body) == ("逾期督办", None)


def test_the_office_is_told_of_substituted_typefaces(desk, draft):
    assert "小标宋：" in text(desk.get("/briefs/2019-39"))


def test_an_issue_shows_the_fate_of_each_mail(desk, document, now):
    deliver_outbox(now=now)
    page = text(desk.get("/briefs/2019-39"))
    assert page.count("已送出") == 2
    OutgoingMail.objects.filter(to_address="qw@example.test").update(state="failed", last_error="550 没有这个人")
    assert "重发" in text(desk.get("/briefs/2019-39"))


def test_mail_carries_files_with_chinese_names(document, now, settings):
    deliver_outbox(now=now)
    raw = next(settings.MAILBOX_DIR.rglob("*.eml")).read_bytes()
    assert re.search(rb"filename\*(0\*)?=", raw)  # RFC 2231: readers that know only ASCII names would show "noname"
    parts = list(email.message_from_bytes(raw, policy=modern).iter_attachments())
    assert [part.get_filename() for part in parts] == ["创城工作简报2019年第1期.pdf", "创城工作简报2019年第1期.docx"]
    assert parts[0].get_content().startswith(b"%PDF")


def test_a_correction_is_begun_with_its_reason(desk, document):
    assert desk.post("/briefs/2019-39/correct", {"note": " "}).status_code == 422
    begun = desk.post("/briefs/2019-39/correct", {"note": "逾期应为2项"}, follow=True)
    assert begun.redirect_chain[-1][0] == "/briefs/2019-39-1"
    assert "更正" in text(begun)


@pytest.mark.parametrize("slug", ["2019-99", "nonsense", "2019-39-7"])
def test_a_week_that_has_none_is_not_found(desk, draft, slug):
    assert desk.get(f"/briefs/{slug}").status_code == 404


def test_a_wrong_week_is_told(desk):
    answer = desk.post("/briefs/new", {"week": "2019-W60"})
    assert (answer.status_code, Briefing.objects.count()) == (400, 0)


def test_an_address_stands_on_the_list_once(desk, readers):
    words = {"name": "区委", "address": "QW@example.test", "line": "report"}
    assert "已在名单里：区委办公室" in text(desk.post("/briefs/recipients", words))
    desk.post("/briefs/recipients", words | {"address": "other@example.test"})
    assert Distribution.objects.count() == 3


def test_a_line_of_the_list_is_stopped_and_removed(desk, readers):
    first, second = readers
    desk.post(f"/briefs/recipients/{first.pk}", {"do": "stop"})
    desk.post(f"/briefs/recipients/{second.pk}", {"do": "remove"})
    assert list(Distribution.objects.values_list("name", "is_active")) == [("区委办公室", False)]


def test_good_practice_goes_from_a_unit_into_the_issue(login, liaison, office, police, draft):
    words = {"unit": police.pk, "title": "路口三色引导线", "body": "越线由每小时31起降到9起"}
    login(liaison).post("/practices", words)
    login(office).post(f"/practices/{Practice.objects.get().pk}/choose")
    page = text(login(office).get("/briefs/2019-39"))
    assert "区交通支队：路口三色引导线。越线由每小时31起降到9起。" in page


def test_a_unit_speaks_for_itself_only(login, liaison, city):
    login(liaison).post("/practices", {"unit": city.pk, "title": "甲", "body": "乙"})
    assert Practice.objects.count() == 0


def test_the_builder_asks_a_constant_number_of_questions(desk, draft, make_task, django_assert_max_num_queries):
    for number in range(30):
        make_task(f"02-03-{number:02d}", f"任务{number}")
    with django_assert_max_num_queries(56):
        desk.get("/briefs/2019-39")
