"""Who works where: appointing and dismissing people, and what happens to the tickets of those who leave."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common.actor import Actor
from common.clock import today
from concerns.actions.desk import lock_all, record
from concerns.enums import Verb
from concerns.errors import Invalid, NotAllowed, NotFound, Refused
from concerns.models import Ticket
from concerns.notices.staff_letters import staff_name
from concerns.parsing import clean_contact, clean_line
from concerns.permissions import must_administer
from departments.enums import Capability
from departments.models import Membership
from notifications import outbox

LONGEST_NAME = 200
log = logging.getLogger(__name__)


@transaction.atomic
def take_on(
    *, actor: Actor, name: str, email: str, language: str, department_id: int, capability: str
) -> User:
    """An account for somebody new, with what they may do; they choose their password themselves by mail.

    Raises Invalid naming the field, and NotAllowed in a department the actor does not administer.
    """
    must_administer(actor, department_id)
    known = clean_line(name, field="name", longest=LONGEST_NAME)
    address = clean_contact({"email": email})["email"].lower()
    if not known or not address:
        raise Invalid(
            _("Please enter name and e-mail address."), field="email" if known else "name"
        )
    if User.objects.filter(email__iexact=address).exists():
        raise Invalid(_("Somebody with this e-mail address is known already."), field="email")
    user = User.objects.create_user(address, name=known, language=language)
    appoint(actor=actor, user_id=user.pk, department_id=department_id, capability=capability)
    return user


@transaction.atomic
def appoint(*, actor: Actor, user_id: int, department_id: int, capability: str) -> Membership:
    """From today a person may do this in the department and below it; once ended, it begins anew."""
    must_administer(actor, department_id)
    if capability not in Capability.values:
        raise Invalid(field="capability")
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    membership, _new = Membership.objects.update_or_create(
        user=user,
        department_id=department_id,
        capability=capability,
        defaults={"valid_from": today(), "valid_until": None},
    )
    log.warning("%s appointed %s: %s", actor.ref, user.ref_id, membership)
    return membership


@transaction.atomic
def dismiss(*, actor: Actor, membership_id: int) -> None:
    """From this moment a person may no longer do this there; what they have stays theirs until it is handed on.

    Raises Refused for the last administrator of the whole city: nobody could appoint another.
    """
    found = Membership.objects.select_for_update().select_related("user", "department")
    membership = found.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound
    must_administer(actor, membership.department_id)
    is_admin = membership.capability == Capability.ADMIN and membership.department.parent_id is None
    if is_admin and not others_administer(membership):
        raise Refused(_("Nobody else administers the whole city. Please appoint somebody first."))
    log.warning("%s dismissed %s: %s", actor.ref, membership.user.ref_id, membership)
    yesterday = today() - dt.timedelta(days=1)
    if membership.valid_from and membership.valid_from > yesterday:
        membership.delete()
        return
    membership.valid_until = yesterday
    membership.save(update_fields=["valid_until"])


def others_administer(membership: Membership) -> bool:
    same = Membership.objects.current().filter(
        capability=Capability.ADMIN, department=membership.department_id
    )
    return same.exclude(pk=membership.pk).exists()


def must_administer_person(actor: Actor, user_id: int) -> None:
    """An administrator decides on people all of whose duties lie below them, and on people without any."""
    if actor.is_system:
        return
    theirs = actor.departments([Capability.ADMIN])
    elsewhere = Membership.objects.current().filter(~Q(department__in=theirs), user=user_id)
    if not theirs or elsewhere.exists():
        raise NotAllowed


@transaction.atomic
def deactivate_user(*, actor: Actor, user_id: int) -> list[Ticket]:
    """Close a person's account and release all tickets they had to their departments.

    Ended ones too: reopened, they must not come back to somebody who is gone.
    """
    must_administer_person(actor, user_id)
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


@transaction.atomic
def readmit_user(*, actor: Actor, user_id: int) -> User:
    """Open a closed account again; tickets that were released do not come back by themselves."""
    must_administer_person(actor, user_id)
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    user.is_active = True
    user.save(update_fields=["is_active"])
    log.warning("%s readmitted %s", actor.ref, user.ref_id)
    return user
