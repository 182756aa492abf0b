"""A clock that is set an hour wrong and right again: nothing leaves twice, and nothing stays."""

import pytest
import time_machine

from common.clock import now
from notifications import delivery, expansion, tasks
from notifications.enums import DeliveryState
from notifications.models import Delivery

HOUR = 3600


def set_by(seconds):
    return time_machine.travel(now().timestamp() + seconds)


@pytest.mark.django_db
def test_ahead_ends_leases_of_workers_that_live_and_none_of_their_letters_leaves_twice(
    deliveries, mail_server, states
):
    deliveries("concern:1", "concern:2", "concern:3")
    claimed = delivery.claim(limit=10)
    with set_by(HOUR):
        tasks.deliver()

        delivery._work_off("email", claimed, stop_at=float("inf"))

    assert mail_server.recipients == {f"concern-{one}@example.org": 1 for one in (1, 2, 3)}
    assert set(states().values()) == {(DeliveryState.SENT, "")}


@pytest.mark.django_db
def test_back_keeps_what_was_written_ahead_until_its_time_and_sends_it_once(
    author, post, mail_server
):
    author.people = ["concern:1"]
    with set_by(HOUR):
        post(subject_id=1)
        expansion.expand_due()
    author.people = ["concern:2"]
    post(subject_id=2)
    expansion.expand_due()

    tasks.sweep()
    assert mail_server.recipients == {"concern-2@example.org": 1}
    with set_by(HOUR + 1):
        tasks.sweep()
        tasks.sweep()

    assert mail_server.recipients == {"concern-1@example.org": 1, "concern-2@example.org": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-HOUR, HOUR])
def test_a_letter_that_waits_for_its_next_attempt_is_sent_once_whatever_the_clock_says_meanwhile(
    deliveries, mail_server, states, seconds
):
    deliveries("concern:1")
    mail_server.rcpt_replies["concern-1@example.org"] = "451 busy"
    tasks.deliver()
    mail_server.rcpt_replies.clear()
    with set_by(seconds):
        tasks.sweep()
    with set_by(80):
        tasks.sweep()
        tasks.sweep()

    assert mail_server.recipients == {"concern-1@example.org": 1}
    assert Delivery.objects.get().attempts == 2
