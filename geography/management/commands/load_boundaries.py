"""`manage.py load_boundaries FILE`: official boundaries in place of the drawn ones."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.city_files import CityDataRefused
from geography.actions.boundaries import load_boundaries
from geography.models import District


class Command(BaseCommand):
    help = "Load the boundary of the city, or those of its districts or quarters, from GeoJSON or zipped shapes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        levels = District.Level.values
        parser.add_argument("file", type=Path, help="GeoJSON, or a zip with .shp, .dbf and .prj")
        parser.add_argument("--level", choices=levels, default=District.Level.CITY.value)
        parser.add_argument(
            "--key-field", default="", help="the field with the key or number of an area"
        )
        parser.add_argument("--name-field", default="", help="the field with the name of an area")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            tally = load_boundaries(
                file=options["file"],
                level=options["level"],
                key_field=options["key_field"],
                name_field=options["name_field"],
            )
        except CityDataRefused as refusal:
            raise CommandError("Nothing was loaded.\n" + "\n".join(refusal.problems)) from None
        for said, keys in (
            ("new", tally.created),
            ("changed", list(tally.changed)),
            ("off the map", tally.retired),
            ("deleted", tally.deleted),
        ):
            if keys:
                self.stdout.write(f"{said}: {', '.join(keys)}")
        self.stdout.write(f"{tally.noun}: {tally.unchanged} unchanged")
