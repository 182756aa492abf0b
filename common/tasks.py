"""Doorbells of what every storey shares."""

from celery import shared_task

from common import limits


@shared_task(name="common.forget_attempts")
def forget_attempts() -> None:
    """Delete attempt windows that are over."""
    limits.forget_attempts()
