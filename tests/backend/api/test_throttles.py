import logging
import socket
import time

import pytest
import time_machine

from common.clock import now
from tests.support.rest import Rest, browser_of, problem_in, program_of

MIDNIGHT = 1_763_596_800


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
    assert refused["RateLimit-Policy"] == '"network";q=300;w=60, "filing";q=2;w=3600'
    assert refused["RateLimit"] == '"network";r=297;t=60, "filing";r=0;t=3000'


def test_the_next_hour_is_a_new_one(door):
    with time_machine.travel(MIDNIGHT, tick=False) as clock:
        for _ in range(3):
            door.file()
        clock.shift(3600)

        assert door.file()["RateLimit"] == '"network";r=299;t=60, "filing";r=1;t=3600'


def test_networks_are_counted_apart(door):
    for _ in range(3):
        door.file()

    assert Rest().file().status_code == 201


def test_who_is_known_is_not_limited(door, town):
    program = program_of(town.people["carl"])

    assert [program.file().status_code for _ in range(3)] == [201, 201, 201]


def test_who_filed_too_often_may_still_read(door):
    for _ in range(3):
        door.file()

    assert door.get("categories/").status_code == 200


def told(answer):
    """Status, and what is said of the limit."""
    return answer.status_code, answer["RateLimit-Policy"], answer["RateLimit"]


def test_a_key_has_a_limit_of_its_own(town):
    carl = town.people["carl"]
    slow, fast = program_of(carl, requests_per_minute=2), program_of(carl)

    with time_machine.travel(MIDNIGHT + 20, tick=False) as clock:
        answers = [slow.get("causes/") for _ in range(3)]
        other = fast.get("causes/")
        clock.shift(40)
        again = slow.get("causes/")

    policy = '"key";q=2;w=60'
    assert list(map(told, answers)) == [
        (200, policy, '"key";r=1;t=40'),
        (200, policy, '"key";r=0;t=40'),
        (429, policy, '"key";r=0;t=40'),
    ]
    assert problem_in(answers[2])[:2] == (429, "too_many")
    assert answers[2]["Retry-After"] == "40"
    assert told(other) == (200, '"key";q=10000;w=60', '"key";r=9999;t=40')
    assert told(again) == (200, policy, '"key";r=1;t=60')


def test_a_person_signed_in_has_one_limit_in_all_browsers(town, settings):
    settings.REQUESTS_PER_MINUTE_PER_PERSON = 2

    with time_machine.travel(now(), tick=False):
        answers = [browser_of(town.people["carl"]).get("causes/").status_code for _ in range(3)]
        other = browser_of(town.people["dora"]).get("causes/")

    assert answers == [200, 200, 429]
    assert other["RateLimit-Policy"] == '"person";q=2;w=60'


def test_those_unknown_share_the_limit_of_their_network(town, settings):
    settings.REQUESTS_PER_MINUTE_PER_NETWORK = 2
    door = Rest()

    with time_machine.travel(now(), tick=False):
        answers = [door.get("categories/").status_code for _ in range(3)]

        assert answers == [200, 200, 429]
        assert Rest().get("categories/").status_code == 200


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("silent", [False, True])
def test_without_valkey_filing_goes_on_with_one_warning_that_names_nobody(
    door, settings, caplog, silent_port, silent
):
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_port if silent else 1}/0"
    begun = time.monotonic()

    with caplog.at_level(logging.WARNING, logger="common.throttling"):
        answer = door.file()

    fault = "TimeoutError" if silent else "ConnectionError"
    assert answer.status_code == 201
    assert "RateLimit" not in answer
    assert time.monotonic() - begun < 5
    assert [
        record.getMessage() for record in caplog.records if record.name == "common.throttling"
    ] == [f"network: not limited, the cache does not answer ({fault})"]


def test_with_nothing_that_counts_filing_goes_on(door, settings):
    settings.REDIS_URL = ""

    assert [door.file().status_code for _ in range(3)] == [201, 201, 201]
