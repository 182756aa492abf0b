"""Doorbells of the domain."""

from celery import shared_task

from concerns.actions.tending import tend as tend_now


@shared_task(name="concerns.tend")
def tend() -> None:
    """Reminders, expiries, starts and closings that are due."""
    tend_now()
