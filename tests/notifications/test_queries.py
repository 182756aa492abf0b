import datetime as dt

import pytest
import time_machine

from common.clock import now
from notifications.enums import DeliveryState, EnvelopeState
from notifications.models import ChannelPause, Envelope
from notifications.queries import (
    Backlog,
    backlog,
    delivery_states,
    held,
    late,
    latest,
    posted,
    troubled,
)

HOUR = dt.timedelta(hours=1)


@pytest.mark.django_db
def test_delivery_states_tell_each_recipients_letters_newest_first_in_one_statement(
    deliveries, django_assert_num_queries
):
    with time_machine.travel(now(), tick=False) as clock:
        deliveries("concern:1", state=DeliveryState.FAILED, last_error="550 5.1.1")
        clock.shift(60)
        deliveries("concern:1", "concern:3", state=DeliveryState.SENT, sent_at=now() + HOUR)
        moment = now()

    with django_assert_num_queries(1):
        found = delivery_states(["concern:1", "concern:2"])

    assert list(found) == ["concern:1", "concern:2"]
    assert [(one.state, one.code, one.at) for one in found["concern:1"]] == [
        (DeliveryState.SENT, "", moment + HOUR),
        (DeliveryState.FAILED, "550 5.1.1", moment - dt.timedelta(seconds=60)),
    ]
    assert found["concern:2"] == []


@pytest.mark.django_db
def test_backlog_of_an_idle_post_office_is_nothing(deliveries):
    deliveries("concern:1", state=DeliveryState.SENT)

    assert backlog() == Backlog(0, 0, 0, 0, 0, 0, dt.timedelta(), dt.timedelta(), {})


@pytest.mark.django_db
def test_backlog_counts_and_tells_how_long_the_oldest_is_due(
    author, deliveries, django_assert_num_queries
):
    with time_machine.travel(now(), tick=False) as clock:
        Envelope.objects.create(topic=author.topic, subject_id=1)
        Envelope.objects.create(topic=author.topic, subject_id=2, state=EnvelopeState.DEAD)
        clock.shift(HOUR)
        for state in DeliveryState.values:
            deliveries(state, state=state)
        deliveries("concern:1", next_attempt_at=now() + HOUR)
        ChannelPause.objects.create(channel="email", until=now() + HOUR, code="timeout")
        ChannelPause.objects.create(channel="sms", until=now() - HOUR, code="timeout")
        clock.shift(HOUR / 2)

        with django_assert_num_queries(6):
            found = backlog()

    assert found == Backlog(
        envelopes_pending=1,
        envelopes_dead=1,
        deliveries_pending=3,
        deliveries_held=1,
        deliveries_dead=1,
        deliveries_failed=1,
        oldest_envelope=HOUR * 1.5,
        oldest_delivery=HOUR / 2,
        paused_channels={"email": "timeout"},
    )


@pytest.mark.django_db
def test_backlog_of_letters_due_only_later_is_not_overdue(deliveries):
    deliveries("concern:1", next_attempt_at=now() + HOUR)

    assert backlog().oldest_delivery == dt.timedelta()


@pytest.mark.django_db
def test_troubled_lists_dead_and_failed_oldest_first(author, deliveries):
    with time_machine.travel(now(), tick=False) as clock:
        [failed] = deliveries("concern:1", state=DeliveryState.FAILED, last_error="550")
        clock.shift(1)
        envelope = Envelope.objects.create(
            topic=author.topic, subject_id=9, state=EnvelopeState.DEAD, attempts=7
        )
        clock.shift(1)
        [dead] = deliveries("concern:2", state=DeliveryState.DEAD)
        deliveries("concern:3", state=DeliveryState.SENT)
        deliveries("concern:4", state=DeliveryState.FAILED, key_id="")

    found = troubled()

    assert [(one.id, one.kind, one.state) for one in found] == [
        (failed.pk, "delivery", "failed"),
        (envelope.pk, "envelope", "dead"),
        (dead.pk, "delivery", "dead"),
    ]
    assert (found[0].code, found[0].what, found[1].attempts) == (
        "550",
        "acknowledgement to concern:1 by email",
        7,
    )


@pytest.mark.django_db
def test_late_lists_what_is_on_its_way_for_longer_than_that(author, deliveries):
    with time_machine.travel(now(), tick=False) as clock:
        envelope = Envelope.objects.create(topic=author.topic, subject_id=9, facts={"ticket": 7})
        clock.shift(1)
        [letter] = deliveries("concern:1", envelope=envelope, last_error="451", attempts=2)
        deliveries("concern:2", state=DeliveryState.SENT)
        deliveries("concern:3", state=DeliveryState.DEAD)
        clock.shift(3601)
        deliveries("concern:4")

        found = late(HOUR, 10)

    assert [(one.id, one.kind, one.recipient) for one in found] == [
        (envelope.pk, "envelope", ""),
        (letter.pk, "delivery", "concern:1"),
    ]
    assert [one.facts for one in found] == [{"ticket": 7}, {"ticket": 7}]
    assert (found[1].code, found[1].attempts, found[1].purpose) == ("451", 2, "acknowledgement")


@pytest.mark.django_db
def test_held_lists_what_waits_for_a_confirmation_oldest_first(deliveries):
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(3):
            deliveries(f"concern:{number}", state=DeliveryState.HELD)
            clock.shift(1)
        deliveries("concern:9")

    assert [one.recipient for one in held(2)] == ["concern:0", "concern:1"]


@pytest.mark.django_db
def test_posted_and_latest_tell_what_was_announced(author):
    other = f"{author.topic}.other"
    for topic, subject in ((author.topic, 3), (author.topic, 5), (other, 9)):
        Envelope.objects.create(topic=topic, subject_id=subject, facts={"n": subject})

    assert posted(author.topic, [3, 4, 9]) == {3}
    assert latest(author.topic) == (5, {"n": 5})
    assert latest("nothing") is None
