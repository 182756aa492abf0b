"""What anybody may know of the city's matters: released facts, and nothing else.

The only source for what is shown outside. A publication stands as long as its ticket may be published
(`publishing.may_be_published`), somebody's concern is still on it, and nobody took it back; every reader begins here.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext as _

from common.clock import city_zone
from common.json_rows import Object, as_text, named, unless_null
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
    "category__icon",
    "lat",
    "lon",
    "ticket__district__key",
    "ticket__district__names",
    "ticket__created_at",
    "state",
    "reports",
    "said",
)
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
    open_to_all = Q(
        ticket__audience=Audience.PUBLIC,
        ticket__circle__isnull=True,
        ticket__restricted_at__isnull=True,
    )
    shown = Publication.objects.filter(
        open_to_all, ticket__active_count__gt=0, withdrawn_at__isnull=True
    )
    return shown.exclude(ticket__state__in=(State.MERGED, State.DISCARDED))


def active_concerns() -> QuerySet[Placement]:
    """The placements on a publication's ticket of those whose concern stands."""
    return Placement.objects.open().filter(
        ticket=OuterRef("ticket"), concern__standing=Standing.ACTIVE
    )


def public_state_seen(words: Mapping[PublicState, str] | None = None) -> Case:
    """`publishing.public_state` as SQL, as everybody but the matter's own people sees it; in other `words` if given."""

    def said(state: PublicState) -> Value:
        seen = SEEN_FROM_OUTSIDE.get(state, state)
        return Value(words[seen] if words else str(seen))

    ended = Q(ticket__state=State.CLOSED)
    declined = ended & Q(ticket__outcome__in=DECLINING_OUTCOMES)
    plain = [When(ticket__state=state, then=said(shown)) for state, shown in PUBLIC_STATES.items()]
    return Case(
        When(declined, then=said(PublicState.NOT_POSSIBLE)),
        When(ended, then=said(PublicState.DONE)),
        *plain,
        output_field=CharField(),
    )


def matching(
    *, category: str = "", district: str = "", state: str = "", box: Box | None = None
) -> QuerySet[Publication]:
    """The publications that fit all filters given: what is below a category or district counts as in it.

    Raises Invalid for a category or district that does not exist (one statement for each that is given).
    """
    return fitting(resolved(category=category, district=district, state=state, box=box))


def resolved(
    *, category: str = "", district: str = "", state: str = "", box: Box | None = None
) -> dict[str, Any]:
    """What `fitting` wants to know, of the filters given; raises as `matching`."""
    if district and not District.objects.filter(key=district).exists():
        raise Invalid(_("There is no such part of the city."), field="district")
    path = public_subtree(category) if category else ""
    given = {"category": path, "district": district, "state": state}
    return {name: value for name, value in given.items() if value} | (asdict(box) if box else {})


def fitting(asked: Mapping[str, Any]) -> QuerySet[Publication]:
    """The publications that fit; the values may be gaps."""
    found = published().annotate(state=public_state_seen())
    for name, value in asked.items():
        found = found.filter(FITS[name](value))
    return found


def within(district: Any) -> Q:  # noqa: ANN401 - a key, or a gap
    there = Q(ticket__district__key=district) | Q(ticket__district__parent__key=district)
    return there | Q(ticket__district__parent__parent__key=district)


FITS: Mapping[str, Callable[[Any], Q]] = {
    "category": lambda path: Q(category__path__startswith=path),
    "district": within,
    "state": lambda state: Q(state=state),
    "west": lambda side: Q(lon__gte=side),
    "south": lambda side: Q(lat__gte=side),
    "east": lambda side: Q(lon__lte=side),
    "north": lambda side: Q(lat__lte=side),
}


def rows_of(found: QuerySet[Publication]) -> Rows:
    """Publications as rows of ROW (one statement)."""
    rows: Rows = with_facts(found).values(*ROW)
    return rows


def told() -> QuerySet[Publication]:
    """The publications that stand, each with what is said of it."""
    return with_facts(published())


def with_facts(found: QuerySet[Publication]) -> QuerySet[Publication]:
    return found.annotate(
        state=public_state_seen(),
        reports=in_steps("ticket__active_count"),
        said=words_said(),
    )


def in_steps(column: str) -> Case:
    """How many people reported a matter, as it may be said: at least so many."""
    steps = (When(**{f"{column}__gte": step}, then=Value(step)) for step in STEPS)
    return Case(*steps, default=F(column), output_field=IntegerField())


def words_said() -> Case:
    """What stands beside a matter in its people's own words; null unless the city released that."""
    return Case(When(words_released=True, then=Subquery(words_agreed_to())))


def words_agreed_to() -> QuerySet[Placement, Any]:
    """The words of the first person on the ticket who agreed to have them published and still does."""
    agreed = active_concerns().filter(
        concern__is_follow=False,
        concern__restricted_at__isnull=True,
        concern__words_consent_at__isnull=False,
        concern__words_consent_withdrawn_at__isnull=True,
    )
    return agreed.order_by("concern").values("concern__words")[:1]


def facts() -> dict[str, Expression | F | str]:
    """What a published row (`rows_of`) says of a matter, names in the active language."""
    return {
        "key": F("key"),
        "category": named("category", "slug"),
        "district": named("ticket__district", "key", "schematic"),
        "state": F("state"),
        "state_label": public_state_seen({state: str(state.label) for state in STATES}),
        "since": TruncDate("ticket__created_at", tzinfo=city_zone()),
        "reports": F("reports"),
        "words": F("said"),
    }


def as_json(rows: Rows) -> QuerySet[Publication, Any]:
    """The rows as `row`, the JSON of the list."""
    return rows.values(row=row_of_list())


def row_of_list() -> Cast:
    """The JSON of a published matter in the list, with names in the active language."""
    place = unless_null("lat", Object(lat="lat", lon="lon"))
    return as_text(Object(**facts(), place=place))


def one_published(key: UUID) -> dict[str, Any]:
    """One row of ROW, or NotFound (one statement)."""
    row = rows_of(published().filter(key=key)).first()
    if row is None:
        raise NotFound
    return dict(row)


def one_as_json(key: UUID) -> str:
    """One row as JSON, or NotFound (one statement)."""
    row = as_json(rows_of(published().filter(key=key))).first()
    if row is None:
        raise NotFound
    return str(row["row"])


def ticket_published_as(key: UUID) -> int:
    """The id of the ticket that is published under this key, or NotFound (one statement)."""
    found = published().filter(key=key).values_list("ticket", flat=True).first()
    if found is None:
        raise NotFound
    return found
