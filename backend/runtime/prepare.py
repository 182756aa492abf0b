"""Brings the database of a trial up to date: `python -m backend.runtime.prepare`, a process of its own.

The one module of the runtime, with `ping`, that knows Django. Every step may be repeated.
"""

import os
import time

import django
from django.core.management import call_command, get_commands

from backend.runtime.terminal import say

STEPS = (
    ("migrate", "--no-input", "--verbosity=0"),
    ("messages", "--compile"),
    ("load_city",),
    ("load_demo",),
)


def main() -> None:
    """Take each step whose command the installed apps bring."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings.development")
    django.setup()
    known = get_commands()
    for name, *arguments in STEPS:
        if name in known:
            began = time.monotonic()
            call_command(name, *arguments)
            say(f"{name}: {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
