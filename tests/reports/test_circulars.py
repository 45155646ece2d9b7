"""督查通报 and 曝光清单: what they name, who must approve, numbered and frozen once."""

import datetime as dt

import pytest

from campaign.problems import Conflict, Refused
from inspections.models import Finding, Place, PlaceType
from inspections.rates import Span
from reports import circulating, typesetting
from reports.models import Circular, Document

SPAN = Span(dt.date(2019, 9, 1), dt.date(2019, 9, 24))


@pytest.fixture
def street_findings(campaign, street, police):
    kind = PlaceType.objects.create(campaign=campaign, code="T1", name="农贸市场")
    place = Place.objects.create(campaign=campaign, code="S0001", name="金桥市场", place_type=kind, owner=street)
    rows = [
        ("0001", "果筐占道", "closed", street, False),
        ("0002", "地面油污", "fixing", street, False),
        ("0003", "护栏缺两节", "fixing", police, False),
        ("0004", "暗访还没公开的", "pending", street, True),
    ]
    at = dt.datetime(2019, 9, 10, 2, tzinfo=dt.UTC)
    for code, text, stage, unit, is_hidden in rows:
        Finding.objects.create(
            campaign=campaign, code=code, text=text, tile="其他", stage=stage, unit=unit, is_hidden=is_hidden, place=place,
            place_type=kind, found_at=at, due_at=at + dt.timedelta(days=3), closed_at=at if stage == "closed" else None,
        )  # fmt: skip


@pytest.fixture
def circular(campaign, street_findings, office, now):
    return circulating.draft(campaign, "circular", SPAN, by=office, now=now)


@pytest.fixture
def exposure(campaign, street_findings, office, now):
    return circulating.draft(campaign, "exposure", SPAN, by=office, now=now, codes=["0002", "0004"])


def words(circular):
    return "\n".join(getattr(block, "text", "") for block in circulating.blocks(circular))


def test_situation_first_then_problems_by_unit(circular):
    text = words(circular)
    assert "发现并交办问题3个，已整改销号1个，整改率33.3%。" in text
    assert "（一）区交通支队（1个）" in text
    assert "金桥市场：（1）果筐占道（已整改）；（2）地面油污。" in text


def test_nothing_that_is_not_issued_is_named(circular, exposure):
    assert exposure.codes == ["0002"]
    assert "暗访" not in words(circular) + words(exposure)


def test_a_circular_is_numbered_and_frozen_once(circular, office, now):
    document = circulating.issue(circular, by=office, now=now)
    assert (document.kind, document.number) == (Document.Kind.CIRCULAR, 1)
    Finding.objects.update(text="后来改的")
    circular.refresh_from_db()
    assert circulating.issue(circular, by=office, now=now) == document
    assert "后来改的" not in str(document.facts)


def test_of_two_issued_at_once_none_bears_the_others_number(circular, campaign, office, now, monkeypatch):
    """The paper says its number: whoever finds it taken sets the paper again."""
    other = circulating.draft(campaign, "circular", SPAN, by=office, now=now)
    pdf = typesetting.pdf

    def overtaken(sheet, **said):
        monkeypatch.undo()
        circulating.issue(other, by=office, now=now)
        return pdf(sheet, **said)

    monkeypatch.setattr(typesetting, "pdf", overtaken)
    with pytest.raises(Conflict):
        circulating.issue(circular, by=office, now=now)
    again = circulating.issue(circular, by=office, now=now)
    assert (again.number, again.facts["sheet"]["number"]) == (2, "第2期")


def test_a_naming_list_waits_for_a_leader(exposure, office, leader, now):
    with pytest.raises(Refused):
        circulating.issue(exposure, by=office, now=now)
    circulating.submit(exposure, by=office, now=now)
    with pytest.raises(Refused):
        circulating.approve(exposure, by=office, now=now)
    circulating.approve(exposure, by=leader, now=now)
    assert circulating.issue(exposure, by=office, now=now).kind == Document.Kind.EXPOSURE


def test_a_unit_sees_it_when_it_is_out(circular, login, liaison, office, now):
    client = login(liaison)
    assert client.get(circular.get_absolute_url()).status_code == 404
    circulating.issue(circular, by=office, now=now)
    assert client.get(circular.get_absolute_url()).status_code == 200
    assert client.get(f"{circular.get_absolute_url()}/pdf")["Content-Type"] == "application/pdf"


def test_drafted_and_approved_on_its_pages(street_findings, login, office, leader):
    client = login(office)
    assert "地面油污" in client.get("/circulars").content.decode()
    said = {"kind": "exposure", "from": "2019-09-01", "to": "2019-09-24", "code": ["0002", "0003"]}
    url = client.post("/circulars/new", said)["Location"]
    client.post(f"{url}/submit")
    client.post(f"{url}/approve")
    assert Circular.objects.get().state == "submitted", "the office does not approve"
    login(leader).post(f"{url}/approve")
    login(office).post(f"{url}/issue")
    assert Circular.objects.get().document.number == 1
