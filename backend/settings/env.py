"""Typed readers of environment variables that refuse what they do not understand.

A variable with a typing error must stop the start, not silently become a default:
`DEBUG=ture` is a mistake, not `False`.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
REQUIRED = object()


def text(name: str, default: str | object = REQUIRED) -> str:
    """The variable's text, or what stands in the file `<name>_FILE` names (container secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, "")
    if value:
        return value
    if isinstance(default, str):
        return default
    message = (
        f"{name} is not set. Set it in the environment, or {name}_FILE to a file that holds it."
    )
    raise ImproperlyConfigured(message)


def flag(name: str, *, default: bool) -> bool:
    """A yes or no; anything that is neither raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    message = (
        f"{name}={value!r} is neither yes nor no. Use one of: {', '.join(sorted(TRUE | FALSE))}."
    )
    raise ImproperlyConfigured(message)


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number not below `least`; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        message = f"{name}={value!r} is not a whole number."
        raise ImproperlyConfigured(message) from None
    if number < least:
        message = f"{name}={number} is below {least}."
        raise ImproperlyConfigured(message)
    return number


def listing(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [entry.strip() for entry in os.environ.get(name, default).split(",") if entry.strip()]


def keyring(name: str, default: str | object = REQUIRED) -> dict[str, str]:
    """Keys by id, the current one first: `NAME="2027:<base64>,2026:<base64>"`.

    Raises ImproperlyConfigured when an entry has no id or an id stands twice.
    """
    ring: dict[str, str] = {}
    for entry in text(name, default).split(","):
        key_id, separator, key = entry.strip().partition(":")
        if not separator or not key_id or not key or key_id in ring:
            message = f"{name} must read id:base64key[,id:base64key …] with distinct ids."
            raise ImproperlyConfigured(message)
        ring[key_id] = key
    return ring
