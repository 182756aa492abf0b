"""Which events are told to somebody outside, to whom, and by which letter.

| event | who is told | letter |
|---|---|---|
| filed, followed, added | its person | acknowledgement; with an unconfirmed address: confirmation |
| correct_contact | its person, if the address is new | confirmation |
| | the address they confirmed before, if it no longer counts | farewell |
| confirm_address | its person (and their split concerns, if something was held) | condensed |
| accept, transfer | all placed on the ticket, if the department is news | in_progress |
| refer, schedule, reschedule, reopen, detach | all placed on the ticket | the same name |
| ask, remind | those who were asked | question, reminder |
| message | those named, else all placed on the ticket | message |
| resolve, decline, approve | all placed on the ticket | answer |
| join | those who came; at once the answer, if the lead has one | joined, answer |
| split | its person, about the second concern | split |
| object, decide_objection, uphold | only who objected | objected, decision |
| withdraw | its person | withdrawn |
| renew_proof | its person | renewed; with an unconfirmed address: confirmation |

Silent, so that nobody gets two mails for one piece of news:
 - routing and triage: the acknowledgement says by when we tell more, accepting tells it;
 - a transfer that nobody has heard of the department before, and accepting after a transfer or reopening that named
   the same department (`recipients.department_told`);
 - reopening and detaching for the person whose objection was just granted: the decision says so;
 - filing for a concern that was split off: its own letter says so;
 - starting, reports of partners, hand-backs, closing, everything about spam, and what people do themselves but for
   objecting and withdrawing, which are receipted.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from concerns.enums import Verb

TOPIC = "concerns.event"
FAREWELL_TOPIC = "concerns.farewell"


class Whom(StrEnum):
    PLACED = auto()  # all placed on the ticket when it happened
    NAMED = auto()  # those the event names, else all placed
    ASKED = auto()  # those with a question since the present wait began
    OWN = auto()  # the person of the event's concern
    CAME = auto()  # those a join brought
    PART = auto()  # the concern that was split off
    CONFIRMED = auto()  # the person, once for each concern of theirs that was held


class Purpose(StrEnum):
    """The kind of a letter; its templates have the same name, those of a changed state are `state`."""

    ACKNOWLEDGEMENT = auto()
    CONFIRMATION = auto()
    CONDENSED = auto()
    IN_PROGRESS = auto()
    REFERRED = auto()
    SCHEDULED = auto()
    RESCHEDULED = auto()
    REOPENED = auto()
    DETACHED = auto()
    QUESTION = auto()
    REMINDER = auto()
    MESSAGE = auto()
    ANSWER = auto()
    JOINED = auto()
    SPLIT = auto()
    OBJECTED = auto()
    DECISION = auto()
    WITHDRAWN = auto()
    RENEWED = auto()


@dataclass(frozen=True, slots=True)
class Occasion:
    purpose: Purpose
    whom: Whom


OCCASIONS = {
    Verb.FILED: Occasion(Purpose.ACKNOWLEDGEMENT, Whom.OWN),
    Verb.FOLLOWED: Occasion(Purpose.ACKNOWLEDGEMENT, Whom.OWN),
    Verb.ADDED: Occasion(Purpose.ACKNOWLEDGEMENT, Whom.OWN),
    Verb.CORRECT_CONTACT: Occasion(Purpose.CONFIRMATION, Whom.OWN),
    Verb.CONFIRM_ADDRESS: Occasion(Purpose.CONDENSED, Whom.CONFIRMED),
    Verb.ACCEPT: Occasion(Purpose.IN_PROGRESS, Whom.PLACED),
    Verb.TRANSFER: Occasion(Purpose.IN_PROGRESS, Whom.PLACED),
    Verb.REFER: Occasion(Purpose.REFERRED, Whom.PLACED),
    Verb.SCHEDULE: Occasion(Purpose.SCHEDULED, Whom.PLACED),
    Verb.RESCHEDULE: Occasion(Purpose.RESCHEDULED, Whom.PLACED),
    Verb.REOPEN: Occasion(Purpose.REOPENED, Whom.PLACED),
    Verb.DETACH: Occasion(Purpose.DETACHED, Whom.PLACED),
    Verb.ASK: Occasion(Purpose.QUESTION, Whom.NAMED),
    Verb.REMIND: Occasion(Purpose.REMINDER, Whom.ASKED),
    Verb.MESSAGE: Occasion(Purpose.MESSAGE, Whom.NAMED),
    Verb.RESOLVE: Occasion(Purpose.ANSWER, Whom.PLACED),
    Verb.DECLINE: Occasion(Purpose.ANSWER, Whom.PLACED),
    Verb.APPROVE: Occasion(Purpose.ANSWER, Whom.PLACED),
    Verb.JOIN: Occasion(Purpose.JOINED, Whom.CAME),
    Verb.SPLIT: Occasion(Purpose.SPLIT, Whom.PART),
    Verb.OBJECT: Occasion(Purpose.OBJECTED, Whom.OWN),
    Verb.DECIDE_OBJECTION: Occasion(Purpose.DECISION, Whom.OWN),
    Verb.UPHOLD: Occasion(Purpose.DECISION, Whom.NAMED),
    Verb.WITHDRAW: Occasion(Purpose.WITHDRAWN, Whom.OWN),
    Verb.RENEW_PROOF: Occasion(Purpose.RENEWED, Whom.OWN),
}
