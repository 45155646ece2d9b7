"""The chance of a clean draw, against every draw there is and against the figures the office knows."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.drawrisk import Draw, clean_chance, percent, repairs_for, riskiest, worth_mending_first


def by_counting(places, bad, drawn):
    """Every possible draw, one by one."""
    draws = list(combinations(range(places), min(drawn, places)))
    return sum(all(place >= bad for place in draw) for draw in draws) / len(draws)


@pytest.mark.parametrize("places", range(1, 8))
def test_it_is_the_share_of_clean_draws(places):
    for bad in range(places + 1):
        for drawn in range(places + 2):
            assert clean_chance(places, bad, drawn) == pytest.approx(by_counting(places, bad, drawn))


def test_the_districts_own_figures():
    draw = Draw("全部", places=844, bad=38, drawn=78)
    assert (percent(draw.chance), draw.repairs, percent(draw.chance_then)) == ("2.3%", 31, "50.6%")
    assert round(draw.expected, 1) == 3.5
    assert percent(clean_chance(12, 5, 2)) == "31.8%"


@settings(deadline=None)
@given(st.integers(1, 300), st.data())
def test_repairs_are_the_fewest_that_do(places, data):
    bad = data.draw(st.integers(0, places))
    drawn = data.draw(st.integers(0, places))
    fixed = repairs_for(places, bad, drawn)
    assert clean_chance(places, bad - fixed, drawn) >= 0.5
    assert fixed == 0 or clean_chance(places, bad - fixed + 1, drawn) < 0.5


@settings(deadline=None)
@given(st.integers(1, 400), st.data())
def test_the_curve_rises_from_now_to_certain(places, data):
    draw = Draw("", places, data.draw(st.integers(0, places)), data.draw(st.integers(0, places)))
    curve = draw.curve()
    chances = [chance for _, chance in curve]
    assert chances == sorted(chances)
    assert (curve[0], curve[-1]) == ((0, draw.chance), (draw.bad, 1.0))
    assert (draw.repairs, draw.chance_then) in curve
    assert len(curve) <= 42


def test_riskiest_and_worth_mending():
    market, alley, sound = Draw("农贸市场", 12, 5, 2), Draw("背街小巷", 96, 7, 6), Draw("公厕", 60, 0, 3)
    assert [draw.name for draw in riskiest([sound, alley, market])] == ["农贸市场", "背街小巷", "公厕"]
    assert [draw.name for draw in worth_mending_first([sound, alley, market])] == ["农贸市场", "背街小巷"]


@pytest.mark.parametrize(
    ("chance", "words"), [(0, "0%"), (1e-9, "不到 0.1%"), (0.99999, "99.9% 以上"), (1, "100%"), (0.5, "50%")]
)
def test_no_certainty_is_claimed_that_is_none(chance, words):
    assert percent(chance) == words


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="bad"):
        clean_chance(3, 4, 1)
