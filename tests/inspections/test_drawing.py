"""The lot: repeatable, spread over the types, fair."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.drawing import Candidate, digest, draw, frozen, new_seed, ranked, redrawn, shares

PLACES = [Candidate(f"S{number:04d}", "T14" if number % 3 else "T29") for number in range(1, 91)]
COUNTS = {"T14": 4, "T29": 2}


def test_the_rule_can_be_worked_out_by_hand():
    assert digest("a", "S0001") == "e1a340cb875fffbce896326b9301276b7d2a86094e477ea914e22e0a1f1ef317"
    lowest = min((digest("a", one.code), one.code) for one in PLACES if one.stratum == "T29")[1]
    assert draw("a", PLACES, {"T29": 1}) == [lowest]


def test_same_seed_same_list_same_places():
    rule = frozen(reversed(PLACES), COUNTS)
    again = [line.code for line in redrawn("seed", rule) if line.is_drawn]
    assert again == draw("seed", PLACES, COUNTS)
    assert Counter(code in {one.code for one in PLACES if one.stratum == "T14"} for code in again) == {
        True: 4,
        False: 2,
    }


def test_another_seed_draws_others():
    assert draw("seed", PLACES, COUNTS) != draw("seee", PLACES, COUNTS)
    assert len({new_seed() for _ in range(20)}) == 20


def test_a_place_added_later_moves_nothing_that_was_frozen():
    rule = frozen(PLACES, COUNTS)
    draw("seed", [*PLACES, Candidate("S9999", "T14")], COUNTS)
    assert [line.code for line in redrawn("seed", rule)] == [line.code for line in ranked("seed", PLACES, COUNTS)]


def test_every_place_is_as_likely_as_any_other():
    seen = Counter(code for number in range(2000) for code in draw(f"seed{number}", PLACES, {"T29": 3}))
    assert len(seen) == 30
    assert all(140 < times < 260 for times in seen.values())


@settings(deadline=None)
@given(st.dictionaries(st.text("ABC", min_size=1), st.integers(0, 60), max_size=8), st.integers(0, 200))
def test_shares_add_up_and_never_ask_for_more_than_there_is(sizes, count):
    given_out = shares(sizes, count)
    assert sum(given_out.values()) == min(count, sum(sizes.values()))
    assert all(number <= sizes[stratum] for stratum, number in given_out.items())
