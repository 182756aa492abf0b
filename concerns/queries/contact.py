"""The only reader of contact data; every reading is logged where it happens."""

import json

from common.actor import Actor
from common.crypto import decrypt_with, open_data_key
from common.view_log import log_view
from concerns.errors import NotFound
from concerns.models import Reporter, Ticket
from concerns.queries.placements import concerns_on


def seal_context(reporter: Reporter) -> bytes:
    """What contact data are bound to: this reporter's row and no other."""
    return b"concerns.reporter:" + reporter.seal_id.bytes


def contact_of(actor: Actor, reporter: Reporter, *, purpose: str) -> dict[str, str]:
    """Name, e-mail address and phone number of a reporter (those given), with an entry in the view log.

    `purpose` is a code that says why it was opened ("delivery", "call_back", "own").
    """
    log_view(actor=actor, subject_kind="reporter", subject_ids=[reporter.pk], purpose=purpose)
    return opened(reporter)


def contact_on(actor: Actor, ticket: Ticket, concern_id: int, *, purpose: str) -> dict[str, str]:
    """As `contact_of`, for a concern on a ticket that this actor was allowed to fetch; {} for an anonymous one."""
    concern = concerns_on(ticket).filter(pk=concern_id).select_related("reporter").first()
    if concern is None:
        raise NotFound
    return contact_of(actor, concern.reporter, purpose=purpose) if concern.reporter else {}


def contacts_of(
    actor: Actor, reporters: list[Reporter], *, purpose: str
) -> dict[int, dict[str, str]]:
    """Contact data of many reporters by id, with one statement for all entries in the view log."""
    log_view(
        actor=actor,
        subject_kind="reporter",
        subject_ids=[one.pk for one in reporters],
        purpose=purpose,
    )
    return {one.pk: opened(one) for one in reporters}


def opened(reporter: Reporter) -> dict[str, str]:
    key = open_data_key(reporter.wrapped_keys)
    text = decrypt_with(key, bytes(reporter.sealed), context=seal_context(reporter))
    contact: dict[str, str] = json.loads(text)
    return contact
