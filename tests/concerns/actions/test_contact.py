"""Contact data: sealed when they come, corrected on the record, confirmed by the person, bounced on the record."""

import datetime as dt

import pytest
import time_machine

from common.actor import Actor
from common.blind_indexes import candidates
from concerns.actions.contact import (
    confirm_address,
    correct_contact,
    forget_former,
    new_reporter,
    note_bounce,
)
from concerns.actions.joining import join, split
from concerns.enums import Channel, Verb
from concerns.errors import Invalid, NotAllowed, NotFound
from concerns.models import Concern, Event, Reporter
from concerns.queries.contact import contact_of
from concerns.references import confirmation_token
from tests.support.stages import in_progress, resolved
from tests.support.town import Town, file

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
RITA = {"name": "Rita Reeve", "email": "rita@people.example"}
NEW = {"name": "Rita Rowe", "email": "rowe@people.example", "phone": "01632 960123"}


def last_event() -> Event:
    return Event.objects.latest("pk")


def anew(concern: Concern) -> Concern:
    return Concern.objects.select_related("reporter").get(pk=concern.pk)


def opened(concern: Concern) -> dict[str, str]:
    reporter = anew(concern).reporter
    assert reporter is not None
    return contact_of(Actor.system(), reporter, purpose="test")


def test_nothing_given_is_nobody_kept(town: Town) -> None:
    assert new_reporter({"name": "", "email": "", "phone": ""}, confirmed=True) is None
    assert file().concern.reporter is None
    assert Reporter.objects.count() == 0


def test_a_reporter_is_found_by_index_and_read_by_key(town: Town) -> None:
    concern = file(**RITA).concern

    reporter = anew(concern).reporter
    assert opened(concern) == {**RITA, "phone": ""}
    assert reporter.has_email is True
    assert reporter.email_index in candidates("email", "RITA@people.example")
    assert reporter.surname_index in candidates("surname", "Reeve")
    assert reporter.phonetic_index in candidates("phonetic", "Reve")
    assert (reporter.phone_index, reporter.address_confirmed_at) == ("", None)


def test_only_who_wrote_by_mail_has_proven_their_address(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        by_mail = file(**RITA, channel=Channel.MAIL).concern
        by_page = file(**RITA).concern
        by_mail_without = file(name="Rita", channel=Channel.MAIL).concern

    confirmed = [
        anew(one).reporter.address_confirmed_at for one in (by_mail, by_page, by_mail_without)
    ]
    assert confirmed == [MONDAY, None, None]


def test_two_people_with_the_same_data_have_keys_of_their_own(town: Town) -> None:
    one, other = (anew(file(**RITA).concern).reporter for _ in range(2))

    assert one.email_index == other.email_index
    assert bytes(one.sealed) != bytes(other.sealed)
    assert one.wrapped_keys != other.wrapped_keys


def test_a_correction_replaces_everything_and_asks_for_confirmation(town: Town) -> None:
    filed = file(**RITA)
    confirm_address(concern_id=filed.concern.pk)
    note_bounce(concern_id=filed.concern.pk, code="5.1.1")

    correct_contact(actor=town.actor("carl"), concern_id=filed.concern.pk, contact=NEW)

    reporter = anew(filed.concern).reporter
    assert opened(filed.concern) == {**NEW, "phone": "+441632960123"}
    assert (reporter.address_confirmed_at, reporter.undeliverable_since) == (None, None)
    assert reporter.email_index in candidates("email", NEW["email"])
    assert reporter.surname_index in candidates("surname", "Rowe")
    event = last_event()
    assert (event.verb, event.concern_ref) == (Verb.CORRECT_CONTACT, filed.concern.pk)
    former = Reporter.objects.exclude(pk=reporter.pk).get()
    assert event.data == {"new_address": True, "former": former.pk}


def test_a_replaced_address_is_kept_for_its_last_letter_and_then_forgotten(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = file(**RITA)
        confirm_address(concern_id=filed.concern.pk)
        correct_contact(actor=town.actor("carl"), concern_id=filed.concern.pk, contact=NEW)
        former = Reporter.objects.get(concerns=None)
        kept = contact_of(Actor.system(), former, purpose="test")
        forgotten = [forget_former()]
    for days in (6, 8, 9):
        with time_machine.travel(MONDAY + dt.timedelta(days=days), tick=False):
            forgotten.append(forget_former())

    # The address alone: nothing else of them is needed for it.
    assert kept == {"email": RITA["email"]}
    assert forgotten == [0, 0, 1, 0]
    assert opened(filed.concern)["email"] == NEW["email"]


def test_an_address_nobody_confirmed_is_not_kept(town: Town) -> None:
    filed = file(**RITA)

    correct_contact(actor=town.actor("carl"), concern_id=filed.concern.pk, contact=NEW)

    assert Reporter.objects.count() == 1
    assert last_event().data == {"new_address": True}


def test_an_old_link_does_not_confirm_the_address_of_a_new_row(town: Town) -> None:
    """Staff who do not see the person's other matter correct this one alone; links of the old address end."""
    filed = file(**RITA)
    part = split(
        actor=town.actor("dora"), concern_id=filed.concern.pk, words="A tree.", category="tree"
    )
    second = {"email": "second@people.example"}
    owner = Actor.citizen(filed.concern.pk)
    correct_contact(actor=owner, concern_id=filed.concern.pk, contact=second)
    link = confirmation_token(filed.concern.pk, 1, 2)

    correct_contact(actor=town.actor("carl"), concern_id=filed.concern.pk, contact=NEW)

    assert opened(part.placements.get().concern)["email"] == second["email"]
    with pytest.raises(NotFound):
        confirm_address(concern_id=filed.concern.pk, token=link)


def test_the_same_address_stays_confirmed(town: Town) -> None:
    filed = file(**RITA)
    confirm_address(concern_id=filed.concern.pk)
    same = {"name": "Rita Rowe", "email": "Rita@people.example"}

    correct_contact(actor=town.actor("carl"), concern_id=filed.concern.pk, contact=same)

    assert anew(filed.concern).reporter.address_confirmed_at is not None
    assert last_event().data == {"new_address": False}


def test_without_an_address_nobody_is_reached_by_mail(town: Town) -> None:
    filed = file(**RITA)

    correct_contact(
        actor=town.actor("carl"), concern_id=filed.concern.pk, contact={"name": "Rita Rowe"}
    )

    reporter = anew(filed.concern).reporter
    assert (reporter.has_email, reporter.email_index) == (False, "")
    assert last_event().data == {"new_address": False}


def test_an_anonymous_person_becomes_reachable(town: Town) -> None:
    filed = file()

    correct_contact(actor=Actor.citizen(filed.concern.pk), concern_id=filed.concern.pk, contact=NEW)

    assert opened(filed.concern)["email"] == NEW["email"]
    event = last_event()
    assert (event.actor_kind, event.concern_ref) == ("citizen", filed.concern.pk)


def test_of_two_on_one_ticket_each_corrects_their_own(town: Town) -> None:
    """Rob, placed on the same ticket and knowing of it, may still not change where Rita is written to."""
    rita, rob = file(**RITA), file(name="Rob")
    join(actor=town.actor("dora"), ticket_id=rob.ticket.pk, lead_id=rita.ticket.pk)

    with pytest.raises(NotAllowed):
        correct_contact(
            actor=Actor.citizen(rob.concern.pk), concern_id=rita.concern.pk, contact=NEW
        )

    assert opened(rita.concern)["email"] == RITA["email"]


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        ({}, "contact"),
        ({"name": "  "}, "contact"),
        ({"email": "no address"}, "contact.email"),
        ({"phone": "12"}, "contact.phone"),
        ({"name": "x" * 201}, "contact.name"),
        ({"address": "Quay Street 5"}, "contact.address"),
    ],
)
def test_contact_data_that_cannot_be_are_refused_by_their_field(
    town: Town, contact: dict[str, str], field: str
) -> None:
    filed = file(**RITA)

    with pytest.raises(Invalid) as refusal:
        correct_contact(actor=town.actor("carl"), concern_id=filed.concern.pk, contact=contact)

    assert refusal.value.field == field
    assert opened(filed.concern)["name"] == "Rita Reeve"


