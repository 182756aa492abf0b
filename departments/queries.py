"""Reading the organisation: what a person may do where, who may approve, who succeeds whom."""

import datetime as dt
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
from departments.models import Absence, Calendar, Department, Membership, MembershipQuerySet

# A membership holds for its department and everything below it. A deputy has those of whoever is away, and of whoever
# these stand in for in their turn; but nobody administers in another's place. One statement spreads it all; UNION
# ends where deputies form a circle.
GRANTS_SQL = """
    WITH RECURSIVE standing(user_id, for_id) AS (
        SELECT one, one FROM unnest(%s::bigint[]) AS one
        UNION
        SELECT standing.user_id, away.user_id
          FROM standing
          JOIN departments_absence away ON away.deputy_id = standing.for_id
               AND away.starts <= %s AND away.ends >= %s
          JOIN accounts_user absent ON absent.id = away.user_id AND absent.is_active)
    SELECT standing.user_id, standing.for_id, m.capability, d.id
      FROM standing
      LEFT JOIN departments_membership m ON m.user_id = standing.for_id
           AND coalesce(m.valid_from <= %s, true) AND coalesce(m.valid_until >= %s, true)
           AND (m.user_id = standing.user_id OR m.capability <> 'admin')
      LEFT JOIN departments_department home ON home.id = m.department_id AND home.path <> ''
      LEFT JOIN departments_department d ON d.path LIKE home.path || '%%'
"""


def actor_for(user: User | AnonymousUser) -> Actor:
    """The actor a signed-in person is, with all grants (one statement); anonymous for nobody."""
    if not isinstance(user, User) or not user.is_active:
        return Actor.anonymous()
    return actors_for([user])[user.pk]


def actors_for(users: Sequence[User]) -> dict[int, Actor]:
    """The actors that people are, by user id; one statement for all. Whether they may sign in was asked before."""
    own: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    borrowed: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    absent: defaultdict[int, set[int]] = defaultdict(set)
    asked = [[user.pk for user in users], *[today()] * 4]
    for user_id, for_id, capability, department in fetched(connection, GRANTS_SQL, asked):
        if user_id != for_id:
            absent[user_id].add(for_id)
        if department is not None:
            held = own if user_id == for_id else borrowed
            held[user_id].add((str(capability), int(department)))
    return {
        user.pk: Actor(
            kind=ActorKind.STAFF,
            ref=user.ref_id,
            user_id=user.pk,
            grants=frozenset(own[user.pk] | borrowed[user.pk]),
            lent=frozenset(borrowed[user.pk] - own[user.pk]),
            stands_in_for=frozenset(absent[user.pk]),
        )
        for user in users
    }


def stand_ins(on: dt.date | None = None) -> dict[int, int]:
    """Who is there for each who is away on a day (today), by user id; one statement.

    Where a deputy is away as well, it is theirs, and so on. Where nobody is there in the end, whoever is away is
    missing here: what is theirs still comes to them.
    """
    deputies = dict(Absence.objects.current(on).order_by("pk").values_list("user", "deputy"))
    found = {}
    for user, deputy in deputies.items():
        passed, present = {user}, deputy
        while present in deputies and present not in passed:
            passed.add(present)
            present = deputies[present]
        if present not in passed:
            found[user] = present
    return found


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


def works_for(actor: Actor) -> MembershipQuerySet:
    """The duties of the people whom somebody leads or administers: in their own right, not in another's place."""
    led = {*actor.own_departments(Capability.TEAM_LEAD), *actor.own_departments(Capability.ADMIN)}
    return Membership.objects.current().filter(department__in=led)


def absences_known_to(actor: Actor) -> QuerySet[Absence]:
    """Absences, today's and coming ones, of the actor, of whom they stand in for, and of whom they lead."""
    theirs = Q(user=actor.user_id) | Q(deputy=actor.user_id)
    theirs |= Q(user__in=works_for(actor).values("user")) | Q(user__in=actor.stands_in_for)
    found = Absence.objects.filter(theirs, ends__gte=today())
    return found.select_related("user", "deputy").order_by("starts", "pk")


def colleagues_of(actor: Actor) -> QuerySet[User]:
    """The people who work where the actor does, or above that, in the order of their names."""
    mine = Department.objects.filter(pk__in=actor.departments())
    near = {level for one in mine for level in (one.pk, *one.ancestor_ids)}
    works = Membership.objects.current().filter(department__in=near)
    return User.objects.filter(pk__in=works.values("user")).order_by("name", "pk")


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
    question (None: everybody). Never empty unless the whole city has nobody else: approval must not fall on nobody
    (design.md §3, pending_approval).
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
