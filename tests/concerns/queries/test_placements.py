"""Who is placed on a ticket, who of them can be reached, and who has said something about the result."""

import pytest

from concerns.actions.contact import note_bounce
from concerns.actions.correcting import publish, unpublish
from concerns.actions.deciding import resolve
from concerns.actions.ending import reopen
from concerns.actions.filing import Filed
from concerns.actions.joining import detach_concern, join
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import confirm, object_to_result, withdraw
from concerns.actions.waiting import ask
from concerns.actions.words import reply
from concerns.actions.working import accept
from concerns.errors import NotFound
from concerns.models import Reporter, Ticket
from concerns.queries.placements import (
    Company,
    company,
    concerns_on,
    has_confirmed,
    reachable_concerns,
    ticket_id_of,
    ticket_in_company,
    was_asked,
)
from tests.factories.crowd import crowd
from tests.support.sql import statements
from tests.support.stages import FIXED, Stage, merged, resolved, waiting_reporter
from tests.support.town import Town, file, fresh


@pytest.fixture
def five(town: Town) -> list[Filed]:
    """Rita, Rob and Ron can be reached by mail; Nick left no address, Nora's bounced. All on Rita's ticket."""
    people = [file(email=f"{name}@people.example") for name in ("rita", "rob", "ron")]
    people += [file(name="Nick"), file(email="nora@people.example")]
    for filed in people[1:]:
        join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=people[0].ticket.pk)
    note_bounce(concern_id=people[4].concern.pk, code="5.1.1")
    accept(actor=town.actor("carl"), ticket_id=people[0].ticket.pk)
    return people


def there(five: list[Filed]) -> Company:
    return company(fresh(five[0].ticket))


def counts(found: Company) -> tuple[int, int, int, int, int]:
    return (found.placed, found.active, found.reachable, found.unconfirmed, found.objecting)


def test_who_is_there_and_can_be_reached(five: list[Filed]) -> None:
    assert counts(there(five)) == (5, 5, 3, 3, 0)


def test_who_withdrew_or_is_spam_stays_placed_but_is_out(town: Town, five: list[Filed]) -> None:
    withdraw(concern_id=five[0].concern.pk)
    mark_spam(actor=town.actor("dora"), concern_id=five[3].concern.pk)

    assert counts(there(five)) == (5, 3, 2, 2, 0)


def test_who_confirmed_and_who_objects(town: Town, five: list[Filed]) -> None:
    resolve(actor=town.actor("carl"), ticket_id=five[0].ticket.pk, answer=FIXED)
    confirm(concern_id=five[0].concern.pk)
    object_to_result(concern_id=five[1].concern.pk, text="No.")

    assert counts(there(five)) == (5, 5, 3, 2, 1)


def test_the_objection_of_who_is_out_holds_nothing_up(town: Town, five: list[Filed]) -> None:
    resolve(actor=town.actor("carl"), ticket_id=five[0].ticket.pk, answer=FIXED)
    object_to_result(concern_id=five[1].concern.pk, text="No.")

    mark_spam(actor=town.actor("dora"), concern_id=five[1].concern.pk)

    assert there(five).objecting == 0


def test_a_confirmation_of_an_earlier_answer_does_not_count(town: Town, five: list[Filed]) -> None:
    carl, ticket = town.actor("carl"), five[0].ticket.pk
    resolve(actor=carl, ticket_id=ticket, answer=FIXED)
    confirm(concern_id=five[0].concern.pk)
    reopen(actor=carl, ticket_id=ticket, reason="Not yet.")
    reopened = there(five).unconfirmed
    resolve(actor=carl, ticket_id=ticket, answer=FIXED)

    concern = five[0].concern
    concern.refresh_from_db()
    assert (reopened, there(five).unconfirmed) == (2, 3)
    assert has_confirmed(concern, fresh(five[0].ticket)) is False


