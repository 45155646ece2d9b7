"""Areas, their outlines and stewards; the picture of the district."""

import datetime as dt
import json

import pytest

from campaign.models import Area, Stewardship
from inspections.coverage import Figures
from inspections.district import Dot, Region, centre, check_shape, picture

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[116.0, 39.0], [116.1, 39.0], [116.1, 39.1], [116.0, 39.1], [116.0, 39.0]]],
}


def test_an_outline_becomes_a_path_inside_the_picture():
    drawn = picture([Region("甲", "/a", Figures(places=3, failing=1), shape=SQUARE)], [Dot(39.05, 116.05, "open")])
    (region,) = drawn.regions
    assert (drawn.is_grid, region.words, list(drawn.dots)) == (False, "1 处", ["open"])
    assert abs(region.x - drawn.width / 2) < 1
    assert abs(region.y - drawn.height / 2) < 1


def test_without_outlines_each_area_is_a_cell_with_its_places_as_dots():
    drawn = picture([Region(name, "", Figures(places=5, failing=2, month=4), late=1) for name in "甲乙丙丁"])
    assert (drawn.is_grid, len({region.path for region in drawn.regions})) == (True, 4)
    counts = {mark: path.count("M") for mark, path in drawn.dots.items()}
    assert counts == {"late": 4, "open": 4, "unseen": 4, "fine": 8}


def test_a_cell_never_draws_more_dots_than_fit():
    drawn = picture([Region("甲", "", Figures(places=10_000, failing=9_000))])
    assert sum(path.count("M") for path in drawn.dots.values()) < 500


def test_the_centre_of_a_square():
    assert centre([(0, 0), (2, 0), (2, 2), (0, 2)]) == (1, 1)
    assert centre([(1, 1), (1, 1)]) == (1, 1)


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, "a"], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [999, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon"},
        ["Polygon"],
    ],
)
def test_what_is_no_outline_is_said_so(shape):
    assert check_shape(shape)
    assert not check_shape(SQUARE)


def test_the_office_draws_areas_and_names_stewards(login, office, police, street, campaign, today):
    client = login(office)
    fields = {"code": "01", "name": "第一片区", "kind": "area", "order": 1, "outline": json.dumps(SQUARE)}
    assert client.post("/areas/new", fields).url == "/areas/01"
    assert client.post("/areas/new", fields).status_code == 422
    assert client.post("/areas/new", fields | {"code": "02", "outline": "{"}).status_code == 422
    area = Area.objects.get()
    assert area.shape == SQUARE
    steward = {"kind": "leader", "person": "周区长", "valid_from": "2019-03-01"}
    assert client.post("/areas/01", steward).status_code == 302
    held = Stewardship.objects.get()
    assert "周区长" in client.get("/areas").content.decode()
    client.post(f"/areas/01/stewards/{held.pk}/end")
    held.refresh_from_db()
    assert held.valid_to == today - dt.timedelta(days=1)
    assert "没有人包抓" in client.get("/areas").content.decode()


def test_a_steward_nobody_named_is_refused(login, office, area):
    answer = login(office).post("/areas/01", {"kind": "leader", "valid_from": "2019-03-01"})
    assert (answer.status_code, Stewardship.objects.exists()) == (422, False)


def test_coverage_and_risk_pages(login, office, place, area):
    client = login(office)
    html = client.get("/sites/coverage").content.decode()
    assert "<b>1</b> 个从未查过" in html
    assert "第一片区" in html
    assert "全部达标的把握是 <b>100%</b>" in client.get("/sites/risk").content.decode()


def test_a_place_shows_who_answers_for_its_ground(login, office, place, area, campaign, today):
    Stewardship.objects.create(campaign=campaign, kind="leader", area=area, person="周区长", valid_from=today)
    html = login(office).get(f"/sites/{place.code}").content.decode()
    assert "周区长" in html
