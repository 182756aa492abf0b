"""`manage.py load_city [FOLDER]`: a city's files become the installation's data."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.city_files import CityDataRefused, shown
from common.city_rows import Tally
from concerns.actions.city import load_city


class Command(BaseCommand):
    help = "Load a city's folder. All or nothing; the same folder a second time changes nothing."
    # The check of the city's folder would stop at city.yaml; this command tells of all files at once.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, help="default: the folder CITY_FOLDER names"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"] or Path(settings.CITY_FOLDER)
        try:
            tallies = load_city(folder=folder)
        except CityDataRefused as refusal:
            lines = "\n".join(f"  {problem}" for problem in refusal.problems)
            count = len(refusal.problems)
            raise CommandError(f"Nothing was loaded. To correct ({count}):\n{lines}") from None
        self.stdout.write(f"{shown(folder)}: {'unchanged' if all_quiet(tallies) else 'loaded'}")
        if not all_quiet(tallies):
            self.stdout.write(table(tallies))


def all_quiet(tallies: list[Tally]) -> bool:
    return all(tally.is_quiet for tally in tallies)


def table(tallies: list[Tally]) -> str:
    """One line for each sort of rows, numbers right-aligned."""
    head = f"{'':16}{'created':>9}{'changed':>9}{'retired':>9}{'unchanged':>11}"
    lines = [f"{t.noun:16}{t.created:9}{t.changed:9}{t.retired:9}{t.unchanged:11}" for t in tallies]
    return "\n".join([head, *lines])
