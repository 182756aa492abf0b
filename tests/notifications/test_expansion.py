import re
import threading

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from common.clock import now
from notifications import expansion, tasks
from notifications.contents import open_sealed
from notifications.enums import DeliveryState, EnvelopeState
from notifications.models import Delivery, Envelope
from tests.support.sql import statements

HOUR = 3600


def people(count):
    return [f"concern:{number}" for number in range(1, count + 1)]


@pytest.mark.django_db
def test_expand_seals_address_and_wording(author, post):
    post()

    assert expansion.expand_due() == 1

    row = Delivery.objects.get()
    contents = open_sealed(row.sealed, delivery_id=row.pk)
    assert (row.recipient, row.channel, row.language, row.purpose, row.state, row.key_id) == (
        "concern:1",
        "email",
        "de",
        "acknowledgement",
        DeliveryState.PENDING,
        "dev",
    )
    assert contents.address == "concern-1@example.org"
    assert b"example.org" not in bytes(row.sealed)
    assert Envelope.objects.get().state == EnvelopeState.EXPANDED


@pytest.mark.django_db
def test_expand_of_a_thousand_letters_resumes_behind_the_last_batch_without_doubles(author, post):
    author.people = people(1000)
    author.stumble_at = "concern:450"
    post()

    expansion.expand_due()

    halted = Envelope.objects.get()
    assert (halted.state, halted.cursor, halted.attempts) == (
        EnvelopeState.PENDING,
        "concern:400",
        1,
    )
    assert re.fullmatch(r"ZeroDivisionError at notifications/conftest\.py:\d+", halted.last_error)
    assert Delivery.objects.count() == 400

    author.stumble_at = ""
    author.rendered.clear()
    with time_machine.travel(now().timestamp() + HOUR):
        assert expansion.expand_due() == 1

    assert Envelope.objects.get().state == EnvelopeState.EXPANDED
    assert set(Delivery.objects.values_list("recipient", flat=True)) == set(author.people)
    assert Delivery.objects.count() == 1000
    assert list(author.rendered) == author.people[400:]


@pytest.mark.django_db
def test_expand_costs_a_constant_number_of_statements_for_each_batch(author, post):
    author.people = people(600)
    post()

    with statements() as said:
        expansion.expand_due()

    # claim + 3 times (cursor, insert) + expanded + nothing more to claim
    assert len(said) == 1 + 3 * 2 + 1 + 1


@pytest.mark.django_db
def test_expand_twice_makes_no_second_delivery(author, post):
    post()

    assert [expansion.expand_due(), expansion.expand_due()] == [1, 0]
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_expand_again_from_the_start_makes_no_second_delivery(author, post):
    post()
    expansion.expand_due()
    Envelope.objects.update(state=EnvelopeState.PENDING, cursor="")

    expansion.expand_due()

    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_second_delivery_for_recipient_and_channel_is_refused_by_the_database(deliveries):
    [row] = deliveries("concern:1")

    with pytest.raises(IntegrityError), transaction.atomic():
        deliveries("concern:1", envelope=row.envelope)

    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_batches_never_part_the_letters_of_one_person(author, post):
    author.people, author.channels = people(201), ("email", "portal", "sms")
    envelope = post()

    sizes = [len(batch) for batch in expansion.batches(author.letters(envelope, ""))]

    assert sizes == [201, 201, 201]


@pytest.mark.django_db
def test_expand_backs_off_and_ends_dead_where_the_writer_always_stumbles(author, post):
    author.stumble_at = "concern:1"
    envelope = post()

    for day in range(9):
        with time_machine.travel(now().timestamp() + day * 48 * HOUR):
            tasks.sweep()

    dead = Envelope.objects.get(pk=envelope.pk)
    assert (dead.state, dead.attempts) == (EnvelopeState.DEAD, 7)


@pytest.mark.django_db
def test_expand_of_a_broken_envelope_does_not_hold_up_the_others(author, post, mail_server):
    Envelope.objects.create(topic="nobody.writes", subject_id=1)
    post()

    tasks.sweep()

    assert mail_server.recipients == {"concern-1@example.org": 1}
    broken = Envelope.objects.get(topic="nobody.writes")
    assert (broken.state, broken.last_error.split()[0]) == (EnvelopeState.PENDING, "NoWriter")


@pytest.mark.django_db
def test_expand_ends_dead_where_workers_die_of_it(author, post):
    post()
    Envelope.objects.update(attempts=7)

    expansion.expand_due()

    assert Envelope.objects.get().state == EnvelopeState.DEAD
    assert Delivery.objects.count() == 0


@pytest.mark.django_db
def test_expand_leaves_an_envelope_alone_while_another_worker_has_it(author, post):
    post()
    expansion._claim()

    assert expansion.expand_due() == 0
    with time_machine.travel(now().timestamp() + HOUR):
        assert expansion.expand_due() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_expand_stops_when_its_lease_was_taken_over(author, post, post_office_lines):
    author.people = people(500)
    envelope = post()
    slow = expansion._claim()
    with time_machine.travel(now().timestamp() + HOUR):
        expansion._claim()

    expansion._open(slow)

    assert post_office_lines() == [f"envelope {envelope.pk} was taken over by another worker"]
    assert Delivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_expansions_at_once_make_each_delivery_once(author, post):
    author.people = people(500)
    post()
    start = threading.Barrier(4)
    taken = []

    def work():
        start.wait()
        taken.append(expansion.expand_due())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(taken) == [0, 0, 0, 1]
    assert Delivery.objects.count() == 500


@pytest.mark.django_db
def test_held_letters_wait_for_the_confirmation(author, post, mail_server, states):
    author.held = True
    post()

    tasks.sweep()

    assert mail_server.mails == []
    assert states() == {"concern:1": (DeliveryState.HELD, "")}


@pytest.mark.django_db
def test_a_letter_rendered_as_held_goes_out_when_its_person_confirmed_meanwhile(
    author, post, mail_server, states
):
    author.people, author.held = people(2), True
    author.confirmed_now = {"concern:2"}
    post()

    tasks.sweep()

    assert mail_server.recipients == {"concern-2@example.org": 1}
    assert states() == {
        "concern:1": (DeliveryState.HELD, ""),
        "concern:2": (DeliveryState.SENT, ""),
    }


@pytest.mark.django_db
def test_expand_due_takes_the_oldest_first_and_counts(author, post):
    for subject_id in (1, 2, 3):
        post(subject_id)

    assert expansion.expand_due() == 3
    assert expansion.expand_due() == 0
    assert Delivery.objects.count() == 3
