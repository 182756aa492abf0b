"""A broker without room for one more bell: everything is taken, and the sweep finds it."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from backend.runtime import valkey
from backend.runtime.binaries import find_programs
from backend.runtime.owner import owner_from
from concerns.models import Concern
from notifications import tasks
from tests.support.rest import Rest
from tests.support.town import Town

PASSWORD = "p"
FULL = "maxmemory 1\n"


@pytest.fixture
def full_broker(tmp_path_factory, monkeypatch, settings) -> Iterator[redis.Redis]:
    """A Valkey set up as ours, with one byte of memory."""
    folder = tmp_path_factory.mktemp("v")
    program = find_programs(owner_from(os.environ), folder).valkey
    with subprocess.Popen(  # noqa: S603 - the wheel's own program
        [program, "-"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as server:
        server.stdin.write((valkey.configuration(folder, PASSWORD) + FULL).encode())
        server.stdin.close()
        until_ready(folder)
        settings.REDIS_URL = valkey.redis_url(folder, PASSWORD)
        address = settings.REDIS_URL.replace("unix://", "redis+socket://")
        monkeypatch.setenv("CELERY_BROKER_WRITE_URL", address.replace("?db=", "?virtual_host="))
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            yield client
        server.kill()


def until_ready(folder: Path) -> None:
    for _try in range(500):
        if valkey.is_ready(folder, PASSWORD):
            return
        time.sleep(0.02)
    pytest.fail("Valkey does not answer.")


@pytest.mark.django_db(transaction=True)
def test_a_concern_is_taken_and_its_letter_leaves_by_the_sweep(
    full_broker, town: Town, mail_server, post_office_lines
):
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        full_broker.set("one", "more")

    answer = Rest().file(contact={"email": "rita@people.example"})
    lines = post_office_lines()
    tasks.sweep()

    assert (answer.status_code, Concern.objects.count()) == (201, 1)
    assert lines == ["post office: broker unreachable, the sweep will find the post"]
    assert mail_server.recipients == {"rita@people.example": 1}
