"""Who is told of what. An action posts one envelope an event; the post office asks here for the letters."""

from concerns.enums import Verb
from concerns.models import Event, Ticket
from concerns.publishing import public_state
from notifications import outbox

TOPIC = "concerns.event"

# Events that are told to somebody outside. Whom, and in which words, is decided when the envelope is opened.
TOLD = frozenset(
    {
        Verb.FILED,
        Verb.FOLLOWED,
        Verb.ROUTE,
        Verb.TRANSFER,
        Verb.ACCEPT,
        Verb.SCHEDULE,
        Verb.RESCHEDULE,
        Verb.ASK,
        Verb.REMIND,
        Verb.REFER,
        Verb.RESOLVE,
        Verb.DECLINE,
        Verb.APPROVE,
        Verb.REOPEN,
        Verb.JOIN,
        Verb.DETACH,
        Verb.SPLIT,
        Verb.MESSAGE,
        Verb.OBJECT,
        Verb.DECIDE_OBJECTION,
        Verb.WITHDRAW,
        Verb.CONFIRM_ADDRESS,
        Verb.CORRECT_CONTACT,
    }
)


def announce(event: Event, ticket: Ticket) -> None:
    """Post the event's envelope with its facts frozen now (one INSERT); nothing for events nobody is told of."""
    if event.verb not in TOLD:
        return
    facts = {
        "verb": event.verb,
        "ticket": ticket.pk,
        "concern": event.concern_ref,
        "at": event.at.isoformat(),
        "from_state": event.from_state,
        "state": ticket.state,
        "public_state": str(public_state(ticket)),
        "outcome": ticket.outcome,
        "department": ticket.department_id,
        "answer": ticket.answer_message_id,
        "scheduled_for": ticket.scheduled_for.isoformat() if ticket.scheduled_for else None,
        "data": event.data,
    }
    outbox.post(topic=TOPIC, subject_id=event.pk, facts=facts)
