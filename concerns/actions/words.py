"""Words on a ticket: messages to and from people, notes among colleagues."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import lock_placed, move, record, take
from concerns.enums import Direction, MessageKind, Standing, State, Verb
from concerns.errors import Invalid, NotFound, Refused
from concerns.models import Attachment, Concern, Message, Note, Ticket
from concerns.parsing import clean_words
from concerns.queries.placements import concerns_on, reachable_concerns, was_asked

# Who was placed on these is elsewhere now, or must not hear.
NOBODY_THERE = (State.MERGED, State.DISCARDED)


def write_note(ticket: Ticket, actor: Actor, text: str, *, field: str = "text") -> Note:
    return Note.objects.create(
        ticket=ticket, text=clean_words(text, field=field), author_id=actor.user_id
    )


def write_out(
    ticket: Ticket,
    actor: Actor,
    kind: MessageKind,
    text: str,
    *,
    at: dt.datetime,
    released: bool = True,
) -> Message:
    """A message to all who are placed on the ticket."""
    return Message.objects.create(
        ticket=ticket,
        direction=Direction.OUT,
        kind=kind,
        text=clean_words(text, field="text"),
        author_id=actor.user_id,
        created_at=at,
        released_at=at if released else None,
    )


def write_to(
    ticket: Ticket,
    actor: Actor,
    concern_ids: Iterable[int],
    kind: MessageKind,
    text: str,
    *,
    at: dt.datetime,
) -> None:
    """The same message to each of these concerns' people (one statement)."""
    said = clean_words(text, field="text")
    Message.objects.bulk_create(
        Message(
            ticket=ticket,
            concern_id=concern_id,
            direction=Direction.OUT,
            kind=kind,
            text=said,
            author_id=actor.user_id,
            created_at=at,
            released_at=at,
        )
        for concern_id in concern_ids
    )


def write_in(
    ticket: Ticket, concern: Concern, kind: MessageKind, text: str, *, at: dt.datetime
) -> Message:
    return Message.objects.create(
        ticket=ticket,
        concern=concern,
        direction=Direction.IN,
        kind=kind,
        text=clean_words(text, field="text"),
        created_at=at,
        released_at=at,
    )


@transaction.atomic
def note(*, actor: Actor, ticket_id: int, text: str, version: int | None = None) -> Note:
    """Something for colleagues only."""
    ticket = take(actor, ticket_id, Verb.NOTE, version)
    written = write_note(ticket, actor, text)
    record(ticket, Verb.NOTE, actor, data={"note": written.pk})
    return written


@transaction.atomic
def send_message(
    *,
    actor: Actor,
    ticket_id: int,
    text: str,
    concern_ids: Iterable[int] | None = None,
    version: int | None = None,
) -> Ticket:
    """Tell all who are placed on the ticket something, or only some of them. Deals with what was unanswered."""
    ticket = take(actor, ticket_id, Verb.MESSAGE, version)
    if ticket.state in NOBODY_THERE:
        raise Refused(
            _("Nobody is placed on this ticket any more. Please write from the other one.")
        )
    moment = now()
    to = chosen(ticket, concern_ids)
    if to is None:
        write_out(ticket, actor, MessageKind.UPDATE, text, at=moment)
    else:
        write_to(ticket, actor, to, MessageKind.UPDATE, text, at=moment)
    answer_given(ticket, moment, to)
    record(ticket, Verb.MESSAGE, actor, at=moment, data={"to": to})
    return ticket


def chosen(ticket: Ticket, concern_ids: Iterable[int] | None) -> list[int] | None:
    """The concerns named, if all are placed on the ticket; None for everybody."""
    if concern_ids is None:
        return None
    wanted = sorted(set(concern_ids))
    if not wanted or concerns_on(ticket).filter(pk__in=wanted).count() != len(wanted):
        raise Invalid(_("Please choose people who are placed on this ticket."), field="concerns")
    return wanted


def answer_given(ticket: Ticket, moment: dt.datetime, to: Collection[int] | None = None) -> None:
    """Somebody of the city spoke to these concerns' people (None: to all who are placed on the ticket).

    The first-response clock stops, and what they wrote waits no longer; what others wrote still does.
    """
    ticket.first_responded_at = ticket.first_responded_at or moment
    ticket.unanswered_since = None if to is None else still_unanswered(ticket, to)


def still_unanswered(ticket: Ticket, told: Collection[int] = ()) -> dt.datetime | None:
    """Since when somebody else's message or file waits (one statement, none if nothing waited).

    Objections are not meant: they have a clock and a queue of their own.
    """
    if ticket.unanswered_since is None:
        return None
    others = concerns_on(ticket).filter(standing=Standing.ACTIVE).exclude(pk__in=told)
    came_in = Q(
        concern__in=others.values("pk"),
        direction=Direction.IN,
        created_at__gte=ticket.unanswered_since,
    )
    said = Message.objects.filter(came_in, kind=MessageKind.REPLY).values_list(
        "created_at", flat=True
    )
    sent = Attachment.objects.filter(came_in).values_list("created_at", flat=True)
    return said.union(sent).order_by("created_at").first()


@transaction.atomic
def settle(*, actor: Actor, ticket_id: int, text: str = "", version: int | None = None) -> Ticket:
    """An unanswered message needs no answer, or had one elsewhere; the note says which."""
    ticket = take(actor, ticket_id, Verb.SETTLE, version)
    if ticket.unanswered_since is None:
        raise Refused
    ticket.unanswered_since = None
    data = {"note": write_note(ticket, actor, text).pk} if text.strip() else {}
    record(ticket, Verb.SETTLE, actor, data=data)
    return ticket


@transaction.atomic
def reply(*, concern_id: int, text: str) -> Ticket:
    """The person of a concern writes.

    The first answer of somebody who was asked ends the wait; anything else is `unanswered` until somebody deals with
    it: a citizen's reply must never die.
    """
    ticket, concern = lock_placed(concern_id)
    actor = Actor.citizen(concern_id)
    if not concern.is_active:
        raise NotFound if concern.standing == "spam" else Refused
    moment = now()
    asked = ticket.state == State.WAITING_REPORTER and was_asked(ticket, concern_id)
    message = write_in(ticket, concern, MessageKind.REPLY, text, at=moment)
    ticket.no_reply = False
    if asked:
        ticket.wait_until = ticket.reminded_at = None
        before = move(ticket, Verb.ANSWER)
        record(ticket, Verb.ANSWER, actor, before=before, at=moment, data={"message": message.pk})
    else:
        ticket.unanswered_since = ticket.unanswered_since or moment
        record(ticket, Verb.REPLY, actor, at=moment, data={"message": message.pk})
    return ticket


def reachable_or_refuse(ticket: Ticket, concern_ids: Iterable[int] | None) -> list[int]:
    """The people a question goes to: those named, else all who can be reached. Raises Refused when nobody can."""
    found = list(reachable_concerns(ticket, concern_ids).values_list("pk", flat=True))
    if not found or (concern_ids is not None and len(found) != len(set(concern_ids))):
        raise Refused(
            _("Nobody who could be asked left an address. Please decide without an answer.")
        )
    return found