def test_a_split_matter_follows_its_person(town: Town) -> None:
    filed = file(**RITA)
    part = split(
        actor=town.actor("carl"),
        concern_id=filed.concern.pk,
        words="And a lamp.",
        category="pothole",
    )

    correct_contact(actor=town.actor("carl"), concern_id=filed.concern.pk, contact=NEW)

    other = part.placements.get().concern
    assert opened(other)["email"] == NEW["email"]


def test_an_address_is_confirmed_once_on_the_record(town: Town) -> None:
    filed = file(**RITA)
    with time_machine.travel(MONDAY, tick=False):
        confirm_address(concern_id=filed.concern.pk)
    with time_machine.travel(MONDAY + dt.timedelta(days=1), tick=False):
        confirm_address(concern_id=filed.concern.pk)

    assert anew(filed.concern).reporter.address_confirmed_at == MONDAY
    event = Event.objects.get(verb=Verb.CONFIRM_ADDRESS)
    assert (event.actor_kind, event.concern_ref, event.data) == ("citizen", filed.concern.pk, {})


def test_there_is_no_address_of_nobody_to_confirm(town: Town) -> None:
    with pytest.raises(NotFound):
        confirm_address(concern_id=file().concern.pk)
    with pytest.raises(NotFound):
        confirm_address(concern_id=10**9)


def test_a_wrong_token_confirms_nothing(town: Town) -> None:
    filed = file(**RITA)

    with pytest.raises(NotFound):
        confirm_address(concern_id=filed.concern.pk, token="guessed")

    assert anew(filed.concern).reporter.address_confirmed_at is None


def test_a_bounce_is_recorded_each_time_and_dated_once(town: Town) -> None:
    filed = in_progress(town)
    with time_machine.travel(MONDAY, tick=False):
        note_bounce(concern_id=filed.concern.pk, code="5.1.1")
    with time_machine.travel(MONDAY + dt.timedelta(days=1), tick=False):
        note_bounce(concern_id=filed.concern.pk, code="5.2.2")

    assert anew(filed.concern).reporter.undeliverable_since == MONDAY
    bounces = Event.objects.filter(verb=Verb.BOUNCE).order_by("pk")
    assert [(one.actor_kind, one.data) for one in bounces] == [
        ("system", {"code": "5.1.1"}),
        ("system", {"code": "5.2.2"}),
    ]


def test_a_bounce_to_nobody_is_only_recorded(town: Town) -> None:
    note_bounce(concern_id=file().concern.pk, code="5.1.1")

    assert last_event().data == {"code": "5.1.1"}


def test_a_bounce_on_an_answered_ticket_moves_nothing(town: Town) -> None:
    filed = resolved(town)

    note_bounce(concern_id=filed.concern.pk, code="5.1.1")

    event = last_event()
    assert (event.from_state, event.to_state) == ("resolved", "resolved")
