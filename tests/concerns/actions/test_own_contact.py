"""Contact data by their person's own hand, and the choice between mails and the status page."""

import pytest

from common.actor import Actor
from concerns.actions.contact import confirm_address, correct_contact
from concerns.actions.filing import Filing, file_concern
from concerns.actions.joining import split
from concerns.actions.own_contact import change_own_contact
from concerns.actions.waiting import ask
from concerns.actions.words import reply
from concerns.actions.working import accept
from concerns.enums import Channel, State, Verb
from concerns.errors import Conflict, Invalid, NotFound, Refused
from concerns.models import Concern, Event, Message
from concerns.queries.contact import own_contact
from concerns.queries.visible import visible
from tests.support.sql import budget
from tests.support.stages import RITA, in_progress
from tests.support.town import file, fresh


def change(filed, *, seen=None, wants_mail=True, **contact):
    return change_own_contact(
        actor=Actor.citizen(filed.concern.pk),
        concern_id=filed.concern.pk,
        contact=contact,
        wants_mail=wants_mail,
        seen=seen,
    )


def seen_by(filed):
    return own_contact(Actor.citizen(filed.concern.pk))


def test_change_own_contact_replaces_everything(town):
    filed = file(email=RITA, name="Rita Roe")

    with budget(18):
        change(filed, phone="+44 20 7946 0018")

    assert seen_by(filed).contact == {"name": "", "email": "", "phone": "+442079460018"}


def test_a_new_address_must_be_confirmed(town):
    filed = file(email=RITA)
    confirm_address(concern_id=filed.concern.pk)

    change(filed, email="rita@elsewhere.example")

    assert not seen_by(filed).confirmed
    event = Event.objects.filter(verb=Verb.CORRECT_CONTACT).get()
    assert (event.concern_ref, event.data["new_address"]) == (filed.concern.pk, True)


def test_the_choice_is_kept_and_does_not_touch_the_address(town):
    filed = file(email=RITA)
    confirm_address(concern_id=filed.concern.pk)

    change(filed, email=RITA, wants_mail=False)

    own = seen_by(filed)
    assert (own.wants_mail, own.confirmed, own.contact["email"]) == (False, True, RITA)
    change(filed, email=RITA, wants_mail=True)
    assert seen_by(filed).wants_mail


def test_who_saw_an_older_version_changes_nothing(town):
    filed = in_progress(town)
    tag = seen_by(filed).tag
    correct_contact(
        actor=town.actor("carl"), concern_id=filed.concern.pk, contact={"email": "r@new.example"}
    )

    with pytest.raises(Conflict):
        change(filed, email="r@old.example", seen=tag)

    assert seen_by(filed).contact["email"] == "r@new.example"
    change(filed, email="r@old.example", seen=seen_by(filed).tag)
    assert seen_by(filed).contact["email"] == "r@old.example"


def test_the_tag_changes_with_the_choice_and_tells_nothing(town):
    filed = file(email=RITA)
    before = seen_by(filed).tag

    change(filed, email=RITA, wants_mail=False)

    assert before != seen_by(filed).tag != seen_by(file(email=RITA)).tag


def test_it_is_for_its_person_alone(town):
    filed, other = file(email=RITA), file()

    for actor in (Actor.citizen(other.concern.pk), Actor.anonymous(), town.actor("carl")):
        with pytest.raises(NotFound):
            change_own_contact(
                actor=actor,
                concern_id=filed.concern.pk,
                contact={"email": "x@y.example"},
                wants_mail=True,
            )
    assert seen_by(filed).contact["email"] == RITA
    with pytest.raises(NotFound):
        own_contact(Actor.anonymous())


def test_contact_data_cannot_be_emptied(town):
    filed = file(email=RITA)

    with pytest.raises(Invalid):
        change(filed)

    assert seen_by(filed).contact["email"] == RITA


def test_an_employees_account_says_how_to_reach_them(town):
    filing = Filing(words="No screen.", channel=Channel.API, language="en", category="it-incident")
    filed = file_concern(actor=town.actor("carl"), filing=filing)

    with pytest.raises(Refused):
        change(filed, email=RITA)
    assert Concern.objects.get(pk=filed.concern.pk).reporter is None


def test_who_looks_at_the_page_themselves_can_be_asked_and_can_answer(town):
    """Also without any address: that they look is what they told us."""
    filed = file(name="Rita Roe")
    from_desk = town.actor("carl")
    accept(actor=from_desk, ticket_id=filed.ticket.pk)
    with pytest.raises(Refused):
        ask(actor=from_desk, ticket_id=filed.ticket.pk, text="Which side?")
    change(filed, name="Rita Roe", wants_mail=False)

    ask(actor=from_desk, ticket_id=filed.ticket.pk, text="Which side?")

    assert Message.objects.filter(concern=filed.concern, kind="question").count() == 1
    reply(concern_id=filed.concern.pk, text="The left one.")
    assert fresh(filed.ticket).state == State.IN_PROGRESS


def test_a_clerk_who_sees_only_one_of_ones_matters_does_not_undo_the_choice(town):
    """What they correct stands on a row of its own then."""
    filed = in_progress(town)
    second = split(
        actor=town.actor("carl"), concern_id=filed.concern.pk, words="A tree.", category="tree"
    )
    change(filed, email=RITA, wants_mail=False)

    correct_contact(
        actor=town.actor("carl"), concern_id=filed.concern.pk, contact={"email": "r@new.example"}
    )

    assert not visible(town.actor("carl")).filter(pk=second.pk).exists()
    own = seen_by(filed)
    assert (own.contact["email"], own.wants_mail) == ("r@new.example", False)
