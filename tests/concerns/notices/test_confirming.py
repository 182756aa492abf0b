"""Nobody's mailbox is filled by somebody who names it again and again; the concerns count all the same."""

import datetime as dt

import pytest
import time_machine

from common.actor import Actor
from common.clock import now
from common.models import Attempt
from concerns.actions.contact import confirm_address, correct_contact
from concerns.actions.filing import follow_ticket
from concerns.actions.proving import prove, renew_proof
from concerns.enums import Channel, State
from concerns.models import Concern
from concerns.references import pin
from notifications.models import Delivery
from tests.support.rest import Rest
from tests.support.town import file, fresh

VICTIM = "victim@people.example"
MOST = 5


def confirmations(mails, to=VICTIM):
    return [mail.subject for mail in mails if mail.to == to]


def test_an_address_is_asked_five_times_a_day_and_no_more(post):
    filed = [file(email=VICTIM) for _ in range(MOST + 3)]

    assert len(confirmations(post.out())) == MOST
    # Filed and routed like any other, and found by whoever has reference and PIN.
    assert {fresh(one.ticket).state for one in filed} == {State.ASSIGNED}
    last = filed[-1].concern
    proof = {"reference": last.reference, "pin": pin(last.pk, last.generation)}
    assert prove(**proof, network="203.0.113.7") == Actor.citizen(last.pk)
    assert not Delivery.objects.filter(recipient=f"concern:{last.pk}").exists()


def test_the_address_is_the_same_however_it_is_written(post):
    for spelling in ("victim@people.example", "VICTIM@people.example", "Victim@People.Example"):
        for _ in range(2):
            file(email=spelling)

    assert len(post.out()) == MOST


def test_another_address_is_not_kept_waiting(post):
    for _ in range(MOST + 1):
        file(email=VICTIM)
    file(email="rita@people.example")

    assert confirmations(post.out(), "rita@people.example") != []


def test_every_door_counts(town, post):
    """The portal, an interface, the phone desk, a correction, a new link: one count."""
    first, second = file(email=VICTIM), file(channel=Channel.API, email=VICTIM)
    follow_ticket(
        actor=town.actor("carl"),
        ticket_id=first.ticket.pk,
        channel=Channel.PHONE,
        language="en",
        contact={"email": VICTIM},
    )
    owner = Actor.citizen(file().concern.pk)
    correct_contact(actor=owner, concern_id=owner.concern_id, contact={"email": VICTIM})
    renew_proof(actor=town.actor("carl"), concern_id=first.concern.pk)
    renew_proof(actor=town.actor("carl"), concern_id=second.concern.pk)

    assert len(confirmations(post.out())) == MOST


def test_tomorrow_it_may_be_asked_again(post):
    for _ in range(MOST + 1):
        file(email=VICTIM)
    post.out()

    with time_machine.travel(now() + dt.timedelta(days=1)):
        file(email=VICTIM)

        assert len(confirmations(post.out())) == 1


def test_whoever_confirms_may_file_on(post):
    filed = [file(email=VICTIM) for _ in range(MOST)]
    post.out()
    confirm_address(concern_id=filed[0].concern.pk)
    post.out()

    file(email=VICTIM)

    assert len(confirmations(post.out())) == 1
    assert Attempt.objects.get().count == 1


def test_a_confirmed_address_is_not_counted(town, post):
    for _ in range(MOST + 2):
        file(email=VICTIM, channel=Channel.MAIL)

    assert len(post.out()) == MOST + 2
    assert not Attempt.objects.exists()


def test_the_door_says_the_same_over_the_limit(town, post):
    """Else it would tell everybody that somebody uses the address here."""
    asked = {
        "description": "A hole.",
        "category": "pothole",
        "place": {"address": "Quay Street 5"},
        "contact": {"email": VICTIM},
    }
    answers = []
    for number in range(MOST + 1):
        answers.append(Rest({"Idempotency-Key": f"key-{number}"}).post("concerns/", asked))
        post.out()

    assert {answer.status_code for answer in answers} == {201}
    assert {tuple(answer.json()) for answer in answers} == {
        ("reference", "pin", "tracking_url", "state", "next_date")
    }
    assert Concern.objects.count() == MOST + 1


@pytest.mark.parametrize("most", [1, 2])
def test_how_often_is_a_setting(settings, post, most):
    settings.CONFIRMATIONS_PER_ADDRESS_PER_DAY = most
    for _ in range(3):
        file(email=VICTIM)

    assert len(post.out()) == most
