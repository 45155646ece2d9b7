"""One finding from the street to its closing and back again: joined, answered, re-checked, disputed, relapsed."""

import datetime as dt

import pytest

from campaign.attachments import Upload
from campaign.problems import Conflict, Refused
from inspections import answering, disputing, drafting, finding, limits, orderpaper, rechecking, sweeping
from inspections.models import Finding, Order, Photo, PlaceType, Signature, Visit
from inspections.models.orders import OrderPolicy
from inspections.photos import Shot
from tasks.models import Task
from tests.conftest import NOON
from tests.inspections.order_cast import HOUR, found, issue_all, picture, shoot

pytestmark = pytest.mark.django_db
Stage = Finding.Stage
DAY = dt.timedelta(days=1)


@pytest.fixture
def issued(campaign, place, office, liaison, inspector):
    """A finding of 交通支队, on an issued order."""
    row = found(campaign, place, by=inspector, severity="urgent")
    shoot(row, seed=1, by=inspector, latitude=39.9, longitude=116.4)
    issue_all(campaign, by=office)
    row.refresh_from_db()
    return row


@pytest.fixture
def reply(liaison, police):
    def do(row, *, at=NOON + HOUR, seed=50, words="已清理归位"):
        shoot(row, moment=Photo.Moment.AFTER, at=at, seed=seed, by=liaison, latitude=39.90003, longitude=116.4)
        said = answering.Said(token=f"token{at:%d%H%M}", version=answering.milestone_of(row).version, words=words)
        answering.answer(row, said, by=liaison, unit=police, now=at)
        return row

    return do


def decide(row, outcome, *, by, at=NOON + 2 * HOUR, reason="没有改完"):
    version = answering.milestone_of(row).version
    return rechecking.decide(row, outcome=outcome, reason=reason, by=by, now=at, version=version)


def test_the_same_thing_twice_is_one_finding(campaign, place, office):
    first, second = found(campaign, place), found(campaign, place, at=NOON + HOUR)
    assert second.joined_into == first
    assert Finding.objects.counted().count() == 1
    issue_all(campaign, by=office, now=NOON + 2 * HOUR)
    second.refresh_from_db()
    assert (second.stage, second.is_hidden) == (Stage.FIXING, True)


def test_a_limit_counts_working_days(campaign):
    policy, friday = OrderPolicy(campaign=campaign), dt.datetime(2019, 9, 20, 17, tzinfo=campaign.zone)
    due = [limits.due_at(policy, severity, campaign=campaign, issued_at=friday) for severity in ("urgent", "major")]
    assert [(at.day, at.hour) for at in due] == [(23, 18), (25, 18)]
    assert limits.due_at(policy, "instant", campaign=campaign, issued_at=friday) == friday + 4 * HOUR


def test_mended_on_the_spot_needs_no_paper(campaign, place, inspector):
    row = found(campaign, place, by=inspector, is_on_spot=True)
    shoot(row, by=inspector, seed=1)
    assert not finding.settle_on_spot(row, now=NOON)
    shoot(row, moment=Photo.Moment.AFTER, by=inspector, seed=2)
    assert finding.settle_on_spot(row, now=NOON)
    assert (row.stage, row.task, row.is_hidden) == (Stage.CLOSED, None, False)


def test_an_answer_needs_a_photo_of_its_own(issued, liaison, police):
    said = answering.Said(token="t" * 8, version=1, words="已改")
    with pytest.raises(Refused, match="没有整改后的照片"):
        answering.answer(issued, said, by=liaison, unit=police, now=NOON)


def test_passed_it_is_closed_and_looked_at_again(issued, reply, inspector, place):
    decide(reply(issued), "pass", by=inspector)
    issued.refresh_from_db()
    assert (issued.stage, issued.late_hours, issued.closed_at) == (Stage.CLOSED, 0, NOON + 2 * HOUR)
    assert issued.recheck_on == dt.date(2019, 10, 1)
    place.refresh_from_db()
    assert (place.finding_count, place.open_count) == (1, 0)


