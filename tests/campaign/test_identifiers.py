import time
import uuid

from campaign.identifiers import uuid7


def test_ids_are_version_seven_and_tell_their_time():
    made, now = uuid7(), time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert 0 <= now - (made.int >> 80) < 1000


def test_rows_saved_one_after_another_sort_so_even_within_a_millisecond():
    made = []
    for _ in range(500):
        made.append(uuid7())
        until = time.perf_counter_ns() + 2_000  # no database saves faster
        while time.perf_counter_ns() < until:
            pass
    assert made == sorted(made)
    assert len(set(made)) == 500
