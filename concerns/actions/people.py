"""People who leave: what they had goes back to their department, ticket by ticket, on the record."""

from django.db import transaction

from accounts.models import User
from common.actor import Actor
from concerns.actions.desk import lock_all, record
from concerns.enums import Verb
from concerns.errors import NotAllowed, NotFound
from concerns.models import Ticket
from concerns.notices.staff_letters import staff_name
from departments.enums import Capability
from notifications import outbox


@transaction.atomic
def deactivate_user(*, actor: Actor, user_id: int) -> list[Ticket]:
    """Close a person's account and release all tickets they had to their departments.

    Ended ones too: reopened, they must not come back to somebody who is gone.
    """
    if not (actor.is_system or actor.has(Capability.ADMIN)):
        raise NotAllowed
    # Before the tickets, as whoever gives them one does. Weaker than the default: what this person is doing now holds a
    # ticket and needs their row as a foreign key.
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    user.is_active = False
    user.save(update_fields=["is_active"])
    outbox.suppress(staff_name(user_id))
    mine = list(Ticket.objects.filter(assignee=user_id).values_list("pk", flat=True))
    released = [
        ticket for ticket in lock_all(Actor.system(), mine) if ticket.assignee_id == user_id
    ]
    for ticket in released:
        ticket.assignee = None
        record(
            ticket, Verb.RELEASE, actor, data={"because": "deactivated", "person": str(user.ref_id)}
        )
    return released
