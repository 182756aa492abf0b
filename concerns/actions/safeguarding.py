"""Who may know, and what is kept: circles, exclusions, restriction, hold."""

import datetime as dt
import re

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actor import Actor
from common.clock import now, today
from concerns.actions.desk import permit, record, take
from concerns.actions.responsibility import keep_reason
from concerns.enums import Verb
from concerns.errors import Invalid, Refused
from concerns.models import Circle, Exclusion, Publication, Ticket
from concerns.queries.approval import circle_people, excluded_from

CODE = re.compile("[a-z][a-z0-9_-]{0,39}")


@transaction.atomic
def encircle(
    *, actor: Actor, ticket_id: int, circle_key: str, version: int | None = None
) -> Ticket:
    """Make a ticket confidential: only its circle knows of it from now on. A joined matter cannot be hidden in part."""
    ticket = take(actor, ticket_id, Verb.ENCIRCLE, version)
    circle = Circle.objects.filter(key=circle_key).first()
    if circle is None:
        raise Invalid(_("Please choose one of the circles."), field="circle")
    if ticket.circle_id not in (
        None,
        circle.pk,
    ):  # to change it is to lift it for those who come in
        permit(actor, ticket, Verb.LIFT_CIRCLE)
    conceal(ticket, circle, actor)
    record(ticket, Verb.ENCIRCLE, actor, data={"circle": circle.pk})
    return ticket


def conceal(ticket: Ticket, circle: Circle, actor: Actor) -> None:
    """Leave a locked ticket to a circle: nothing of it is public, nobody outside has it. Refused when it is joined."""
    if ticket.merged_into_id or ticket.merged_tickets.exists():
        raise Refused(
            _(
                "Please detach joined tickets first: a matter is confidential as a whole or not at all."
            )
        )
    ticket.circle = circle
    if ticket.assignee_id and ticket.assignee_id not in circle_people(ticket):
        ticket.assignee = None
    take_back(ticket, actor)


def take_back(ticket: Ticket, actor: Actor) -> bool:
    """Withdraw what is published of a ticket; whether something was (one statement)."""
    published = Publication.objects.filter(ticket=ticket, withdrawn_at__isnull=True)
    return published.update(withdrawn_at=now(), withdrawn_by=actor.ref) > 0


@transaction.atomic
def lift_circle(*, actor: Actor, ticket_id: int, reason: str, version: int | None = None) -> Ticket:
    """No longer confidential: the department responsible sees it again."""
    ticket = take(actor, ticket_id, Verb.LIFT_CIRCLE, version)
    if ticket.circle_id is None:
        raise Refused
    ticket.circle = None
    record(ticket, Verb.LIFT_CIRCLE, actor, data={"note": keep_reason(ticket, actor, reason)})
    return ticket


@transaction.atomic
def exclude(*, actor: Actor, ticket_id: int, user_id: int, version: int | None = None) -> Ticket:
    """Keep the person a matter is about from knowing of it; nobody can exclude themselves from duty this way."""
    ticket = take(actor, ticket_id, Verb.EXCLUDE, version)
    person = User.objects.filter(pk=user_id).first()
    if person is None or person.pk == actor.user_id:
        raise Invalid(_("Please choose the person the matter is about."), field="person")
    Exclusion.objects.get_or_create(ticket=ticket, user=person)
    if ticket.assignee_id == person.pk:
        ticket.assignee = None
    record(ticket, Verb.EXCLUDE, actor, data={"person": str(person.ref_id)})
    return ticket


@transaction.atomic
def readmit(*, actor: Actor, ticket_id: int, user_id: int, version: int | None = None) -> Ticket:
    """Undo an exclusion: the matter is not about this person after all. They see it again as others do."""
    ticket = take(actor, ticket_id, Verb.READMIT, version)
    excluded = {one.pk: one for one in excluded_from(ticket)}
    if not excluded:
        raise Refused
    person = excluded.get(user_id)
    if person is None:
        raise Invalid(_("Please choose one of the excluded people."), field="person")
    Exclusion.objects.filter(ticket=ticket, user=person).delete()
    record(ticket, Verb.READMIT, actor, data={"person": str(person.ref_id)})
    return ticket


def code_given(reason: str) -> str:
    """A reason as a code ("lawsuit"): it is kept in the event for ever, where no words of anybody may stand."""
    if not CODE.fullmatch(reason):
        raise Invalid(
            _("Please give the reason as one short word of small letters, like lawsuit."),
            field="reason",
        )
    return reason


@transaction.atomic
def restrict(*, actor: Actor, ticket_id: int, reason: str, version: int | None = None) -> Ticket:
    """Art. 18 GDPR: keep, but process no further; only administrators see the ticket now. `reason` is a code."""
    ticket = take(actor, ticket_id, Verb.RESTRICT, version)
    if ticket.restricted_at is not None:
        raise Refused
    ticket.restricted_at, ticket.restriction_reason = now(), code_given(reason)
    take_back(ticket, actor)
    record(ticket, Verb.RESTRICT, actor, data={"reason": ticket.restriction_reason})
    return ticket


@transaction.atomic
def unrestrict(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    ticket = take(actor, ticket_id, Verb.UNRESTRICT, version)
    if ticket.restricted_at is None:
        raise Refused
    ticket.restricted_at, ticket.restriction_reason = None, ""
    record(ticket, Verb.UNRESTRICT, actor)
    return ticket


@transaction.atomic
def hold(
    *, actor: Actor, ticket_id: int, reason: str, until: dt.date, version: int | None = None
) -> Ticket:
    """Keep from erasure until a day (a law suit, an audit). `reason` is a code."""
    ticket = take(actor, ticket_id, Verb.HOLD, version)
    if until <= today():
        raise Invalid(_("Please choose a day in the future."), field="until")
    ticket.hold_until, ticket.hold_reason = until, code_given(reason)
    record(
        ticket, Verb.HOLD, actor, data={"reason": ticket.hold_reason, "until": until.isoformat()}
    )
    return ticket


@transaction.atomic
def unhold(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    ticket = take(actor, ticket_id, Verb.UNHOLD, version)
    if ticket.hold_until is None:
        raise Refused
    ticket.hold_until, ticket.hold_reason = None, ""
    record(ticket, Verb.UNHOLD, actor)
    return ticket
