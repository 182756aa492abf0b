import time

import pytest
import time_machine
from django.db import IntegrityError, transaction

from common.clock import now
from notifications import outbox, tasks
from notifications.contents import open_sealed
from notifications.enums import DeliveryState, EnvelopeState
from notifications.models import Delivery, Envelope


@pytest.mark.django_db(transaction=True)
def test_post_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match=r"outbox\.post belongs into the transaction"):
        outbox.post(topic="t", subject_id=1, facts={})

    assert Envelope.objects.count() == 0


@pytest.mark.django_db
def test_post_costs_one_insert_and_keeps_the_facts(django_assert_num_queries):
    facts = {"verb": "resolve", "ticket": 7, "at": "2026-03-01T10:00:00+00:00", "to": None}

    with django_assert_num_queries(1) as captured:
        envelope = outbox.post(topic="t", subject_id=17, facts=facts)

    assert captured[0]["sql"].startswith("INSERT INTO")
    kept = Envelope.objects.get()
    assert (kept.pk, kept.topic, kept.subject_id, kept.facts, kept.state) == (
        envelope.pk,
        "t",
        17,
        facts,
        EnvelopeState.PENDING,
    )


@pytest.mark.django_db
def test_post_of_the_same_event_twice_is_refused_by_the_database():
    outbox.post(topic="t", subject_id=17, facts={})

    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.post(topic="t", subject_id=17, facts={})

    assert Envelope.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_post_leaves_nothing_when_the_change_is_rolled_back(post_office_lines, dead_broker):
    with transaction.atomic():
        outbox.post(topic="t", subject_id=1, facts={})
        transaction.set_rollback(True)

    assert Envelope.objects.count() == 0
    assert post_office_lines() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["dead_broker", "hanging_broker"])
def test_post_with_the_broker_away_is_stored_quickly_and_delivered_by_the_sweep(
    broker, request, author, post, mail_server, post_office_lines
):
    request.getfixturevalue(broker)
    started = time.monotonic()

    envelope = post()
    took = time.monotonic() - started
    lines = post_office_lines()
    tasks.sweep()

    assert took < 2
    assert lines == [f"post office: broker unreachable, the sweep will find envelope {envelope.pk}"]
    assert mail_server.recipients == {"concern-1@example.org": 1}


@pytest.mark.django_db
def test_expand_task_delivers_what_was_posted_with_secrets_filled(author, post, mail_server):
    envelope = post(subject_id=5)

    tasks.expand(envelope_id=str(envelope.pk))
    tasks.deliver()

    [message] = mail_server.messages
    assert message["Subject"] == "Ihr Anliegen 5"
    assert (
        message.get_body(("plain",)).get_content()
        == "Guten Tag, Ihre PIN ist PIN-of-concern:1.\r\n"
    )
    delivery = Delivery.objects.get()
    assert message["Message-ID"] == delivery.message_id
    assert "PIN-of" not in open_sealed(delivery.sealed, delivery_id=delivery.pk).text


@pytest.mark.django_db
def test_release_lets_all_held_letters_of_the_recipient_go(deliveries, states, mail_server):
    deliveries("concern:1", "concern:2", state=DeliveryState.HELD)

    assert outbox.release("concern:1") == 1
    tasks.deliver()

    assert states() == {
        "concern:1": (DeliveryState.SENT, ""),
        "concern:2": (DeliveryState.HELD, ""),
    }


@pytest.mark.django_db
def test_release_of_another_channel_leaves_the_letter_held(deliveries, states):
    deliveries("concern:1", state=DeliveryState.HELD)

    assert outbox.release("concern:1", channel="portal") == 0
    assert states() == {"concern:1": (DeliveryState.HELD, "")}


@pytest.mark.django_db
def test_condense_takes_held_letters_off_the_shelf_and_names_them_oldest_first(
    author, deliveries, states, django_assert_num_queries
):
    with time_machine.travel(now(), tick=False) as clock:
        first = Envelope.objects.create(topic=author.topic, subject_id=1)
        clock.shift(60)
        second = Envelope.objects.create(topic=author.topic, subject_id=2)
    deliveries("concern:1", envelope=second, state=DeliveryState.HELD, purpose="answer")
    deliveries("concern:1", envelope=first, state=DeliveryState.HELD)
    deliveries("concern:2", envelope=first, state=DeliveryState.HELD)

    with django_assert_num_queries(1):
        summaries = outbox.condense("concern:1", "email")

    assert [(one.subject_id, one.purpose, one.at) for one in summaries] == [
        (1, "acknowledgement", first.created_at),
        (2, "answer", second.created_at),
    ]
    assert states() == {
        "concern:1": (DeliveryState.CONDENSED, ""),
        "concern:2": (DeliveryState.HELD, ""),
    }
    emptied = Delivery.objects.filter(recipient="concern:1")
    assert [bytes(row.sealed) for row in emptied] == [b"", b""]


@pytest.mark.django_db
def test_condense_twice_names_a_letter_once(deliveries):
    deliveries("concern:1", state=DeliveryState.HELD)

    assert len(outbox.condense("concern:1", "email")) == 1
    assert outbox.condense("concern:1", "email") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act", [lambda: outbox.release("c"), lambda: outbox.condense("c", "email")]
)
def test_what_follows_a_confirmation_is_refused_outside_its_transaction(act):
    with pytest.raises(RuntimeError, match="belongs into the transaction"):
        act()


@pytest.mark.django_db
def test_suppress_calls_back_and_empties_what_has_not_left(deliveries, states, mail_server):
    deliveries("concern:1")
    deliveries("concern:1", state=DeliveryState.HELD)
    deliveries("concern:1", state=DeliveryState.SENT)

    assert outbox.suppress("concern:1") == 2
    tasks.deliver()

    assert mail_server.mails == []
    kept = Delivery.objects.exclude(key_id="").values_list("state", flat=True)
    assert list(kept) == [DeliveryState.SENT]


@pytest.mark.django_db
@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.FAILED])
def test_retry_sends_a_given_up_delivery_once_more(deliveries, states, mail_server, state):
    [row] = deliveries("concern:1", state=state, attempts=7, last_error="550")

    outbox.retry(row.pk)
    tasks.deliver()

    assert mail_server.recipients == {"concern-1@example.org": 1}
    assert states() == {"concern:1": (DeliveryState.SENT, "")}


@pytest.mark.django_db
def test_retry_opens_a_dead_envelope_once_more(author, post, mail_server):
    envelope = post()
    Envelope.objects.update(state=EnvelopeState.DEAD, attempts=7, last_error="KeyError")

    outbox.retry(envelope.pk)
    tasks.sweep()

    assert mail_server.recipients == {"concern-1@example.org": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"state": DeliveryState.SENT}, {"state": DeliveryState.DEAD, "key_id": ""}]
)
def test_retry_of_what_is_not_given_up_or_has_no_body_is_refused(deliveries, changes):
    [row] = deliveries("concern:1", **changes)

    with pytest.raises(outbox.NotStuck):
        outbox.retry(row.pk)

    assert Delivery.objects.get().state == changes["state"]
