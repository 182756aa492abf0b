"""Ringing Celery's doorbells without ever making a person wait for the broker.

Rows are the truth, a ring only saves time: what nobody rang for, the sweep finds.
"""

import logging

from celery import Signature, Task
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Seconds. The worker's own connections wait longer, so the bells keep connections of their own:
# with the worker's settings a broker that is down holds a request for 6 s (kombu retries the
# connection on its own account), one that hangs for 5 s.
PATIENCE = 1
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}


def ring(task: Task[..., None] | Signature[None], *, about: str, **kwargs: str) -> bool:
    """Ask a worker to run `task` soon; whether the broker took it. Never raises for its absence.

    `about` names, for the log, what the sweep will find instead.
    """
    connection = task.app.connection_for_write(transport_options=IMPATIENT)
    try:
        with producers[connection].acquire(block=True, timeout=PATIENCE) as producer:
            task.apply_async(kwargs=kwargs, producer=producer, retry=False)
    except (KombuError, RedisError, OSError):
        logger.warning("post office: broker unreachable, the sweep will find %s", about)
        return False
    return True
