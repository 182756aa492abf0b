"""What is left of a row when a person is erased from it: its declared fields are empty, everything else stays."""

from typing import Any

from django.db import models

from concerns.actions.filing import title_for
from concerns.models import Ticket
from geography.queries import Location


def emptied(model: type[models.Model]) -> dict[str, Any]:
    """A value for each of the model's `personal_fields` that says nothing."""
    declared: frozenset[str] = getattr(model, "personal_fields")  # noqa: B009 - every model of ours has them
    return {name: nothing(model._meta.get_field(name)) for name in declared}


def nothing(field: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return field.get_default()
    return b"" if isinstance(field, models.BinaryField) else ""


def coarse_title(ticket: Ticket) -> str:
    """What it was about and the quarter, as the words stand today; nobody makes it anew."""
    return title_for(ticket.category, "", Location(district=None, quarter=ticket.district))
