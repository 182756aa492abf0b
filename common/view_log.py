"""Writes down every look at contact data. Called by the query that decrypts, never by a door."""

from collections.abc import Iterable

from common.actor import Actor
from common.clock import now
from common.models import ViewLog


def log_view(*, actor: Actor, subject_kind: str, subject_ids: Iterable[int], purpose: str) -> None:
    """One row per subject in one INSERT; no subject, no statement.

    `purpose` is a code ("call_back", "letter"), never free text. Call it in the transaction that
    decrypts, so that nothing is shown unlogged.
    """
    at = now()
    ViewLog.objects.bulk_create(
        ViewLog(
            actor_kind=actor.kind,
            actor_ref=actor.ref,
            subject_kind=subject_kind,
            subject_id=subject_id,
            purpose=purpose,
            at=at,
        )
        for subject_id in subject_ids
    )