def test_an_employee_is_reached_without_an_address(town: Town) -> None:
    filed = file(category="it-incident", actor=town.actor("norman"))

    assert company(filed.ticket).reachable == 1


def test_who_looks_for_themselves_can_be_asked_and_is_sent_no_mail(five: list[Filed]) -> None:
    everybody = there(five).mailed
    Reporter.objects.filter(concerns=five[0].concern).update(wants_mail=False)

    assert (everybody, there(five).mailed, there(five).reachable) == (3, 2, 3)


def test_a_ticket_nobody_is_placed_on_has_no_company(town: Town) -> None:
    assert company(merged(town).ticket) == Company(
        placed=0,
        active=0,
        reachable=0,
        mailed=0,
        unconfirmed=0,
        objecting=0,
        published=False,
        excluding=False,
    )


def test_company_knows_whether_something_is_published(town: Town) -> None:
    ticket, carl = file().ticket, town.actor("carl")
    found = [company(ticket).published]
    publish(actor=carl, ticket_id=ticket.pk)
    found.append(company(ticket).published)
    unpublish(actor=carl, ticket_id=ticket.pk)
    found.append(company(ticket).published)

    assert found == [False, True, False]


def test_company_costs_one_statement_whatever_its_size(town: Town) -> None:
    ticket = file().ticket
    crowd(ticket, 100)
    with statements() as said:
        found = company(ticket)

    assert (len(said), counts(found)) == (1, (101, 101, 100, 100, 0))


@pytest.mark.parametrize("stage", [merged, waiting_reporter, resolved])
def test_a_ticket_comes_with_its_company_in_one_statement(town: Town, stage: Stage) -> None:
    filed, dora = stage(town), town.actor("dora")

    with statements() as said:
        ticket, there = ticket_in_company(dora, filed.ticket.pk)

    assert (len(said), ticket, there) == (1, filed.ticket, company(filed.ticket))


def test_the_company_of_a_ticket_out_of_sight_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        ticket_in_company(town.actor("iris"), file().ticket.pk)


def test_concerns_on_a_ticket_are_those_placed_there_now(town: Town, five: list[Filed]) -> None:
    detach_concern(actor=town.actor("dora"), concern_id=five[2].concern.pk)

    placed = list(concerns_on(five[0].ticket))

    assert placed == [five[n].concern for n in (0, 1, 3, 4)]


def test_reachable_concerns_are_active_ones_with_an_address(five: list[Filed]) -> None:
    withdraw(concern_id=five[1].concern.pk)
    ids = [filed.concern.pk for filed in five]

    everybody = list(reachable_concerns(five[0].ticket).values_list("pk", flat=True))
    of_some = list(reachable_concerns(five[0].ticket, ids[1:3]).values_list("pk", flat=True))
    of_none = list(reachable_concerns(five[0].ticket, []).values_list("pk", flat=True))

    assert (everybody, of_some, of_none) == ([ids[0], ids[2]], [ids[2]], [])


def test_the_ticket_of_a_concern_is_where_it_is_placed_now(town: Town, five: list[Filed]) -> None:
    assert ticket_id_of(five[3].concern.pk) == five[0].ticket.pk
    with pytest.raises(NotFound):
        ticket_id_of(10**9)


def test_who_was_asked_in_this_wait(town: Town) -> None:
    asked, other = waiting_reporter(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=asked.ticket.pk)
    ticket = Ticket.objects.get(pk=asked.ticket.pk)
    first = [was_asked(ticket, one.concern.pk) for one in (asked, other)]
    reply(concern_id=asked.concern.pk, text="The left side.")
    ask(
        actor=town.actor("carl"),
        ticket_id=ticket.pk,
        text="Still?",
        concern_ids=[other.concern.pk],
    )
    ticket = Ticket.objects.get(pk=asked.ticket.pk)
    second = [was_asked(ticket, one.concern.pk) for one in (asked, other)]

    assert (first, second) == ([True, False], [False, True])
