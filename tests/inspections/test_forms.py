"""What the forms of places and rounds say to people."""

import re

import pytest

from inspections import forms

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
