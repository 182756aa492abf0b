"""`manage.py load_addresses FILE`: the official list of addresses becomes the gazetteer."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from common.city_files import CityDataRefused
from geography.actions.addresses import load_addresses
from geography.parsing.addresses import Columns

COLUMNS = {
    "label": "the place as a whole, if street and number do not stand apart",
    "street": "the street",
    "number": "the house number",
    "suffix": "what follows the number, like «a»",
    "postcode": "the postcode",
    "x": "longitude in degrees, or the easting in metres (EPSG:25832)",
    "y": "latitude in degrees, or the northing in metres",
}


class Command(BaseCommand):
    help = "Load a list of addresses (CSV with a head) in place of the official list loaded before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--encoding", default="utf-8-sig", help="default: UTF-8; else cp1252")
        usual = Columns()
        for name, what in COLUMNS.items():
            default = getattr(usual, name)
            parser.add_argument(f"--{name}", default=default, help=f"column of {what}")

    def handle(self, *_args: Any, **options: Any) -> None:
        columns = Columns(**{name: options[name] for name in COLUMNS})
        if not (columns.label or columns.street):
            raise CommandError(
                "Name the column of the place with --label, or --street and --number."
            )
        watch = partial(tqdm, desc="Storing", unit="batches", disable=None)
        try:
            loaded = load_addresses(
                file=options["file"], columns=columns, encoding=options["encoding"], watch=watch
            )
        except CityDataRefused as refusal:
            raise CommandError("Nothing was loaded.\n" + "\n".join(refusal.problems)) from None
        self.stdout.write(
            f"{loaded.entries} places and {loaded.streets} streets; "
            f"{loaded.replaced} entries replaced, {loaded.twice} lines stood there twice."
        )
