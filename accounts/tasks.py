"""Doorbells of accounts."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete the sessions that are over, and what was kept in them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
