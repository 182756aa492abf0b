"""Words for the person at the terminal."""

import contextlib
import sys


def say(text: str) -> None:
    """Print a line. A terminal that has gone (hang-up) must not keep us from ending what we started."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def complain(text: str) -> None:
    """Print a line to standard error, under the same rule."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
