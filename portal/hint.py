"""What is published near the place and may be what somebody is about to report: asked once, before the last look.

Before it, because a browser sends files once, with the last button: a page behind that one would lose them. Who says
«that is it» loses nothing: their concern, with words and files, is placed where the matter is worked on
(concerns/actions/leading.py).
"""

from typing import Any

from concerns.errors import NotFound
from concerns.queries.nearby import nearby, told
from concerns.queries.public import one_published, ticket_published_as
from concerns.queries.similar import Similar
from portal.matters import matter
from portal.wizard import Walk

MOST = 3


def candidates(walk: Walk) -> list[Similar]:
    """Open published matters worth a look (one statement)."""
    place = walk.place
    matter = told(walk.data.get("words", ""), walk.category, place.lat, place.lon)
    return nearby(matter=matter, most=MOST, only_open=True) if matter else []


def shown(one: Similar) -> dict[str, Any]:
    return {**matter(one.row), "reasons": ", ".join(one.likeness.reasons_today)}


def chosen(walk: Walk) -> dict[str, Any] | None:
    """The matter they said is theirs (one statement); None when it was settled or taken back meanwhile."""
    if walk.same is None:
        return None
    try:
        found = matter(one_published(walk.same))
    except NotFound:
        return None
    return found if found["may_follow"] else None


def lead_of(walk: Walk) -> int | None:
    """The ticket of the matter they said is theirs (one statement); None where there is none any more."""
    if walk.same is None:
        return None
    try:
        return ticket_published_as(walk.same)
    except NotFound:
        return None
