"""A unit's answer as its phone sends it: the photos ahead, then the answer; once, whole, and never over somebody else's deed."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.models import LogEntry
from inspections import answering
from inspections.models import Finding, Photo
from tasks.models import ProgressReport
from tests.conftest import NOON
from tests.inspections.order_cast import found, issue_all, picture, shoot

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(campaign, place, office, inspector):
    row = found(campaign, place, by=inspector)
    shoot(row, by=inspector, seed=1)
    issue_all(campaign, by=office)
    row.refresh_from_db()
    return row


@pytest.fixture
def phone(login, liaison):
    return login(liaison)


def send_photo(page, key, seed, **fields):
    file = SimpleUploadedFile("a.jpg", picture(seed), content_type="image/jpeg")
    body = {"client_id": key, "visit": "ans-1", "moment": "after", "file": file}
    return page.post("/api/v1/photos", body | fields)


def send(page, row, **said):
    body = {"client_id": "ans-1", "finding": row.code, "at": "2019-09-24T02:00:00Z", "version": 1, "words": "已清理"}
    text = json.dumps(body | {"photos": ["pic-1", "pic-2"]} | said)
    return page.post("/api/v1/answers", text, content_type="application/json"), hashlib.sha256(
        text.encode()
    ).hexdigest()


def send_all(page, row, **said):
    for number in (1, 2):
        assert send_photo(page, f"pic-{number}", 20 + number).status_code == 201
    return send(page, row, **said)[0]


def code(answer):
    return answer.json()["problems"][0]["code"]


def test_photos_ahead_then_the_answer_once(phone, owed):
    assert send_all(phone, owed).status_code == 200
    again, digest = send(phone, owed)
    assert again.json() == {"receipt": {"client_id": "ans-1", "sha256": digest}}
    owed.refresh_from_db()
    assert (owed.stage, owed.photos.filter(moment="after").count()) == ("recheck", 2)
    assert ProgressReport.objects.get().progress == "已清理"
    said = LogEntry.objects.get(verb="answer").data
    assert (said["photos"], "filed_at" in said) == (2, True)


def test_a_photo_that_is_not_here_is_missed(phone, owed):
    send_photo(phone, "pic-1", 21)
    answer, _ = send(phone, owed)
    assert (answer.status_code, code(answer)) == (422, "photo_missing")
    owed.refresh_from_db()
    assert (owed.stage, ProgressReport.objects.count()) == ("fixing", 0)


def test_the_same_id_with_other_words_is_refused(phone, owed):
    send_all(phone, owed)
    answer, _ = send(phone, owed, words="另一句")
    assert (answer.status_code, code(answer)) == (409, "other_answer")


def test_what_the_office_did_meanwhile_is_a_conflict(phone, owed, liaison, police):
    shoot(owed, moment="after", by=liaison, seed=60)
    answering.answer(owed, answering.Said(token="desk-1", version=1), by=liaison, unit=police, now=NOON)
    answer = send_all(phone, owed)
    assert (answer.status_code, code(answer)) == (409, "not_open")
    assert ProgressReport.objects.count() == 1
    assert Photo.objects.filter(finding=None, moment="after").count() == 2


def test_anothers_order_takes_no_answer(phone, owed, street):
    Finding.objects.update(unit=street)
    answer = send_all(phone, owed)
    assert answer.status_code == 404
    assert not ProgressReport.objects.exists()


def test_the_picture_of_before_proves_nothing(phone, owed):
    send_photo(phone, "pic-1", 1)
    answer, _ = send(phone, owed, photos=["pic-1"])
    assert (answer.status_code, code(answer)) == (422, "same_photo")


def test_anothers_photo_is_not_ones_own(login, owed, inspector, liaison):
    send_photo(login(inspector), "pic-1", 21)
    phone = login(liaison)
    send_photo(phone, "pic-2", 22)
    assert code(send(phone, owed)[0]) == "photo_missing"


def test_a_liaison_sends_photos_of_repairs_only(phone):
    assert send_photo(phone, "pic-1", 21, moment="before").status_code == 403
    assert not Photo.objects.exists()


def test_its_own_answers_are_listed(phone, owed):
    send_all(phone, owed)
    page = phone.get("/orders/mine").content.decode()
    assert owed.text in page
    assert page.count('class="rc ok"') == 2
