"""Who looks at the status page themselves is sent nothing of what happens, but for what guards their concern."""

import datetime as dt

import pytest
import time_machine

from common.actor import Actor
from common.clock import now
from concerns.actions.joining import split
from concerns.actions.proving import renew_proof
from concerns.actions.voicing import object_to_result, withdraw
from concerns.actions.waiting import ask, remind_or_expire
from concerns.actions.words import send_message
from concerns.enums import PublicState
from concerns.queries.own import standing
from tests.concerns.actions.test_own_contact import change, seen_by
from tests.concerns.notices.test_recipients import known, resolve_by_carl, together

RITA = "rita@people.example"


@pytest.fixture
def both(town, post):
    """Rita, who wants no mails, and Leo, who does, on one ticket that Carl works on."""
    rita, leo = together(town, "rita", "leo")
    change(rita, email=RITA, wants_mail=False)
    post.out()
    return rita, leo


def test_what_happens_is_told_to_the_others_alone(town, post, both):
    rita, _leo = both

    send_message(actor=town.actor("carl"), ticket_id=rita.ticket.pk, text="We come tomorrow.")
    resolve_by_carl(town, rita.ticket.pk)

    assert post.recipients() == ["leo@people.example"] * 2


def test_a_question_stands_on_the_page_and_no_mail_speaks_of_it(town, post, both):
    rita, _leo = both

    ask(
        actor=town.actor("carl"),
        ticket_id=rita.ticket.pk,
        text="Which side?",
        concern_ids=[rita.concern.pk],
    )
    with time_machine.travel(now() + dt.timedelta(days=40)):
        remind_or_expire(ticket_id=rita.ticket.pk)
        mails = post.recipients()

    own = standing(Actor.citizen(rita.concern.pk))
    assert (own.state, own.must_reply, own.messages[-1].text) == (
        PublicState.NEEDS_REPLY,
        True,
        "Which side?",
    )
    assert mails == []


def test_their_own_acts_are_receipted_on_the_page_alone(town, post):
    rita = known("rita")
    change(rita, email=RITA, wants_mail=False)
    post.out()

    withdraw(concern_id=rita.concern.pk)

    assert post.recipients() == []


def test_an_objection_is_decided_without_a_mail(town, post, both):
    rita, _leo = both
    resolve_by_carl(town, rita.ticket.pk)
    post.out()

    object_to_result(concern_id=rita.concern.pk, text="It is still there.")

    assert post.recipients() == []


def test_what_is_split_off_follows_the_choice(town, post, both):
    rita, _leo = both

    split(
        actor=town.actor("carl"),
        concern_id=rita.concern.pk,
        words="And a tree.",
        category="tree",
    )

    assert post.recipients() == []


def test_a_new_address_is_asked_for_confirmation_all_the_same(town, post, both):
    rita, _leo = both

    change(rita, email="rita@new.example", wants_mail=False)

    assert "rita@new.example" in post.recipients()
    assert not seen_by(rita).wants_mail


def test_new_proofs_are_told_all_the_same(town, post, both):
    rita, _leo = both

    renew_proof(actor=town.actor("carl"), concern_id=rita.concern.pk)

    assert post.recipients() == [RITA]


def test_who_changes_their_mind_is_written_to_again(town, post, both):
    rita, _leo = both
    change(rita, email=RITA, wants_mail=True)
    post.out()

    resolve_by_carl(town, rita.ticket.pk)

    assert post.recipients() == ["leo@people.example", RITA]
