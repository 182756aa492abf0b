"""The letters of alarms that the clock found (actions/informing.py); they reach everybody at once."""

import datetime as dt
from collections.abc import Iterable

from concerns.models import Objection, Ticket
from concerns.notices.hearers import Told, ticket_now
from concerns.notices.staff_letters import StaffWriter, letters_to_staff
from concerns.notices.staff_occasions import ALARMS, News
from notifications.models import Envelope
from notifications.writers import Letter


class AlarmWriter(StaffWriter):
    """Writes the letters of an alarm's envelope (notifications/writers.py)."""

    def letters(self, envelope: Envelope, after: str) -> Iterable[Letter]:
        """Nothing for an alarm whose reason is gone: a letter that comes late must not alarm anybody."""
        said = envelope.facts
        ticket = ticket_now(said["ticket"]) if "ticket" in said else None
        told = Told(occasion=ALARMS[envelope.topic], ticket=ticket, data=said)
        if still_holds(told, envelope.subject_id):
            yield from letters_to_staff(told, after)


def still_holds(told: Told, subject_id: int) -> bool:
    if told.occasion.news == News.OBJECTION_OVERDUE:
        return Objection.objects.filter(pk=subject_id, verdict="").exists()
    if told.occasion.news == News.UNANSWERED:
        return waits_since(told.ticket, told.data["since"])
    return True


def waits_since(ticket: Ticket | None, since: str) -> bool:
    """Whether that message still waits: an answer clears the ticket's mark, a later message begins another wait."""
    moment = ticket.unanswered_since if ticket else None
    return moment is not None and moment <= dt.datetime.fromisoformat(since)
