"""撤销: a verdict, a 签收, a 催办 of a moment ago."""

import datetime as dt

import pytest

from campaign.models import LogEntry
from campaign.problems import Refused
from tasks import closing, inbox
from tasks.models import Milestone, Notice, Tally, Verdict
from tasks.notices import notice_for
from tasks.taking_back import take_back

SOON, LATER = dt.timedelta(seconds=8), dt.timedelta(seconds=16)
KEPT = ("state", "closed_on", "late_days", "is_held", "is_returned", "returns", "has_begun", "quantity_approved")


def standing(milestone):
    fresh = Milestone.objects.get(pk=milestone.pk)
    return {name: getattr(fresh, name) for name in KEPT}


@pytest.fixture
def decide(submitted, office, now):
    def do(outcome, reason="照片看不清"):
        return closing.decide(submitted, outcome=outcome, reason=reason, by=office, now=now, version=submitted.version)

    return do


@pytest.mark.parametrize("outcome", Verdict.Outcome.values)
def test_a_verdict_taken_back_leaves_the_milestone_as_it_was(decide, submitted, office, now, outcome):
    before = standing(submitted)
    take_back(decide(outcome), by=office, now=now + SOON)
    assert standing(submitted) == before
    assert not Verdict.objects.standing().exists()
    assert dict(Tally.objects.exclude(count=0).values_list("state", "count")) == {"submitted": 1}


def test_nobody_hears_of_a_verdict_taken_back(decide, office, liaison, actor, now):
    verdict = decide("return")
    assert not Notice.objects.to(liaison).sent(now=now + SOON).exists()
    take_back(verdict, by=office, now=now + SOON)
    assert not Notice.objects.to(liaison).sent(now=now + LATER).exists()


def test_the_log_keeps_both(decide, office, now):
    verdict = decide("return")
    take_back(verdict, by=office, now=now + SOON)
    said = LogEntry.objects.get(verb="verdict_taken_back")
    assert said.data == {"outcome": "return", "reason": "照片看不清", "verdict": str(verdict.pk)}
    assert LogEntry.objects.filter(verb="return").exists()


@pytest.fixture
def taken_back(decide, office, now):
    verdict = decide("return")
    take_back(verdict, by=office, now=now + SOON)
    verdict.refresh_from_db()
    return verdict


def test_the_verdict_stays_and_says_who_took_it_back(taken_back, office, now):
    assert (taken_back.taken_back_at, taken_back.taken_back_by) == (now + SOON, office)
    with pytest.raises(Refused, match="撤不回来"):
        take_back(taken_back, by=office, now=now + SOON)


@pytest.mark.parametrize("address", ["/tasks/{code}/history", "/tasks/{code}/peek", "/verify/{milestone}"])
def test_pages_show_it_as_taken_back(login, office, submitted, taken_back, address):
    page = login(office).get(address.format(code=submitted.task.code, milestone=submitted.pk)).content.decode()
    assert "已撤回" in page
    assert "照片看不清" in page


def test_one_taken_back_counts_for_nothing(taken_back, submitted, office, now):
    ours = Milestone.objects.filter(pk=submitted.pk)
    later = now + LATER
    closing.decide(ours.get(), outcome="return", reason="缺文件", by=office, now=later, version=ours.get().version)
    Verdict.objects.filter(pk=taken_back.pk).update(at=later + SOON, limit_on=now.date())
    assert ours.with_mend_by().get().mend_by is None
    assert submitted.verdicts.standing().get().reason == "缺文件"


def test_too_late_nothing_is_undone(decide, submitted, office, now):
    verdict = decide("pass")
    with pytest.raises(Refused, match="撤不回来"):
        take_back(verdict, by=office, now=now + LATER)
    assert standing(submitted)["state"] == "done"


def test_another_deed_in_between_is_not_undone(decide, submitted, office, now):
    verdict = decide("pass")
    closing.reopen(submitted, reason="不实", by=office, now=now + SOON, version=submitted.version)
    with pytest.raises(Refused):
        take_back(verdict, by=office, now=now + SOON)


def test_only_who_decided_takes_back(decide, administrator, now):
    with pytest.raises(Refused, match="作出决定的人"):
        take_back(decide("pass"), by=administrator, now=now + SOON)


def test_the_toast_offers_it_and_leads_back_to_the_item(login, office, submitted):
    client = login(office)
    given = {"outcome": "hold", "version": submitted.version}
    page = client.post(f"/verify/{submitted.pk}/decide", given, follow=True).content.decode()
    verdict = Verdict.objects.get()
    assert f'action="/verdicts/{verdict.pk}/take-back"' in page
    answer = client.post(f"/verdicts/{verdict.pk}/take-back", {"next": "/verify"})
    assert answer.url == f"/verify/{submitted.pk}"
    assert not standing(submitted)["is_held"]


@pytest.fixture
def told(milestone, liaison, now):
    row = notice_for(milestone.task, "urge", liaison, occasion="x", text="请办理", now=now, milestone=milestone)
    row.save()
    return row


def test_a_signature_can_be_taken_back_for_a_minute(told, liaison, actor, now):
    inbox.acknowledge(actor(liaison), [told.pk], now=now)
    assert inbox.unacknowledge(actor(liaison), signed_at=now, now=now + dt.timedelta(minutes=2)) == 0
    assert inbox.unacknowledge(actor(liaison), signed_at=now, now=now + SOON) == 1
    assert Notice.objects.get().acknowledged_at is None


def test_the_toast_of_a_signature_undoes_it(told, login, liaison):
    client = login(liaison)
    page = client.post(f"/inbox/{told.pk}/acknowledge", follow=True).content.decode()
    url = page.split('action="/inbox/undo?')[1].split('"')[0]
    client.post(f"/inbox/undo?{url}", {"next": "//elsewhere.example/"})
    assert Notice.objects.get().acknowledged_at is None


@pytest.mark.parametrize("wanted", ["//elsewhere.example/", "https://elsewhere.example/", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_house(login, liaison, wanted):
    answer = login(liaison).post("/inbox/undo?at=2019-09-24T12:00:00%2B08:00", {"next": wanted})
    assert answer.url == "/inbox"


@pytest.mark.parametrize("at", ["", "x", "2019-09-24T12:00:00"])
def test_a_broken_link_of_undoing_is_refused(login, liaison, at):
    assert login(liaison).post(f"/inbox/undo?at={at}").status_code == 400
