"""What stands on a photo: the office reads by whom and in which round, a unit when and where."""

import pytest

from inspections import photos
from inspections.models import Finding, Photo
from inspections.photos import Shot, take_photo
from inspections.recording import Failing, Seen, record_visit
from tests.conftest import NOON
from tests.inspections.order_cast import issue_all, shoot
from tests.inspections.test_recording import picture


@pytest.fixture
def issued(campaign, place, make_round, inspector, office, monkeypatch):
    """A photo of a hidden round, issued to 交通支队; the copy people see holds just its words."""
    monkeypatch.setattr(photos, "stamp", lambda content, lines: "\n".join(lines).encode())
    row = make_round(places=[place], members=[inspector], name="暗访一组", is_hidden=True)
    failings = (Failing(client_id="f-1", tile="环境脏乱", photos=("p-1",)),)
    record_visit(
        campaign, Seen(client_id="v-1", at=NOON, place=place, round=row, failings=failings), by=inspector, now=NOON
    )
    shot = Shot(client_id="p-1", upload=picture(10), visit_key="v-1", finding_key="f-1")
    photo = take_photo(campaign, shot, by=inspector, now=NOON)
    issue_all(campaign, by=office)
    return photo


def words_for(client, photo):
    return b"".join(client.get(f"/photos/{photo.pk}").streaming_content).decode()


def test_a_unit_reads_when_and_where_alone(issued, login, liaison, office, inspector):
    for _ in range(2):
        assert words_for(login(liaison), issued) == "2019年9月24日 12:00 · 金桥市场\n古桥街道 · 巡查"
    whole = words_for(login(office), issued)
    assert whole == f"2019年9月24日 12:00 · 金桥市场\n古桥街道 · {inspector} · 暗访一组 · 整改前"
    assert words_for(login(inspector), issued) == whole


def test_the_units_own_photo_names_who_took_it(issued, login, liaison):
    own = shoot(Finding.objects.get(), moment=Photo.Moment.AFTER, by=liaison, seed=5)
    assert f"{liaison} · 整改后" in words_for(login(liaison), own)


def test_a_plain_copy_is_made_anew_with_the_other(issued, login, liaison, place):
    client = login(liaison)
    words_for(client, issued)
    place.name = "银桥市场"
    place.save()
    Photo.objects.update(stamped="")
    photos.shown(Photo.objects.get())
    assert "银桥市场" in words_for(client, issued)
