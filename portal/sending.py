"""Filing what a walk gathered — once, however often the last button is pressed.

The first page gives every report a key that travels with it; nobody else can know it. The key and the content
together name the filing (common/idempotency.py), so that a second press leads to the same thanks, while going back in
the browser and writing something else is a second concern.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass

from common.actor import Actor
from common.idempotency import AlreadyInProgress, Answer, Once, answer_once, fingerprint
from common.idempotency import hashed_client as hashed
from concerns.actions.filing import file_concern
from concerns.references import tracking_token
from portal.wizard import Walk

KEY = "once"
LETTERS = re.compile(r"[\w-]{16,64}", re.ASCII)
# What steers the walk and is no part of what was said.
STEERING = frozenset({KEY, "step", "go", "csrfmiddlewaretoken"})
SEE_OTHER = 303
# Seconds between looks at a first press that is still being carried out; three in all.
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What thanks and proof of a filed concern are made of."""

    reference: str
    concern_id: int
    generation: int

    @property
    def token(self) -> str:
        return tracking_token(self.concern_id, self.generation)


def new_key() -> str:
    return secrets.token_urlsafe(16)


def send(walk: Walk) -> Receipt:
    """File the concern, or find it filed already (two statements beside filing).

    Raises Invalid as `file_concern` does, and AlreadyInProgress when the first press is not through after three
    seconds.
    """
    once = named(walk)
    for pause in PAUSES:
        try:
            return receipt(answer_once(once, lambda: carried_out(walk)))
        except AlreadyInProgress:
            time.sleep(pause)
    return receipt(answer_once(once, lambda: carried_out(walk)))


def named(walk: Walk) -> Once:
    """Which filing this is. A report without a key of ours counts as a new one."""
    given = walk.data.get(KEY, "")
    key = given if LETTERS.fullmatch(given) else new_key()
    said = sorted((name, values) for name, values in walk.data.lists() if name not in STEERING)
    content = fingerprint("POST", "report", json.dumps(said).encode())
    return Once(client=hashed("portal"), key=f"{key}:{content}", fingerprint=content)


def carried_out(walk: Walk) -> Answer:
    concern = file_concern(actor=Actor.anonymous(), filing=walk.filing()).concern
    filling = {
        "reference": concern.reference,
        "concern_id": concern.pk,
        "generation": concern.generation,
    }
    return Answer(SEE_OTHER, {}, filling)


def receipt(answer: Answer) -> Receipt:
    return Receipt(**answer.filling)
