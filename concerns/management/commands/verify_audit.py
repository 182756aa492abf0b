"""`manage.py verify_audit`: recompute every chain of events and name what was changed, is missing or was cut off."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from concerns.models import Event
from concerns.queries.audit import broken_chains


class Command(BaseCommand):
    help = "Recompute every chain of events and name what was changed, is missing or was cut off."

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = list(broken_chains())
        for fault in broken:
            self.stderr.write(self.style.ERROR(str(fault)))
        if broken:
            raise CommandError(
                f"{len(broken)} chains of events are broken. Compare them with the last backup."
            )
        self.stdout.write(
            self.style.SUCCESS(f"All chains are whole ({Event.objects.count()} events).")
        )
