"""Somebody whose account was closed is in no list anybody may choose from."""

import re

from concerns.actions.people import deactivate_user
from tests.factories.matters import CircleMemberFactory
from tests.support.pages import Visitor
from tests.support.stages import in_progress
from tests.support.town import Town, file
from tests.workspace.conftest import Desk
from workspace.forms import FORMS

OPTION = re.compile(r"<option[^>]*>([^<]*)")


def acts_offering(visitor: Visitor, ticket_id: int, name: str) -> set[str]:
    """The acts whose page lets one choose this person."""
    offered = set()
    for verb in FORMS:
        page = visitor.open(f"/workspace/tickets/{ticket_id}/{verb.value.replace('_', '-')}/")
        if name in OPTION.findall(page.html):
            offered.add(verb.value)
    return offered


def test_people_who_left_are_in_no_choice(town: Town, desk: Desk) -> None:
    CircleMemberFactory(circle=town.circle, user=town.people["dora"])
    tickets = in_progress(town).ticket.pk, file(category="staff").ticket.pk
    dora = desk("dora")
    before = [acts_offering(dora, ticket, "Clara") for ticket in tickets]

    deactivate_user(actor=town.actor("alma"), user_id=town.people["clara"].pk)

    assert before == [{"assign"}, {"exclude"}]
    assert [acts_offering(dora, ticket, "Clara") for ticket in tickets] == [set(), set()]
    assert [acts_offering(dora, ticket, "Tess") for ticket in tickets] == before
