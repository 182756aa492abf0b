"""Addresses of the workspace for letters to its people: the desk's own names for them stand storeys above."""

from django.conf import settings


def ticket_url(ticket_id: int) -> str:
    return f"{settings.PUBLIC_URL}/workspace/tickets/{ticket_id}/"


def desk_url() -> str:
    return f"{settings.PUBLIC_URL}/workspace/"


def queue_url(name: str) -> str:
    return f"{settings.PUBLIC_URL}/workspace/queues/{name}/"


def account_url() -> str:
    """Where a person chooses how they hear of news."""
    return f"{settings.PUBLIC_URL}/workspace/account/"


def deliveries_url() -> str:
    """Where administrators see what the post office could not deliver."""
    return f"{settings.PUBLIC_URL}/workspace/deliveries/"
