"""Tickets like a ticket, side by side, and the way to join them."""

from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle
from concerns.enums import State
from tests.support.sql import budget
from tests.support.town import Place, Town, file, fresh
from tests.workspace.conftest import Desk

WORDS = "The lamp before number five is out."


def similar(ticket) -> str:
    return f"/workspace/similar/{ticket.pk}/"


def test_the_ticket_leads_to_tickets_like_it_with_their_reasons(town: Town, desk: Desk) -> None:
    mine = file(WORDS).ticket
    other = file("Lamp out before number five").ticket
    carl = desk("carl")

    page = carl.open(f"/workspace/tickets/{mine.pk}/")
    assert page.links["Look for the same matter"] == similar(mine)
    with budget(12):
        found = carl.open(similar(mine))

    assert "the same place, the same kind, the same day" in found.words
    assert "Lamp out before number five" in found.words
    assert found.links[f"Join to ticket {other.pk}"] == (
        f"/workspace/tickets/{mine.pk}/join/?lead={other.pk}&version={mine.version}"
    )


def test_the_way_to_join_has_the_other_ticket_filled_in(town: Town, desk: Desk) -> None:
    mine, other = file(WORDS).ticket, file(WORDS).ticket
    carl = desk("carl")

    page = carl.open(carl.open(similar(mine)).links[f"Join to ticket {other.pk}"])
    done = carl.press(page, page.form("lead"))

    assert done.status == 200
    assert fresh(mine).merged_into == other


def test_nothing_alike_says_so(town: Town, desk: Desk) -> None:
    mine = file(WORDS).ticket
    file("Loud music.", category="noise", place=Place())

    assert "None that you see is alike enough." in desk("carl").open(similar(mine)).words


def test_hidden_ones_are_not_shown(town: Town, desk: Desk) -> None:
    mine, other = file(WORDS).ticket, file(WORDS).ticket
    encircle(actor=town.actor("tess"), ticket_id=other.pk, circle_key=town.circle.key)

    assert "None that you see is alike enough." in desk("carl").open(similar(mine)).words


def test_who_may_not_join_is_shown_no_way_to(town: Town, desk: Desk) -> None:
    mine, lead, other = (file(WORDS).ticket for _ in range(3))
    join(actor=town.actor("carl"), ticket_id=mine.pk, lead_id=lead.pk)

    page = desk("carl").open(similar(mine))

    assert fresh(mine).state == State.MERGED
    assert f"Ticket {other.pk}" in page.words
    assert "Join to ticket" not in page.words
