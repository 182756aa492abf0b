"""Doing a thing once, however often the same request arrives (Idempotency-Key, draft-ietf-httpapi-idempotency-key).

The action and the row that remembers its answer commit in ONE transaction. So there is no "in progress" row that a
killed process could leave behind, and no moment at which one exists without the other: when the connection is lost
before COMMIT, nothing happened and the retry is a first time; when it is lost after, the retry is a replay.

Of two requests at once the one that comes second is told at once that the first is under way, by an advisory lock
that lives and dies with the first one's transaction: it need not hold a worker while it waits. The lock is courtesy.
What makes a second carrying-out impossible is the unique constraint: the lock's statement took its snapshot before
the lock, so it may overlook a row committed in between; then remembering finds the row, everything is undone, and
the second round answers from it.

Only what succeeded is remembered. A refusal stored nothing, so the same key may come again with a better body.
"""

import datetime as dt
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from common import keyrings
from common.clock import now
from common.models import IdempotentRequest

KEPT = dt.timedelta(hours=24)
PURPOSE = "idempotency"
LETTERS = re.compile(r"[\w-]{16,64}", re.ASCII)
ROUNDS = 2
LOOK = """
SELECT turn.mine, known.fingerprint, known.status, known.body::text, known.filling::text
  FROM (SELECT pg_try_advisory_xact_lock(%(lock)s) AS mine) AS turn
  LEFT JOIN common_idempotentrequest AS known
    ON known.client = ANY(%(clients)s) AND known.key = %(key)s AND known.expires_at > %(now)s
"""

REMEMBER = """
INSERT INTO common_idempotentrequest AS known
       (client, key, fingerprint, status, body, filling, created_at, expires_at)
VALUES (%(client)s, %(key)s, %(fingerprint)s, %(status)s, %(body)s::jsonb, %(filling)s::jsonb, %(now)s, %(until)s)
ON CONFLICT (client, key) DO UPDATE
   SET fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body,
       filling = excluded.filling, created_at = excluded.created_at, expires_at = excluded.expires_at
 WHERE known.expires_at <= excluded.created_at
"""


class AlreadyInProgress(Exception):
    """The same request is being carried out this moment."""


class KeyUsedOtherwise(Exception):
    """The key came before, with another request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets: status, body with marks for its secrets, and the ids that fill them."""

    status: int
    body: Mapping[str, Any]
    filling: Mapping[str, Any] = field(default_factory=dict)
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Once:
    """Which request it is: whose (`client`), under which name (`key`), and what it says (`fingerprint`).

    `client` is "network:203.0.113.7" or the like; only its keyed hash is stored.
    """

    client: str
    key: str
    fingerprint: str


def hashed_client(name: str) -> str:
    """How a client is named in store: keyed, so that no address and no person stands there."""
    return keyrings.digest(keyrings.current("INDEX_KEYS")[1], PURPOSE, name).hex()


def hashes_of(client: str) -> list[str]:
    """As the row may be named: under every key of the ring, so that a repeat is known while keys rotate."""
    return [
        keyrings.digest(key, PURPOSE, client).hex() for key in keyrings.ring("INDEX_KEYS").values()
    ]


def new_key() -> str:
    """For one press of a button of ours."""
    return secrets.token_urlsafe(16)


def key_of_ours(given: str) -> str:
    """The key that came with a form; one that cannot be ours counts as a new one."""
    return given if LETTERS.fullmatch(given) else new_key()


def fingerprint(method: str, path: str, body: bytes) -> str:
    """SHA-256 of what a request asks for, as hexadecimal text."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


def answer_once(request: Once, act: Callable[[], Answer]) -> Answer:
    """Carry out `act` and remember its answer, or give the answer remembered (two statements beside `act`).

    `act` runs inside the transaction; what it raises undoes everything. Raises AlreadyInProgress and
    KeyUsedOtherwise.
    """
    for _round in range(ROUNDS):
        with transaction.atomic():
            known = _looked_up(request)
            if known is not None:
                return known
            answer = act()
            if _remembered(request, answer):
                return answer
            transaction.set_rollback(True)
    raise AlreadyInProgress


def forget_answers() -> int:
    """Delete answers older than 24 hours; returns how many."""
    return IdempotentRequest.objects.filter(expires_at__lte=now()).delete()[0]


def _looked_up(request: Once) -> Answer | None:
    values: dict[str, str | int | dt.datetime | list[str]] = {
        "lock": _lock_number(request),
        "clients": hashes_of(request.client),
        "key": request.key,
        "now": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOK, values)
        mine, known, status, body, filling = cursor.fetchone()
    if known is None:
        if not mine:
            raise AlreadyInProgress
        return None
    if known != request.fingerprint:
        raise KeyUsedOtherwise
    return Answer(status, json.loads(body), json.loads(filling), replayed=True)


def _remembered(request: Once, answer: Answer) -> bool:
    """Store the answer; False when another request of the same name was remembered meanwhile."""
    moment = now()
    values: dict[str, str | int | dt.datetime] = {
        "client": hashed_client(request.client),
        "key": request.key,
        "fingerprint": request.fingerprint,
        "status": answer.status,
        "body": json.dumps(answer.body),
        "filling": json.dumps(answer.filling),
        "now": moment,
        "until": moment + KEPT,
    }
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, values)
        stored: int = cursor.rowcount
    return stored == 1


def _lock_number(request: Once) -> int:
    """64 bits; two requests that share a number by chance meet a needless «in progress», nothing worse."""
    text = f"{request.client}\0{request.key}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big", signed=True)
