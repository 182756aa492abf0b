"""Doorbells. Each is safe to ring twice or not at all: rows say what is to do."""

from celery import shared_task

from notifications import retention, rounds
from notifications.bells import heard, ring


@shared_task(name="notifications.deliver")
def deliver() -> None:
    """Open what was posted and send what is due; go on in a new task when the time of one is up."""
    heard(deliver.s())
    if rounds.work_off():
        ring_deliver()


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Do what nobody rang for: a lost bell, a broken worker, a pause that is over."""
    rounds.work_off()


@shared_task(name="notifications.purge")
def purge() -> None:
    """Give up letters nobody confirmed, and empty old bodies."""
    retention.lapse_held()
    retention.purge()


def ring_deliver() -> None:
    ring(deliver.s(), about="the post")
