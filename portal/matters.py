"""A published matter as the citizens' pages show it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.words import in_language
from concerns.enums import PublicState


def matter(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates show of a row of `queries.public` or `queries.nearby`."""
    state = PublicState(row["state"])
    return {
        "key": row["key"],
        "title": in_language(row["category__names"] or {}) or _("Concern without a category"),
        "icon": row["category__icon"] or "",
        "district": in_language(row["ticket__district__names"] or {}),
        "state": state.label,
        "since": row["ticket__created_at"],
        "reports": row["reports"],
        "words": row["said"] or "",
        "may_follow": state not in (PublicState.DONE, PublicState.NOT_POSSIBLE),
    }
