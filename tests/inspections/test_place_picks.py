"""What is done to several ticked places: whose they are, and 举一反三 sent to them alone."""

import pytest

from campaign.models import Job, LogEntry
from campaign.problems import Refused
from inspections import sweeping
from inspections.models import Finding, Order, Place
from inspections.places import assign_places


@pytest.fixture
def said(office, now):
    return {"by": office, "now": now}


@pytest.fixture
def three(make_place, police, city):
    """One of the police, two nobody answers for."""
    return [make_place(owner=police), make_place(), make_place()]


def test_only_what_nobody_answers_for_is_given_a_unit(three, police, city, said):
    done = assign_places(three, {"owner": city, "steward": ""}, is_only_missing=True, **said)
    assert (done.changed, done.kept) == (2, 1)
    assert [place.owner for place in Place.objects.order_by("code")] == [police, city, city]
    assert LogEntry.objects.filter(verb="changed").first().data == {"owner": [None, city.name]}
    assert Place.objects.get(code="S0002").version == 2


def test_all_are_changed_when_the_office_says_so(three, police, city, area, said):
    done = assign_places(three, {"owner": city, "area": area, "steward": "周远"}, is_only_missing=False, **said)
    assert (done.changed, done.kept) == (3, 0)
    assert set(Place.objects.values_list("owner", "area", "steward")) == {(city.pk, area.pk, "周远")}


def test_nothing_said_changes_nothing(three, said):
    with pytest.raises(Refused, match="没有选要改成什么"):
        assign_places(three, {"owner": None, "name": "别名"}, is_only_missing=True, **said)


def test_the_office_assigns_on_the_page(three, login, office, city):
    client = login(office)
    codes = [place.code for place in three]
    assert client.get("/sites/pick", {"codes": codes, "to": "assign"}).url.startswith("/sites/assign?codes=S0001")
    assert client.get("/sites/pick?to=assign").url == "/sites"
    html = client.get("/sites/assign", {"codes": codes}).content.decode()
    assert "<b>2</b> 个没有责任单位" in html
    assert client.post("/sites/assign", {"codes": codes, "is_only_missing": "on"}).status_code == 422
    client.post("/sites/assign", {"codes": codes, "owner": city.pk, "is_only_missing": "on"})
    assert Place.objects.filter(owner=city).count() == 2


@pytest.fixture
def litter(three, make_finding, checklist):
    return make_finding("0900", place=three[0], item=checklist.items.first(), text="果皮箱满溢", is_hidden=False)


def test_a_sweep_goes_to_the_chosen_places_alone(litter, three, make_place, alley, city, said):
    lane = make_place("北巷", place_type=alley, owner=city)
    make_place(owner=city)
    done = sweeping.sweep(litter, among=[three[1].code, lane.code], **said)
    assert (done.orders, done.places, done.homeless) == (1, 1, 1)
    row = Finding.objects.get(sweep_of=litter)
    assert (row.place, row.item) == (lane, None)
    assert Order.objects.get(kind="sweep").unit == city


def test_of_the_same_type_the_item_goes_along(litter, make_place, city, said):
    other = make_place(owner=city)
    sweeping.sweep(litter, among=[other.code], **said)
    assert Finding.objects.get(sweep_of=litter).item == litter.item


def test_the_office_sweeps_from_the_list(litter, three, make_place, city, login, office):
    client, other = login(office), make_place(owner=city)
    codes = [other.code, three[1].code]
    html = client.get("/sites/sweep", {"codes": codes}).content.decode()
    assert ("果皮箱满溢" in html, "没有单位：" in html) == (True, True)
    assert client.post("/sites/sweep", {"codes": codes}).status_code == 422
    assert client.post("/sites/sweep", {"codes": codes, "finding": litter.code}).url == "/orders/papers"
    assert Finding.objects.filter(sweep_of=litter).count() == 1


def test_many_papers_are_a_job(litter, make_place, make_unit, login, office):
    units = [make_unit(f"第{number}单位") for number in range(6)]
    codes = [make_place(owner=unit).code for unit in units]
    answer = login(office).post("/sites/sweep", {"codes": codes, "finding": litter.code})
    job = Job.objects.get()
    assert (answer.url, job.arguments["places"]) == (f"/jobs/{job.pk}", codes)


def test_what_is_not_issued_is_swept_nowhere(litter, make_place, city, login, office, said):
    """The paper tells other units what was found: of an unannounced round that is still a secret."""
    other = make_place(owner=city)
    Finding.objects.update(is_hidden=True)
    client = login(office)
    assert "果皮箱满溢" not in client.get("/sites/sweep", {"codes": [other.code]}).text
    assert "果皮箱满溢" not in client.get(f"/orders/sweeps?codes={litter.code}").text
    with pytest.raises(Refused, match="还没有签发"):
        sweeping.sweep(Finding.objects.get(), **said)
