"""Naming a programming error for operators without quoting it: its words may be a person's."""

import traceback
from pathlib import PurePath


def name(error: Exception) -> str:
    """Class and place, e.g. "KeyError at concerns/notices.py:88"."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    place = "/".join(PurePath(frames[-1].filename).parts[-2:])
    return f"{type(error).__name__} at {place}:{frames[-1].lineno}"
