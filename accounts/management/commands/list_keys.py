"""List API keys: `manage.py list_keys`, with `--all` also those that prove nothing any more."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.api.authentication import is_good
from accounts.models import ApiKey

HEADINGS = ("key", "of", "label", "scopes", "per minute", "until", "")


class Command(BaseCommand):
    help = (
        "Lists the API keys that work: whose rights they have, how far they reach, and until when."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="also those revoked, expired, or of a closed account"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        keys = ApiKey.objects.select_related("user").order_by("created_at", "pk")
        shown = [key for key in keys if options["all"] or is_good(key)]
        if not shown:
            self.stdout.write("There are no keys.")
            return
        for line in table([HEADINGS, *map(row, shown)]):
            self.stdout.write(line)


def row(key: ApiKey) -> tuple[str, ...]:
    return (
        key.prefix,
        key.user.email,
        key.label,
        ",".join(key.scopes),
        str(key.requests_per_minute),
        f"{key.expires_at:%Y-%m-%d}",
        standing(key),
    )


def standing(key: ApiKey) -> str:
    """Why a key proves nothing any more; "" for one that works."""
    if key.revoked_at:
        return "revoked"
    if not key.user.is_active:
        return "account closed"
    return "" if is_good(key) else "expired"


def table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        yield "  ".join(
            cell.ljust(width) for cell, width in zip(cells, widths, strict=True)
        ).rstrip()