def test_lateness_stays(issued, reply, inspector):
    reply(issued, at=issued.due_at + dt.timedelta(minutes=90))
    decide(issued, "pass", by=inspector, at=issued.due_at + 5 * HOUR)
    assert Finding.objects.get().late_hours == 2


def test_the_one_who_answered_does_not_pass_it(issued, reply, liaison, chief):
    reply(issued)
    for person, words in ((liaison, "您提交的"), (chief, "由区交通支队整改")):
        with pytest.raises(Refused, match=words):
            decide(issued, "pass", by=person)


def test_sent_back_it_needs_a_new_photo_and_counts_the_round(issued, reply, inspector, liaison, police):
    decide(reply(issued), "return", by=inspector)
    issued.refresh_from_db()
    assert (issued.stage, issued.returns) == (Stage.FIXING, 1)
    said = answering.Said(token="again-now", version=answering.milestone_of(issued).version)
    with pytest.raises(Refused, match="没有整改后的照片"):
        answering.answer(issued, said, by=liaison, unit=police, now=NOON + 3 * HOUR)


def test_three_rounds_are_proposed_for_escalation(issued, reply, inspector, office):
    for n in range(3):
        reply(issued, at=NOON + (3 * n + 1) * HOUR, seed=60 + n)
        decide(issued, "return", by=inspector, at=NOON + (3 * n + 2) * HOUR)
    assert list(Finding.objects.all().to_escalate(rounds=3)) == [issued]
    issued.refresh_from_db()
    rechecking.escalate(issued, how="约谈分管领导", by=office, now=NOON + DAY)
    assert not Finding.objects.all().to_escalate(rounds=3)


def test_of_two_who_decide_at_once_one_wins(issued, reply, inspector, office):
    reply(issued)
    version = answering.milestone_of(issued).version
    rechecking.decide(issued, outcome="pass", by=inspector, now=NOON + 2 * HOUR, version=version)
    with pytest.raises(Conflict, match="巡查员刚处理过"):
        rechecking.decide(issued, outcome="return", reason="不行", by=office, now=NOON + 2 * HOUR, version=version)


def test_found_again_it_is_a_relapse_of_the_first(issued, reply, inspector, campaign, place):
    decide(reply(issued), "pass", by=inspector)
    again = found(campaign, place, at=NOON + 5 * DAY)
    assert (again.is_relapse, again.relapse_of) == (True, issued)
    later = found(campaign, place, text="别的", tile="小广告", at=NOON + 5 * DAY)
    assert not later.is_relapse


def test_a_granted_refusal_moves_the_duty(issued, liaison, police, city, office):
    asked = disputing.decline(issued, reason="不归我们", proposed_unit=city, by=liaison, unit=police, now=NOON + HOUR)
    disputing.rule(asked, is_granted=True, ruling="由城管负责", by=office, now=NOON + DAY)
    issued.refresh_from_db()
    assert (issued.unit, issued.stage) == (city, Stage.FIXING)
    assert issued.due_at.astimezone(issued.campaign.zone).day == 26
    assert issued.task.assignments.get().unit == city


def test_a_refusal_is_ruled_on_its_own_page_alone(issued, liaison, police, login, office):
    asked = disputing.decline(issued, reason="不归我们", proposed_unit=None, by=liaison, unit=police, now=NOON + HOUR)
    answer = login(office).post(f"/requests/{asked.pk}/rule", {"answer": "grant", "ruling": "同意"})
    asked.refresh_from_db()
    assert (answer.url, asked.state) == (issued.get_absolute_url(), "open")


def test_hours_after_the_receipt_it_cannot_be_refused(issued, liaison, police):
    from inspections import issuing

    issuing.receive(Order.objects.get(), by=liaison, now=NOON)
    with pytest.raises(Refused, match="签收已超过 4 小时"):
        disputing.decline(issued, reason="不", proposed_unit=None, by=liaison, unit=police, now=NOON + 5 * HOUR)


def test_revoked_it_stays_with_its_reason(issued, office):
    disputing.revoke(issued, reason="现场核实不属实", by=office, now=NOON, version=1)
    issued.refresh_from_db()
    assert (issued.stage, issued.revoked_reason) == (Stage.REVOKED, "现场核实不属实")
    assert Finding.objects.counted().count() == 0


