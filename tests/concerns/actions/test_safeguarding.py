"""Who may know, and what is kept: circles, exclusions, restriction, hold."""

import datetime as dt

import pytest
import time_machine

from common.clock import today
from concerns.actions.correcting import publish
from concerns.actions.safeguarding import (
    encircle,
    exclude,
    hold,
    lift_circle,
    readmit,
    restrict,
    unhold,
    unrestrict,
)
from concerns.errors import Invalid, NotAllowed, NotFound, Refused
from concerns.models import Event, Exclusion, Publication
from concerns.queries.visible import visible
from tests.factories.matters import CircleFactory, CircleMemberFactory
from tests.support.stages import assigned, in_progress, merged
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)


def last_event() -> Event:
    return Event.objects.latest("pk")


def test_a_clerk_who_makes_a_ticket_confidential_loses_sight_of_it(town: Town) -> None:
    filed = in_progress(town)

    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")

    ticket = fresh(filed.ticket)
    assert (ticket.circle, ticket.assignee) == (town.circle, None)
    assert last_event().data == {"circle": town.circle.pk}
    seen = {name: visible(town.actor(name)).exists() for name in ("carl", "dora", "petra", "max")}
    assert seen == {"carl": False, "dora": False, "petra": True, "max": True}


def test_who_has_it_and_belongs_to_the_circle_keeps_it(town: Town) -> None:
    filed = in_progress(town)
    CircleMemberFactory(circle=town.circle, user=town.people["carl"])

    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")

    assert fresh(filed.ticket).assignee == town.people["carl"]


def test_what_was_published_is_taken_back_when_it_becomes_confidential(town: Town) -> None:
    filed = assigned(town)
    carl = town.actor("carl")
    publish(actor=carl, ticket_id=filed.ticket.pk)
    with time_machine.travel(MONDAY, tick=False):
        encircle(actor=carl, ticket_id=filed.ticket.pk, circle_key="personnel")

    publication = Publication.objects.get()
    assert (publication.withdrawn_at, publication.withdrawn_by) == (MONDAY, carl.ref)


def test_an_unknown_circle_is_refused(town: Town) -> None:
    filed = assigned(town)

    with pytest.raises(Invalid) as refusal:
        encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="no-such")

    assert refusal.value.field == "circle"
    assert fresh(filed.ticket).circle is None


def test_a_joined_matter_is_confidential_as_a_whole_or_not_at_all(town: Town) -> None:
    joined = merged(town).ticket
    lead = fresh(joined).merged_into
    assert lead is not None

    for ticket in (joined, lead):
        with pytest.raises(Refused):
            encircle(actor=town.actor("carl"), ticket_id=ticket.pk, circle_key="personnel")
        assert fresh(ticket).circle is None


def test_only_who_could_lift_the_circle_hands_it_to_another(town: Town) -> None:
    """Else a member of one circle could show the matter to whomever they choose."""
    filed = file(category="staff")
    other = CircleFactory(key="other")
    CircleMemberFactory(circle=town.circle, user=town.people["tess"])

    with pytest.raises(NotAllowed):
        encircle(actor=town.actor("petra"), ticket_id=filed.ticket.pk, circle_key="other")
    encircle(actor=town.actor("petra"), ticket_id=filed.ticket.pk, circle_key="personnel")
    encircle(actor=town.actor("tess"), ticket_id=filed.ticket.pk, circle_key="other")

    assert fresh(filed.ticket).circle == other


def test_lifting_gives_it_back_to_the_department_with_a_reason(town: Town) -> None:
    filed = file(category="staff")
    CircleMemberFactory(circle=town.circle, user=town.people["tess"])
    tess = town.actor("tess")
    with pytest.raises(Invalid) as refusal:
        lift_circle(actor=tess, ticket_id=filed.ticket.pk, reason="")
    assert refusal.value.field == "reason"

    lift_circle(actor=tess, ticket_id=filed.ticket.pk, reason="Harmless.")

    ticket = fresh(filed.ticket)
    assert (ticket.circle, last_event().data) == (None, {"note": ticket.notes.get().pk})
    assert visible(town.actor("carl")).exists()


def test_there_is_no_circle_to_lift_from_an_ordinary_ticket(town: Town) -> None:
    with pytest.raises(Refused):
        lift_circle(actor=town.actor("tess"), ticket_id=assigned(town).ticket.pk, reason="Open.")


def test_an_excluded_person_loses_the_ticket_and_sight_of_it(town: Town) -> None:
    filed = in_progress(town)

    exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["carl"].pk)

    assert fresh(filed.ticket).assignee is None
    assert not visible(town.actor("carl")).exists()
    assert last_event().data == {"person": str(town.people["carl"].ref_id)}


def test_excluding_twice_is_excluding_once(town: Town) -> None:
    filed = in_progress(town)
    for _ in range(2):
        exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["ada"].pk)

    assert Exclusion.objects.count() == 1
    assert fresh(filed.ticket).assignee == town.people["carl"]


def test_nobody_excludes_themselves_or_a_stranger(town: Town) -> None:
    filed = assigned(town)
    for user_id in (town.people["tess"].pk, 10**9):
        with pytest.raises(Invalid) as refusal:
            exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=user_id)
        assert refusal.value.field == "person"

    assert Exclusion.objects.count() == 0


