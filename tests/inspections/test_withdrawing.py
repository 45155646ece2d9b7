"""撤销合格: the visit stays, marked; place and round stand as if nobody had been there."""

import datetime as dt
import json

import pytest

from campaign import clock
from campaign.models import LogEntry
from campaign.problems import Refused
from inspections.models import RoundPlace, Visit
from inspections.recording import Failing, Judged, Seen, record_visit
from inspections.withdrawing import withdraw
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def fine(campaign, place, inspector, make_round):
    """合格, tapped on a round."""
    walked = make_round(places=[place], members=[inspector])
    seen = Seen(client_id="fine-1", at=NOON, place=place, round=walked, is_fine=True)
    return record_visit(campaign, seen, by=inspector, now=NOON).visit


def test_it_stays_and_counts_no_more(fine, place, inspector):
    withdraw(fine, by=inspector, at=NOON + MINUTE, now=NOON + 9 * MINUTE)
    place.refresh_from_db()
    assert (place.visit_count, place.last_visit_at) == (0, None)
    assert RoundPlace.objects.get(place=place).visited_at is None
    assert Visit.objects.get().withdrawn_at == NOON + 9 * MINUTE
    assert LogEntry.objects.filter(verb="visit_withdrawn").count() == 1


def test_an_earlier_visit_of_the_round_stands(fine, campaign, place, inspector):
    again = Seen(client_id="fine-2", at=NOON + MINUTE, place=place, round=fine.round, is_fine=True)
    second = record_visit(campaign, again, by=inspector, now=NOON + MINUTE).visit
    withdraw(second, by=inspector, at=NOON + MINUTE, now=NOON + MINUTE)
    place.refresh_from_db()
    assert (place.visit_count, RoundPlace.objects.get(place=place).visited_at) == (1, NOON)


def test_twice_is_once(fine, inspector):
    for minute in (1, 2):
        withdraw(fine, by=inspector, at=NOON + MINUTE, now=NOON + minute * MINUTE)
    assert Visit.objects.get().withdrawn_at == NOON + MINUTE
    assert LogEntry.objects.filter(verb="visit_withdrawn").count() == 1


def test_only_its_maker_and_only_at_once(fine, inspector, office):
    with pytest.raises(Refused, match="只有点“合格”的人"):
        withdraw(fine, by=office, at=NOON, now=NOON)
    with pytest.raises(Refused, match="超过 10 分钟"):
        withdraw(fine, by=inspector, at=NOON + 11 * MINUTE, now=NOON + 11 * MINUTE)
    assert Visit.objects.get().withdrawn_at is None


@pytest.mark.parametrize("said", ["answers", "failings"])
def test_what_was_looked_at_is_not_taken_back(campaign, place, checklist, inspector, said):
    item = checklist.items.first()
    given = {
        "answers": (Judged(item=item, verdict="pass"),),
        "failings": (Failing(client_id="f", tile="其他", photos=("p",)),),
    }
    seen = Seen(client_id="v-1", at=NOON, place=place, is_fine=said == "answers", **{said: given[said]})
    visit = record_visit(campaign, seen, by=inspector, now=NOON).visit
    with pytest.raises(Refused, match="查过检查表、报了问题的不行"):
        withdraw(visit, by=inspector, at=NOON, now=NOON)


def test_from_the_phone_with_a_receipt(login, inspector, fine):
    body = {"client_id": "undo-1", "visit": "fine-1", "at": (NOON + MINUTE).isoformat()}
    answers = [
        login(inspector).post("/api/v1/withdrawals", json.dumps(body), content_type="application/json")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["receipt"]["client_id"] == "undo-1"
    assert Visit.objects.get().withdrawn_at


def test_what_is_not_there_cannot_be_taken_back(login, inspector, place):
    body = json.dumps({"client_id": "undo-1", "visit": "none", "at": NOON.isoformat()})
    assert login(inspector).post("/api/v1/withdrawals", body, content_type="application/json").status_code == 404


def test_from_ones_own_records_without_scripts(login, inspector, fine, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda campaign=None: NOON + MINUTE)
    page = login(inspector)
    assert "撤销合格" in page.get("/patrol/records").content.decode()
    assert page.post("/patrol/withdraw", {"visit": "fine-1"}).status_code == 302
    shown = page.get("/patrol/records").content.decode()
    assert ("已撤销" in shown, "撤销合格" in shown) == (True, False)
