"""One envelope for each event that somebody is told of, with its facts frozen: ids, codes and dates, no words."""

from collections.abc import Sequence

from concerns.enums import State, Verb
from concerns.models import Concern, Event, Ticket
from concerns.notices.occasions import OCCASIONS, TOPIC
from concerns.publishing import public_state
from notifications import outbox

Held = dict[str, Sequence[tuple[str, str]]]


def announce(event: Event, ticket: Ticket) -> None:
    """Post the event's envelope (one INSERT); nothing for events nobody is told of.

    A confirmed address also takes the letters held until now off the shelf, to be told in one mail.
    """
    if event.verb not in OCCASIONS:
        return
    facts = frozen(event, ticket)
    if event.verb == Verb.CONFIRM_ADDRESS:
        facts["held"] = condensed(event.concern_ref)
    outbox.post(topic=TOPIC, subject_id=event.pk, facts=facts)


def frozen(event: Event, ticket: Ticket) -> dict[str, object]:
    """What the letters are written from later; of a joined ticket the lead's state, for work goes on there.

    The state is the event's: when several are written down together, the ticket may have left it already.
    """
    about = ticket.merged_into if ticket.state == State.MERGED and ticket.merged_into else ticket
    state = event.to_state if about is ticket else about.state
    moments = {
        "answered_at": about.answered_at,
        "first_response_due": about.first_response_due,
        "wait_until": about.wait_until,
        "state_since": about.state_since,
        "scheduled_for": about.scheduled_for,
    }
    return {
        "verb": event.verb,
        "ticket": ticket.pk,
        "about": about.pk,
        "concern": event.concern_ref,
        "sequence": event.sequence,
        "at": event.at.isoformat(),
        "state": state,
        "public_state": str(public_state(about, state)),
        "outcome": about.outcome,
        "department": about.department_id,
        "answer": about.answer_message_id,
        "company": about.concern_count - 1,
        "data": event.data,
    } | {name: moment.isoformat() if moment else None for name, moment in moments.items()}


def condensed(concern_id: int | None) -> Held:
    """Purposes and moments of what was held, by concern: all concerns of this person share the address."""
    theirs = Concern.objects.filter(reporter__concerns=concern_id).order_by("pk")
    held: Held = {}
    for one in theirs.values_list("pk", flat=True):
        summaries = outbox.condense(recipient_of(one), "email")
        if summaries:
            held[str(one)] = [(summary.purpose, summary.at.isoformat()) for summary in summaries]
    return held


def recipient_of(concern_id: int) -> str:
    """The post office's name for the person of a concern."""
    return f"concern:{concern_id}"
