"""Doorbells of what every storey shares."""

from celery import shared_task

from common import idempotency, limits


@shared_task(name="common.forget_attempts")
def forget_attempts() -> None:
    """Delete attempt windows that are over."""
    limits.forget_attempts()


@shared_task(name="common.forget_answers")
def forget_answers() -> None:
    """Delete the answers of requests that may be forgotten."""
    idempotency.forget_answers()
