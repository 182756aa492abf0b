"""One line a record to standard error. Records carry ids and codes, never words or contact data."""

from typing import Any

from backend.settings import env

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "backend.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"class": "backend.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"level": "INFO"},
        # What was refused has a line of ours (backend/monitoring/middleware.py); what failed keeps Django's.
        "django.request": {"level": "ERROR"},
        "celery": {"level": "INFO"},
    },
}
