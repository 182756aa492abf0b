import json
import time
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from notifications import tasks
from notifications.bells import ring


def test_ring_puts_a_message_with_the_keyword_on_the_queue():
    envelope_id = str(uuid4())
    broker = redis.Redis.from_url(settings.REDIS_URL)

    taken = ring(tasks.expand, about="x", envelope_id=envelope_id)

    found = [raw for raw in broker.lrange("celery", 0, -1) if envelope_id.encode() in raw]
    assert taken is True
    assert [json.loads(raw)["headers"]["task"] for raw in found] == ["notifications.expand"]
    broker.lrem("celery", 0, found[0])
    broker.close()


@pytest.mark.parametrize("broker", ["dead_broker", "hanging_broker"])
def test_ring_gives_up_within_two_seconds_and_says_who_will_find_it(
    broker, request, post_office_lines
):
    request.getfixturevalue(broker)
    started = time.monotonic()

    taken = ring(tasks.deliver, about="due deliveries")

    assert taken is False
    assert time.monotonic() - started < 2
    assert post_office_lines() == [
        "post office: broker unreachable, the sweep will find due deliveries"
    ]


def test_ring_works_again_after_the_broker_is_back(dead_broker, monkeypatch):
    assert ring(tasks.deliver, about="x") is False
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", settings.CELERY_BROKER_URL)

    assert ring(tasks.deliver, about="x") is True
