"""The list of tickets by filters and order, as rows without models, for doors that show it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from common.actor import Actor
from common.clock import now
from common.paging import Order
from concerns.errors import Invalid
from concerns.models import Category, Placement, Ticket
from concerns.models.ticket import DEADLINE
from concerns.queries.tickets import WAITING_OBJECTION, matching, queue_filter
from concerns.queries.visible import visible
from departments.models import Department
from geography.models import District

ORDERS: Mapping[str, Order] = {
    "newest": Order([F("created_at"), F("pk")], falling=True),
    "oldest": Order([F("created_at"), F("pk")]),
    "deadline": Order([DEADLINE, F("pk")]),
    "changed": Order([F("changed_at"), F("pk")], falling=True),
    "priority": Order([F("priority"), F("pk")], falling=True),
}
# What a row of the list is made of.
ROW = (
    "id",
    "title",
    "state",
    "kind",
    "audience",
    "category__slug",
    "category__names",
    "department__key",
    "department__names",
    "district__key",
    "district__names",
    "assignee_id",
    "assignee__name",
    "priority",
    "concern_count",
    "circle_id",
    "formal",
    "no_reply",
    "first_response_due",
    "resolution_due",
    "scheduled_for",
    "unanswered_since",
    "discard_proposed_at",
    "created_at",
    "changed_at",
    "closed_at",
    "version",
)
FLAGS: Mapping[str, Q] = {
    "unanswered": Q(unanswered_since__isnull=False),
    "confidential": Q(circle__isnull=False),
    "objected": Q(Exists(WAITING_OBJECTION)),
    "no_reply": Q(no_reply=True),
    "discard_proposed": Q(discard_proposed_at__isnull=False),
    "formal": Q(formal=True),
    "joined": Q(Exists(Ticket.objects.filter(merged_into=OuterRef("pk")))),
}
DEADLINES: Mapping[str, Callable[[], Q]] = {
    "overdue": lambda: due_before(now()),
    "none": lambda: Q(resolution_due__isnull=True),
}


def came_in_by(channels: Collection[str]) -> Q:
    placed = Placement.objects.open().filter(ticket=OuterRef("pk"), concern__channel__in=channels)
    return Q(Exists(placed))


def assigned_to(actor: Actor, whose: str | int) -> Q:
    if whose == "none":
        return Q(assignee__isnull=True)
    return Q(assignee=actor.user_id if whose == "me" else whose)


def due_before(moment: dt.datetime) -> Q:
    return Q(LessThan(DEADLINE, Value(moment)))


FILTERS: Mapping[str, Callable[[Actor, Any], Q]] = {
    "queue": queue_filter,
    "q": lambda _actor, words: matching(words),
    "state": lambda _actor, states: Q(state__in=states),
    "kind": lambda _actor, kinds: Q(kind__in=kinds),
    "audience": lambda _actor, audience: Q(audience=audience),
    "channel": lambda _actor, channels: came_in_by(channels),
    "flag": lambda _actor, flags: Q(*(FLAGS[flag] for flag in flags)),
    "assignee": assigned_to,
    "category": lambda _actor, ids: Q(category__in=ids),
    "department": lambda _actor, ids: Q(department__in=ids),
    "within": lambda _actor, ids: Q(department__in=ids),
    "district": lambda _actor, ids: Q(district__in=ids),
    "deadline": lambda _actor, name: DEADLINES[name](),
    "due_before": lambda _actor, moment: due_before(moment),
    "created_from": lambda _actor, moment: Q(created_at__gte=moment),
    "created_until": lambda _actor, moment: Q(created_at__lt=moment),
    "changed_from": lambda _actor, moment: Q(changed_at__gte=moment),
    "changed_until": lambda _actor, moment: Q(changed_at__lt=moment),
    "closed_from": lambda _actor, moment: Q(closed_at__gte=moment),
    "closed_until": lambda _actor, moment: Q(closed_at__lt=moment),
}


def narrowed(tickets: QuerySet[Ticket], actor: Actor, asked: Mapping[str, Any]) -> QuerySet[Ticket]:
    """Those of the tickets that fit all filters; everything that has a name comes by its ids."""
    for name, value in asked.items():
        tickets = tickets.filter(FILTERS[name](actor, value))
    return tickets


def tickets_by(actor: Actor, asked: Mapping[str, Any]) -> QuerySet[Ticket]:
    """What this person sees of the tickets that fit all filters (one statement, if one of them names something).

    Filters are those of FILTERS: `state`, `kind`, `channel` and `flag` are collections, `assignee` is "me", "none" or a
    user's id, dates are moments, what is NAMED comes by its key. Raises Invalid for a key of nothing.
    """
    return narrowed(visible(actor), actor, {**asked, **ids_named(asked)})


def rows_of(tickets: QuerySet[Ticket]) -> QuerySet[Ticket, Mapping[str, Any]]:
    """Tickets as rows of ROW, in one statement."""
    rows: QuerySet[Ticket, Mapping[str, Any]] = tickets.values(*ROW)
    return rows


def with_below(named: QuerySet[Any]) -> QuerySet[Any]:
    """A node of a tree, and all below it."""
    path = named.exclude(path="").values("path")[:1]
    below: QuerySet[Any] = named.model.objects.filter(path__startswith=path)
    return below


NAMED: Mapping[str, Callable[[str], QuerySet[Any]]] = {
    "category": lambda slug: with_below(Category.objects.filter(slug=slug)),
    "department": lambda key: Department.objects.filter(key=key),
    "within": lambda key: with_below(Department.objects.filter(key=key)),
    "district": lambda key: District.objects.filter(Q(key=key) | Q(parent__key=key)),
}
UNKNOWN: Mapping[str, StrOrPromise] = {
    "category": _("There is no such kind of concern. Please choose one from the list."),
    "department": _("There is no such department. Please check its key."),
    "within": _("There is no such department. Please check its key."),
    "district": _("There is no such district. Please check its key."),
}


def ids_named(asked: Mapping[str, Any]) -> dict[str, list[int]]:
    """The ids of what the filters name by its key, with what is below it (one statement for all).

    As numbers, because PostgreSQL knows how common each is and plans accordingly.
    """
    named = [
        NAMED[name](asked[name]).values_list(Value(name, output_field=CharField()), "pk")
        for name in NAMED
        if name in asked
    ]
    if not named:
        return {}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for name, pk in named[0].union(*named[1:], all=True):
        found[name].append(pk)
    for name in NAMED:
        if name in asked and name not in found:
            raise Invalid(UNKNOWN[name], field=name)
    return found
