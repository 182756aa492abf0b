"""Who may see which ticket: one function, used by every list, detail, search, counter, hint and export."""

from collections.abc import Callable, Hashable
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.actor import Actor, ActorKind
from common.prepared import Given, Prepared
from concerns.errors import NotFound
from concerns.models import CircleMember, Exclusion, Involvement, Placement, Referral, Ticket
from departments.enums import Capability

Row = TypeVar("Row")
MOST_SHAPES = 200
# With whom a detail needs the ticket; and what of them nobody reads there, though it is large and would be decoded.
RELATED = (
    "category",
    "department",
    "assignee",
    "answer_message",
    "circle",
    "district",
    "merged_into",
)
UNREAD = (
    "category__descriptions",
    "category__keywords",
    "category__questions",
    "category__redirect",
    "district__geometry",
)


def visible(actor: Actor) -> QuerySet[Ticket]:
    """The tickets this actor may know of.

    Staff see what stands with a department they work in, what once did, and what has no department yet if they
    dispatch. A confidential ticket is seen by its circle alone, never by an excluded person; a restricted one
    (Art. 18 GDPR) only by administrators of those. A citizen sees the ticket their proven concern is placed on, a
    partner the one its link opens, for as long as the city waits for it.
    """
    tickets = Ticket.objects.all()
    if actor.is_system:
        return tickets
    if actor.kind is ActorKind.CITIZEN:
        return tickets.filter(concern_on_it(actor))
    if actor.kind is ActorKind.PARTNER:
        passed = Referral.objects.open().filter(ticket=OuterRef("pk"))
        return tickets.filter(Exists(passed), pk=actor.ticket_id or 0)
    if not actor.is_staff:
        return tickets.none()
    excluded = Exists(Exclusion.objects.filter(ticket=OuterRef("pk"), user=actor.user_id))
    seen = tickets.filter(Q(circle__isnull=True) & working_on(actor) | in_circle(actor)).exclude(
        excluded
    )
    return seen.filter(Q(restricted_at__isnull=True) | administered_by(actor))


def working_on(actor: Actor) -> Q:
    departments = actor.departments()
    once = Exists(Involvement.objects.filter(ticket=OuterRef("pk"), department__one_of=departments))
    mine = Q(department__one_of=departments) | Q(once)
    return mine | Q(department__isnull=True) if actor.has(Capability.DISPATCHER) else mine


def administered_by(actor: Actor) -> Q:
    """As in permissions: a capability counts in its department, and anywhere for what has none or has a circle."""
    there = Q(department__one_of=actor.departments([Capability.ADMIN]))
    anywhere = Q(department__isnull=True) | Q(circle__isnull=False)
    return there | anywhere if actor.has(Capability.ADMIN) else there


def in_circle(actor: Actor) -> Q:
    return Q(Exists(CircleMember.objects.filter(admits(actor), circle=OuterRef("circle"))))


def admits(actor: Actor) -> Q:
    """The members of circles that this actor is."""
    # Rows that admit a capability have no person: somebody without an account must not match them.
    member = Q(user=actor.user_id, user__isnull=False)
    for capability in sorted({granted for granted, _ in actor.grants}):
        # A circle is not lent: a deputy belongs to it in their own right or not at all.
        own = actor.own_departments(capability)
        member |= Q(capability=capability, department__one_of=own)
    return member


def concern_on_it(actor: Actor) -> Q:
    mine = Placement.objects.open().filter(ticket=OuterRef("pk"), concern=actor.concern_id)
    return Q(Exists(mine))


class Sought(Actor):
    """Somebody of whom only the sort is known: makes a query with gaps, which is then asked with `actor`."""

    __slots__ = ()

    def departments(self, capabilities: Any = None) -> Any:  # noqa: ANN401 - a gap in place of ids
        wanted = None if capabilities is None else frozenset(capabilities)
        return Given(lambda values: list(values["actor"].departments(wanted)))

    def own_departments(self, capability: str) -> Any:  # noqa: ANN401 - as above
        return Given(lambda values: list(values["actor"].own_departments(capability)))


Sort = tuple[ActorKind, frozenset[str]]


def sought(sort: Sort) -> Sought:
    kind, capabilities = sort
    return Sought(
        kind=kind,
        user_id=Given(lambda values: values["actor"].user_id),  # type: ignore[arg-type] # a gap
        concern_id=Given(lambda values: values["actor"].concern_id),  # type: ignore[arg-type] # a gap
        ticket_id=Given(lambda values: values["actor"].ticket_id),  # type: ignore[arg-type] # a gap
        grants=frozenset((capability, 0) for capability in capabilities),
    )


class PreparedFor(Generic[Row]):
    """A query that depends on who asks: prepared once for each sort of actor, whose particulars fill its gaps.

    `shape` is what else its SQL depends on.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *, keep_plan: bool = True) -> None:
        def made(sort: Sort, shape: tuple[Hashable, ...]) -> Prepared[Any, Row]:
            return Prepared(partial(build, sought(sort), *shape), keep_plan=keep_plan)

        self._made = lru_cache(maxsize=MOST_SHAPES)(made)

    def all(self, actor: Actor, *shape: Hashable, **values: Any) -> list[Row]:
        """The rows for this actor (one statement)."""
        # What the SQL of `visible` depends on.
        sort = actor.kind, frozenset(capability for capability, _department in actor.grants)
        return self._made(sort, shape).all(actor=actor, **values)

    def one(self, actor: Actor, **values: Any) -> Row:
        """The one row, or NotFound."""
        rows = self.all(actor, **values)
        if not rows:
            raise NotFound
        return rows[0]


def details(actor: Actor) -> QuerySet[Ticket]:
    """What this actor sees, each ticket with everything a detail needs."""
    return visible(actor).select_related(*RELATED).defer(*UNREAD)


def sees(actor: Actor, ticket_id: int) -> bool:
    """Whether this actor may know of the ticket (one statement)."""
    return bool(SEEN.all(actor, pk=ticket_id))


SEEN = PreparedFor(lambda actor: visible(actor).filter(pk=Given("pk")).values_list("pk"))
DETAILS = PreparedFor(lambda actor: details(actor).filter(pk=Given("pk")))


def ticket_for(actor: Actor, ticket_id: int) -> Ticket:
    """The ticket with everything a detail needs, or NotFound — also when it exists but this person may not know."""
    return DETAILS.one(actor, pk=ticket_id)
