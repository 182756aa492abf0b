"""Until an address is confirmed its person gets one mail, without a word of what was said; then all in one."""

import threading

import pytest
from django.db import connection, transaction

from common.actor import Actor
from concerns.actions.contact import confirm_address, correct_contact
from concerns.actions.deciding import Answer, resolve
from concerns.actions.desk import lock, record
from concerns.actions.joining import split
from concerns.actions.voicing import withdraw
from concerns.actions.working import accept
from concerns.enums import Outcome, Verb
from concerns.models import Concern
from notifications import expansion
from notifications.enums import DeliveryState
from notifications.models import Delivery
from tests.support.town import Place, file

FIXED = Answer(outcome=Outcome.FIXED, text="The hole is filled.")
ADVERT = "BUY-NOW-advert.example"


def states(concern):
    rows = Delivery.objects.filter(recipient=f"concern:{concern.pk}").order_by("created_at", "pk")
    return [(row.purpose, row.state) for row in rows]


def answered(town, filed):
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)


def test_an_unconfirmed_person_gets_exactly_one_mail_then_one_condensed(town, post):
    filed = file(email="rita@people.example")
    answered(town, filed)
    before = [mail.subject for mail in post.out()]

    confirm_address(concern_id=filed.concern.pk)
    after = [mail.subject for mail in post.out()]

    assert before == [f"Please confirm your e-mail address (reference {filed.concern.reference})"]
    assert after == ["Pothole, Quay Street 5: done"]
    assert states(filed.concern) == [
        ("confirmation", DeliveryState.SENT),
        ("in_progress", DeliveryState.CONDENSED),
        ("answer", DeliveryState.CONDENSED),
        ("condensed", DeliveryState.SENT),
    ]


def test_after_confirming_letters_come_as_they_happen(town, post):
    filed = file(email="rita@people.example")
    post.out()
    confirm_address(concern_id=filed.concern.pk)
    post.out()

    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    assert post.only().subject == "Pothole, Quay Street 5: in progress with Streets"


def test_the_first_mail_holds_nothing_a_stranger_could_have_written(post):
    filed = file(
        f"{ADVERT} words",
        email="victim@people.example",
        name=f"{ADVERT} name",
        place=Place(address=f"{ADVERT} place", lat=54.05, lon=-0.95),
    )

    mail = post.only()

    assert [part.count(ADVERT) for part in (mail.subject, mail.text, mail.html)] == [0, 0, 0]
    assert mail.said(filed.concern).count("LINK") == 0
    assert "PIN" not in mail.text


def test_confirming_one_of_two_split_concerns_condenses_both(town, post):
    filed = file(email="rita@people.example")
    split(actor=town.actor("dora"), concern_id=filed.concern.pk, words="Tree.", category="tree")
    part = Concern.objects.get(part_of=filed.concern)
    first = post.out()

    confirm_address(concern_id=filed.concern.pk)
    mails = post.out()

    assert len(first) == 1
    assert [mail.subject for mail in mails] == [
        "Pothole, Quay Street 5: in progress with Streets",
        "Tree, Quay Street 5: in progress with Parks",
    ]
    assert mails[1].said(part)[2:4] == [
        "What has happened so far:",
        "- 16 November: We made it a concern of its own.",
    ]
    assert states(part) == [("split", DeliveryState.CONDENSED), ("condensed", DeliveryState.SENT)]


@pytest.mark.django_db(transaction=True)
def test_a_letter_written_while_somebody_confirms_is_neither_lost_nor_held(town, post):
    filed = file(email="rita@people.example")
    post.out()
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    worker = threading.Thread(target=expand_in_a_worker)

    with transaction.atomic():
        confirm_address(concern_id=filed.concern.pk)
        worker.start()
        worker.join(0.5)
        waited = worker.is_alive()
    worker.join(10)

    subjects = [mail.subject for mail in post.out()]
    assert waited
    assert states(filed.concern) == [
        ("confirmation", DeliveryState.SENT),
        ("in_progress", DeliveryState.SENT),
        ("condensed", DeliveryState.SENT),
    ]
    assert subjects == ["Pothole, Quay Street 5: in progress with Streets"] * 2


def expand_in_a_worker():
    expansion.expand_due()
    connection.close()


def test_who_withdrew_before_confirming_gets_no_more_mail(post):
    filed = file(email="rita@people.example")
    withdraw(concern_id=filed.concern.pk)
    post.out()

    confirm_address(concern_id=filed.concern.pk)

    assert post.out() == []


@pytest.mark.parametrize(("is_new", "mails"), [(True, 1), (False, 0)])
def test_a_new_address_is_asked_to_confirm_and_an_old_one_is_not(town, post, is_new, mails):
    filed = file(email="rita@people.example")
    post.out()
    owner = Actor.citizen(filed.concern.pk)

    ticket = lock(owner, filed.ticket.pk)
    record(ticket, Verb.CORRECT_CONTACT, owner, data={"new_address": is_new})

    assert len(post.out()) == mails


def test_held_letters_of_the_old_address_never_reach_the_new_one(town, post):
    filed = file(email="old@people.example")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    post.out()
    correct_contact(
        actor=Actor.citizen(filed.concern.pk),
        concern_id=filed.concern.pk,
        contact={"email": "new@people.example"},
    )
    post.out()

    confirm_address(concern_id=filed.concern.pk)

    assert {mail.to for mail in post.out()} == {"new@people.example"}
