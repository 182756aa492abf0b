from pathlib import Path

import pytest
import time_machine

from common.clock import now
from notifications import tasks
from notifications.enums import DeliveryState
from notifications.models import Delivery
from tests.support.workers import kill_when_halted

SCRIPT = Path(__file__).parent / "worker_that_halts.py"
AFTER_THE_LEASE = 5 * 60 + 1


@pytest.mark.django_db(transaction=True)
def test_worker_killed_between_send_and_mark_costs_exactly_one_repeat_of_the_same_message_id(
    author, deliveries, mail_server, states
):
    [row] = deliveries("concern:1")

    kill_when_halted(SCRIPT, author.topic, "after", smtp_port=mail_server.port)
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

    kill_when_halted(SCRIPT, author.topic, "before", smtp_port=mail_server.port)
    assert mail_server.mails == []
    with time_machine.travel(now().timestamp() + AFTER_THE_LEASE):
        tasks.sweep()
        tasks.sweep()

    assert mail_server.recipients == {"concern-1@example.org": 1}
    assert Delivery.objects.get().attempts == 2
