"""`manage.py load_city [FOLDER]`: a city's files become the installation's data."""

import textwrap
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.city_files import CityDataRefused, shown
from common.city_rows import Tally
from concerns.actions.city import load_city

WIDTH = 100


class Command(BaseCommand):
    help = "Load a city's folder. All or nothing; the same folder a second time changes nothing."
    # The check of the city's folder would stop at city.yaml; this command tells of all files at once.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, help="default: the folder CITY_FOLDER names"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"] or Path(settings.CITY_FOLDER)
        dry_run: bool = options["dry_run"]
        try:
            tallies = load_city(folder=folder, dry_run=dry_run)
        except CityDataRefused as refusal:
            lines = "\n".join(f"  {problem}" for problem in refusal.problems)
            count = len(refusal.problems)
            raise CommandError(f"Nothing was loaded. To correct ({count}):\n{lines}") from None
        done = "would change; nothing is loaded yet" if dry_run else "loaded"
        self.stdout.write(f"{shown(folder)}: {'unchanged' if all_quiet(tallies) else done}")
        if not all_quiet(tallies):
            self.stdout.write(table(tallies))
            # The keys of a whole city fill pages; who only loads wants to know that it went well.
            if dry_run or options["verbosity"] > 1:
                self.stdout.write("\n".join(details(tallies)))


def all_quiet(tallies: list[Tally]) -> bool:
    return all(tally.is_quiet for tally in tallies)


def table(tallies: list[Tally]) -> str:
    """One line for each sort of rows, numbers right-aligned."""
    lines = [f"{'':16}{'new':>9}{'changed':>9}{'retired':>9}{'deleted':>9}{'unchanged':>11}"]
    for t in tallies:
        numbers = (len(t.created), len(t.changed), len(t.retired), len(t.deleted))
        lines.append(f"{t.noun:16}{''.join(f'{n:9}' for n in numbers)}{t.unchanged:11}")
    return "\n".join(lines)


def details(tallies: list[Tally]) -> Iterator[str]:
    """The keys behind the numbers; of what changed also the fields."""
    for tally in tallies:
        changed = [f"{key} ({', '.join(fields)})" for key, fields in tally.changed.items()]
        for word, keys in (
            ("new", tally.created),
            ("changed", changed),
            ("retired", tally.retired),
            ("deleted", tally.deleted),
        ):
            if keys:
                line = f"{tally.noun}, {word}: {', '.join(keys)}"
                yield textwrap.fill(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
