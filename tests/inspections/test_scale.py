"""Synthetic streets: as many rows as asked for, consistent, and the same each time."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from campaign.models import Campaign
from inspections import rates, scale
from inspections.models import Answer, Finding, Place, Visit
from inspections.rates import Span
from tasks.scale import make_campaign


@pytest.fixture
def street_of(db):
    campaign = make_campaign(1, 10)
    scale.add_field_work(campaign, 60, 2000)
    return campaign


def test_as_many_as_asked_for(street_of):
    assert (Place.objects.count(), Answer.objects.count(), Visit.objects.count()) == (60, 2000, 100)
    assert Answer.objects.filter(verdict="fail").count() == Finding.objects.count() > 20


def test_its_sums_are_those_of_its_rows(street_of):
    place = Place.objects.order_by("-finding_count", "code")[0]
    assert place.finding_count == place.findings.count() > 0
    assert place.open_count == place.findings.open().count()
    whole = rates.rate(street_of, Finding.objects.filter(campaign=street_of), Span())
    assert whole.found == Finding.objects.count() > whole.closed > 0


def test_the_command_says_what_it_made(db, capsys):
    call_command("seed_scale", tasks=5, places=20, answers=40)
    assert "20 处点位，40 条检查结果" in capsys.readouterr().out
    assert Campaign.objects.filter(code="scale-1").exists()


def test_answers_need_places(db):
    with pytest.raises(CommandError, match="有检查结果就要有点位"):
        call_command("seed_scale", answers=10)
