"""What a phone sends: receipts, repetition, other content, other people."""

import datetime as dt
import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.models import Finding, Photo, Visit
from tests.inspections.test_recording import picture


@pytest.fixture
def phone(login, inspector, place, checklist):
    return login(inspector)


@pytest.fixture
def message(place, checklist):
    """One finding with one photo, as the phone words it."""
    finding = {"client_id": "rec-1.1", "tile": "占道经营", "photos": ["pic-1"]}
    return {"client_id": "rec-1", "at": "2019-09-24T02:00:00Z", "place": place.code, "findings": [finding]}


def send(phone, message, **headers):
    return phone.post("/api/v1/visits", json.dumps(message), content_type="application/json", headers=headers)


def send_photo(phone, shade=10, **fields):
    content = picture(shade).content
    file = SimpleUploadedFile("a.jpg", content, content_type="image/jpeg")
    body = {"client_id": "pic-1", "visit": "rec-1", "finding": "rec-1.1", "file": file}
    return phone.post("/api/v1/photos", body | fields), hashlib.sha256(content).hexdigest()


def test_a_record_is_answered_with_the_hash_of_its_bytes(phone, message):
    answer = send(phone, message)
    assert answer.status_code == 201
    digest = hashlib.sha256(json.dumps(message).encode()).hexdigest()
    assert answer.json()["receipt"] == {"client_id": "rec-1", "sha256": digest}
    assert answer.json()["findings"] == [
        {"client_id": "rec-1.1", "code": Finding.objects.get().code, "joined_into": "", "is_relapse": False}
    ]
    again = send(phone, message)
    assert (again.status_code, again.json()) == (200, answer.json())
    assert Visit.objects.count() == 1


def test_a_photo_is_answered_with_its_hash(phone, message):
    answer, digest = send_photo(phone)
    assert (answer.status_code, answer.json()["receipt"]) == (201, {"client_id": "pic-1", "sha256": digest})
    send(phone, message)
    again, _ = send_photo(phone)
    assert (again.status_code, again.json()) == (200, answer.json())
    assert Photo.objects.get().finding == Finding.objects.get()


def test_other_content_with_the_same_id_is_refused(phone, message):
    send(phone, message)
    send_photo(phone)
    other = send(phone, message | {"note": "另一句"})
    assert (other.status_code, other.json()["problems"][0]["code"]) == (409, "other_record")
    assert send_photo(phone, shade=200)[0].status_code == 409


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": ""}, 400),
        ({"at": "gestern"}, 400),
        ({"latitude": 91}, 400),
        ({"place": "S9999"}, 404),
        ({"round": "R999"}, 404),
        ({"findings": []}, 422),
        ({"findings": [{"client_id": "rec-1.1", "tile": "乱停车", "photos": []}]}, 422),
        ({"answers": [{"item": "01890000-0000-7000-8000-000000000000", "verdict": "pass"}]}, 422),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(phone, message, change, code):
    answer = send(phone, message | change)
    assert answer.status_code == code
    assert answer.json()["problems"][0]["message"]
    assert not Visit.objects.exists()


def test_a_phones_wrong_clock_is_set_right(phone, message, now):
    """It says 2001, and so does its moment of sending: ten minutes ago is ten minutes ago."""
    send(phone, message | {"at": "2001-01-01T00:00:00Z"}, **{"X-Phone-Now": "2001-01-01T00:10:00Z"})
    visit = Visit.objects.get()
    assert abs(visit.received_at - visit.at - dt.timedelta(minutes=10)) < dt.timedelta(seconds=5)


def test_another_persons_record_is_not_taken_as_mine(phone, message, office):
    answer = send(phone, message, **{"X-Recorded-By": str(office.pk)})
    assert answer.status_code == 403
    assert "另一个账号" in answer.json()["problems"][0]["message"]


def test_a_third_party_files_in_its_rounds_only(login, third_party, make_round, make_place, place, message):
    other = make_place("二号市场")
    make_round(places=[other], members=[third_party])
    phone = login(third_party)
    assert send(phone, message).status_code == 404
    assert send(phone, message | {"place": ""}).status_code == 422
    assert send(phone, message | {"place": other.code}).status_code == 201
    assert Finding.objects.get().source == Finding.Source.THIRD_PARTY
    assert [row["place"] for row in phone.get("/api/v1/visits").json()["results"]] == [other.code]


def test_where_it_was_filed_is_told_to_nobody_by_the_api(phone, message):
    send(phone, message | {"latitude": 34.26, "longitude": 108.95, "accuracy": 12})
    send_photo(phone, latitude=34.26, longitude=108.95)
    assert (Visit.objects.get().latitude, Photo.objects.get().longitude) == (34.26, 108.95)
    for path in ("/api/v1/visits", "/api/v1/photos"):
        assert "34.26" not in phone.get(path).content.decode()


def test_the_findings_page_says_that_photos_are_on_their_way(phone, login, office, message):
    send(phone, message)
    page = f"/orders/{Finding.objects.get().code}"
    assert "还有 1 张照片在途" in login(office).get(page).content.decode()
    send_photo(login(Visit.objects.get().by))
    assert "在途" not in login(office).get(page).content.decode()
