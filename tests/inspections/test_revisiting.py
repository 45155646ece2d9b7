"""复查 on the spot: mended closes, not mended goes back; what was closed and is bad again is found anew."""

import datetime as dt
import json

import pytest

from inspections import answering
from inspections.answering import Said
from inspections.models import Finding, Photo, Visit
from inspections.photos import Shot
from tests.inspections.order_cast import found, issue_all, shoot
from tests.inspections.test_recording import picture


@pytest.fixture
def answered(campaign, place, office, liaison, police, now):
    """A finding of yesterday that 交通支队 says is mended."""
    row = found(campaign, place, at=now - dt.timedelta(days=1), by=office)
    shoot(row, at=now - dt.timedelta(days=1), by=office)
    issue_all(campaign, by=office, now=now - dt.timedelta(hours=5))
    row.refresh_from_db()
    shot = Shot(client_id="after", upload=picture(77), moment="after", taken_at=now)
    said = Said(token="answer-1", version=answering.milestone_of(row).version, shots=[shot])
    answering.answer(row, said, by=liaison, unit=police, now=now - dt.timedelta(hours=2))
    row.refresh_from_db()
    return row


@pytest.fixture
def closed(answered):
    Finding.objects.update(stage="closed", closed_at=answered.found_at, recheck_on=dt.date(2019, 9, 24))
    answered.refresh_from_db()
    return answered


def message(row, **said):
    version = answering.milestone_of(row).version
    body = {"client_id": "look-1", "finding": row.code, "at": "2019-09-24T03:00:00Z", "is_mended": True}
    return json.dumps(body | {"version": version} | said)


def send(page, body):
    return page.post("/api/v1/rechecks", body, content_type="application/json")


def test_mended_is_closed_once(login, inspector, answered):
    page, body = login(inspector), message(answered, photos=["pic-1"])
    first, again = send(page, body), send(page, body)
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    answered.refresh_from_db()
    assert (answered.stage, Visit.objects.count()) == ("closed", 1)


def test_its_photo_belongs_to_the_finding_in_any_order(login, inspector, answered):
    page = login(inspector)
    from tests.inspections.test_patrol_api import send_photo

    send_photo(page, visit="look-1", finding=f"code:{answered.code}", moment="context")
    send(page, message(answered, photos=["pic-1"]))
    assert Photo.objects.get(client_id="pic-1").finding == answered


def test_a_strange_photo_does_not_join_anothers_finding(login, inspector, answered, place):
    """A key that names a finding counts only on a visit made to look at it."""
    page = login(inspector)
    from tests.inspections.test_patrol_api import send_photo

    fine = {"client_id": "look-1", "at": "2019-09-24T03:00:00Z", "place": place.code, "is_fine": True}
    page.post("/api/v1/visits", json.dumps(fine), content_type="application/json")
    send_photo(page, visit="look-1", finding=f"code:{answered.code}")
    assert Photo.objects.get(client_id="pic-1").finding is None


def test_not_mended_needs_a_photo_and_goes_back(login, inspector, answered):
    page = login(inspector)
    assert send(page, message(answered, is_mended=False)).status_code == 422
    assert send(page, message(answered, is_mended=False, photos=["pic-1"])).status_code == 200
    answered.refresh_from_db()
    assert (answered.stage, answered.returns) == ("fixing", 1)


def test_who_comes_second_is_told(login, inspector, office, answered):
    body = message(answered)
    assert send(login(office), message(answered, client_id="look-2")).status_code == 200
    answer = send(login(inspector), body)
    assert (answer.status_code, Visit.objects.count()) == (409, 1)


def test_closed_and_bad_again_is_a_relapse(login, inspector, closed):
    page = login(inspector)
    assert send(page, message(closed, is_mended=False, version=0, photos=["pic-1"])).status_code == 200
    again = Finding.objects.exclude(pk=closed.pk).get()
    assert (again.is_relapse, again.relapse_of, again.text) == (True, closed, closed.text)


def test_a_third_party_rechecks_nothing(login, third_party, answered, make_round, place):
    make_round(places=[place], members=[third_party])
    page = login(third_party)
    assert send(page, message(answered)).status_code in (403, 404)
    Finding.objects.filter(pk=answered.pk).update(found_by=third_party, stage="closed")
    assert page.post(f"/orders/{answered.code}/look-again").status_code == 403
    assert "没有等您复查的" in page.get("/patrol/rechecks").content.decode()


def test_plain_pages_do_the_same(login, inspector, answered):
    page = login(inspector)
    assert answered.text in page.get("/patrol/rechecks").content.decode()
    text = page.get(f"/patrol/rechecks/{answered.code}").content.decode()
    assert "单位答复" in text
    body = {"token": "t-1", "deed": "mended", "version": answering.milestone_of(answered).version}
    assert page.post(f"/patrol/rechecks/{answered.code}", body).status_code == 302
    answered.refresh_from_db()
    assert answered.stage == "closed"


def test_bad_again_counts_though_another_had_found_it_fine(login, inspector, office, closed):
    fine = message(closed, client_id="look-2", version=0)
    assert send(login(office), fine).status_code == 200
    bad = message(closed, is_mended=False, version=0, photos=["pic-1"])
    page = login(inspector)
    assert [send(page, bad).status_code for _ in range(2)] == [200, 200]
    again = Finding.objects.exclude(pk=closed.pk).get()
    assert (again.is_relapse, again.relapse_of, Visit.objects.count()) == (True, closed, 2)


def test_what_is_open_again_is_not_looked_at_again(login, inspector, closed):
    Finding.objects.update(stage="revoked")
    assert send(login(inspector), message(closed, is_mended=False, version=0, photos=["pic-1"])).status_code == 409
    assert not Visit.objects.exists()
