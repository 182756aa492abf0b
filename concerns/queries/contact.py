"""The only reader of contact data; every reading is logged where it happens."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from common.actor import Actor
from common.crypto import decrypt_with, open_data_key
from common.view_log import log_view
from concerns.errors import NotFound
from concerns.models import Concern, Reporter, Ticket
from concerns.queries.placements import concerns_on
from concerns.queries.visible import ticket_for
from concerns.references import BadReference, normalise


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry them into tracebacks
class OwnContact:
    """What a person gave, and whether letters reach them; `tag` names this version of it."""

    contact: Mapping[str, str]
    wants_mail: bool
    confirmed: bool
    undeliverable: bool
    tag: str


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
    return contact_with(actor, concerns_on(ticket).filter(pk=concern_id), purpose=purpose)


def contact_named(actor: Actor, ticket_id: int, reference: str, *, purpose: str) -> dict[str, str]:
    """As `contact_on`, by the reference of a concern; NotFound unless it is placed on a ticket this actor sees."""
    ticket = ticket_for(actor, ticket_id)
    try:
        placed = concerns_on(ticket).filter(reference=normalise(reference))
    except BadReference:
        raise NotFound from None
    return contact_with(actor, placed, purpose=purpose)


def contact_with(actor: Actor, concerns: QuerySet[Concern], *, purpose: str) -> dict[str, str]:
    concern = concerns.select_related("reporter").first()
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


def own_contact(actor: Actor) -> OwnContact:
    """The contact data of a proven person, on the record as any look at them (two statements). NotFound without one."""
    mine = Concern.objects.select_related("reporter").filter(pk=actor.concern_id or 0)
    concern = mine.first()
    if concern is None:
        raise NotFound
    reporter = concern.reporter
    return OwnContact(
        contact=contact_of(actor, reporter, purpose="own") if reporter else {},
        wants_mail=reporter is None or reporter.wants_mail,
        confirmed=reporter is not None and reporter.address_confirmed_at is not None,
        undeliverable=reporter is not None and reporter.undeliverable_since is not None,
        tag=contact_tag(reporter),
    )


def contact_tag(reporter: Reporter | None) -> str:
    """Names a version of contact data without telling anything of them: each sealing gives another."""
    if reporter is None:
        return "none"
    said = bytes(reporter.sealed) + bytes([reporter.wants_mail])
    return hashlib.sha256(said).hexdigest()[:16]
