"""Reading the organisation: what a person may do where, who may approve, who succeeds whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from common.actor import Actor, ActorKind
from common.clock import today
from common.prepared import fetched
from departments.enums import Capability
from departments.models import Calendar, Department, Membership

# A membership holds for its department and everything below it; one statement spreads it.
GRANTS_SQL = """
    SELECT m.user_id, m.capability, d.id
      FROM departments_membership m
      JOIN departments_department home ON home.id = m.department_id AND home.path <> ''
      JOIN departments_department d ON d.path LIKE home.path || '%%'
     WHERE m.user_id = ANY(%s)
       AND coalesce(m.valid_from <= %s, true) AND coalesce(m.valid_until >= %s, true)
"""


def actor_for(user: User | AnonymousUser) -> Actor:
    """The actor a signed-in person is, with all grants (one statement); anonymous for nobody."""
    if not isinstance(user, User) or not user.is_active:
        return Actor.anonymous()
    return actors_for([user])[user.pk]


def actors_for(users: Sequence[User]) -> dict[int, Actor]:
    """The actors that people are, by user id; one statement for all. Whether they may sign in was asked before."""
    grants: dict[int, set[tuple[str, int]]] = {user.pk: set() for user in users}
    day = today()
    for user_id, capability, department in fetched(connection, GRANTS_SQL, [[*grants], day, day]):
        grants[user_id].add((str(capability), int(department)))
    return {
        user.pk: Actor(
            kind=ActorKind.STAFF,
            ref=user.ref_id,
            user_id=user.pk,
            grants=frozenset(grants[user.pk]),
        )
        for user in users
    }


DESK = (Capability.CLERK, Capability.TEAM_LEAD)


def desks_of(
    departments: Iterable[Department], capabilities: Collection[Capability] = DESK
) -> dict[int, frozenset[int]]:
    """Who works each department's desk (user ids), in one statement: its clerks and team leads.

    Those of the very department, not all above who could; where it has none, its parent's and so on up.
    """
    levels = {one.pk: [one.pk, *one.ancestor_ids] for one in departments}
    works = Membership.objects.current().filter(
        department__in=set(chain.from_iterable(levels.values())),
        capability__in=capabilities,
    )
    staff: defaultdict[int, set[int]] = defaultdict(set)
    for department_id, user_id in works.values_list("department", "user"):
        staff[department_id].add(user_id)
    return {
        pk: frozenset(next((staff[level] for level in up if staff[level]), ()))
        for pk, up in levels.items()
    }


def people_with(*capabilities: Capability) -> frozenset[int]:
    """User ids of those who hold any of these capabilities anywhere (one statement)."""
    held = Membership.objects.current().filter(capability__in=capabilities)
    return frozenset(held.values_list("user", flat=True))


def staff_of(departments: Collection[int], words: str = "") -> QuerySet[User]:
    """People with a duty in these departments or with none at all, open accounts first; `words` of name or address.

    Each has `duties` loaded: their memberships of today, with departments (two statements).
    """
    today_here = Membership.objects.current().select_related("department").order_by("pk")
    theirs = Q(memberships__department__in=departments) | Q(memberships__isnull=True)
    found = User.objects.filter(theirs)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    loaded = found.prefetch_related(Prefetch("memberships", today_here, to_attr="duties"))
    return loaded.distinct().order_by("-is_active", "name", "pk")


def approvers_for(
    department: Department | None,
    *,
    without: frozenset[int] = frozenset(),
    among: frozenset[int] | None = None,
) -> frozenset[int]:
    """Who may approve for a department: its approvers, else its parent's and so on up, else the dispatchers.

    `without` are people who may not (the author, persons the matter is about), `among` the only ones who come into
    question (None: everybody). Never empty unless the whole
    city has nobody else: approval must not fall on nobody (design.md §3, pending_approval).
    """
    levels = [department.pk, *department.ancestor_ids] if department else []
    rows = (
        Membership.objects.current()
        .filter(capability__in=[Capability.APPROVER, Capability.DISPATCHER])
        .exclude(user_id__in=without)
    )
    if among is not None:
        rows = rows.filter(user_id__in=among)
    people = list(rows.values_list("capability", "department_id", "user_id"))
    for level in levels:
        found = frozenset(
            user for cap, dep, user in people if cap == Capability.APPROVER and dep == level
        )
        if found:
            return found
    return frozenset(user for cap, _, user in people if cap == Capability.DISPATCHER)


def living_successor(department: Department) -> Department | None:
    """The department that does the work today: itself, or the last of its successors; None when there is none."""
    seen = {department.pk}
    current = department
    while current.is_retired:
        if current.successor is None or current.successor.pk in seen:
            return None
        current = current.successor
        seen.add(current.pk)
    return current


def calendar_of(department: Department | None) -> Calendar:
    """The calendar a department works by, or who succeeds it; without one the city's (the first one loaded)."""
    if department is None:
        return Calendar.objects.order_by("pk")[:1].get()
    return (living_successor(department) or department).calendar


def administers_city(actor: Actor) -> bool:
    """Whether somebody administers every department (one statement)."""
    mine = actor.departments([Capability.ADMIN])
    roots = Department.objects.filter(parent=None)
    return bool(mine) and not roots.exclude(pk__in=mine).exists()
