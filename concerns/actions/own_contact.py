"""How the person of a concern wants to be reached, by their own hand."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.actions.contact import correct_contact, lock_reporter
from concerns.actions.desk import lock_placed
from concerns.errors import Conflict, NotFound, Refused
from concerns.models import Concern
from concerns.queries.contact import contact_tag


@transaction.atomic
def change_own_contact(
    *,
    actor: Actor,
    concern_id: int,
    contact: Mapping[str, str],
    wants_mail: bool,
    seen: str | None = None,
) -> Concern:
    """Replace one's contact data, and choose between mails and looking at the status page oneself.

    Who wants no mails is still written to when a new address must be confirmed or the proofs of their concern change
    (`notices/recipients.py`), and can still be asked (`queries/placements.py:REACHABLE`). `seen` is the tag of what
    they saw; Conflict if somebody of the city changed it since.
    """
    if actor.concern_id != concern_id:
        raise NotFound
    _ticket, concern = lock_placed(concern_id)
    if concern.author_id is not None:
        raise Refused(_("You filed this as an employee. Your account says how to reach you."))
    held = lock_reporter(concern.reporter_id) if concern.reporter_id else None
    if seen is not None and seen != contact_tag(held):
        raise Conflict
    changed = correct_contact(actor=actor, concern_id=concern_id, contact=contact)
    if changed.reporter and changed.reporter.wants_mail != wants_mail:
        changed.reporter.wants_mail = wants_mail
        changed.reporter.save(update_fields=["wants_mail"])
    return changed
