"""Filing what a walk gathered — once, however often the last button is pressed.

The first page gives every report a key that travels with it; nobody else can know it. The key and the content
together name the filing (common/idempotency.py), so that a second press leads to the same thanks, while going back in
the browser and writing something else is a second concern.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from common.actor import Actor
from common.idempotency import (
    AlreadyInProgress,
    Answer,
    Once,
    answer_once,
    fingerprint,
    key_of_ours,
)
from concerns.actions.attaching import files_with_rows
from concerns.actions.filing import file_concern, follow_ticket
from concerns.actions.uploads import Upload, sha256_of
from concerns.enums import Channel
from concerns.models import Concern
from concerns.references import tracking_token
from portal.hint import lead_of
from portal.wizard import Walk

KEY = "once"
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


def send(walk: Walk) -> Receipt:
    """File the concern, or find it filed already (two statements beside filing).

    Raises Invalid as `file_concern` does, and AlreadyInProgress when the first press is not through after three
    seconds.
    """
    # Around the transaction: files it wrote go again unless their rows stay.
    with files_with_rows():
        files = walk.files.getlist("uploads")
        return patiently(named(walk.data, "report", files), lambda: filed(walk))


def follow(data: QueryDict, *, ticket_id: int, email: str, language: str) -> Receipt:
    """Follow a published matter, or find that this press did already; raises as `follow_ticket` does."""
    return patiently(
        named(data, f"follow {ticket_id}"),
        lambda: answer_for(
            follow_ticket(
                actor=Actor.anonymous(),
                ticket_id=ticket_id,
                channel=Channel.PORTAL,
                language=language,
                contact={"email": email},
            ).concern
        ),
    )


def patiently(once: Once, act: Callable[[], Answer]) -> Receipt:
    for pause in PAUSES:
        try:
            return receipt(answer_once(once, act))
        except AlreadyInProgress:
            time.sleep(pause)
    return receipt(answer_once(once, act))


def named(data: QueryDict, what: str, files: Sequence[Upload] = ()) -> Once:
    """Which press this is: with another photo it is another one. One without a key of ours counts as a new one."""
    key = key_of_ours(data.get(KEY, ""))
    said = sorted((name, values) for name, values in data.lists() if name not in STEERING)
    sent = [sha256_of(file) for file in files]
    content = fingerprint("POST", what, json.dumps([said, sent]).encode())
    return Once(client="portal", key=f"{key}:{content}", fingerprint=content)


def filed(walk: Walk) -> Answer:
    done = file_concern(actor=Actor.anonymous(), filing=walk.filing(), onto=lead_of(walk))
    return answer_for(done.concern)


def answer_for(concern: Concern) -> Answer:
    filling = {
        "reference": concern.reference,
        "concern_id": concern.pk,
        "generation": concern.generation,
    }
    return Answer(SEE_OTHER, {}, filling)


def receipt(answer: Answer) -> Receipt:
    return Receipt(**answer.filling)