def test_a_joint_review_closes_when_all_have_signed(issued, reply, city, street, stranger, leader, make_person, office):
    rows = rechecking.ask_to_sign(issued, [city, street], by=office, now=NOON)
    reply(issued)
    with pytest.raises(Refused, match="还差"):
        decide(issued, "pass", by=leader)
    first, second = (type(rows[0]).objects.select_related("finding__campaign", "unit").get(pk=r.pk) for r in rows)
    first.finding.refresh_from_db()
    assert not rechecking.sign(first, opinion="同意", by=stranger, now=NOON + 2 * HOUR)
    assert rechecking.sign(second, opinion="", by=leader, now=NOON + 2 * HOUR)
    assert Finding.objects.get(pk=issued.pk).stage == Stage.CLOSED


def test_a_sweep_asks_every_place_of_the_type(issued, make_place, police, city, office, campaign, make_unit):
    make_place("二号市场", owner=police), make_place("三号市场", owner=city), make_place("无主市场")
    PlaceType.objects.create(campaign=campaign, code="T1", name="别的类型")
    swept = sweeping.sweep(issued, by=office, now=NOON + DAY)
    assert (swept.orders, swept.places, swept.homeless) == (2, 2, 1)
    assert Finding.objects.counted().count() == 1
    assert Task.objects.filter(kind="rectification").count() == 3
    assert sweeping.sweep(issued, by=office, now=NOON + DAY).places == 0


def test_put_off_it_waits_for_its_day(campaign, place, office, today):
    row = found(campaign, place)
    drafting.draft_orders(campaign, today=today, now=NOON)
    tomorrow = today + DAY
    drafting.change(row, drafting.Change(not_before_on=tomorrow), by=office, now=NOON, version=1)
    assert not Order.objects.drafts()
    assert drafting.draft_orders(campaign, today=today, now=NOON).findings == 0
    assert drafting.draft_orders(campaign, today=tomorrow, now=NOON + DAY).findings == 1


def test_after_a_look_at_itself_the_first_finding_is_no_relapse(issued, make_place, police, office, campaign):
    """举一反三 told the place to look; nothing had been found there that could come back."""
    other = make_place("二号市场", owner=police)
    sweeping.sweep(issued, by=office, now=NOON + DAY)
    Finding.objects.filter(place=other).update(stage=Stage.CLOSED, closed_at=NOON + DAY)
    again = found(campaign, other, at=NOON + 2 * DAY)
    assert (again.is_relapse, again.relapse_of) == (False, None)


def test_put_off_and_given_to_another_it_waits_all_the_same(campaign, place, office, today, city):
    row = found(campaign, place)
    drafting.draft_orders(campaign, today=today, now=NOON)
    drafting.change(row, drafting.Change(unit=city, not_before_on=today + DAY), by=office, now=NOON, version=1)
    assert (row.unit, Order.objects.drafts().count()) == (city, 0)


def test_what_arrives_twice_at_once_takes_one_number(campaign, place, monkeypatch):
    first = found(campaign, place, client_id="f-1")
    kept = finding._kept
    answers = iter([None, first])
    monkeypatch.setattr(finding, "_kept", lambda *_: next(answers))
    assert found(campaign, place, client_id="f-1") == first
    monkeypatch.setattr(finding, "_kept", kept)
    assert found(campaign, place, tile="小广告").code == "0002"


def test_a_photo_given_for_one_answer_is_none_for_another(issued, campaign, make_place, police, office, liaison):
    other = found(campaign, make_place("二号市场", owner=police))
    issue_all(campaign, by=office)
    other.refresh_from_db()
    shot = Shot(client_id="t-1:0", upload=Upload("a.jpg", picture(60)), moment=Photo.Moment.AFTER)
    said = {"by": liaison, "unit": police, "now": NOON + HOUR}
    answering.answer(issued, answering.Said(token="t-1", version=1, shots=[shot]), **said)
    with pytest.raises(Conflict):
        answering.answer(other, answering.Said(token="t-2", version=1, shots=[shot]), **said)


