"""Reading the organisation: what a person may do where, who may approve, who succeeds whom."""

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from accounts.models import User
from common.actor import Actor, ActorKind
from common.clock import today
from departments.enums import Capability
from departments.models import Department, Membership

# A membership holds for its department and everything below it; one statement spreads it.
GRANTS_SQL = """
    SELECT m.capability, d.id
      FROM departments_membership m
      JOIN departments_department home ON home.id = m.department_id AND home.path <> ''
      JOIN departments_department d ON d.path LIKE home.path || '%%'
     WHERE m.user_id = %(user)s
       AND (m.valid_from IS NULL OR m.valid_from <= %(day)s)
       AND (m.valid_until IS NULL OR m.valid_until >= %(day)s)
"""


def actor_for(user: User | AnonymousUser) -> Actor:
    """The actor a signed-in person is, with all grants (one statement); anonymous for nobody."""
    if not isinstance(user, User) or not user.is_active:
        return Actor.anonymous()
    with connection.cursor() as cursor:
        cursor.execute(GRANTS_SQL, {"user": user.pk, "day": today()})
        grants = frozenset(
            (str(capability), int(department)) for capability, department in cursor.fetchall()
        )
    return Actor(kind=ActorKind.STAFF, ref=user.ref_id, user_id=user.pk, grants=grants)


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
