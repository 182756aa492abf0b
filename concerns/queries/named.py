"""From the names doors use for things — references, keys — to the rows that actions take by id."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.errors import Invalid, NotFound
from concerns.models import Objection, Placement
from concerns.queries.visible import visible
from concerns.references import BadReference, normalise
from departments.models import Department

LONGEST_NUMBER = 18


def concerns_named(
    actor: Actor, ticket_id: int, references: Collection[str], *, field: str
) -> list[int]:
    """The ids of concerns placed on a ticket this actor sees (one statement).

    Raises NotFound for a ticket they do not see, Invalid when one of the references is not placed there.
    """
    wanted = {meant(reference, field) for reference in references}
    placed = Placement.objects.open().filter(
        ticket__in=visible(actor).filter(pk=ticket_id), concern__reference__in=wanted
    )
    found = list(placed.order_by("concern").values_list("concern", flat=True))
    if not wanted or len(found) != len(wanted):
        must_see(actor, ticket_id)
        raise Invalid(_("Please choose people who are placed on this ticket."), field=field)
    return found


def meant(reference: str, field: str) -> str:
    try:
        return normalise(reference)
    except BadReference as refusal:
        raise Invalid(refusal.message, field=field) from None


def ticket_with_reference(actor: Actor, text: str) -> int | None:
    """The id of the ticket this actor sees on which the concern with this reference is placed; None for other words.

    Words that are no reference cost no statement.
    """
    try:
        placed = Placement.objects.open().filter(concern__reference=normalise(text))
    except BadReference:
        return None
    return (
        visible(actor).filter(pk__in=placed.values("ticket")).values_list("pk", flat=True).first()
    )


def ticket_named(actor: Actor, text: str, *, field: str) -> int:
    """The id of a ticket this actor sees, by its number or by the reference of a concern placed on it now.

    Raises Invalid when there is none, or none they may know of (one statement, two for a number that could also be a
    reference).
    """
    found = ticket_with_reference(actor, text)
    number = text.strip().removeprefix("#")
    if found is None and number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
        found = visible(actor).filter(pk=int(number)).values_list("pk", flat=True).first()
    if found is None:
        words = _("You see no ticket of this number or reference. Please check it.")
        raise Invalid(words, field=field)
    return found


def objection_on(actor: Actor, ticket_id: int, objection_id: int) -> int:
    """The id of an objection on a ticket this actor sees; NotFound otherwise."""
    on_ticket = Objection.objects.filter(
        pk=objection_id, ticket__in=visible(actor).filter(pk=ticket_id)
    )
    if not on_ticket.exists():
        raise NotFound
    return objection_id


def department_named(key: str) -> int:
    """The id of a department by its key; Invalid(field="department") when there is none."""
    found = Department.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid(_("Please choose a department that exists today."), field="department")
    return found


def must_see(actor: Actor, ticket_id: int) -> None:
    if not visible(actor).filter(pk=ticket_id).exists():
        raise NotFound
