"""Whether the chains of events are whole: nothing changed, nothing missing, no tail cut off."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from concerns.models import Event, Ticket

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is broken, and how."""

    ticket_id: int
    sequence: int
    fault: str  # changed | missing | cut_off | state

    def __str__(self) -> str:
        return f"ticket {self.ticket_id}, event {self.sequence}: {self.fault}"


def broken_chains(ticket_ids: list[int] | None = None) -> Iterator[Break]:
    """Every break in the chains of all tickets (or of these), streamed in the order of ticket and sequence."""
    tickets = Ticket.objects.order_by("pk")
    events = Event.objects.order_by("ticket", "sequence")
    if ticket_ids is not None:
        tickets, events = tickets.filter(pk__in=ticket_ids), events.filter(ticket__in=ticket_ids)
    chains = groupby(events.iterator(chunk_size=BATCH), key=lambda event: event.ticket_id)
    ahead = next(chains, None)
    for ticket in tickets.iterator(chunk_size=BATCH):
        while ahead and ahead[0] < ticket.pk:
            ahead = next(chains, None)
        chain = list(ahead[1]) if ahead and ahead[0] == ticket.pk else []
        yield from breaks_in(ticket, chain)


def breaks_in(ticket: Ticket, chain: list[Event]) -> Iterator[Break]:
    previous = ""
    for expected, event in enumerate(chain, start=1):
        if event.sequence != expected or event.previous_hash != previous:
            yield Break(ticket.pk, expected, "missing")
            return
        if event.digest() != event.hash:
            yield Break(ticket.pk, expected, "changed")
            return
        previous = event.hash
    if ticket.event_count != len(chain) or ticket.head_hash != previous:
        yield Break(ticket.pk, len(chain) + 1, "cut_off")
    elif chain and chain[-1].to_state != ticket.state:
        yield Break(ticket.pk, len(chain), "state")
