"""Revoke an API key: `manage.py revoke_key 0123456789`, with the part before the dot."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.keys import revoke_api_key
from accounts.models import ApiKey


class Command(BaseCommand):
    help = "Revokes an API key at once and for good. list_keys names them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("prefix", help="the part of the key before the dot")

    def handle(self, *_args: Any, **options: Any) -> None:
        key = ApiKey.objects.filter(prefix=options["prefix"]).first()
        if key is None:
            raise CommandError(
                f"There is no key {options['prefix']}. Please look at the first column of list_keys."
            )
        revoke_api_key(key=key)
        self.stdout.write(f"{key} is revoked since {key.revoked_at:%Y-%m-%d %H:%M}.")
