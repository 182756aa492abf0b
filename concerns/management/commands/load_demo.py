"""`manage.py load_demo`: people to sign in as and a few concerns, from the city's demo.yaml. For trials only."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from concerns.actions.demo import load_people, play
from concerns.models import Concern
from departments.models import Membership

FILE = "demo.yaml"


class Command(BaseCommand):
    help = "Load the city's demo people and concerns, once; refuses outside a trial."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not getattr(settings, "DEMO", False):
            raise CommandError(
                "Demo log-ins are public; this installation is no trial (DEMO is off)."
            )
        file = Path(settings.CITY_FOLDER) / FILE
        if not file.exists():
            self.stdout.write(f"{file}: this city has no demo")
            return
        demo = yaml.safe_load(file.read_text(encoding="utf-8"))
        people = load_people(demo["people"], password=demo["password"])
        filed = 0 if Concern.objects.exists() else play(demo["concerns"], people)
        self.stdout.write(f"{file}: {len(people)} people, {filed} concerns filed")
        self.leave_logins(people, demo["password"])

    def leave_logins(self, people: dict[str, User], password: str) -> None:
        """Write who can sign in where the runtime shows it (LOGINS_FILE)."""
        if not settings.LOGINS_FILE:
            return
        lines = [f"  Demo log-ins (password {password}):"]
        lines += [f"    {user.email:<40}{duties(user)}" for user in people.values()]
        settings.LOGINS_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def duties(user: User) -> str:
    held = Membership.objects.filter(user=user).select_related("department").order_by("capability")
    return ", ".join(f"{one.get_capability_display()}, {one.department.name}" for one in held)
