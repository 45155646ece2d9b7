"""S14: what people type reaches no header, no log line, no query and no page as anything but text; nothing is slow."""

import logging
import time

import pytest

from campaign import forms, sessions
from campaign.models import LogEntry, OutgoingMail, Unit, User

LINES = "王磊\r\nBcc: all@example.cn\r\n\r\n正文"
MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7|add:7 }}{% now "Y" %}'


def test_line_breaks_in_a_name_stay_out_of_mail_heads(office, police, login):
    body = {"name": LINES, "email": "w@example.cn", "post": "liaison", "role": "liaison", "from_on": "2019-09-24"}
    login(office).post(f"/units/{police.pk}/people/new", body)
    mail = OutgoingMail.objects.get()
    heads = (mail.to_name, mail.to_address, mail.subject, mail.message_id)
    assert not any("\r" in head or "\n" in head for head in heads)
    assert User.objects.get(email="w@example.cn").name == "王磊 Bcc: all@example.cn 正文"


@pytest.mark.parametrize("email", ["a@b.cn\r\nBcc: x@y.cn", "a@b.cn,x@y.cn", "a b@c.cn", "<a@b.cn>", "a@b.cn\x00"])
def test_address_is_one_address(liaison, login, email):
    login(liaison).post("/me", {"phone": "", "email": email})
    assert User.objects.get(pk=liaison.pk).email in {"wanglei@example.test", "a@b.cn"}


@pytest.mark.parametrize("target", ["/me\r\nSet-Cookie: x=1", "/%0d%0aSet-Cookie:x=1", "/\nLocation: //evil.example"])
def test_redirect_carries_no_header(liaison, client, target):
    answer = client.post("/login", {"username": "wanglei", "password": "Secret-1234", "next": target})
    assert "x" not in client.cookies
    assert "\n" not in answer["Location"]


def test_login_name_writes_no_log_line(db, client, caplog):
    caplog.set_level(logging.DEBUG)
    client.post("/login", {"username": "a\n2019-09-24 CRITICAL root forged", "password": "Planted-Secret-9"})
    assert not any("\n2019-09-24 CRITICAL" in record.getMessage() for record in caplog.records)
    assert not any("Planted-Secret-9" in record.getMessage() for record in caplog.records)


def test_markup_in_names_is_shown_as_text(office, police, login):
    client = login(office)
    client.post(
        f"/units/{police.pk}/edit", {"name": MARKUP[:60], "kind": "department", "order": "3", "aliases": MARKUP}
    )
    for path in ("/units", f"/units/{police.pk}", f"/units/{police.pk}/edit", "/log"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "14{" not in page


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' OR ''='", '"; DROP TABLE campaign_unit; --', "\\", "%", "_"])
def test_search_is_data_not_sql(office, police, login, text):
    client = login(office)
    for path in ("/units", "/units/options", "/log", "/api/v1/units"):
        assert client.get(path, {"q": text}).status_code == 200
    assert Unit.objects.filter(pk=police.pk).exists()


@pytest.mark.parametrize(
    ("param", "value"), [("page", "9" * 400), ("page", "-1"), ("page", "x"), ("kind", "' --"), ("verb", "'")]
)
def test_strange_parameters_do_no_harm(office, login, param, value):
    client = login(office)
    assert [client.get(path, {param: value}).status_code for path in ("/units", "/log")] == [200, 200]


@pytest.mark.parametrize(
    "path", ["/units?q=%00", "/log?verb=a%00b", "/tasks/%00", "/api/v1/units?q=%00", "/login?next=%00"]
)
def test_null_characters_are_turned_away_at_the_door(office, login, path):
    """PostgreSQL takes none in a text."""
    assert login(office).get(path).status_code == 400


LONG = 100_000


@pytest.mark.parametrize("text", ["a" * LONG, "1-" * (LONG // 2), "(" * LONG, " " * LONG, "Version/1 " * (LONG // 10)])
def test_patterns_are_quick_on_long_text(text):
    began = time.process_time()
    forms.PHONE.fullmatch(text)
    forms.LOGIN_NAME.fullmatch(text)
    sessions.device_words(text)
    assert time.process_time() - began < 0.05


def test_phones_and_passwords_stay_out_of_the_log(office, liaison, login):
    login(office).post(f"/people/{liaison.pk}/edit", {"name": "王磊", "phone": "13812345678", "email": "n@example.cn"})
    assert LogEntry.objects.filter(verb="changed").exists()
    assert not any("13812345678" in str(entry.data) for entry in LogEntry.objects.all())
