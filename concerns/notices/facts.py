"""What an envelope says, read back from its JSON."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from common.clock import city_zone
from concerns.enums import ANSWERED_STATES, PublicState, Verb
from notifications.models import Envelope


@dataclass(frozen=True, slots=True)
class Facts:
    """An event and the state of its matter at that moment. Dates are the city's.

    `ticket` is the event's own, `about` where work goes on: the lead of a joined one. `company` counts the other
    concerns there. `by` is the reference of who did it, None for people outside and for the clock. `held` are
    (purpose, moment) of letters to be told in one, by concern id.
    """

    verb: Verb
    ticket: int
    about: int
    concern: int | None
    sequence: int
    at: dt.datetime
    by: UUID | None
    state: str
    public_state: PublicState
    outcome: str
    department: int | None
    answer: int | None
    company: int
    answered_at: dt.datetime | None
    first_response_due: dt.date | None
    wait_until: dt.date | None
    state_since: dt.datetime
    scheduled_for: dt.date | None
    data: Mapping[str, Any]
    held: Mapping[str, list[tuple[str, str]]]

    @classmethod
    def read(cls, envelope: Envelope) -> Self:
        said = envelope.facts
        plain = (
            "ticket",
            "about",
            "concern",
            "sequence",
            "state",
            "outcome",
            "department",
            "answer",
            "company",
        )
        return cls(
            **{name: said[name] for name in plain},
            verb=Verb(said["verb"]),
            public_state=PublicState(said["public_state"]),
            at=dt.datetime.fromisoformat(said["at"]),
            by=UUID(said["by"]) if said["by"] else None,
            answered_at=_moment(said["answered_at"]),
            first_response_due=_day(said["first_response_due"]),
            wait_until=_day(said["wait_until"]),
            state_since=dt.datetime.fromisoformat(said["state_since"]),
            scheduled_for=dt.date.fromisoformat(said["scheduled_for"])
            if said["scheduled_for"]
            else None,
            data=said["data"],
            held=said.get("held", {}),
        )

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.state in ANSWERED_STATES


def city_day(moment: dt.datetime) -> dt.date:
    """The day on which a moment falls in the city."""
    return moment.astimezone(city_zone()).date()


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> dt.date | None:
    moment = _moment(text)
    return city_day(moment) if moment else None
