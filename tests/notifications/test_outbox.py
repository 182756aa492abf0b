import time
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from common.clock import now
from common.ids import uuid7
from notifications import outbox, tasks
from notifications.contents import open_sealed
from notifications.enums import DeliveryState, EnvelopeState
from notifications.models import Delivery, Envelope, Intervention
from tests.support.sql import statements


@pytest.mark.django_db(transaction=True)
def test_post_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match=r"outbox\.post belongs into the transaction"):
        outbox.post(topic="t", subject_id=1, facts={})

    assert Envelope.objects.count() == 0


@pytest.mark.django_db
def test_post_costs_one_insert_and_keeps_the_facts():
    facts = {"verb": "resolve", "ticket": 7, "at": "2026-03-01T10:00:00+00:00", "to": None}

    with statements() as said:
        envelope = outbox.post(topic="t", subject_id=17, facts=facts)

    assert [sql.split()[:3] for sql in said] == [["INSERT", "INTO", '"notifications_envelope"']]
    kept = Envelope.objects.get()
    assert (kept.pk, kept.topic, kept.subject_id, kept.facts, kept.state) == (
        envelope.pk,
        "t",
        17,
        facts,
        EnvelopeState.PENDING,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("subjects", "cost"), [([], 0), ([17, 18, 19], 1)])
def test_events_of_one_act_are_posted_with_one_insert(subjects, cost):
    with statements() as said:
        envelopes = outbox.post_all(topic="t", facts={pk: {"ticket": pk} for pk in subjects})

    assert len(said) == cost
    kept = Envelope.objects.order_by("subject_id").values_list("pk", "facts")
    assert list(kept) == [
        (envelope.pk, {"ticket": pk}) for envelope, pk in zip(envelopes, subjects, strict=True)
    ]


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

    post()
    took = time.monotonic() - started
    lines = post_office_lines()
    tasks.sweep()

    assert took < 2
    assert lines == ["post office: broker unreachable, the sweep will find the post"]
    assert mail_server.recipients == {"concern-1@example.org": 1}


@pytest.mark.django_db
def test_the_task_opens_and_delivers_what_was_posted_with_secrets_filled(author, post, mail_server):
    post(subject_id=5)

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


@pytest.mark.django_db
def test_post_once_keeps_what_was_announced_before_in_one_insert(django_assert_num_queries):
    outbox.post(topic="t", subject_id=17, facts={"first": True})

    with django_assert_num_queries(1):
        outbox.post_once(topic="t", facts={17: {"first": False}, 18: {"first": True}})

    kept = Envelope.objects.order_by("subject_id").values_list("subject_id", "facts")
    assert list(kept) == [(17, {"first": True}), (18, {"first": True})]


@pytest.mark.django_db
def test_what_was_posted_once_is_opened_by_the_sweep(author, mail_server):
    outbox.post_once(topic=author.topic, facts={1: {}})

    tasks.sweep()

    assert mail_server.recipients == {"concern-1@example.org": 1}


@pytest.mark.django_db(transaction=True)
def test_post_once_is_refused_outside_a_transaction():
    with pytest.raises(RuntimeError, match="belongs into the transaction"):
        outbox.post_once(topic="t", facts={1: {}})


# --- stuck, and what an operator does about it ---------------------------------------------------------------------


def interventions():
    return list(Intervention.objects.values_list("errand_id", "remedy", "actor_ref"))


@pytest.mark.django_db
def test_retry_sends_at_once_what_waits_for_its_next_attempt(deliveries, mail_server, states):
    [row] = deliveries(
        "concern:1", attempts=4, last_error="451", next_attempt_at=now() + timedelta(hours=8)
    )

    outbox.retry(row.pk)
    tasks.deliver()

    assert states() == {"concern:1": (DeliveryState.SENT, "")}


@pytest.mark.django_db
@pytest.mark.parametrize("act", [outbox.retry, outbox.give_up])
def test_what_a_worker_has_this_moment_is_left_to_it(author, deliveries, post, act):
    envelope = post()
    Envelope.objects.update(locked_until=now() + timedelta(minutes=1))
    [row] = deliveries("concern:1", state=DeliveryState.SENDING)

    for errand in (envelope.pk, row.pk):
        with pytest.raises(outbox.NotStuck):
            act(errand)

    assert interventions() == []


@pytest.mark.django_db
@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.FAILED, DeliveryState.PENDING])
def test_a_letter_given_up_is_emptied_and_never_sent(deliveries, mail_server, state):
    [row] = deliveries("concern:1", state=state, last_error="timeout")
    who = uuid7()

    outbox.give_up(row.pk, by=who)
    tasks.sweep()

    row.refresh_from_db()
    assert (row.state, bytes(row.sealed), row.key_id) == (DeliveryState.ABANDONED, b"", "")
    assert (row.last_error, mail_server.mails) == ("timeout", [])
    assert interventions() == [(row.pk, "give_up", who)]
    with pytest.raises(outbox.NotStuck):
        outbox.retry(row.pk)


@pytest.mark.django_db
def test_an_envelope_given_up_is_never_opened(author, post, mail_server):
    envelope = post()
    Envelope.objects.update(state=EnvelopeState.DEAD, attempts=7)

    outbox.give_up(envelope.pk)
    tasks.sweep()

    assert Envelope.objects.get().state == EnvelopeState.ABANDONED
    assert (mail_server.mails, author.rendered) == ([], {})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"state": DeliveryState.SENT},
        {"state": DeliveryState.HELD},
        {"state": DeliveryState.DEAD, "key_id": ""},
    ],
)
def test_what_is_not_stuck_cannot_be_given_up(deliveries, changes):
    [row] = deliveries("concern:1", **changes)

    with pytest.raises(outbox.NotStuck):
        outbox.give_up(row.pk)

    assert Delivery.objects.get().state == changes["state"]


@pytest.mark.django_db
def test_retry_keeps_who_did_it(deliveries):
    [row] = deliveries("concern:1", state=DeliveryState.DEAD)
    who = uuid7()

    outbox.retry(row.pk, by=who)

    assert interventions() == [(row.pk, "retry", who)]
