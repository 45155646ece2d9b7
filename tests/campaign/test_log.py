"""The log of deeds: nothing in it is changed or removed, and where somebody could, it shows."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from campaign import log, periodic
from campaign.models import LogEntry
from reports import daily
from tests.log_guard import lifted


@pytest.fixture
def entries(campaign, office, now):
    return [log.write(campaign, "changed", by=office, now=now, data={"notice_days": [7, day]}) for day in range(3)]


@pytest.fixture
def sealed(campaign, entries):
    log.seal(campaign)
    return LogEntry.objects.filter(campaign=campaign)


def refused(deed):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        deed()


def test_no_entry_is_removed(entries):
    refused(lambda: LogEntry.objects.all().delete())
    refused(entries[0].delete)
    assert LogEntry.objects.count() == 3


@pytest.mark.parametrize("field", ["verb", "object_label", "reason", "data", "by", "at", "task_id"])
def test_no_entry_is_changed(entries, outsider, now, field):
    new = {"data": {}, "by": outsider, "at": now.replace(year=2018), "task_id": entries[0].pk}.get(field, "x")
    refused(lambda: LogEntry.objects.filter(pk=entries[0].pk).update(**{field: new}))


@pytest.mark.parametrize("field", ["sequence", "digest"])
def test_what_is_sealed_is_not_sealed_anew(sealed, field):
    refused(lambda: sealed.update(**{field: 9}))


@pytest.mark.parametrize("place", [1, 2, 3])
def test_one_flipped_byte_is_found(campaign, sealed, place):
    assert log.verify(campaign).is_whole
    with lifted():
        sealed.filter(sequence=place).update(data={"notice_days": [7, place + 7]})
    assert log.verify(campaign).broken_at == place


def test_a_missing_entry_is_found(campaign, sealed):
    with lifted():
        sealed.filter(sequence=2).delete()
    assert log.verify(campaign).broken_at == 2


def night(campaign, day):
    duties = [duty for duty in daily.DUTIES if duty.name == "seal"]
    now = dt.datetime.combine(day, dt.time(23), campaign.zone)
    return periodic.run(campaign, duties, today=day, now=now)[0].result


def test_the_night_walks_the_chain_and_the_page_says_what_it_found(campaign, sealed, login, office, today):
    assert night(campaign, today) == {"sealed": 0, "checked": 3, "broken_at": None}
    assert "与封存时不一致" not in login(office).get("/log").content.decode()
    with lifted():
        sealed.filter(sequence=2).update(reason="改过")
    assert night(campaign, today + dt.timedelta(days=1))["broken_at"] == 2
    assert "第 2 条与封存时不一致" in login(office).get("/log").content.decode()
