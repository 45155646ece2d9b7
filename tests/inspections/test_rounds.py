"""Rounds: planned, filled, drawn by lot, proved, scored; who knows of them."""

import pytest

from campaign.models import LogEntry
from campaign.problems import Conflict, Refused
from inspections import rounds
from inspections.models import Answer, Place, Round, Visit
from inspections.round_results import results


@pytest.fixture
def make_round(campaign, office, now, today):
    def make(name="九月巡查", **fields):
        said = {"name": name, "kind": Round.Kind.PATROL, "starts_on": today, "ends_on": today}
        return rounds.plan_round(campaign, said | fields, by=office, now=now)

    return make


@pytest.fixture
def thirty(make_place, alley):
    return [make_place(place_type=alley) if number % 3 == 0 else make_place() for number in range(30)]


@pytest.fixture
def said(office, now):
    return {"by": office, "now": now}


def test_rounds_are_numbered_and_unannounced_ones_hidden(make_round):
    one, two = make_round(), make_round("暗访", kind=Round.Kind.UNANNOUNCED)
    assert (one.code, two.code) == ("R001", "R002")
    assert (one.is_hidden, two.is_hidden) == (False, True)


def test_an_unannounced_round_cannot_be_laid_open(make_round, said):
    held = make_round(kind=Round.Kind.UNANNOUNCED)
    rounds.change_round(held, {"is_hidden": False, "name": "夜查"}, version=1, **said)
    held.refresh_from_db()
    assert (held.is_hidden, held.name) == (True, "夜查")
    with pytest.raises(Conflict):
        rounds.change_round(held, {"name": "再改"}, version=1, **said)


def test_a_sweep_takes_all_that_fit_once(make_round, thirty, alley, said):
    held = make_round(kind=Round.Kind.SWEEP, place_type=alley)
    assert (rounds.fill(held, **said), rounds.fill(held, **said)) == (10, 0)
    assert set(held.round_places.values_list("place__place_type__code", flat=True)) == {"T29"}


def test_an_area_holds_its_grid_cells(make_round, make_place, area, campaign, said):
    cell = type(area).objects.create(campaign=campaign, code="01-1", name="一网格", kind="grid", parent=area)
    make_place(area=area), make_place(area=cell), make_place()
    assert rounds.fill(make_round(area=area), **said) == 2


def test_the_lot_is_spread_over_the_types_and_proved(make_round, thirty, said):
    held = make_round()
    assert rounds.draw_places(held, 6, is_by_type=True, **said) == 6
    held.refresh_from_db()
    drawn = held.round_places.filter(is_drawn=True)
    assert sorted(drawn.values_list("place__place_type__code", flat=True)) == ["T14"] * 4 + ["T29"] * 2
    assert rounds.prove(held).is_fair
    assert len(rounds.prove(held).lines) == 30


def test_the_same_seed_draws_the_same_places_whatever_came_later(make_round, thirty, make_place, said):
    one = make_round()
    rounds.draw_places(one, 5, is_by_type=False, seed="种子", **said)
    listed = set(one.round_places.values_list("place", flat=True))
    two = make_round()
    rounds.draw_places(two, 5, is_by_type=False, seed="种子", **said)
    assert set(two.round_places.values_list("place", flat=True)) == listed
    make_place()
    one.refresh_from_db()
    assert rounds.prove(one).is_fair


def test_a_round_is_drawn_once(make_round, thirty, said):
    held = make_round()
    rounds.draw_places(held, 3, is_by_type=True, **said)
    with pytest.raises(Refused, match="抽过签"):
        rounds.draw_places(held, 3, is_by_type=True, **said)
    assert held.round_places.count() == 3


def test_a_list_changed_by_hand_shows_in_the_proof(make_round, thirty, said):
    held = make_round()
    rounds.draw_places(held, 3, is_by_type=True, **said)
    held.refresh_from_db()
    gone = held.round_places.select_related("place").first()
    held.round_places.filter(pk=gone.pk).delete()
    assert rounds.prove(held).missing == [gone.place.code]
    assert not rounds.prove(held).is_fair


def test_what_was_drawn_or_seen_stays_on_the_list(make_round, thirty, said, now):
    held = make_round()
    rounds.draw_places(held, 2, is_by_type=True, **said)
    rest = Place.objects.exclude(pk__in=held.round_places.values("place"))
    rounds.add_places(held, list(rest[:2]), **said)
    seen = held.round_places.filter(is_drawn=False).first()
    held.round_places.filter(pk=seen.pk).update(visited_at=now)
    every = list(held.round_places.values_list("place__code", flat=True))
    assert rounds.remove_places(held, every, **said) == 1
    assert held.round_places.count() == 3


