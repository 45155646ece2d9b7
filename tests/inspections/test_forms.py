"""What the forms of places and rounds, and the log of places, say to people."""

import re

import pytest

from campaign import verbs
from campaign.models import LogEntry
from inspections import forms
from inspections.places import see_elements

ALL = [forms.PlaceForm, forms.PlaceTypeForm, forms.RoundForm, forms.AreaForm, forms.StewardshipForm]
#: Names of formats are the same in every language.
NAMES = re.compile("GeoJSON|Polygon|MultiPolygon|WGS-84")


@pytest.mark.parametrize("form", ALL)
def test_no_note_of_the_models_reaches_people(form, campaign):
    for name, field in form(campaign=campaign).fields.items():
        words = NAMES.sub("", f"{field.label}{field.help_text}")
        assert not re.search(r"[a-z]{3,}", words), f"{name}: {words}"


def test_what_is_not_chosen_has_a_word(campaign):
    assert forms.PlaceForm(campaign=campaign).fields["grade"].choices[0] == ("", "（未定）")


def test_what_was_seen_of_the_elements_is_told_in_words(place, office, now):
    place.place_type.elements = [{"name": "公平秤"}, {"name": "快检室"}]
    see_elements(place, {"公平秤": True, "快检室": False}, by=office, now=now)
    (entry,) = LogEntry.objects.filter(object_id=place.pk)
    assert verbs.words_of(entry).endswith("要素配置 空 → 公平秤 有、快检室 无")


def test_rows_of_a_changed_list_are_told_by_what_they_hold(market, office, now):
    entry = LogEntry(verb="changed", object_type="placetype", object_label="农贸市场")
    entry.data = {"staffing": [[], [{"post": "交警", "count": 1}, {"post": "志愿者", "count": 4}]]}
    assert verbs.words_of(entry).endswith("值守配置 空 → 交警 1、志愿者 4")
