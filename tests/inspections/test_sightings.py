"""随手拍 and what comes by other ways: off by default, nameless, looked at before it is a finding."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image

from campaign import attachments
from campaign.models import LogEntry
from campaign.problems import Conflict, Refused
from inspections import sightings
from inspections.models import Finding, Sighting
from inspections.sightings import Report
from inspections.views.sightings import TO_ONE


def picture(*, with_place=False):
    image = Image.new("RGB", (64, 48), (90, 120, 90))
    exif = Image.Exif()
    if with_place:
        exif[0x010F] = "SomePhone"
        exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def link(campaign, office, now):
    return sightings.add_link(campaign, "各社区公告栏", None, by=office, now=now)


@pytest.fixture
def open_link(link, office, now):
    sightings.set_open(link, is_open=True, by=office, now=now)
    return link


@pytest.fixture
def sent(open_link, now):
    photo = attachments.Upload("a.jpg", picture(with_place=True))
    return sightings.receive(open_link, Report(text="垃圾没人收", where="古桥一巷东口", photo=photo), now=now)


def test_closed_until_the_office_opens_it(link, client, now):
    assert client.get(f"/snap/{link.token}").status_code == 404
    with pytest.raises(Refused):
        sightings.receive(link, Report(text="有问题", where="路口"), now=now)


def test_a_resident_reports_without_a_name(open_link, client):
    page = client.get(f"/snap/{open_link.token}?big=1")
    assert "大字版" not in page.content.decode(), "it is the large one already"
    photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    answer = client.post(f"/snap/{open_link.token}", {"photo": photo, "where": "古桥一巷", "tile": "环境脏乱"})
    assert "收到了，谢谢您" in answer.content.decode()
    assert Sighting.objects.get().sent_at.minute == 0


def test_the_photo_has_lost_what_it_knew(sent):
    with attachments.read(sent.photo.file) as file, Image.open(file) as kept:
        assert not kept.getexif()
    assert sent.photo.created_by is None


@pytest.mark.parametrize(
    ("said", "words"),
    [({"where": "路口"}, "还没有照片"), ({"text": "脏"}, "没有写在哪里")],
)
def test_what_is_missing_is_said(open_link, client, said, words):
    answer = client.post(f"/snap/{open_link.token}", said)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Sighting.objects.exists()


def test_a_flood_is_stopped(open_link, client):
    codes = [client.post(f"/snap/{open_link.token}", {"text": "脏", "where": "路口"}).status_code for _ in range(14)]
    assert codes[0] == 200
    assert 429 in codes


def test_taken_it_is_a_hidden_finding_with_its_photo(sent, office, police, liaison, actor, now):
    row = sightings.take(sent, text="垃圾未清运", place=None, unit=police, by=office, now=now)
    assert (row.source, row.stage, row.is_hidden, row.photos.count()) == ("public", "pending", True, 1)
    assert not Finding.objects.visible_to(actor(liaison)).exists()
    with pytest.raises(Conflict):
        sightings.take(sent, text="", place=None, unit=None, by=office, now=now)


def test_declined_with_a_reason(sent, office, now):
    with pytest.raises(Refused):
        sightings.decline(sent, " ", by=office, now=now)
    sightings.decline(sent, "看不清地点", by=office, now=now)
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("declined", "看不清地点")


def test_the_office_decides_on_its_page(sent, login, office, police):
    client = login(office)
    assert "垃圾没人收" in client.get("/sightings").content.decode()
    client.post(f"/sightings/{sent.pk}", {"outcome": "take", "text": "垃圾没人收", "unit": police.pk})
    assert Finding.objects.get().unit == police
    assert client.get(f"/sightings/{sent.pk}/photo")["Content-Type"] == "image/jpeg"


def test_calls_are_filed_one_a_line_or_none(place, login, office, police):
    client = login(office)
    said = {"source": "hotline", "tile": "占道经营", "found_on": "2019-09-23"}
    bad = client.post("/intake/new", said | {"lines": "早餐摊占道｜金桥市场\n没有写在哪里的"})
    assert (bad.status_code, Finding.objects.count()) == (422, 0)
    client.post("/intake/new", said | {"lines": "早餐摊占道｜金桥市场\n飞线｜西街口｜交通支队"})
    rows = Finding.objects.order_by("code")
    assert [(row.source, row.unit, str(row.place or row.where)) for row in rows] == [
        ("hotline", police, "金桥市场"),
        ("hotline", police, "西街口"),
    ]


def test_one_phone_does_not_close_the_page_for_the_others(open_link, client):
    """Behind our proxy everybody comes from one peer; who it is stands in the header the proxy wrote."""
    said = {"text": "脏", "where": "路口"}

    def send(address):
        return client.post(f"/snap/{open_link.token}", said, headers={"X-Forwarded-For": address}).status_code

    with override_settings(PROXY_COUNT=1):
        codes = [send("203.0.113.7") for _ in range(TO_ONE + 1)]
        assert (codes[0], codes[-1]) == (200, 429)
        assert send("203.0.113.8") == 200


def header_of(wide, high):
    """A PNG that claims a size and holds nothing."""
    size = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + size
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize("content", [header_of(20_000, 20_000), header_of(9_000, 9_000), b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_would_eat_the_memory_or_run_a_program_is_not_opened(open_link, client, content):
    photo = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    answer = client.post(f"/snap/{open_link.token}", {"photo": photo, "where": "路口"})
    assert answer.status_code == 422
    assert not Sighting.objects.exists()


@pytest.mark.parametrize("said", [{"place": "S9999"}, {"unit": "没有这家"}, {"unit": "z" * 36}])
def test_a_place_or_unit_that_is_none_is_told_so(sent, login, office, said):
    page = login(office).post(f"/sightings/{sent.pk}", {"outcome": "take", "text": "脏"} | said, follow=True)
    assert "没有" in str(next(iter(page.context["messages"])))
    assert not Finding.objects.exists()
    assert Sighting.objects.get().state == "waiting"


def test_a_form_of_calls_that_comes_twice_is_filed_once(place, login, office):
    """A finding without a place joins nothing: only the form's token knows it again."""
    client = login(office)
    token = client.get("/intake/new").content.decode().split('name="token" value="')[1].split('"')[0]
    said = {"source": "hotline", "tile": "占道经营", "found_on": "2019-09-23", "token": token, "lines": "飞线｜西街口"}
    answers = [client.post("/intake/new", said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Finding.objects.count(), LogEntry.objects.filter(verb="intake").count()) == (1, 1)
    client.post("/intake/new", said | {"lines": "飞线｜东街口"})
    assert Finding.objects.count() == 2, "another content of a page gone back to is no repetition"
    assert token in client.post("/intake/new", said | {"lines": "没有写在哪里的"}).content.decode()