def test_an_exclusion_is_undone_and_on_the_record(town: Town) -> None:
    filed = in_progress(town)
    on = {"actor": town.actor("tess"), "ticket_id": filed.ticket.pk}
    exclude(**on, user_id=town.people["carl"].pk)
    exclude(**on, user_id=town.people["ada"].pk)

    readmit(**on, user_id=town.people["carl"].pk)

    assert visible(town.actor("carl")).exists()
    assert Exclusion.objects.get().user == town.people["ada"]
    # What they had is not given back: somebody else may have it by now.
    assert fresh(filed.ticket).assignee is None
    event = last_event()
    assert (event.verb, event.data) == ("readmit", {"person": str(town.people["carl"].ref_id)})


def test_nobody_readmits_themselves(town: Town) -> None:
    """Who is excluded does not even know of the ticket."""
    filed = in_progress(town)
    exclude(actor=town.actor("dora"), ticket_id=filed.ticket.pk, user_id=town.people["tess"].pk)

    with pytest.raises(NotFound):
        readmit(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["tess"].pk)

    assert Exclusion.objects.count() == 1


def test_only_who_is_excluded_is_readmitted(town: Town) -> None:
    filed = in_progress(town)
    on = {"actor": town.actor("tess"), "ticket_id": filed.ticket.pk}
    with pytest.raises(Refused):
        readmit(**on, user_id=town.people["carl"].pk)
    exclude(**on, user_id=town.people["ada"].pk)

    for user_id in (town.people["carl"].pk, 10**9):
        with pytest.raises(Invalid) as refusal:
            readmit(**on, user_id=user_id)
        assert refusal.value.field == "person"

    assert Exclusion.objects.count() == 1


def test_a_clerk_readmits_nobody(town: Town) -> None:
    filed = in_progress(town)
    person = town.people["ada"].pk
    exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=person)

    with pytest.raises(NotAllowed):
        readmit(actor=town.actor("carl"), ticket_id=filed.ticket.pk, user_id=person)

    assert Exclusion.objects.count() == 1


def test_an_exclusion_on_another_ticket_stays(town: Town) -> None:
    one, other = in_progress(town), in_progress(town)
    person = town.people["ada"].pk
    for filed in (one, other):
        exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=person)

    readmit(actor=town.actor("tess"), ticket_id=one.ticket.pk, user_id=person)

    assert Exclusion.objects.get().ticket == other.ticket


def test_what_is_restricted_is_for_administrators_and_no_longer_public(town: Town) -> None:
    filed = assigned(town)
    publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    with time_machine.travel(MONDAY, tick=False):
        restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")

    ticket = fresh(filed.ticket)
    assert (ticket.restricted_at, ticket.restriction_reason) == (MONDAY, "disputed")
    assert Publication.objects.get().withdrawn_at == MONDAY
    seen = {name: visible(town.actor(name)).exists() for name in ("carl", "dora", "max", "alma")}
    assert seen == {"carl": False, "dora": False, "max": False, "alma": True}
    with pytest.raises(NotFound):
        publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)


def test_a_restriction_is_lifted_once(town: Town) -> None:
    filed = assigned(town)
    on = {"actor": town.actor("alma"), "ticket_id": filed.ticket.pk}
    restrict(**on, reason="disputed")
    with pytest.raises(Refused):
        restrict(**on, reason="again")

    unrestrict(**on)

    ticket = fresh(filed.ticket)
    assert (ticket.restricted_at, ticket.restriction_reason) == (None, "")
    with pytest.raises(Refused):
        unrestrict(**on)


def test_a_hold_has_a_reason_and_a_day_to_come(town: Town) -> None:
    filed = assigned(town)
    on = {"actor": town.actor("alma"), "ticket_id": filed.ticket.pk}
    until = today() + ONE_DAY
    for past in (today(), today() - ONE_DAY):
        with pytest.raises(Invalid) as refusal:
            hold(**on, reason="lawsuit", until=past)
        assert refusal.value.field == "until"

    hold(**on, reason="lawsuit", until=until)

    ticket = fresh(filed.ticket)
    assert (ticket.hold_until, ticket.hold_reason) == (until, "lawsuit")
    assert last_event().data == {"reason": "lawsuit", "until": until.isoformat()}


def test_a_hold_is_prolonged_and_lifted(town: Town) -> None:
    filed = assigned(town)
    on = {"actor": town.actor("alma"), "ticket_id": filed.ticket.pk}
    hold(**on, reason="lawsuit", until=today() + ONE_DAY)
    hold(**on, reason="audit", until=today() + 9 * ONE_DAY)
    prolonged = fresh(filed.ticket)

    unhold(**on)

    assert (prolonged.hold_reason, prolonged.hold_until) == ("audit", today() + 9 * ONE_DAY)
    ticket = fresh(filed.ticket)
    assert (ticket.hold_until, ticket.hold_reason) == (None, "")
    with pytest.raises(Refused):
        unhold(**on)


@pytest.mark.parametrize(
    "reason", ["", "Mr Smith sued us", "Lawsuit", "x" * 41, "law suit", "äußerst", "lawsuit\n"]
)
def test_reasons_of_the_administration_are_codes_and_no_words(town: Town, reason: str) -> None:
    """They stand in the event, which is never erased."""
    filed = assigned(town)
    on = {"actor": town.actor("alma"), "ticket_id": filed.ticket.pk, "reason": reason}

    for act in (lambda: restrict(**on), lambda: hold(**on, until=today() + ONE_DAY)):
        with pytest.raises(Invalid) as refusal:
            act()
        assert refusal.value.field == "reason"

    ticket = fresh(filed.ticket)
    assert (ticket.restricted_at, ticket.hold_until) == (None, None)
