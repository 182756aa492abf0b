"""What has happened to a ticket, line by line, with the why of what happened by itself."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.clock import city_zone
from common.words import in_language
from concerns.enums import Priority, Reported, Verb
from concerns.models import Event
from concerns.publishing import long_date


def event_row(event: Event) -> dict[str, Any]:
    """One line of the timeline, with the why of what happened by itself."""
    said = ": ".join(filter(None, (str(Verb(event.verb).label), particular(event))))
    return {
        "at": event.at,
        "sentence": said,
        "actor": getattr(event, "actor_name", None) or actor_word(event.actor_kind),
        "automatic": event.actor_kind == "system",
        "why": why(event.data.get("why"), getattr(event, "candidate_names", ())),
    }


def particular(event: Event) -> str:
    """To which department, for or by which day, or what a partner reported; "" where the verb says it all."""
    if names := getattr(event, "department_names", None):
        return in_language(names)
    data = event.data
    if "date" in data:
        return long_date(dt.date.fromisoformat(data["date"]))
    if "due" in data:
        due = dt.datetime.fromisoformat(data["due"])
        return long_date(due.astimezone(city_zone()).date())
    if "priority" in data:
        return str(Priority(data["priority"]).label)
    return str(Reported(data["reported"]).label) if "reported" in data else ""


def actor_word(kind: str) -> str:
    return {
        "citizen": _("reporting person"),
        "system": _("Sachstand"),
        "partner": _("partner"),
        "integration": _("connected program"),
    }.get(kind, _("a former employee"))


def why(reasons: dict[str, Any] | None, candidates: Sequence[Mapping[str, str]] = ()) -> str:
    """The stored reasons of a routing decision as a sentence; `candidates` are the departments of a tie."""
    if not reasons:
        return ""
    by = reasons["by"]
    if by == "rule":
        known = {
            "rule": reasons["rule"],
            "version": reasons["version"],
            "keyword": reasons.get("keyword", ""),
        }
        if known["keyword"]:
            return (
                _("Rule %(rule)s, version %(version)s, matched by the word “%(keyword)s”.") % known
            )
        return _("Rule %(rule)s, version %(version)s, was the most specific that matched.") % known
    if by == "tie":
        return tied(reasons, candidates)
    return {
        "category": _("No rule matched; the category names this department."),
        "nothing": _("No rule matched and the category names no department."),
        "person": _("A dispatcher decided."),
    }.get(by, "")


def tied(reasons: dict[str, Any], candidates: Sequence[Mapping[str, str]]) -> str:
    rules = {"rules": ", ".join(reasons["candidates"])}
    said = _("These rules matched equally well: %(rules)s.") % rules
    if not candidates:
        return said
    names = {"names": ", ".join(in_language(names) for names in candidates)}
    asked = _("Departments in question: %(names)s.") % names
    return f"{said} {asked}"
