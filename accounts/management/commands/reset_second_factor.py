"""Take a lost second factor away: `manage.py reset_second_factor clerk@city.example`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.account import reset_second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Removes the app and the recovery codes of a person, who sets up new ones at the next sign-in. Logged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the person who has lost phone and codes")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        if not reset_second_factor(user=user):
            raise CommandError(f"{user} has no second factor.")
        self.stdout.write(f"{user} signs in with the password alone until a new one is set up.")
