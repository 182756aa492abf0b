"""Celery: at-least-once doorbells, no results, JSON only. Work is found again by sweeps."""

from backend.settings import env

REDIS_URL = env.text("REDIS_URL", "")
# Celery names a Unix socket, and the number of the database on it, differently from redis-py.
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A citizen must not wait for a broker that is down: ring once, briefly; the sweep finds what nobody woke.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 600,
}
CELERY_BEAT_SCHEDULE = {
    "notifications-sweep": {
        "task": "notifications.sweep",
        "schedule": env.whole("SWEEP_SECONDS", 30, least=1),
    },
    "notifications-purge": {"task": "notifications.purge", "schedule": 3600},
    "concerns-prepare-files": {
        "task": "concerns.prepare_files",
        "schedule": env.whole("SWEEP_SECONDS", 30, least=1),
    },
    "concerns-sweep-files": {"task": "concerns.sweep_files", "schedule": 24 * 3600},
    "concerns-tend": {"task": "concerns.tend", "schedule": env.whole("TEND_SECONDS", 60, least=1)},
    "accounts-forget-sessions": {"task": "accounts.forget_sessions", "schedule": 3600},
    "privacy-erase": {"task": "privacy.erase", "schedule": 24 * 3600},
    "concerns-inform": {
        "task": "concerns.inform",
        "schedule": env.whole("INFORM_SECONDS", 60, least=1),
    },
    "concerns-forget-former": {"task": "concerns.forget_former", "schedule": 3600},
    "common-forget-attempts": {"task": "common.forget_attempts", "schedule": 3600},
    "common-forget-answers": {"task": "common.forget_answers", "schedule": 3600},
}