def test_steps_and_their_refusals(make_round, thirty, said):
    held = make_round(kind=Round.Kind.MOCK)
    with pytest.raises(Refused, match="还没有点位"):
        rounds.move_round(held, "open", **said)
    rounds.fill(held, **said)
    rounds.move_round(held, "open", **said)
    rounds.move_round(held, "finish", **said)
    with pytest.raises(Conflict):
        rounds.move_round(held, "finish", **said)
    with pytest.raises(Refused, match="结束"):
        rounds.add_places(held, thirty, **said)
    verbs = list(LogEntry.objects.filter(object_id=held.pk).order_by("id").values_list("verb", flat=True))
    assert verbs == ["round_planned", "round_listed", "round_opened", "round_finished"]


@pytest.fixture
def answered(make_round, checklist, place, office, now, campaign):
    """A mock round in which the market's first item failed at first and passed at the second look."""
    held = make_round(kind=Round.Kind.MOCK)
    first, second = checklist.items.all()

    def look(number, verdicts):
        visit = Visit.objects.create(
            campaign=campaign, client_id=f"v{number}", round=held, place=place, by=office, at=now, received_at=now
        )
        for item, verdict in zip((first, second), verdicts, strict=True):
            Answer.objects.create(
                campaign=campaign, visit=visit, item=item, place=place, verdict=verdict, at=now.replace(minute=number)
            )

    look(1, ("fail", "fail"))
    look(2, ("pass", "fail"))
    return held


def test_a_round_scores_the_points_of_its_items(answered):
    (result,) = results([answered])
    assert (result.total.won, result.total.of, str(result.total.percent)) == (2, 5, "40.0")
    assert (result.total.alarms, [score.name for score in result.by_type]) == (1, ["农贸市场"])


def test_not_applicable_counts_in_neither(answered):
    Answer.objects.filter(item__is_bottom_line=True).update(verdict="skip")
    (result,) = results([answered])
    assert (result.total.of, result.total.alarms) == (2, 0)


def test_a_round_nobody_judged_claims_no_rate(make_round):
    assert results([make_round()])[0].total.percent is None


@pytest.fixture
def hidden(make_round, thirty, said, third_party):
    held = make_round("夜里暗访", kind=Round.Kind.UNANNOUNCED)
    rounds.fill(held, **said)
    rounds.change_members(held, {third_party.pk: "一组"}, **said)
    return held


def test_units_do_not_learn_of_an_unannounced_round(hidden, make_round, login, liaison, third_party, office):
    make_round("公开巡查")
    assert "夜里暗访" not in login(liaison).get("/rounds").content.decode()
    assert login(liaison).get(f"/rounds/{hidden.code}").status_code == 404
    assert login(liaison).get(f"/rounds/{hidden.code}/proof").status_code == 404
    own = login(third_party).get("/rounds").content.decode()
    assert ("夜里暗访" in own, "公开巡查" in own) == (True, False)
    assert login(third_party).get(f"/rounds/{hidden.code}").status_code == 200
    assert "夜里暗访" in login(office).get("/rounds").content.decode()


def test_a_unit_sees_what_is_looked_at_but_not_what_was_found(answered, place, login, liaison, office, said):
    rounds.add_places(answered, [place], **said)
    html = login(liaison).get(f"/rounds/{answered.code}").content.decode()
    assert (place.name in html, "发现 <b>" in html, "得分率" in html) == (True, False, False)
    assert "得分率 40.0%" in login(office).get(f"/rounds/{answered.code}").content.decode()


def test_the_office_does_a_whole_round_by_the_pages(login, office, inspector, thirty, today):
    client = login(office)
    fields = {"name": "九月模拟", "kind": "mock", "priority": 1, "starts_on": today, "ends_on": today}
    url = client.post("/rounds/new", fields).url
    assert url == "/rounds/R001"
    client.post(f"{url}/list", {"do": "draw", "count": "6", "by_type": "1"})
    client.post(f"{url}/members", {"people": str(inspector.pk), f"team-{inspector.pk}": "一组"})
    client.post(f"{url}/move", {"step": "open"})
    held = Round.objects.get()
    assert (held.state, held.round_places.count(), held.members.get().team) == ("running", 6, "一组")
    assert "完全一致" in client.get(f"{url}/proof").content.decode()
    assert client.get(f"/rounds/add?codes={thirty[0].code}").status_code == 200
    assert client.post("/rounds/new", fields | {"ends_on": "2019-01-01"}).status_code == 422


def test_contractor_rounds_are_laid_side_by_side(answered, login, office, said, place):
    Round.objects.filter(pk=answered.pk).update(kind=Round.Kind.THIRD_PARTY, state=Round.State.FINISHED)
    html = login(office).get("/rounds/compare").content.decode()
    assert ("40.0%" in html, "农贸市场" in html) == (True, True)


def test_a_third_party_finds_its_rounds_in_the_side_bar(hidden, login, third_party, liaison):
    assert 'href="/rounds"' in login(third_party).get("/rounds").content.decode()
    assert ">我的轮次<" not in login(liaison).get("/sites").content.decode()
