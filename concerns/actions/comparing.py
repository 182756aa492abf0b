"""A person says whether two tickets are about the same matter. Joining them is an act of its own (joining.py)."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import lock_all, permit, record, unchanged
from concerns.duplicates import likeness
from concerns.enums import Finding, Verb
from concerns.errors import Invalid
from concerns.models import Comparison, Ticket
from concerns.queries.similar import matters_of


@transaction.atomic
def compare(
    *, actor: Actor, ticket_id: int, other_id: int, finding: Finding, version: int | None = None
) -> Ticket:
    """Keep that the other ticket is another matter, or that somebody will decide later; a later word replaces it.

    Raises NotFound unless the actor may know of both, Invalid(field="other") for the ticket itself.
    """
    both = {ticket.pk: ticket for ticket in lock_all(actor, [ticket_id, other_id])}
    if other_id == ticket_id:
        raise Invalid(_("A ticket cannot be compared with itself."), field="other")
    if finding == Finding.SAME:
        raise Invalid(_("Tickets about the same matter are joined."), field="finding")
    ticket = both[ticket_id]
    permit(actor, ticket, Verb.COMPARE)
    unchanged(ticket, version)
    keep_finding(actor, ticket, both[other_id], finding)
    # Not which other: who may read this ticket need not know of that one.
    record(ticket, Verb.COMPARE, actor, data={"finding": str(finding)})
    return ticket


def keep_finding(actor: Actor, ticket: Ticket, other: Ticket, finding: Finding) -> None:
    """The word of a person on two tickets, with how alike they were (two statements)."""
    first, second = sorted((ticket.pk, other.pk))
    matters = matters_of([first, second])
    row = Comparison(
        first_id=first,
        second_id=second,
        finding=finding,
        score=likeness(matters[first], matters[second]).score,
        decided_by=actor.ref,
        decided_at=now(),
    )
    Comparison.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["finding", "score", "decided_by", "decided_at"],
    )
