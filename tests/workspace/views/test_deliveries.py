"""Stuck post, for administrators alone: what it is and why, without an address, and the two acts."""

import datetime as dt
import re

import pytest
from django.test import Client

from common.clock import now
from common.ids import uuid7
from concerns.notices import TOPIC
from notifications.enums import DeliveryState, EnvelopeState
from notifications.expansion import delivery_of
from notifications.models import ChannelPause, Delivery, Envelope
from notifications.writers import Letter
from tests.support.pages import Page, Visitor
from tests.support.town import Town, file
from tests.workspace.conftest import Desk

HOUR = dt.timedelta(hours=1)
PATH = "/workspace/deliveries/"
ADDRESS = "rita@people.example"


def letter(recipient: str = "concern:1", *, ticket: int = 0, **changes: object) -> Delivery:
    """A row as if expanded, for a ticket if one is named."""
    facts = {"ticket": ticket} if ticket else {}
    envelope = Envelope.objects.create(
        topic=TOPIC,
        subject_id=uuid7().int % 2**62,
        facts=facts,
        state=EnvelopeState.EXPANDED,
    )
    said = Letter(
        recipient=recipient,
        channel="email",
        language="en",
        purpose="answer",
        address=ADDRESS,
        subject="Zebrafinch",
        text="Zebrafinch",
    )
    row = delivery_of(envelope, said, ())
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def dead(**more: object) -> Delivery:
    return letter(state=DeliveryState.DEAD, attempts=7, last_error="timeout", **more)


def table(page: Page, heading: str) -> list[list[str]]:
    """The words in each cell of the table under a heading."""
    found = re.search(rf'aria-labelledby="{heading}".*?</table>', page.html, re.DOTALL)
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", found[0], re.DOTALL) if found else []
    cells = [re.findall(r'role="cell"[^>]*>(.*?)</td>', row, re.DOTALL) for row in rows[1:]]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def pressed(visitor: Visitor, page: Page, act: str) -> Page:
    """The page after the one button that leads to this act."""
    [form] = [form for form in page.forms if form.action.endswith(f"/{act}/")]
    return visitor.press(page, form)


def test_with_nothing_stuck_it_says_so(town: Town, desk: Desk) -> None:
    page = desk("alma").open(PATH)

    assert page.status == 200
    assert page.words.count("Nothing is stuck. Everything that was written has left.") == 1
    assert page.html.count("<table") == 0


def test_what_was_given_up_is_told_with_its_reason_and_without_its_address(
    town: Town, desk: Desk
) -> None:
    dead()
    letter("user:1", state=DeliveryState.FAILED, attempts=1, last_error="550 5.1.1")

    page = desk("alma").open(PATH)

    rows = table(page, "given-up")
    assert [[*row[:2], row[3]] for row in rows] == [
        [
            "Answer to a person who wrote to us, by e-mail",
            "The mail server did not answer in time. 7 attempts, timeout",
            "Try again Give up",
        ],
        [
            "Answer to somebody who works here, by e-mail",
            "The mail server refuses it. 1 attempt, 550 5.1.1",
            "Try again Give up",
        ],
    ]
    assert (page.html.count(ADDRESS), page.html.count("Zebrafinch")) == (0, 0)


def test_late_held_and_paused_are_told_each_in_its_place(town: Town, desk: Desk) -> None:
    old = now() - HOUR
    letter(created_at=old, attempts=2, last_error="451 4.7.1", next_attempt_at=now() + HOUR)
    letter(created_at=now())
    letter("concern:2", state=DeliveryState.HELD)
    Envelope.objects.create(
        topic=TOPIC, subject_id=9, created_at=old, attempts=1, last_error="KeyError at news.py:8"
    )
    ChannelPause.objects.create(channel="email", until=now() + HOUR, code="ConnectionRefusedError")

    page = desk("alma").open(PATH)

    assert [row[:2] for row in table(page, "late")] == [
        [
            "Letters not written yet to everybody it concerns",
            "A defect in the program; the log says more. 1 attempt, KeyError at news.py:8",
        ],
        [
            "Answer to a person who wrote to us, by e-mail",
            "The mail server asks to try again later. 2 attempts, 451 4.7.1",
        ],
    ]
    assert [row[0] for row in table(page, "held")] == [
        "Answer to a person who wrote to us, by e-mail"
    ]
    assert page.words.count("Paused: e-mail. The mail server cannot be reached.") == 1


def test_a_ticket_is_linked_only_for_whom_it_is_visible(town: Town, desk: Desk) -> None:
    filed, secret = file(), file(category="staff")
    for one in (filed, secret):
        dead(ticket=one.ticket.pk)

    page = desk("alma").open(PATH)

    linked = re.findall(r'href="/workspace/tickets/(\d+)/"', page.html)
    assert linked == [str(filed.ticket.pk)]


def test_try_again_puts_it_on_its_way_and_says_so(town: Town, desk: Desk) -> None:
    row = dead()
    alma = desk("alma")

    page = pressed(alma, alma.open(PATH), "try-again")

    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.PENDING, 0)
    assert page.words.count("The letter is on its way again.") == 1


def test_giving_up_asks_first_and_then_erases(town: Town, desk: Desk) -> None:
    row = dead()
    alma = desk("alma")

    asked = alma.open(f"{PATH}{row.pk}/give-up/")
    row.refresh_from_db()
    before = row.state
    page = pressed(alma, asked, "give-up")

    row.refresh_from_db()
    assert (before, row.state, bytes(row.sealed)) == ("dead", DeliveryState.ABANDONED, b"")
    assert page.words.count("Nothing is stuck. Everything that was written has left.") == 1


def test_what_somebody_else_dealt_with_meanwhile_is_409(town: Town, desk: Desk) -> None:
    row = dead()
    alma = desk("alma")
    asked = alma.open(f"{PATH}{row.pk}/give-up/")
    Delivery.objects.update(state=DeliveryState.SENT)

    page = pressed(alma, asked, "give-up")

    assert (page.status, Delivery.objects.get().state) == (409, DeliveryState.SENT)


@pytest.mark.parametrize("name", ["dora", "carl", "tess", "ada", "hanna", "max", "petra", "norman"])
def test_nobody_but_administrators_sees_it_or_acts(town: Town, name: str) -> None:
    row = dead()
    client = Client()
    client.force_login(town.people[name])
    paths = [f"{PATH}{row.pk}/try-again/", f"{PATH}{row.pk}/give-up/"]

    answers = [client.get(PATH), client.get(paths[1]), *[client.post(path) for path in paths]]

    row.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403] * 4
    assert row.state == DeliveryState.DEAD


def test_a_stranger_is_led_to_the_sign_in(town: Town, visitor: Visitor) -> None:
    answer = visitor.client.get(PATH)

    assert (answer.status_code, answer["Location"].partition("?")[0]) == (
        302,
        "/workspace/sign-in/",
    )


def test_only_administrators_are_led_there(town: Town, desk: Desk) -> None:
    assert desk("alma").open("/workspace/").html.count(f'href="{PATH}"') == 1
    assert desk("dora").open("/workspace/").html.count(f'href="{PATH}"') == 0
