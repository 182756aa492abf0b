"""Contact data open only for this reporter's row, and never without an entry in the view log."""

import pytest

from common.actor import Actor
from common.crypto import SealBroken
from common.models import ViewLog
from concerns.models import Reporter
from concerns.queries.contact import contact_of, contacts_of
from tests.support.sql import statements
from tests.support.town import Town, file

RITA = {"name": "Rita Reeve", "email": "rita@people.example"}


def test_reading_contact_data_is_logged_with_who_whose_and_why(town: Town) -> None:
    reporter = file(**RITA).concern.reporter
    carl = town.actor("carl")

    contact = contact_of(carl, reporter, purpose="call_back")

    assert contact == {**RITA, "phone": ""}
    entries = list(
        ViewLog.objects.values_list("actor_ref", "subject_kind", "subject_id", "purpose")
    )
    assert entries == [(carl.ref, "reporter", reporter.pk, "call_back")]


def test_reading_many_is_one_entry_each_and_one_statement(town: Town) -> None:
    reporters = [file(name=f"Person {n}").concern.reporter for n in range(5)]
    with statements() as said:
        found = contacts_of(Actor.system(), reporters, purpose="delivery")

    assert [found[one.pk]["name"] for one in reporters] == [f"Person {n}" for n in range(5)]
    assert len(said) == 1
    assert ViewLog.objects.count() == 5


def test_nothing_of_it_stands_readable_in_the_row(town: Town) -> None:
    file(**RITA)

    row = str(Reporter.objects.values().get())

    assert "rita" not in row.lower()
    assert "reeve" not in row.lower()


def test_sealed_data_moved_to_another_row_do_not_open(town: Town) -> None:
    """Who can write to the database cannot have one person's mail sent to another's address."""
    rita, rob = (file(name=name).concern.reporter for name in ("Rita", "Rob"))
    rob.sealed, rob.wrapped_keys = rita.sealed, rita.wrapped_keys
    rob.save()

    with pytest.raises(SealBroken):
        contact_of(Actor.system(), rob, purpose="delivery")
