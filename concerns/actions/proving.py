"""Proving that a concern is one's own. Every door comes here, so that guesses are counted over all of them."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from common import limits
from common.actor import Actor
from concerns.actions.desk import lock_concern, record, take
from concerns.enums import Verb
from concerns.errors import NotFound
from concerns.queries.own import proven
from concerns.queries.placements import ticket_id_of
from concerns.references import normalise, pin


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the PIN into tracebacks
class Proof:
    """What a person on the phone is told; the link goes to their confirmed address alone."""

    reference: str
    pin: str


def prove(*, reference: str, token: str = "", pin: str = "", network: str) -> Actor:
    """The author of the concern with this reference, by tracking token or else by PIN.

    A right token is never counted and opens also what is locked against guessing: it cannot be guessed. A PIN is
    counted before anybody looks at it, for its concern and for the network it comes from, so that over the limit
    the right one is refused as well; a right one makes the concern's count start afresh. A wrong token counts for
    its network only, or whoever sends nonsense could lock out the owner.

    `network` is common.network.network_of. Call it outside every transaction. Raises references.BadReference for
    what cannot be a reference, NotFound alike for a concern that does not exist and for a wrong proof,
    common.limits.TooManyAttempts over the limit.
    """
    spoken = normalise(reference)
    if token:
        try:
            return proven(reference=spoken, token=token)
        except NotFound:
            if not pin:
                _count(_network_key(network))
                raise
    _count(_concern_key(spoken) | _network_key(network))
    actor = proven(reference=spoken, pin=pin)
    limits.clear(*_concern_key(spoken))
    return actor


@transaction.atomic
def renew_proof(*, actor: Actor, concern_id: int, version: int | None = None) -> Proof:
    """A new link and PIN for who lost theirs, or whose somebody else has. The old ones, and the old confirmation, end.

    With a confirmed address its person gets a letter with them, with another the confirmation anew. Guesses are
    counted afresh: whoever was locked out by another's guessing gets in with the new PIN.
    """
    ticket = take(actor, ticket_id_of(concern_id), Verb.RENEW_PROOF, version)
    concern = lock_concern(concern_id, ticket)
    concern.generation += 1
    concern.save(update_fields=["generation"])
    limits.clear(*_concern_key(concern.reference))
    record(ticket, Verb.RENEW_PROOF, actor, concern_id=concern.pk)
    return Proof(concern.reference, pin(concern.pk, concern.generation))


def _count(keys: dict[str, int]) -> None:
    limits.register(keys=keys, window_seconds=settings.PROOF_WINDOW_SECONDS)


def _concern_key(reference: str) -> dict[str, int]:
    return {f"proof:concern:{reference}": settings.PROOF_ATTEMPTS_PER_CONCERN}


def _network_key(network: str) -> dict[str, int]:
    return {f"proof:network:{network}": settings.PROOF_ATTEMPTS_PER_NETWORK}
