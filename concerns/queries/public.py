"""What anybody may know of the city's matters: released facts, and nothing else.

The only source for what is shown outside. A publication stands as long as its ticket may be published
(`publishing.may_be_published`), somebody's concern is still on it, and nobody took it back; every reader begins here.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from concerns.enums import (
    DECLINING_OUTCOMES,
    Audience,
    PublicState,
    Standing,
    State,
)
from concerns.errors import Invalid, NotFound
from concerns.models import Placement, Publication
from concerns.publishing import PUBLIC_STATES
from concerns.queries.categories import public_subtree
from geography.models import District

Rows = QuerySet[Publication, dict[str, Any]]
# What a row says; `state` is a public one, `said` the words of a person who agreed, or nothing.
ROW = (
    "id",
    "key",
    "category__slug",
    "category__names",
    "lat",
    "lon",
    "ticket__district__key",
    "ticket__district__names",
    "ticket__created_at",
    "state",
    "reports",
    "said",
)
# So many features a map gets at most.
MOST_ON_A_MAP = 2_000
# A question is a matter between the city and those it asked: to everybody else the work goes on.
SEEN_FROM_OUTSIDE = {PublicState.NEEDS_REPLY: PublicState.IN_PROGRESS}
STATES = tuple(state for state in PublicState if state not in SEEN_FROM_OUTSIDE)
# From so many on, how many people reported it is said in steps: who watches must not see one neighbour join.
STEPS = (100, 50, 20, 10, 5)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map, in degrees WGS84."""

    west: float
    south: float
    east: float
    north: float


def published() -> QuerySet[Publication]:
    """The publications that stand."""
    mine = active_concerns()
    open_to_all = Q(
        ticket__audience=Audience.PUBLIC,
        ticket__circle__isnull=True,
        ticket__restricted_at__isnull=True,
    )
    shown = Publication.objects.filter(open_to_all, Exists(mine), withdrawn_at__isnull=True)
    return shown.exclude(ticket__state__in=(State.MERGED, State.DISCARDED))


def active_concerns() -> QuerySet[Placement]:
    """The placements on a publication's ticket of those whose concern stands."""
    return Placement.objects.open().filter(
        ticket=OuterRef("ticket"), concern__standing=Standing.ACTIVE
    )


def public_state_seen() -> Case:
    """`publishing.public_state` as SQL, as everybody but the matter's own people sees it."""
    ended = Q(ticket__state=State.CLOSED)
    declined = ended & Q(ticket__outcome__in=DECLINING_OUTCOMES)
    plain = [
        When(ticket__state=state, then=Value(str(SEEN_FROM_OUTSIDE.get(shown, shown))))
        for state, shown in PUBLIC_STATES.items()
    ]
    return Case(
        When(declined, then=Value(str(PublicState.NOT_POSSIBLE))),
        When(ended, then=Value(str(PublicState.DONE))),
        *plain,
        output_field=CharField(),
    )


def matching(
    *, category: str = "", district: str = "", state: str = "", box: Box | None = None
) -> QuerySet[Publication]:
    """The publications that fit all filters given: what is below a category or district counts as in it.

    Raises Invalid for a category or district that does not exist (one statement for each that is given).
    """
    found = published().annotate(state=public_state_seen())
    if category:
        found = found.filter(category__path__startswith=public_subtree(category))
    if district:
        found = found.filter(within(district))
    if state:
        found = found.filter(state=state)
    if box:
        found = found.filter(lon__range=(box.west, box.east), lat__range=(box.south, box.north))
    return found


def within(district: str) -> Q:
    if not District.objects.filter(key=district).exists():
        raise Invalid(_("There is no such part of the city."), field="district")
    there = Q(ticket__district__key=district) | Q(ticket__district__parent__key=district)
    return there | Q(ticket__district__parent__parent__key=district)


def rows_of(found: QuerySet[Publication]) -> Rows:
    """Publications as rows of ROW (one statement)."""
    counted = active_concerns().values("ticket").annotate(count=Count("pk")).values("count")
    told = found.annotate(
        state=public_state_seen(),
        reports=Coalesce(Subquery(counted), 0),
        said=Case(When(words_released=True, then=Subquery(words_agreed_to()))),
    )
    rows: Rows = told.values(*ROW)
    return rows


def words_agreed_to() -> QuerySet[Placement, Any]:
    """The words of the first person on the ticket who agreed to have them published and still does."""
    agreed = active_concerns().filter(
        concern__is_follow=False,
        concern__restricted_at__isnull=True,
        concern__words_consent_at__isnull=False,
        concern__words_consent_withdrawn_at__isnull=True,
    )
    return agreed.order_by("concern").values("concern__words")[:1]


def on_the_map(found: QuerySet[Publication]) -> tuple[list[dict[str, Any]], bool]:
    """The newest rows that have a place, up to MOST_ON_A_MAP, and whether there are more (one statement)."""
    placed = rows_of(found.filter(lat__isnull=False)).order_by(F("id").desc())
    rows = list(placed[: MOST_ON_A_MAP + 1])
    return rows[:MOST_ON_A_MAP], len(rows) > MOST_ON_A_MAP


def one_published(key: UUID) -> dict[str, Any]:
    """One row of ROW, or NotFound (one statement)."""
    row = rows_of(published().filter(key=key)).first()
    if row is None:
        raise NotFound
    return dict(row)


def ticket_published_as(key: UUID) -> int:
    """The id of the ticket that is published under this key, or NotFound (one statement)."""
    found = published().filter(key=key).values_list("ticket", flat=True).first()
    if found is None:
        raise NotFound
    return found


def in_steps(count: int) -> int:
    """How many people reported a matter, as it may be said: at least so many."""
    return next((step for step in STEPS if count >= step), count)
