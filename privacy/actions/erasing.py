"""Erasing people from what is kept: the rows stay, tickets and events for good, and nobody is in them any more.

Locks are taken in the order of the house: tickets by ascending id, then concerns, then what hangs on them.
"""

import logging
from collections.abc import Collection

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import locked
from concerns.errors import NotAllowed, Refused
from concerns.models import (
    Attachment,
    Concern,
    Event,
    Message,
    Note,
    Objection,
    Publication,
    Reporter,
    Ticket,
)
from concerns.models.attachment import attachment_storage
from concerns.notices import TOPIC
from notifications import defects
from notifications.retention import forget_letters
from privacy.actions import journal
from privacy.actions.journal import Entry
from privacy.erasure import coarse_title, emptied
from privacy.retention import due_for_erasure, held_back

log = logging.getLogger(__name__)


def sweep() -> int:
    """Erase every discarded ticket whose time is over; how many. What changed meanwhile is left to the next round."""
    done = 0
    for ticket_id in list(due_for_erasure().order_by("pk").values_list("pk", flat=True)):
        try:
            erase_ticket(actor=Actor.system(), ticket_id=ticket_id)
        except Refused:
            log.info("ticket %s is no longer due for erasure", ticket_id)
        except (OSError, OperationalError, InterfaceError):
            raise
        except Exception as defect:  # noqa: BLE001 - one ticket's defect must not keep all behind it
            log.error("erasing failed at ticket %s: %s", ticket_id, defects.name(defect))  # noqa: TRY400 - no words
        else:
            done += 1
    return done


@transaction.atomic
def erase_ticket(*, actor: Actor, ticket_id: int) -> None:
    """Erase a discarded ticket that is due, those joined into it, and every concern placed on it.

    Raises Refused when it is not due (any more): restored, restricted or held meanwhile. Raises OSError when the
    journal cannot be written; nothing is erased then.
    """
    if not actor.is_system:
        raise NotAllowed
    tickets = locked(Ticket.objects.filter(pk__in=family(ticket_id)))
    if not due_for_erasure().filter(pk=ticket_id).exists():
        raise Refused
    ids = [ticket.pk for ticket in tickets]
    concerns = list(placed_on(ids).order_by("pk").select_for_update(of=("self",)))
    if Ticket.objects.filter(held_back(), pk__in=ids).exists():
        raise Refused
    for concern in concerns:
        empty_concern(concern)
    for ticket in tickets:
        empty_ticket(ticket)
    journal.append([*map(entry_of, tickets), *map(entry_of, concerns)])


def family(ticket_id: int) -> list[int]:
    """The ticket and all that were joined into it, also by way of others."""
    found, joined = [ticket_id], [ticket_id]
    while joined:
        children = Ticket.objects.filter(merged_into__in=joined)
        joined = list(children.values_list("pk", flat=True))
        found += joined
    return found


def placed_on(ticket_ids: Collection[int]) -> QuerySet[Concern]:
    return Concern.objects.filter(
        placements__ticket__in=ticket_ids, placements__until__isnull=True, erased_at__isnull=True
    )


def entry_of(row: Ticket | Concern) -> Entry:
    kind = "ticket" if isinstance(row, Ticket) else "concern"
    return Entry(kind=kind, id=row.pk, made=row.created_at.isoformat())  # type: ignore[arg-type]


def empty_concern(concern: Concern) -> None:
    """Its words, place, answers, conversation, files, letters and, unless another concern has them, contact data."""
    Message.objects.filter(concern=concern).update(**emptied(Message))
    Objection.objects.filter(concern=concern).update(**emptied(Objection))
    forget_letters(recipients=[f"concern:{concern.pk}"])
    remove_files(concern)
    others = Concern.objects.exclude(pk=concern.pk).filter(reporter=concern.reporter_id)
    if concern.reporter_id and not others.exists():
        Reporter.objects.filter(pk=concern.reporter_id).delete()
    Concern.objects.filter(pk=concern.pk).update(**emptied(Concern), reporter=None, erased_at=now())


def remove_files(concern: Concern) -> None:
    """The rows at once, the stored files when that is certain; one a crash leaves behind is swept."""
    for attachment in Attachment.objects.filter(concern=concern):
        for name in attachment.stored_names:
            delete_later(name)
        attachment.delete()


def delete_later(name: str) -> None:
    """Once it is certain; a store that is away keeps nobody from erasing, what stays in it is swept."""

    def delete() -> None:
        attachment_storage().delete(name)

    transaction.on_commit(delete, robust=True)


def empty_ticket(ticket: Ticket) -> None:
    """Its place but for the quarter, its answers, notes, what was said to all on it, and letters to staff about it."""
    Message.objects.filter(ticket=ticket, concern__isnull=True).update(**emptied(Message))
    Note.objects.filter(ticket=ticket).update(**emptied(Note))
    Publication.objects.filter(ticket=ticket).update(lat=None, lon=None)
    events = Event.objects.filter(ticket=ticket).values_list("pk", flat=True)
    forget_letters(topic=TOPIC, subject_ids=list(events))
    left = {**emptied(Ticket), "title": coarse_title(ticket)}
    Ticket.objects.filter(pk=ticket.pk).update(**left, erased_at=now(), version=F("version") + 1)


def replay() -> tuple[int, int]:
    """Erase again whatever the journal names and a restored backup brought back: how many rows, how many bad lines.

    Whether something is held back is not asked: it had been erased.
    """
    done = bad = 0
    for entry in journal.read():
        if entry is None:
            bad += 1
        elif again(entry):
            done += 1
    return done, bad


@transaction.atomic
def again(entry: Entry) -> bool:
    """Erase one row if it is there, made at that very moment, and not erased."""
    if entry.kind == "ticket":
        tickets = locked(Ticket.objects.filter(pk=entry.id, created_at=entry.made, erased_at=None))
        for ticket in tickets:
            empty_ticket(ticket)
        return bool(tickets)
    found = Concern.objects.filter(pk=entry.id, created_at=entry.made, erased_at__isnull=True)
    concern = found.select_for_update(of=("self",)).first()
    if concern is not None:
        empty_concern(concern)
    return concern is not None
