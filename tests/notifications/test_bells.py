import json
import time
from uuid import uuid4

import pytest
import redis
from celery import signature
from django.conf import settings

from notifications.bells import heard, ring


@pytest.fixture
def bell():
    """One that no other test rings; several run at once, on one broker."""
    return signature(f"tests.{uuid4().hex}")


@pytest.fixture
def broker():
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture
def rung(broker):
    """How often a bell's message lies in the queue."""

    def count(bell) -> int:
        found = [json.loads(raw)["headers"]["task"] for raw in broker.lrange("celery", 0, -1)]
        return found.count(bell.task)

    return count


def test_ring_puts_a_message_on_the_queue(bell, rung):
    assert ring(bell, about="x") is True

    assert rung(bell) == 1


def test_a_bell_that_nobody_heard_yet_is_not_rung_again(bell, rung):
    assert [ring(bell, about="x") for _ in range(3)] == [True] * 3

    assert rung(bell) == 1


def test_a_bell_that_was_heard_is_rung_again(bell, rung):
    ring(bell, about="x")
    heard(bell)
    ring(bell, about="x")

    assert rung(bell) == 2


def test_each_bell_is_heard_alone(bell, rung):
    other = signature(f"{bell.task}.other")
    ring(bell, about="x")
    ring(other, about="x")
    heard(other)
    ring(bell, about="x")
    ring(other, about="x")

    assert (rung(bell), rung(other)) == (1, 2)


def test_a_ring_is_not_trusted_for_ever(bell, broker):
    ring(bell, about="x")

    assert 0 < broker.ttl(f"bell:{bell.task}") <= 30


@pytest.mark.parametrize("absence", ["dead_broker", "hanging_broker"])
def test_ring_gives_up_within_two_seconds_and_says_who_will_find_it(
    absence, bell, request, post_office_lines
):
    request.getfixturevalue(absence)
    started = time.monotonic()

    taken = ring(bell, about="due deliveries")

    assert taken is False
    assert time.monotonic() - started < 2
    assert post_office_lines() == [
        "post office: broker unreachable, the sweep will find due deliveries"
    ]


def test_a_worker_works_on_when_it_cannot_say_that_it_heard(dead_broker, bell, post_office_lines):
    heard(bell)

    assert post_office_lines() == ["post office: broker unreachable, a bell is believed unheard"]


def test_ring_works_again_after_the_broker_is_back(dead_broker, bell, monkeypatch):
    assert ring(bell, about="x") is False
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", settings.CELERY_BROKER_URL)

    assert ring(bell, about="x") is True
