"""Doorbells of privacy."""

from celery import shared_task

from privacy.actions.erasing import sweep


@shared_task(name="privacy.erase")
def erase() -> None:
    """Erase what was discarded long enough ago."""
    sweep()
