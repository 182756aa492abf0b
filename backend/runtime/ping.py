"""Waits until a worker answers through the broker: `python -m backend.runtime.ping`."""

import sys
import time

from backend.celery import app

SECONDS = 60


def main() -> int:
    """0 as soon as one worker has answered, 1 if none did in time."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if app.control.ping(timeout=0.5, limit=1):
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
