"""Targets as a category in a city's categories.yaml gives them: "3 working days", or amount, unit and roll_forward."""

import re
from collections.abc import Mapping
from typing import Any

from common.city_schema import did_you_mean, flag
from departments.targets import AMOUNTS, WORKING_UNITS, Target, Unit

TARGETS = ("first_response", "resolution", "by_priority")
OF_A_PRIORITY = TARGETS[:2]
HIGHEST_PRIORITY = 1000
SHORT = re.compile(r"([0-9]{1,9}) ([a-z ]+)")
PARTS = ("amount", "unit", "roll_forward")
FORM = 'must be like "3 working days", or name amount, unit and roll_forward.'
ENDS_AT_WORK = (
    "roll_forward is for calendar_days and months; working time ends on no free day. Remove it."
)


def target(value: object) -> str:
    """Complains of anything but "<amount> <unit>" or a map with them, and of amounts that are no use."""
    parts = _parts(value)
    if not isinstance(parts, Mapping):
        return FORM
    for name in parts:
        if name not in PARTS:
            return f"'{name}' is not known here.{did_you_mean(name, PARTS)}"
    unit, rolls = parts.get("unit"), parts.get("roll_forward", False)
    if unit not in list(Unit):
        return f"'{unit}' is no unit. Use one of {', '.join(Unit)}.{did_you_mean(unit, list(Unit))}"
    fitting = AMOUNTS[Unit(unit)]
    if type(parts.get("amount")) is not int or parts["amount"] not in fitting:
        return f"must be a whole number of {unit} from {fitting[0]} to {fitting[-1]}."
    if complaint := flag(rolls):
        return f"roll_forward {complaint}"
    return ENDS_AT_WORK if rolls and unit in WORKING_UNITS else ""


def resolution(value: object) -> str:
    """A result takes time; only a first response can be owed at once."""
    return target(value) or ("" if _read(value).amount else "must not be zero. Write 1 or more.")


def by_priority(value: object) -> str:
    """A map of priorities to targets of their own; what one does not name stays as it is for all."""
    if not isinstance(value, Mapping):
        return "must be a map of priorities, like 1: {resolution: 2 working days}."
    for priority, owed in value.items():
        if type(priority) is not int or abs(priority) > HIGHEST_PRIORITY:
            most = HIGHEST_PRIORITY
            return f"'{priority}' is no priority; use a whole number from -{most} to {most}."
        if complaint := _of_a_priority(owed):
            return f"priority {priority}: {complaint}"
    return ""


def _of_a_priority(owed: object) -> str:
    if not isinstance(owed, Mapping) or not owed:
        return "must name first_response, resolution or both."
    for name, value in owed.items():
        if name not in OF_A_PRIORITY:
            return f"'{name}' is not known here.{did_you_mean(name, OF_A_PRIORITY)}"
        if complaint := (resolution if name == "resolution" else target)(value):
            return f"{name}: {complaint}"
    return ""


def stored_targets(said: Mapping[str, Any]) -> dict[str, Any]:
    """As the row holds them (concerns/models/category.py)."""
    everywhere = {name: _read(said[name]).stored for name in OF_A_PRIORITY}
    urgent = {
        str(priority): {name: _read(value).stored for name, value in owed.items()}
        for priority, owed in said["by_priority"].items()
    }
    return {**everywhere, **({"by_priority": urgent} if urgent else {})}


def _read(value: object) -> Target:
    """A value that `target` had nothing to say against."""
    parts: Any = _parts(value)
    return Target(parts["amount"], Unit(parts["unit"]), parts.get("roll_forward", False))


def _parts(value: object) -> object:
    short = SHORT.fullmatch(value) if isinstance(value, str) else None
    if short is None:
        return value
    unit = short[2].replace(" ", "_")
    # One of something is written without the s.
    return {"amount": int(short[1]), "unit": unit if unit.endswith("s") else f"{unit}s"}
