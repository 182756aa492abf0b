"""Passing a ticket to a partner: by a link of that one ticket, which a wait opens and its end closes."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine

from common.actor import Actor
from common.clock import today
from concerns.actions.attaching import attach
from concerns.actions.referring import note_unreachable, partner_word, refer, report_back
from concerns.actions.responsibility import transfer
from concerns.actions.safeguarding import restrict
from concerns.actions.tending import tend
from concerns.actions.waiting import recall
from concerns.enums import Reported, State, Verb
from concerns.errors import Invalid, NotAllowed, NotFound, Refused
from concerns.models import Event, Partner, Referral, Ticket
from concerns.queries.audit import broken_chains
from concerns.queries.files import files_on
from concerns.queries.visible import visible
from tests.support.files import PDF, store, upload
from tests.support.stages import in_progress
from tests.support.town import Town, file, fresh

__all__ = ["store"]
ONE_DAY = dt.timedelta(days=1)
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
WORDS = "A manhole cover of yours has sunk."


@pytest.fixture
def water(town: Town) -> Partner:
    return Partner.objects.create(
        key="moor-water",
        names={"en": "Moor Water", "de": "Moorwasser"},
        email="desk@moor-water.example",
        language="en",
    )


def passed(town: Town, ticket: Ticket, **more: object) -> Ticket:
    return refer(
        actor=town.actor("carl"),
        ticket_id=ticket.pk,
        partner_key="moor-water",
        text=WORDS,
        **more,
    )


def last(ticket: Ticket) -> Event:
    return Event.objects.filter(ticket=ticket).order_by("-sequence")[0]


def test_a_partner_of_the_city_is_passed_the_ticket_by_a_link(town: Town, water: Partner) -> None:
    ticket = passed(town, in_progress(town).ticket)

    referral = Referral.objects.get()
    assert (ticket.state, ticket.partner) == (State.WAITING_EXTERNAL, "Moor Water")
    assert (referral.partner, referral.note.text) == (water, WORDS)
    assert last(ticket).data == {"note": referral.note.pk, "referral": str(referral.key)}
    assert list(Referral.objects.open()) == [referral]


def test_another_body_is_a_name_and_has_no_link(town: Town, water: Partner) -> None:
    ticket = in_progress(town).ticket

    refer(actor=town.actor("carl"), ticket_id=ticket.pk, partner="The Canal Trust", text=WORDS)

    assert fresh(ticket).partner == "The Canal Trust"
    assert Referral.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [({}, "partner"), ({"partner": "  "}, "partner"), ({"partner_key": "moon"}, "partner_key")],
)
def test_nobody_is_no_partner(town: Town, water: Partner, said: dict[str, str], field: str) -> None:
    ticket = in_progress(town).ticket

    with pytest.raises(Invalid) as refusal:
        refer(actor=town.actor("carl"), ticket_id=ticket.pk, text=WORDS, **said)

    assert refusal.value.field == field
    assert fresh(ticket).state == State.IN_PROGRESS


def test_a_retired_partner_is_not_chosen_again(town: Town, water: Partner) -> None:
    water.retired = True
    water.save()

    with pytest.raises(Invalid):
        passed(town, in_progress(town).ticket)


# What the link opens


def test_the_link_opens_its_ticket_and_no_other(town: Town, water: Partner) -> None:
    mine, other = passed(town, in_progress(town).ticket), in_progress(town).ticket
    refer(actor=town.actor("carl"), ticket_id=other.pk, partner="Somebody", text=WORDS)

    assert list(visible(Actor.partner(mine.pk))) == [mine]
    assert list(visible(Actor.partner(other.pk))) == []


@pytest.mark.parametrize("end", ["recall", "transfer", "done", "restrict"])
def test_it_opens_nothing_once_the_wait_is_over(town: Town, water: Partner, end: str) -> None:
    ticket = passed(town, in_progress(town).ticket)
    here = {"actor": town.actor("carl"), "ticket_id": ticket.pk}
    if end == "recall":
        recall(**here, reason="We did it ourselves.")
    elif end == "transfer":
        transfer(**here, department_id=town.office("parks").pk, reason="Theirs.")
    elif end == "restrict":
        restrict(actor=town.actor("alma"), ticket_id=ticket.pk, reason="disputed")
    else:
        report_back(actor=Actor.partner(ticket.pk), ticket_id=ticket.pk, text="", reported="done")

    assert list(visible(Actor.partner(ticket.pk))) == []
    for act in (partner_word, report_back):
        with pytest.raises(NotFound):
            act(actor=Actor.partner(ticket.pk), ticket_id=ticket.pk, text="Still me.")


def test_a_second_wait_is_not_opened_by_the_first_link(town: Town, water: Partner) -> None:
    ticket = passed(town, in_progress(town).ticket)
    recall(actor=town.actor("carl"), ticket_id=ticket.pk, reason="Wait.")
    passed(town, ticket)

    first, second = Referral.objects.order_by("pk")
    assert list(Referral.objects.open()) == [second]
    assert first.created_at < second.created_at


@pytest.mark.parametrize("with_files", [True, False])
def test_files_go_along_only_if_the_clerk_says_so(
    town: Town, water: Partner, store: Path, with_files: bool
) -> None:
    filed = in_progress(town)
    attach(
        actor=Actor.citizen(filed.concern.pk),
        concern_id=filed.concern.pk,
        uploads=[upload(PDF, "plan.pdf")],
    )
    ticket = passed(town, filed.ticket, with_files=with_files)

    found = [one["name"] for one in files_on(Actor.partner(ticket.pk), ticket.pk)]

    assert found == (["plan.pdf"] if with_files else [])


# What the partner says


def test_done_needs_no_words(town: Town, water: Partner) -> None:
    ticket = passed(town, in_progress(town).ticket)

    report_back(
        actor=Actor.partner(ticket.pk), ticket_id=ticket.pk, text=" ", reported=Reported.DONE
    )

    assert fresh(ticket).state == State.IN_PROGRESS
    event = last(ticket)
    assert (event.verb, event.actor_kind) == (Verb.REPORT_BACK, "partner")
    assert event.data == {"reported": "done"}
    assert list(broken_chains()) == []


def test_not_ours_says_whose_it_is_in_the_partners_name(town: Town, water: Partner) -> None:
    ticket = passed(town, in_progress(town).ticket)
    partner = Actor.partner(ticket.pk)

    with pytest.raises(Invalid):
        report_back(actor=partner, ticket_id=ticket.pk, text="", reported=Reported.NOT_OURS)
    report_back(
        actor=partner, ticket_id=ticket.pk, text="Ask the canal.", reported=Reported.NOT_OURS
    )

    note = ticket.notes.order_by("-pk")[0]
    assert (note.text, note.partner, note.author) == ("Ask the canal.", water, None)
    assert last(ticket).data == {"reported": "not_ours", "note": note.pk}


def test_a_date_holds_the_reminder_back(town: Town, water: Partner) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = passed(town, in_progress(town).ticket)
        date = today() + 30 * ONE_DAY
        partner_word(actor=Actor.partner(ticket.pk), ticket_id=ticket.pk, text="", date=date)
        assert last(ticket).data == {"date": str(date)}

        clock.shift(31 * ONE_DAY)
        assert tend()["waits"] == 0
        clock.shift(30 * ONE_DAY)
        assert tend()["waits"] == 1

    assert last(ticket).verb == Verb.REMIND


@pytest.mark.parametrize("days", [-1, 367])
def test_a_date_that_is_none_is_refused(town: Town, water: Partner, days: int) -> None:
    ticket = passed(town, in_progress(town).ticket)
    said = {"ticket_id": ticket.pk, "text": "", "date": today() + days * ONE_DAY}

    with pytest.raises(Invalid) as refusal:
        partner_word(actor=Actor.partner(ticket.pk), **said)

    assert refusal.value.field == "date"


def test_a_partner_does_nothing_else(town: Town, water: Partner) -> None:
    ticket = passed(town, in_progress(town).ticket)
    partner = Actor.partner(ticket.pk)

    with pytest.raises(NotAllowed):
        recall(actor=partner, ticket_id=ticket.pk, reason="No.")
    with pytest.raises(NotAllowed):
        partner_word(actor=town.actor("carl"), ticket_id=ticket.pk, text="Me.")


def test_an_office_elsewhere_is_asked_nothing(town: Town, water: Partner) -> None:
    ticket = file().ticket

    with pytest.raises(NotFound):
        partner_word(actor=Actor.partner(ticket.pk), ticket_id=ticket.pk, text="Me.")


# Silence


def test_a_silent_partner_is_reminded_then_the_ticket_comes_back(
    town: Town, water: Partner
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = passed(town, in_progress(town).ticket)
        found = []
        for _week in range(4):
            clock.shift(7 * ONE_DAY + dt.timedelta(minutes=1))
            tend()
            found.append((last(ticket).verb, fresh(ticket).state))

    waiting, working = State.WAITING_EXTERNAL, State.IN_PROGRESS
    assert found == [
        (Verb.REFER, waiting),
        (Verb.REMIND, waiting),
        (Verb.EXPIRE, working),
        (Verb.EXPIRE, working),
    ]
    assert list(Referral.objects.open()) == []


def test_a_mailbox_that_refuses_brings_the_ticket_back_at_once(town: Town, water: Partner) -> None:
    ticket = passed(town, in_progress(town).ticket)
    referral = Referral.objects.get()

    for _twice in range(2):
        note_unreachable(referral_id=referral.pk, code="email 5.1.1")

    assert fresh(ticket).state == State.IN_PROGRESS
    assert [one.data for one in Event.objects.filter(ticket=ticket, verb=Verb.EXPIRE)] == [
        {"because": "bounce", "referral": str(referral.key), "code": "email 5.1.1"}
    ]
    with pytest.raises(Refused):
        report_back(actor=town.actor("carl"), ticket_id=ticket.pk, text="They called.")
