"""An account from outside, for the first administrator of a city: the others are taken on in the workspace."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.actor import Actor
from concerns.actions.people import take_on
from concerns.errors import DomainError
from departments.enums import Capability
from departments.models import Department


class Command(BaseCommand):
    help = (
        "Makes an account for somebody who works for the city; they choose their password by mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address at work")
        parser.add_argument("--name", required=True, help="as colleagues read it")
        parser.add_argument("--capability", choices=Capability.values, default=Capability.ADMIN)
        parser.add_argument("--department", default="", help="its key; default: the whole city")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="de"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            user = take_on(
                actor=Actor.system(),
                name=options["name"],
                email=options["email"],
                language=options["language"],
                department_id=department_named(options["department"]).pk,
                capability=options["capability"],
            )
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from None
        url = f"{settings.PUBLIC_URL}/workspace/"
        self.stdout.write(
            f"{user} chooses a password at {url} with “I have forgotten my password”."
        )


def department_named(key: str) -> Department:
    """The department with this key; the root of the tree for none."""
    found = Department.objects.filter(**({"key": key} if key else {"parent": None})).first()
    if found is None:
        raise CommandError(f"There is no department {key!r}. `manage.py load_city` loads them.")
    return found
