"""Places and rounds over the API: whose record is told to whom."""

from inspections.models import Finding, Place, Round
from inspections.standing import refresh_places


def test_places_tell_the_record_to_those_who_may_know_it(place, office, liaison, login, now):
    Finding.objects.create(
        campaign=place.campaign,
        code="0001",
        place=place,
        tile="环境脏乱",
        text="垃圾",
        found_at=now,
        found_on=now.date(),
        found_by=office,
    )
    refresh_places([place.pk])
    row = login(office).get("/api/v1/places?is_failing=true").json()["results"][0]
    assert (row["code"], row["open_count"], row["owner"]["name"]) == ("S0001", 1, "区交通支队")
    own = login(liaison).get("/api/v1/places/S0001").json()
    assert (own["open_count"], own["visit_count"], own["last_visit_at"]) == (0, None, None)


def test_places_take_the_filters_of_the_page(make_place, alley, office, login):
    make_place(), make_place(place_type=alley)
    Place.objects.update(search_text="beixiang")
    found = login(office).get("/api/v1/places?type=T29&q=BeiXiang").json()["results"]
    assert [row["code"] for row in found] == ["S0002"]


def test_a_hidden_round_is_told_to_no_unit(campaign, office, liaison, login, now, today):
    Round.objects.create(
        campaign=campaign, code="R1", name="暗访", is_hidden=True, starts_on=today, ends_on=today, created_at=now
    )
    assert [row["listed"] for row in login(office).get("/api/v1/rounds").json()["results"]] == [0]
    assert login(liaison).get("/api/v1/rounds").json()["results"] == []
