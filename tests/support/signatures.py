"""What an action asks for, read from itself: so that no door can hand it a keyword that it does not have."""

import inspect

from concerns.actions.by_verb import Act


def asked_by(act: Act) -> dict[str, bool]:
    """The keywords of an act beside its actor, what it is done to and the version: whether each must be given."""
    taken = inspect.signature(act.action).parameters
    return {
        name: one.default is inspect.Parameter.empty
        for name, one in taken.items()
        if name not in ("actor", act.on, "version")
    }
