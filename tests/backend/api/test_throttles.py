import logging
import socket
import time

import pytest
import time_machine

from tests.support.rest import Rest, problem_in, program_of

MIDNIGHT = 1_763_596_800
REDIS = "django.core.cache.backends.redis.RedisCache"


@pytest.fixture
def door(town, settings):
    """Somebody in a network that may file twice an hour."""
    settings.FILINGS_PER_NETWORK_PER_HOUR = 2
    return Rest()


def test_a_network_may_file_so_often_an_hour(door):
    answers = [door.file() for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert problem_in(answers[2])[:2] == (429, "too_many")


def test_refusals_count_too_and_say_when_to_come_back(door):
    with time_machine.travel(MIDNIGHT + 600, tick=False):
        for _ in range(2):
            assert door.file({"description": ""}).status_code == 422
        refused = door.file()

    assert refused["Retry-After"] == "3000"
    assert refused["RateLimit-Policy"] == '"filing";q=2;w=3600'
    assert refused["RateLimit"] == '"filing";r=0;t=3000'


def test_the_next_hour_is_a_new_one(door):
    with time_machine.travel(MIDNIGHT, tick=False) as clock:
        for _ in range(3):
            door.file()
        clock.shift(3600)

        assert door.file()["RateLimit"] == '"filing";r=1;t=3600'


def test_networks_are_counted_apart(door):
    for _ in range(3):
        door.file()

    assert Rest().file().status_code == 201


def test_who_is_known_is_not_limited(door, town):
    program = program_of(town.people["carl"])

    assert [program.file().status_code for _ in range(3)] == [201, 201, 201]


def test_reading_is_not_limited(door):
    for _ in range(3):
        door.file()

    assert door.get("concerns/K7M-4QX-9R1/").status_code == 401


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("silent", [False, True])
def test_without_valkey_filing_goes_on_with_one_warning_that_names_nobody(
    door, settings, caplog, silent_port, silent
):
    options = settings.CACHES["default"]["OPTIONS"]
    url = f"redis://127.0.0.1:{silent_port if silent else 1}/0"
    settings.CACHES = {"default": {"BACKEND": REDIS, "LOCATION": url, "OPTIONS": options}}
    begun = time.monotonic()

    with caplog.at_level(logging.WARNING, logger="backend.api.throttles"):
        answer = door.file()

    assert answer.status_code == 201
    assert time.monotonic() - begun < 5
    assert [
        record.getMessage() for record in caplog.records if record.name == "backend.api.throttles"
    ] == ["filing is not limited: the cache does not answer"]


def test_with_nothing_that_counts_filing_goes_on(door, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert [door.file().status_code for _ in range(3)] == [201, 201, 201]
