"""The organisation and its rules, as any employee may look them up; circles are known to those they admit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import User
from common.actor import Actor
from concerns.models import Cause, Circle, CircleMember, RoutingRule
from concerns.queries.named import department_named
from concerns.queries.visible import admits
from departments.enums import Capability
from departments.models import Department, Membership

DEPARTMENT = (
    *("key", "number", "names", "parent__key", "mailbox"),
    *("valid_from", "valid_until", "successor__key"),
)
RULE = (
    *("key", "version", "active", "priority", "category__slug", "kind", "audience"),
    *("district__key", "area", "channel", "keywords", "answers", "weekdays", "hours"),
    *("department__key", "circle__key", "ticket_priority"),
)
Row = Mapping[str, Any]


def departments() -> list[Row]:
    """All there are or were, as rows of DEPARTMENT, each behind the one above it (one statement)."""
    below: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in Department.objects.order_by("number", "key").values(*DEPARTMENT):
        below[row["parent__key"]].append(row)
    return list(walked(below, None))


def walked(below: dict[str | None, list[Row]], root: str | None) -> Iterator[Row]:
    for row in below.get(root, []):
        yield row
        yield from walked(below, row["key"])


def members(*, department: str = "", capability: str = "") -> QuerySet[User, Row]:
    """Who works for the city today, as `id`, `name` and `duties`; nobody whose account is closed.

    Raises Invalid(field="department") for a key of nothing.
    """
    held = Membership.objects.current().filter(user=OuterRef("pk"))
    fitting = held.filter(department=department_named(department)) if department else held
    if capability:
        fitting = fitting.filter(capability=capability)
    described = JSONObject(department="department__key", capability="capability")
    duties = held.order_by("department__key", "capability").values_list(described)
    people = User.objects.filter(Exists(fitting))
    return people.values("id", "name", duties=ArraySubquery(duties))


def rules() -> list[Row]:
    """The routing rules as rows of RULE (one statement)."""
    return list(RoutingRule.objects.order_by("key").values(*RULE))


def causes() -> list[Row]:
    return list(Cause.objects.order_by("key").values("key", "names", "retired"))


def circles(actor: Actor) -> list[Row]:
    """The circles that admit this person, for administrators all; `people` are their members (one statement)."""
    known = Circle.objects.all()
    if not actor.has(Capability.ADMIN):
        known = known.filter(
            Exists(CircleMember.objects.filter(admits(actor), circle=OuterRef("pk")))
        )
    described = JSONObject(
        id="user", name="user__name", capability="capability", department="department__key"
    )
    present = CircleMember.objects.filter(Q(user=None) | Q(user__is_active=True))
    admitted = present.filter(circle=OuterRef("pk")).order_by(
        F("department__key").asc(nulls_last=True), "capability", "user__name"
    )
    return list(
        known.order_by("key").values(
            "key", "names", people=ArraySubquery(admitted.values_list(described))
        )
    )
