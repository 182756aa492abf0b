"""What administrators do about post that is stuck: have it sent once more, or give it up; on the record."""

from uuid import UUID

from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.errors import Refused
from concerns.permissions import must_administer
from notifications import outbox


def try_again(*, actor: Actor, errand_id: UUID) -> None:
    """Send a letter, or open an envelope, once more."""
    must_administer(actor)
    try:
        outbox.retry(errand_id, by=actor.ref)
    except outbox.NotStuck:
        raise no_longer_stuck() from None


def give_up(*, actor: Actor, errand_id: UUID) -> None:
    """Never send it; its text is erased."""
    must_administer(actor)
    try:
        outbox.give_up(errand_id, by=actor.ref)
    except outbox.NotStuck:
        raise no_longer_stuck() from None


def no_longer_stuck() -> Refused:
    return Refused(
        _("This letter is no longer stuck: it was sent, given up or tried again meanwhile.")
    )
