"""The letters of alarms that the clock found (actions/informing.py); they reach everybody at once."""

from collections.abc import Iterable

from concerns.notices.staff_letters import StaffWriter, letters_to_staff
from concerns.notices.staff_occasions import ALARMS
from concerns.notices.told import Told, ticket_now
from notifications.models import Envelope
from notifications.writers import Letter


class AlarmWriter(StaffWriter):
    """Writes the letters of an alarm's envelope (notifications/writers.py)."""

    def letters(self, envelope: Envelope, after: str) -> Iterable[Letter]:
        """Nothing for an alarm whose reason is gone."""
        said = envelope.facts
        ticket = ticket_now(said["ticket"]) if "ticket" in said else None
        return letters_to_staff(Told(ALARMS[envelope.topic], ticket, data=said), after)
