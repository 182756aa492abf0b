"""Issue an API key: `manage.py issue_key clerk@city.example --label "Lamp control" --days 365`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.keys import issue_api_key
from accounts.enums import Scope
from accounts.models import User

DEFAULT_DAYS, DEFAULT_PER_MINUTE = 365, 120
LONGEST_LABEL = 100


class Command(BaseCommand):
    help = "Issues an API key that acts with the rights of a person, and prints it this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the person whose rights the key has")
        parser.add_argument("--label", required=True, help="what uses the key, for people")
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="days until it expires")
        parser.add_argument(
            "--per-minute",
            type=int,
            default=DEFAULT_PER_MINUTE,
            help=f"requests a minute, default {DEFAULT_PER_MINUTE}",
        )
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            metavar="SCOPE",
            help=f"what the program may do, one or several of {', '.join(Scope.values)}; default: tickets:read",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(
                f"Nobody active has the address {options['email']}. Please check its spelling."
            )
        refuse_unusable(options)
        key, text = issue_api_key(
            user=user,
            label=options["label"],
            days=options["days"],
            scopes=[Scope(one) for one in options["scope"] or [Scope.READ]],
            requests_per_minute=options["per_minute"],
        )
        self.stdout.write(text)
        self.stderr.write(
            f"Valid until {key.expires_at:%Y-%m-%d}. Send it as «Authorization: Api-Key {key.prefix}.…»; "
            "it is not stored and cannot be shown again."
        )


def refuse_unusable(options: dict[str, Any]) -> None:
    if options["days"] < 1:
        raise CommandError("--days must be at least 1.")
    if options["per_minute"] < 1:
        raise CommandError("--per-minute must be at least 1.")
    if len(options["label"]) > LONGEST_LABEL:
        raise CommandError(f"--label must be at most {LONGEST_LABEL} characters.")
