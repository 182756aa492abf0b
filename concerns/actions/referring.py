"""Passing a ticket to a body outside: by a link that needs no account, or by whatever way a clerk uses.

A known partner gets a mail with the link of this one ticket and answers there: done, not ours, a date, or a word.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor, ActorKind
from common.clock import now, today
from concerns.actions.desk import move, record, take
from concerns.actions.waiting import over
from concerns.actions.words import write_note
from concerns.deadlines import REMINDED_TIME, start_wait
from concerns.enums import Reported, State, Verb
from concerns.errors import Invalid, Refused
from concerns.models import Note, Partner, Referral, Ticket
from concerns.parsing import clean_text
from departments.calendars import end_of_day

LONGEST_BODY = 200
LATEST_DATE = dt.timedelta(days=366)


@transaction.atomic
def refer(
    *,
    actor: Actor,
    ticket_id: int,
    text: str,
    partner: str = "",
    partner_key: str = "",
    with_files: bool = False,
    version: int | None = None,
) -> Ticket:
    """Pass the matter to a body outside; its people are told where it is.

    With the key of a partner of the city's data that body gets a mail with `text` and a link, and `with_files` the
    concerns' files; else `partner` is a name and nobody is written to. Raises Invalid for neither and for no such
    partner.
    """
    ticket = take(actor, ticket_id, Verb.REFER, version)
    known = partner_with(partner_key) if partner_key else None
    moment = now()
    await_partner(ticket, known.name if known else partner, moment)
    before = move(ticket, Verb.REFER)
    note = write_note(ticket, actor, text)
    data: dict[str, object] = {"note": note.pk}
    if known:
        referral = Referral(ticket=ticket, partner=known, note=note, with_files=with_files)
        data["referral"] = str(referral.key)
        event = record(ticket, Verb.REFER, actor, before=before, at=moment, data=data)
        referral.created_at = event.at
        referral.save()
    else:
        record(ticket, Verb.REFER, actor, before=before, at=moment, data=data)
    return ticket


def partner_with(key: str) -> Partner:
    found = Partner.objects.filter(key=key, retired=False).first()
    if found is None:
        raise Invalid(_("Please choose a partner from the list."), field="partner_key")
    return found


def await_partner(ticket: Ticket, partner: str, moment: dt.datetime) -> None:
    ticket.partner = clean_text(partner, field="partner", longest=LONGEST_BODY).strip()
    if not ticket.partner:
        raise Invalid(_("Please name the body."), field="partner")
    start_wait(ticket, at=moment)


@transaction.atomic
def report_back(
    *,
    actor: Actor,
    ticket_id: int,
    text: str,
    reported: Reported | str = "",
    version: int | None = None,
) -> Ticket:
    """The partner reported, by its link or through a clerk who heard it on the phone; back to work.

    `reported` says in a code what it said: a partner that did it need not write anything.
    """
    ticket = take(actor, ticket_id, Verb.REPORT_BACK, version)
    data: dict[str, object] = {"reported": str(reported)} if reported else {}
    if text.strip() or reported != Reported.DONE:
        data["note"] = word_of(ticket, actor, text).pk
    over(ticket, actor, Verb.REPORT_BACK, data)
    return ticket


@transaction.atomic
def partner_word(*, actor: Actor, ticket_id: int, text: str, date: dt.date | None = None) -> Ticket:
    """The partner wrote by its link; with a date by which it will be done, we wait until then before we remind it.

    Raises Invalid for a date that has passed or lies more than a year ahead, and for neither words nor a date.
    """
    ticket = take(actor, ticket_id, Verb.PARTNER_WORD)
    if ticket.state != State.WAITING_EXTERNAL:
        raise Refused
    data: dict[str, object] = {}
    if date is not None:
        await_until(ticket, date)
        data["date"] = str(date)
    if text.strip() or date is None:
        data["note"] = word_of(ticket, actor, text).pk
    record(ticket, Verb.PARTNER_WORD, actor, data=data)
    return ticket


def await_until(ticket: Ticket, date: dt.date) -> None:
    if not today() <= date <= today() + LATEST_DATE:
        raise Invalid(_("Please choose a day from today on, within a year."), field="date")
    ticket.wait_until, ticket.reminded_at = end_of_day(date) + REMINDED_TIME, None


def word_of(ticket: Ticket, actor: Actor, text: str) -> Note:
    """The note; what a partner wrote carries whose words it is."""
    note = write_note(ticket, actor, text)
    if actor.kind is ActorKind.PARTNER:
        referral = Referral.objects.open().filter(ticket=ticket).order_by("-pk").first()
        note.partner = referral.partner if referral else None
        note.save(update_fields=["partner"])
    return note


@transaction.atomic
def note_unreachable(*, referral_id: int, code: str) -> None:
    """A partner's mailbox refused the letter for good: the wait ends at once, for nobody there knows of the matter."""
    referral = Referral.objects.open().filter(pk=referral_id).first()
    if referral is None:
        return
    ticket = take(Actor.system(), referral.ticket_id, Verb.EXPIRE)
    if Referral.objects.open().filter(pk=referral_id).exists():
        over(ticket, Actor.system(), Verb.EXPIRE, unreachable(referral, code))


def unreachable(referral: Referral, code: str) -> Mapping[str, object]:
    return {"because": "bounce", "referral": str(referral.key), "code": code}
