"""One envelope for each event that somebody is told of, with its facts frozen: ids, codes and dates, no words."""

from collections.abc import Iterable, Sequence

from concerns.enums import State, Verb
from concerns.models import Concern, Event, Ticket
from concerns.notices.occasions import FAREWELL_TOPIC, OCCASIONS, TOPIC
from concerns.notices.staff_occasions import staff_hear
from concerns.publishing import public_state
from notifications import outbox

Held = dict[str, Sequence[tuple[str, str]]]


def announce(events: Iterable[Event]) -> None:
    """Post the envelopes of events (one INSERT); none for those nobody is told of.

    An address that was replaced has an envelope of its own (one more).
    """
    told = [event for event in events if event.verb in OCCASIONS or staff_hear(event)]
    outbox.post_all(topic=TOPIC, facts={event.pk: facts_of(event) for event in told})
    replaced = {event.data["former"]: event.concern_ref for event in told if "former" in event.data}
    farewells = {former: {"concern": concern_id} for former, concern_id in replaced.items()}
    outbox.post_all(topic=FAREWELL_TOPIC, facts=farewells)


def facts_of(event: Event) -> dict[str, object]:
    """A confirmed address also takes the letters held until now off the shelf, to be told in one mail."""
    facts = frozen(event, event.ticket)
    if event.verb == Verb.CONFIRM_ADDRESS:
        facts["held"] = condensed(event.concern_ref)
    return facts


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
        "by": str(event.actor_ref) if event.actor_ref else None,
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
