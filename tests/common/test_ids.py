import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import time_machine

from common import ids
from common.ids import uuid7


def test_uuid7_carries_version_variant_and_the_time_in_milliseconds(monkeypatch):
    # Another test of this process may have travelled to a later day, and identifiers never go back.
    monkeypatch.setattr(ids, "_last_ms", 0)
    before = time.time_ns() // 1_000_000

    made = uuid7()

    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_uuid7_rises_within_a_millisecond():
    made = [uuid7() for _ in range(20_000)]

    assert made == sorted(made)
    assert len(set(made)) == 20_000
    assert {one.version for one in made} == {7}


def test_uuid7_rises_when_the_clock_is_set_back():
    first = uuid7()

    with time_machine.travel(time.time() - 3600):
        second = uuid7()

    assert second > first
    assert second.int >> 80 == first.int >> 80


def test_uuid7_is_unique_over_threads():
    with ThreadPoolExecutor(max_workers=4) as pool:
        made = [
            one
            for batch in pool.map(lambda _: [uuid7() for _ in range(2_000)], range(4))
            for one in batch
        ]

    assert len(set(made)) == 8_000


def test_uuid7_carries_into_the_next_millisecond_when_its_random_part_is_full(monkeypatch):
    monkeypatch.setattr("common.ids._last_ms", 2**47)
    monkeypatch.setattr("common.ids._last_random", 2**74 - 1)

    made = uuid7()

    assert made.int >> 80 == 2**47 + 1
    assert made.version == 7
