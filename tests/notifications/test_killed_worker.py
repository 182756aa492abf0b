import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection

from common.clock import now
from notifications import tasks
from notifications.enums import DeliveryState
from notifications.models import Delivery

SCRIPT = Path(__file__).parent / "worker_that_halts.py"
AFTER_THE_LEASE = 5 * 60 + 1


def database_url():
    at = connection.settings_dict
    return (
        f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}"
        f"?host={at['HOST']}&port={at['PORT'] or 5432}"
    )


def kill_worker(topic, moment, port):
    """Run a worker until it halts at the moment, then kill it like a machine that loses power."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), *sys.path]),
    }
    command = [sys.executable, str(SCRIPT), topic, moment]
    with subprocess.Popen(  # noqa: S603 - our own script
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        said = worker.stdout.readline()
        worker.kill()
    assert said == "here\n"


@pytest.mark.django_db(transaction=True)
def test_worker_killed_between_send_and_mark_costs_exactly_one_repeat_of_the_same_message_id(
    author, deliveries, mail_server, states
):
    [row] = deliveries("concern:1")

    kill_worker(author.topic, "after", mail_server.port)
    assert mail_server.recipients == {"concern-1@example.org": 1}
    assert states() == {"concern:1": (DeliveryState.SENDING, "")}
    tasks.sweep()
    assert len(mail_server.mails) == 1  # the lease still runs
    with time_machine.travel(now().timestamp() + AFTER_THE_LEASE):
        tasks.sweep()
        tasks.sweep()

    assert [message["Message-ID"] for message in mail_server.messages] == [row.message_id] * 2
    assert states() == {"concern:1": (DeliveryState.SENT, "")}


@pytest.mark.django_db(transaction=True)
def test_worker_killed_before_the_send_costs_nothing(author, deliveries, mail_server, states):
    deliveries("concern:1")

    kill_worker(author.topic, "before", mail_server.port)
    assert mail_server.mails == []
    with time_machine.travel(now().timestamp() + AFTER_THE_LEASE):
        tasks.sweep()
        tasks.sweep()

    assert mail_server.recipients == {"concern-1@example.org": 1}
    assert Delivery.objects.get().attempts == 2