def test_what_a_phone_sends_late_was_seen_while_it_was_open(issued, reply, inspector, campaign, place):
    """No second finding of what is mended by now, and no relapse: nobody looked after the closing."""
    decide(reply(issued), "pass", by=inspector)
    sent = {"at": NOON + HOUR, "received_at": NOON + 3 * DAY, "by": inspector, "client_id": "v-1"}
    visit = Visit.objects.create(campaign=campaign, place=place, **sent)
    late = found(campaign, place, at=visit.at, now=NOON + 3 * DAY, visit=visit)
    assert (late.joined_into, late.stage, late.is_relapse) == (issued, Stage.CLOSED, False)
    call = found(campaign, place, at=NOON + HOUR, now=NOON + 3 * DAY, source="hotline")
    assert call.joined_into is None, "of a call only the day is known: it is looked into"


def test_a_revoked_return_is_not_counted_among_the_times(issued, reply, inspector, campaign, place, office):
    decide(reply(issued), "pass", by=inspector)
    wrong = found(campaign, place, at=NOON + 5 * DAY)
    drafting.revoke(wrong, reason="看错了", by=office, now=NOON + 5 * DAY, version=1)
    again = found(campaign, place, at=NOON + 6 * DAY)
    assert (again.relapse_of, orderpaper.times(again)) == (issued, 2)


def test_closed_on_the_spot_it_leaves_no_empty_draft(campaign, place, inspector, today):
    row = found(campaign, place, by=inspector, is_on_spot=True)
    second = found(campaign, place, at=NOON + HOUR)
    shoot(row, by=inspector)
    drafting.draft_orders(campaign, today=today, now=NOON + HOUR)
    shoot(row, moment=Photo.Moment.AFTER, by=inspector, seed=1)
    finding.settle_on_spot(row, now=NOON + HOUR)
    second.refresh_from_db()
    assert (Order.objects.count(), second.stage) == (0, Stage.CLOSED)


def signed(row, by, *, at=NOON + 2 * HOUR):
    """The office of `by` signs what waits for it; fresh from the database, as a page has it."""
    found = rechecking.awaited(Finding.objects.get(pk=row.pk))
    unit = by.memberships.get().unit
    mine = next(one for one in found if one.unit == unit)
    return rechecking.sign(mine, opinion="同意", by=by, now=at)


def test_a_name_given_before_a_return_is_asked_again(
    issued, reply, city, office_unit, stranger, leader, inspector, office
):
    rechecking.ask_to_sign(issued, [city, office_unit], by=office, now=NOON)
    assert not signed(reply(issued), stranger)
    issued.refresh_from_db()
    decide(issued, "return", by=inspector)
    reply(issued, at=NOON + 5 * HOUR, seed=51)
    assert not signed(issued, leader, at=NOON + 6 * HOUR)
    assert Finding.objects.get(pk=issued.pk).stage == Stage.RECHECK
    assert signed(issued, stranger, at=NOON + 6 * HOUR)
    assert Finding.objects.get(pk=issued.pk).stage == Stage.CLOSED
    assert [row.signed_by for row in issued.signatures.filter(unit=city)] == [stranger, stranger]


def test_who_signed_before_the_return_is_asked_on_the_page(issued, reply, city, stranger, inspector, office, login):
    (row,) = rechecking.ask_to_sign(issued, [city], by=office, now=NOON)
    Signature.objects.update(signed_at=NOON, signed_by=stranger)
    decide(reply(issued), "return", by=inspector)
    reply(issued, at=NOON + 5 * HOUR, seed=51)
    with pytest.raises(Refused, match=f"还差{city}会签"):
        decide(Finding.objects.get(pk=issued.pk), "pass", by=inspector, at=NOON + 6 * HOUR)
    assert "退回以前签的，等重新会签" in login(office).get(issued.get_absolute_url()).text
    client = login(stranger)
    assert f"/sign/{row.pk}" in client.get(issued.get_absolute_url()).text
    client.post(f"/orders/{issued.code}/sign/{row.pk}", {"opinion": ""})
    assert Finding.objects.get(pk=issued.pk).stage == Stage.CLOSED
    assert client.post(f"/orders/{issued.code}/sign/{row.pk}").status_code in (409, 422)
    assert issued.signatures.count() == 2
