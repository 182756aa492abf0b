"""A round of the post office: what was posted becomes letters, and letters leave, in turn."""

import time

from notifications import delivery, expansion

# A round takes on nothing after this, so that even a letter that meets every time-out of SMTP ends well
# within the lease and Celery's time limit.
ROUND_SECONDS = 60.0
# So long one half keeps the other waiting.
TURN_SECONDS = 1.0


def work_off(*, seconds: float = ROUND_SECONDS) -> bool:
    """Go round until nothing is due; whether the time ran out with more to do."""
    stop_at = time.monotonic() + seconds
    while (left := stop_at - time.monotonic()) > 0:
        turn = min(TURN_SECONDS, left)
        opened = expansion.expand_due(seconds=turn)
        if not (delivery.deliver_due(seconds=turn) or opened):
            return False
    return True
