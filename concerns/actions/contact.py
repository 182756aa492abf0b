"""Contact data: sealed when they come, corrected on the record, confirmed by the person."""

import datetime as dt
import json
from collections.abc import Mapping

from django.db import transaction

from common import limits, storing
from common.actor import Actor
from common.blind_indexes import candidates, email_index, phone_index, phonetic_index, surname_index
from common.clock import now
from common.crypto import encrypt_with, new_data_key
from concerns.actions.desk import lock_concern, lock_placed, record, take
from concerns.enums import Verb
from concerns.errors import Invalid, NotFound
from concerns.models import Concern, Placement, Reporter
from concerns.notices.confirming import confirmations_of
from concerns.parsing import clean_contact
from concerns.queries.contact import contact_of, seal_context
from concerns.queries.placements import ticket_id_of
from concerns.queries.visible import visible
from concerns.references import confirmation_matches

# Longer than the post office tries.
FORMER_KEPT = dt.timedelta(days=7)


def seal_contact(reporter: Reporter, contact: Mapping[str, str]) -> None:
    """Put contact data on a reporter under a fresh key, with the indexes that find them again."""
    key, reporter.wrapped_keys = new_data_key()
    text = json.dumps(dict(contact), ensure_ascii=False, sort_keys=True)
    reporter.sealed = encrypt_with(key, text.encode(), context=seal_context(reporter))
    reporter.has_email = bool(contact.get("email", ""))
    index_contact(reporter, contact)


def index_contact(reporter: Reporter, contact: Mapping[str, str]) -> None:
    """The blind indexes of contact data, under the current key."""
    surname = contact.get("name", "").split()[-1:] or [""]
    email, phone = contact.get("email", ""), contact.get("phone", "")
    reporter.email_index = email_index(email) if email else ""
    reporter.phone_index = phone_index(phone) if phone else ""
    reporter.surname_index = surname_index(surname[0]) if surname[0] else ""
    reporter.phonetic_index = phonetic_index(surname[0]) if surname[0] else ""


def new_reporter(contact: Mapping[str, str], *, confirmed: bool) -> Reporter | None:
    """A stored reporter, or None when there is nothing to keep (anonymous).

    `confirmed` says that the address proved itself: a mail came from it, or the person was signed in.
    """
    if not any(contact.values()):
        return None
    reporter = Reporter(address_confirmed_at=now() if confirmed and contact.get("email") else None)
    seal_contact(reporter, contact)
    storing.insert([reporter])
    return reporter


@transaction.atomic
def correct_contact(
    *, actor: Actor, concern_id: int, contact: Mapping[str, str], version: int | None = None
) -> Concern:
    """Replace a person's contact data; a new e-mail address must be confirmed again.

    The person themselves or a clerk may. Other concerns of the same reporter (split ones) follow. A confirmed address
    that no longer counts is told so, that nobody takes a concern over unnoticed.
    """
    cleaned = clean_contact(contact)
    if actor.concern_id == concern_id:
        ticket, concern = lock_placed(concern_id)
    else:
        ticket = take(actor, ticket_id_of(concern_id), Verb.CORRECT_CONTACT, version)
        concern = lock_concern(concern_id, ticket)
    if not any(cleaned.values()):
        raise Invalid(field="contact")
    reporter = reporter_to_correct(actor, concern)
    former = kept_to_tell(actor, concern.reporter, cleaned)
    known = reporter.email_index in candidates("email", cleaned.get("email", ""))
    seal_contact(reporter, cleaned)
    if not known:
        reporter.address_confirmed_at = None
        reporter.undeliverable_since = None
        reporter.address_generation += concern.reporter is not None
    reporter.save()
    concern.reporter = reporter
    concern.save(update_fields=["reporter"])
    data: dict[str, object] = {"new_address": reporter.has_email and not known}
    if former:
        data["former"] = former.pk
    record(ticket, Verb.CORRECT_CONTACT, actor, concern_id=concern.pk, data=data)
    return concern


def reporter_to_correct(actor: Actor, concern: Concern) -> Reporter:
    """The concern's reporter, locked; a new one when staff would change where a matter they do not see is answered."""
    if concern.reporter is None:
        return Reporter()
    concern.reporter = lock_reporter(concern.reporter.pk)
    elsewhere = Placement.objects.open().filter(concern__reporter=concern.reporter)
    if actor.is_staff and elsewhere.exclude(ticket__in=visible(actor)).exists():
        # Counted on, so that a link sent to the old address does not confirm the new one.
        held = concern.reporter
        return Reporter(address_generation=held.address_generation, wants_mail=held.wants_mail)
    return concern.reporter


def kept_to_tell(
    actor: Actor, reporter: Reporter | None, contact: Mapping[str, str]
) -> Reporter | None:
    """A confirmed address about to be replaced, on a row of its own for its last letter; None if there is none."""
    if reporter is None or reporter.address_confirmed_at is None:
        return None
    if reporter.email_index in candidates("email", contact.get("email", "")):
        return None
    address = contact_of(actor, reporter, purpose="farewell").get("email", "")
    return new_reporter({"email": address}, confirmed=True)


def forget_former() -> int:
    """Delete addresses that were replaced, once their last letter has left or was given up; how many."""
    replaced = Reporter.objects.filter(concerns=None, created_at__lt=now() - FORMER_KEPT)
    return replaced.delete()[0]


def lock_reporter(reporter_id: int) -> Reporter:
    """After ticket and concern: several concerns, on several tickets, may share a reporter."""
    return Reporter.objects.select_for_update(no_key=True).get(pk=reporter_id)


@transaction.atomic
def confirm_address(*, concern_id: int, token: str | None = None) -> Concern:
    """The link in the first mail was followed and its button pressed: letters held until now may go out.

    `token` is what stood in the link (None: the address proved itself otherwise). It is checked again under the lock,
    for the address may have been corrected meanwhile; NotFound then.
    """
    actor = Actor.citizen(concern_id)
    ticket, concern = lock_placed(concern_id)
    if concern.reporter is None:
        raise NotFound
    reporter = concern.reporter = lock_reporter(concern.reporter.pk)
    proof = (concern.pk, concern.generation, reporter.address_generation)
    if token is not None and not confirmation_matches(*proof, token):
        raise NotFound
    if reporter.address_confirmed_at is None:
        reporter.address_confirmed_at = now()
        reporter.save(update_fields=["address_confirmed_at"])
        limits.clear(confirmations_of(reporter))
        record(ticket, Verb.CONFIRM_ADDRESS, actor, concern_id=concern.pk)
    return concern


@transaction.atomic
def note_bounce(*, concern_id: int, code: str) -> None:
    """A letter could not be delivered for good: the ticket says so, and the person counts as out of reach by mail."""
    actor = Actor.system()
    ticket, concern = lock_placed(concern_id)
    if concern.reporter and concern.reporter.undeliverable_since is None:
        concern.reporter.undeliverable_since = now()
        concern.reporter.save(update_fields=["undeliverable_since"])
    record(ticket, Verb.BOUNCE, actor, concern_id=concern.pk, data={"code": code})
