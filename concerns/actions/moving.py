"""Concerns change tickets: their placements, and all that must go along with them, in one statement."""

import datetime as dt
from typing import Any

from django.db import connection

from common.actor import Actor
from common.clock import now
from concerns.enums import PlacementReason, State, Verdict
from concerns.models import Concern, Ticket

# Whoever may not know of a ticket may not read its concerns on the other one either.
SHARE_EXCLUSIONS = """
INSERT INTO concerns_exclusion (ticket_id, user_id)
SELECT %(other)s, user_id FROM concerns_exclusion WHERE ticket_id = %(one)s
ON CONFLICT DO NOTHING
"""
# One concern may have one open placement: the new one is made from what came back of ending the old one.
MOVE = f"""
WITH ended AS (
    UPDATE concerns_placement SET until = greatest(%(at)s, since)
    WHERE ticket_id = %(one)s AND until IS NULL
      AND (%(only)s::bigint[] IS NULL OR concern_id = ANY(%(only)s::bigint[]))
    RETURNING concern_id
), objected AS (
    UPDATE concerns_objection
    SET ticket_id = %(heard_on)s, verdict = %(verdict)s, decided_at = %(decided_at)s, decided_by_id = %(decided_by)s
    WHERE verdict = '' AND concern_id IN (SELECT concern_id FROM ended)
), excluded AS ({SHARE_EXCLUSIONS}), placed AS (
    INSERT INTO concerns_placement (concern_id, ticket_id, since, actor_ref, reason, origin_id)
    SELECT concern_id, %(other)s, %(at)s, %(by)s, %(reason)s, %(origin)s FROM ended ORDER BY concern_id
    RETURNING concern_id
)
SELECT count(*), count(*) FILTER (WHERE concern.standing = 'active')
FROM placed JOIN concerns_concern AS concern ON concern.id = placed.concern_id
"""  # noqa: S608 - of constants

PLACE_PART = f"""
WITH excluded AS ({SHARE_EXCLUSIONS})
INSERT INTO concerns_placement (concern_id, ticket_id, since, actor_ref, reason)
VALUES (%(concern)s, %(other)s, %(at)s, %(by)s, %(reason)s)
"""  # noqa: S608 - of constants


def place_part(concern: Concern, ticket: Ticket, whole: Ticket, actor: Actor) -> None:
    """Place what was split off a concern on a ticket of its own, known to nobody kept from the whole's."""
    values: dict[str, Any] = {
        "concern": concern.pk,
        "one": whole.pk,
        "other": ticket.pk,
        "at": now(),
        "by": actor.ref,
        "reason": PlacementReason.SPLIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACE_PART, values)
    ticket.concern_count += 1
    ticket.active_count += concern.is_active


def move_placements(
    ticket: Ticket,
    to: Ticket,
    actor: Actor,
    reason: PlacementReason,
    concern_ids: list[int] | None = None,
) -> int:
    """Move all concerns of a locked ticket, or those of these that are placed there, to another; how many they were.

    Whoever may not know of the first ticket may not know of the second either. Objections that wait are decided by
    the move, or wait on the other ticket.
    """
    # Should the clock have been set back, then after all that happened here, and before what will happen there.
    moment = max(now(), ticket.changed_at + dt.timedelta.resolution)
    to.changed_at = max(to.changed_at, moment)
    verdict = verdict_by(reason, to)
    values = {
        "one": ticket.pk,
        "other": to.pk,
        "only": concern_ids,
        "at": moment,
        "by": actor.ref,
        "reason": reason,
        "origin": ticket.pk if reason == PlacementReason.JOINED else None,
        "verdict": verdict or "",
        "heard_on": ticket.pk if verdict else to.pk,
        "decided_at": moment if verdict else None,
        "decided_by": actor.user_id if verdict else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values)
        moved, active = cursor.fetchone()
    ticket.concern_count -= moved
    ticket.active_count -= active
    to.concern_count += moved
    to.active_count += active
    return int(moved)


def verdict_by(reason: PlacementReason, to: Ticket) -> Verdict | None:
    """Work that goes on grants an objection; on an answered ticket it still waits."""
    if reason == PlacementReason.DETACHED:
        return Verdict.DETACHED
    if to.is_open and to.state != State.REOPEN_REQUESTED:
        return Verdict.REOPENED
    return None
