"""A mail server that takes its time: within our patience every letter leaves once; beyond it, nobody can know."""

import time

import pytest

from notifications import tasks
from notifications.enums import DeliveryState
from tests.notifications.test_delivery import MINUTE, later

pytestmark = pytest.mark.django_db


def test_who_answers_late_gets_each_letter_once_over_one_connection(
    deliveries, mail_server, states
):
    deliveries("concern:1", "concern:2", "concern:3")
    mail_server.taken = lambda: time.sleep(0.2)

    tasks.deliver()
    with later(60 * MINUTE):
        tasks.sweep()

    assert [state for state, _code in states().values()] == [DeliveryState.SENT] * 3
    assert set(mail_server.recipients.values()) == {1}
    assert mail_server.connections == 1


def test_who_answers_too_late_gets_the_same_letter_again_under_the_same_name(
    deliveries, mail_server, states, settings
):
    deliveries("concern:1")
    settings.EMAIL_TIMEOUT = 1
    mail_server.taken = lambda: time.sleep(1.5)

    tasks.deliver()
    assert states() == {"concern:1": (DeliveryState.PENDING, "timeout")}
    mail_server.taken = lambda: None
    with later(2 * MINUTE):
        tasks.deliver()

    assert states() == {"concern:1": (DeliveryState.SENT, "")}
    assert mail_server.recipients == {"concern-1@example.org": 2}
    assert len({message["Message-ID"] for message in mail_server.messages}) == 1
