"""Doorbells. Each is safe to ring twice or not at all: rows say what is to do."""

from uuid import UUID

from celery import shared_task

from notifications import delivery, expansion, retention
from notifications.bells import ring


@shared_task(name="notifications.expand")
def expand(*, envelope_id: str) -> None:
    """Open one envelope and send what came out of it."""
    if expansion.expand(UUID(envelope_id)):
        ring_deliver()


@shared_task(name="notifications.deliver")
def deliver() -> None:
    """Send what is due; go on in a new task when the time of one is up."""
    if delivery.deliver_due():
        ring_deliver()


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Do what nobody rang for: a lost bell, a broken worker, a pause that is over."""
    expansion.expand_due()
    delivery.deliver_due()


@shared_task(name="notifications.purge")
def purge() -> None:
    """Give up letters nobody confirmed, and empty old bodies."""
    retention.lapse_held()
    retention.purge()


def ring_deliver() -> None:
    ring(deliver, about="due deliveries")
