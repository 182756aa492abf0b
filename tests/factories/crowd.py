"""Many people on one ticket, written in a handful of statements: for budgets that must not grow with them."""

from django.db.models import F

from common.ids import uuid7
from concerns.enums import Channel
from concerns.models import Concern, Placement, Reporter, Ticket


def crowd(ticket: Ticket, size: int) -> list[Concern]:
    """Place followers on a ticket, each with an address that is confirmed (sealed, though nobody can open it)."""
    people = Reporter.objects.bulk_create(
        Reporter(seal_id=uuid7(), sealed=b"", wrapped_keys={}, has_email=True) for _ in range(size)
    )
    concerns = Concern.objects.bulk_create(
        Concern(
            reference=f"CROWD-{ticket.pk}-{number}",
            audience=ticket.audience,
            channel=Channel.PORTAL,
            language="en",
            kind=ticket.kind,
            category=ticket.category,
            is_follow=True,
            reporter=person,
        )
        for number, person in enumerate(people)
    )
    Placement.objects.bulk_create(
        Placement(concern=one, ticket=ticket, reason="followed") for one in concerns
    )
    Ticket.objects.filter(pk=ticket.pk).update(
        concern_count=F("concern_count") + size, active_count=F("active_count") + size
    )
    return concerns
