"""Verbs as addresses write them: `hand_back` → `hand-back`. Verbs that share an address are told apart by the state."""

from concerns.enums import Verb

# One act plans a date, whether it is the first one or another.
SHARED = {Verb.RESCHEDULE: Verb.SCHEDULE}


def slug_of(verb: Verb) -> str:
    return SHARED.get(verb, verb).value.replace("_", "-")
