"""The one mail that replaces what was held until the address was confirmed."""

import datetime as dt

from common.actor import Actor
from concerns.enums import PublicState
from concerns.models import Concern, Ticket
from concerns.notices.facts import Facts, city_day
from concerns.notices.news import HELD_TITLES, state_words
from concerns.publishing import long_date, situation_of, standing_sentence
from concerns.queries.own import standing

# The states whose sentence names a day.
DATED = (PublicState.RECEIVED, PublicState.CHECKING, PublicState.SCHEDULED, PublicState.DONE)


def condensed_particulars(facts: Facts, concern: Concern) -> tuple[Ticket, dict[str, object]]:
    """The ticket and what the mail says: where it stands today, and what was held, with its days."""
    now = standing(Actor.citizen(concern.pk))
    date = now.told_date if now.state in DATED else None
    known = situation_of(now.concern, now.ticket, now.state, date=date)
    return now.ticket, {
        "headline": state_words(now.state, known),
        "news": [standing_sentence(now.concern, now.ticket, now.state, date=date)],
        "held": [(_day(at), HELD_TITLES[purpose]) for purpose, at in held_of(facts, concern)],
    }


def held_of(facts: Facts, concern: Concern) -> list[tuple[str, str]]:
    """What was held for a concern, oldest first; letters of a kind we no longer write are left out."""
    held = facts.held.get(str(concern.pk), [])
    return [(purpose, at) for purpose, at in held if purpose in HELD_TITLES]


def _day(at: str) -> str:
    return long_date(city_day(dt.datetime.fromisoformat(at)))
