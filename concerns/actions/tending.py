"""What the clock does when nobody presses a button. Each ticket in a transaction of its own; safe twice."""

import logging
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError

from common.actor import Actor
from common.clock import now, today
from concerns.actions.ending import close_when_over
from concerns.actions.waiting import remind_or_expire
from concerns.actions.working import start
from concerns.deadlines import OBJECTION_TIME
from concerns.enums import ANSWERED_STATES, WAITING_STATES, State
from concerns.errors import DomainError
from concerns.models import Ticket
from notifications import defects

log = logging.getLogger(__name__)


def tend() -> dict[str, int]:
    """Do everything that is due now; how many tickets were moved, by what."""
    return {
        "waits": each(due_waits(), lambda ticket_id: remind_or_expire(ticket_id=ticket_id)),
        "starts": each(
            due_starts(), lambda ticket_id: start(actor=Actor.system(), ticket_id=ticket_id)
        ),
        "closings": each(due_closings(), lambda ticket_id: close_when_over(ticket_id=ticket_id)),
    }


def due_waits() -> Iterable[int]:
    return ids(state__in=WAITING_STATES, wait_until__lte=now())


def due_starts() -> Iterable[int]:
    return ids(state=State.SCHEDULED, scheduled_for__lte=today())


def due_closings() -> Iterable[int]:
    return ids(state__in=ANSWERED_STATES, answered_at__lte=now() - OBJECTION_TIME)


def ids(**due: object) -> list[int]:
    """Tickets that are due, but for restricted ones: those are kept and nothing else (Art. 18 GDPR)."""
    return list(
        Ticket.objects.filter(restricted_at__isnull=True, **due)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def each(ticket_ids: Iterable[int], act: Callable[[int], object]) -> int:
    """Act on each ticket; one that changed meanwhile is left as it is now.

    A defect of one ticket must not keep all behind it from moving; a database that is away ends the round.
    """
    done = 0
    for ticket_id in ticket_ids:
        try:
            act(ticket_id)
        except DomainError as refusal:
            log.info("tending left ticket %s: %s", ticket_id, refusal.code)
        except (OperationalError, InterfaceError):
            raise
        except Exception as defect:  # noqa: BLE001 - see above
            log.error("tending failed at ticket %s: %s", ticket_id, defects.name(defect))  # noqa: TRY400 - no words
        else:
            done += 1
    return done
