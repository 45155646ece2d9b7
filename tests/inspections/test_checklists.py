"""Types and checklists: what a campaign starts with, and how a version follows another."""

import pytest

from campaign.models import LogEntry
from campaign.problems import Refused
from inspections.checklists import as_fields, current_checklist, difference, write_checklist
from inspections.defaults import install_defaults
from inspections.models import Checklist, ChecklistItem, PlaceType, Visit
from inspections.models.places import Severity


def test_a_campaign_starts_with_types_and_items(campaign, office, now, today):
    made = install_defaults(campaign, by=office, now=now, today=today)
    assert (made.types, PlaceType.objects.count(), Checklist.objects.count()) == (53, 53, 53)
    assert made.items == ChecklistItem.objects.count() > 400
    school = ChecklistItem.objects.get(checklist__place_type__name="校园周边", text__startswith="校门200米内")
    assert (school.is_bottom_line, school.severity) == (True, Severity.URGENT)
    crossing = PlaceType.objects.get(name="交通路口")
    assert crossing.staffing == [{"post": "交警", "count": 1}, {"post": "志愿者", "count": 4}]


def test_defaults_come_once_and_leave_the_offices_own(campaign, office, now, today):
    own = PlaceType.objects.create(campaign=campaign, code="X1", name="医院", revisit_days=3)
    install_defaults(campaign, by=office, now=now, today=today)
    again = install_defaults(campaign, by=office, now=now, today=today)
    own.refresh_from_db()
    assert (again.types, PlaceType.objects.filter(name="医院").count(), own.revisit_days) == (0, 1, 3)
    assert LogEntry.objects.filter(verb="types_installed").count() == 1


def test_an_unused_version_is_written_over(market, checklist, item_fields, now, today):
    again = write_checklist(market, item_fields[:1], source="本地手册", by=None, now=now, today=today)
    assert (again.pk, again.version, again.items.count()) == (checklist.pk, 1, 1)


def test_a_used_version_stays_as_it_was(market, checklist, place, item_fields, office, now, today):
    Visit.objects.create(
        campaign=market.campaign,
        client_id="v",
        place=place,
        checklist=checklist,
        by=office,
        at=now,
        received_at=now,
    )
    before = as_fields(checklist)
    item_fields[0] |= {"code": "T14-01", "norm": "无明水"}
    new = write_checklist(market, [item_fields[0]], source="本地手册", by=office, now=now, today=today)
    checklist.refresh_from_db()
    assert (new.version, current_checklist(market), checklist.is_current) == (2, new, False)
    assert as_fields(checklist) == before
    told = difference(before, as_fields(new))
    assert [item["text"] for item in told.removed] == ["无现场宰杀"]
    assert told.changed[0].moved == (("标准", "积水为0", "无明水"),)


def test_a_dropped_items_code_is_not_lent_again(market, checklist, item_fields, now, today):
    kept = item_fields[1] | {"code": "T14-02"}
    new = {"text": "公平秤可用", "tile": "其他", "points": 1, "severity": "minor"}
    again = write_checklist(market, [kept, new], source="本地手册", by=None, now=now, today=today)
    codes = list(again.items.values_list("code", flat=True))
    assert codes == ["T14-02", "T14-03"]


def test_written_as_it_stands_nothing_changes(market, checklist, now, today):
    same = write_checklist(market, as_fields(checklist), source="本地手册", by=None, now=now, today=today)
    assert same.pk == checklist.pk
    assert LogEntry.objects.filter(verb="checklist_written").count() == 1


@pytest.mark.parametrize("items", [[], [{"text": "同一句"}, {"text": "同一句"}]])
def test_a_list_that_judges_nothing_or_twice_is_refused(market, checklist, items, now, today):
    with pytest.raises(Refused):
        write_checklist(market, items, source="", by=None, now=now, today=today)
    assert checklist.items.count() == 2


@pytest.mark.parametrize("points", ["NaN", "sNaN", "Infinity", "-1", "很多"])
def test_points_that_are_no_number_are_told_so(login, office, market, points):
    answer = login(office).post(
        f"/sites/types/{market.code}/checklist", {"text": "通道干燥", "points": points, "severity": "minor"}
    )
    assert (answer.status_code, "不是 0 到 1000 的数" in answer.text) == (422, True)


TYPE = {"name": "医院", "order": "10", "revisit_days": "30", "draw_size": "0", "is_active": "on"}


def test_of_two_who_add_a_type_at_once_each_gets_a_number(campaign, login, office, monkeypatch):
    """The first number read was given to somebody else before it could be written."""
    PlaceType.objects.create(campaign=campaign, code="T07", name="学校")
    numbers = iter(["T07", "T08"])
    monkeypatch.setattr("inspections.checklists.next_type_code", lambda campaign: next(numbers))
    assert login(office).post("/sites/types/new", TYPE).url == "/sites/types/T08/checklist"
    assert LogEntry.objects.filter(verb="added", object_id=PlaceType.objects.get(code="T08").pk).count() == 1


def test_numbers_that_are_always_taken_are_refused_in_words(campaign, login, office, monkeypatch):
    PlaceType.objects.create(campaign=campaign, code="T07", name="学校")
    monkeypatch.setattr("inspections.checklists.next_type_code", lambda campaign: "T07")
    answer = login(office).post("/sites/types/new", TYPE)
    assert (answer.status_code, PlaceType.objects.count()) == (422, 1)
    assert "好几个人同时在添加类型" in answer.content.decode()


def test_types_stand_in_their_own_order(campaign, login, office):
    for code, name, order in (("T1", "公园", 30), ("T2", "学校", 10), ("T3", "医院", 20)):
        PlaceType.objects.create(campaign=campaign, code=code, name=name, order=order)
    page = login(office).get("/sites/types")
    assert [kind.name for kind in page.context["types"]] == ["学校", "医院", "公园"]
