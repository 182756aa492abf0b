"""The list of tickets by filters and order, as rows without models, for doors that show it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast
from django.db.models.lookups import LessThan
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from common.actor import Actor
from common.clock import now
from common.json_rows import LocalTime, Object, as_text, named, unless_null
from common.paging import Key, Order, Page, Place, cut, page_from
from common.prepared import Given, Prepared
from concerns.errors import Invalid
from concerns.models import Category, Placement, Ticket
from concerns.models.ticket import DEADLINE
from concerns.queries.tickets import WAITING_OBJECTION, matching, queue_filter
from concerns.queries.visible import PreparedFor, visible
from departments.models import Department
from geography.models import District

ORDERS: Mapping[str, Order] = {
    "newest": Order([F("created_at"), F("pk")], falling=True),
    "oldest": Order([F("created_at"), F("pk")]),
    "deadline": Order([DEADLINE, F("pk")]),
    "changed": Order([F("changed_at"), F("pk")], falling=True),
    "priority": Order([F("priority"), F("pk")], falling=True),
}
# What a row of the list is made of: columns as they are, and moments in the city's time
PLAIN = (
    *("id", "title", "state", "kind", "audience", "priority", "concern_count"),
    *("formal", "no_reply", "scheduled_for", "follow_up_on", "version"),
)
MOMENTS = (
    *("first_response_due", "resolution_due", "unanswered_since", "discard_proposed_at"),
    *("created_at", "changed_at", "closed_at"),
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


def came_in_by(channels: Collection[str] | Given) -> Q:
    placed = Placement.objects.open().filter(
        ticket=OuterRef("pk"), concern__channel__one_of=channels
    )
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
    "state": lambda _actor, states: Q(state__one_of=states),
    "kind": lambda _actor, kinds: Q(kind__one_of=kinds),
    "audience": lambda _actor, audience: Q(audience=audience),
    "channel": lambda _actor, channels: came_in_by(channels),
    "flag": lambda _actor, flags: Q(*(FLAGS[flag] for flag in flags)),
    "assignee": assigned_to,
    "category": lambda _actor, ids: Q(category__one_of=ids),
    # Of one alone an index knows the order, too.
    "department": lambda _actor, ids: Q(department=ids if isinstance(ids, Given) else ids[0]),
    "within": lambda _actor, ids: Q(department__one_of=ids),
    "district": lambda _actor, ids: Q(district__one_of=ids),
    "deadline": lambda _actor, name: DEADLINES[name](),
    "due_before": lambda _actor, moment: due_before(moment),
    "created_from": lambda _actor, moment: Q(created_at__gte=moment),
    "created_until": lambda _actor, moment: Q(created_at__lt=moment),
    "changed_from": lambda _actor, moment: Q(changed_at__gte=moment),
    "changed_until": lambda _actor, moment: Q(changed_at__lt=moment),
    "closed_from": lambda _actor, moment: Q(closed_at__gte=moment),
    "closed_until": lambda _actor, moment: Q(closed_at__lt=moment),
}


# Filters whose SQL is the same whatever is asked for.
STEADY = frozenset(
    {"state", "kind", "audience", "channel", "category", "department", "within", "district"}
    | {f"{what}_{side}" for what in ("created", "changed", "closed") for side in ("from", "until")}
)


def page_by(
    actor: Actor, asked: Mapping[str, Any], order: str, *, size: int, place: Place | None = None
) -> Page:
    """A page of what this person sees of the tickets that fit all filters, each ticket as `row`, the JSON of the list.

    One statement, one more if a filter names something. Filters are those of FILTERS: `state`, `kind`, `channel` and
    `flag` are collections, `assignee` is "me", "none" or a user's id, dates are moments, what is NAMED comes by its
    key. Raises Invalid for a key of nothing.
    """
    asked = {**asked, **ids_named(asked)}
    if asked.keys() <= STEADY:
        shape = (tuple(sorted(asked)), order, size, place and place.back, get_language())
        keys = place.keys if place else ()
        lists = OF_A_DEPARTMENT if "department" in asked else LISTS
        found = lists.all(actor, *shape, asked=asked, keys=keys)
    else:
        rows = rows_of(narrowed(visible(actor), actor, asked))
        found = list(cut(rows, ORDERS[order], size=size, place=place))
    return page_from(found, ORDERS[order], size=size, place=place)


def steady(
    actor: Actor,
    names: tuple[str, ...],
    order: str,
    size: int,
    back: bool | None,  # noqa: FBT001 - part of a shape
    _language: str | None,
) -> QuerySet[Ticket, Mapping[str, Any]]:
    """The query of `page_by` with gaps."""
    asked = {name: Given(partial(asked_for, name)) for name in names}
    if "department" in names:
        asked["department"] = Given(lambda values: values["asked"]["department"][0])
    keys = tuple(Given(partial(key_at, n)) for n in range(len(ORDERS[order].keys)))
    place = None if back is None else Place(keys, back)  # type: ignore[arg-type] # gaps
    rows = rows_of(narrowed(visible(actor), actor, asked))
    return cut(rows, ORDERS[order], size=size, place=place)


def asked_for(name: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the filter takes
    return values["asked"][name]


def key_at(number: int, values: Mapping[str, Any]) -> Key:
    key: Key = values["keys"][number]
    return key


LISTS = PreparedFor(steady, keep_plan=False)
# Whatever else is asked for: the index of a department in its order is the way.
OF_A_DEPARTMENT = PreparedFor(steady)


def narrowed(tickets: QuerySet[Ticket], actor: Actor, asked: Mapping[str, Any]) -> QuerySet[Ticket]:
    """Those of the tickets that fit all filters; everything that has a name comes by its ids."""
    for name, value in asked.items():
        tickets = tickets.filter(FILTERS[name](actor, value))
    return tickets


def rows_of(tickets: QuerySet[Ticket]) -> QuerySet[Ticket, Mapping[str, Any]]:
    """Each ticket as `row`, the JSON of the list (one statement)."""
    rows: QuerySet[Ticket, Mapping[str, Any]] = tickets.values(row=row_of_list())
    return rows


def row_of_list() -> Cast:
    """The JSON of a ticket in the list, with names in the active language."""
    row = Object(
        **{name: F(name) for name in PLAIN},
        **{name: LocalTime(name) for name in MOMENTS},
        category=named("category", "slug"),
        department=named("department", "key"),
        district=named("district", "key", "schematic"),
        assignee=unless_null("assignee", Object(id="assignee", name="assignee__name")),
        confidential=ExpressionWrapper(Q(circle__isnull=False), output_field=BooleanField()),
    )
    return as_text(row)


def with_below(named: QuerySet[Any]) -> QuerySet[Any]:
    """A node of a tree, and all below it."""
    path = named.exclude(path="").values("path")[:1]
    below: QuerySet[Any] = named.model.objects.filter(path__startswith=path)
    return below


NAMED: Mapping[str, Callable[[str | Given], QuerySet[Any]]] = {
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
    names = tuple(name for name in NAMED if name in asked)
    if not names:
        return {}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for name, pk in called(names).all(**asked):
        found[name].append(pk)
    for name in NAMED:
        if name in asked and name not in found:
            raise Invalid(UNKNOWN[name], field=name)
    return found


@cache
def called(names: tuple[str, ...]) -> Prepared[Any, tuple[str, int]]:
    """Looks up several names at once: rows of (what it names, id)."""

    def build() -> QuerySet[Any, Any]:
        found = [
            NAMED[name](Given(name)).values_list(Value(name, output_field=CharField()), "pk")
            for name in names
        ]
        return found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]

    return Prepared(build)
