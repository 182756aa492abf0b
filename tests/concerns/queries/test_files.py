"""Who may have which file: its person, and who sees the ticket its concern is placed on now."""

import pytest

from common.actor import Actor
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle, exclude, restrict
from concerns.errors import NotFound
from concerns.queries.files import attachment_for, files_on, own_files
from tests.concerns.actions.test_attaching import add
from tests.support.files import store, upload
from tests.support.sql import budget
from tests.support.town import file

__all__ = ["store"]


def may(actor, attachment, **more):
    try:
        return attachment_for(actor, attachment.pk, **more).pk == attachment.pk
    except NotFound:
        return False


@pytest.fixture
def filed(town, store):
    return file()


@pytest.fixture
def attachment(filed):
    return add(filed)[0]


def test_its_person_has_it_and_nobody_else_outside(filed, attachment):
    author, other = Actor.citizen(filed.concern.pk), Actor.citizen(file().concern.pk)

    with budget(1):
        assert may(author, attachment)
    assert not may(other, attachment)
    assert not may(Actor.anonymous(), attachment)


def test_somebody_on_the_same_ticket_does_not_have_it(town, filed, attachment):
    other = file()
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)

    assert not may(Actor.citizen(other.concern.pk), attachment)
    assert own_files(Actor.citizen(other.concern.pk)) == []


@pytest.mark.parametrize(
    ("name", "has"), [("carl", True), ("dora", True), ("paul", False), ("norman", False)]
)
def test_staff_have_it_if_they_see_the_ticket(town, attachment, name, has):
    assert may(town.actor(name), attachment) == has


def test_of_a_confidential_ticket_only_the_circle_has_it(town, filed, attachment):
    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")

    assert may(town.actor("petra"), attachment)
    assert not may(town.actor("carl"), attachment)
    assert not may(town.actor("dora"), attachment)
    assert may(Actor.citizen(filed.concern.pk), attachment)


def test_an_excluded_person_does_not_have_it(town, filed, attachment):
    exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["carl"].pk)

    assert not may(town.actor("carl"), attachment)


def test_of_a_restricted_ticket_only_administrators_have_it(town, filed, attachment):
    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")

    assert not may(town.actor("carl"), attachment)
    assert may(town.actor("alma"), attachment)


def test_it_goes_where_its_concern_goes(town, filed, attachment):
    lead = file()
    join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)
    carl = town.actor("carl")

    assert may(carl, attachment, ticket_id=lead.ticket.pk)
    assert not may(carl, attachment, ticket_id=filed.ticket.pk)
    listed = files_on(carl, lead.ticket.pk)
    assert [(row["id"], row["concern__reference"]) for row in listed] == [
        (attachment.pk, filed.concern.reference)
    ]
    assert files_on(carl, filed.ticket.pk) == []


def test_of_a_ticket_one_does_not_see_there_is_no_list(town, filed, attachment):
    with pytest.raises(NotFound):
        files_on(town.actor("paul"), filed.ticket.pk)


def test_lists_cost_the_same_with_many(town, filed, attachment):
    add(filed, *[upload()] * 8)

    with budget(1):
        assert len(own_files(Actor.citizen(filed.concern.pk))) == 9
    carl = town.actor("carl")
    with budget(2):
        assert len(files_on(carl, filed.ticket.pk)) == 9
