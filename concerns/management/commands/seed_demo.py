"""`manage.py seed_demo`: a year of concerns for a trial, from the city's crowd.yaml. The same seed, the same year."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from common.clock import city_zone, now, pretend
from concerns.actions.crowd import Crowd, Spot
from concerns.actions.demo import load_people, scenes
from concerns.models import Concern
from geography.models import Address

FILE, PEOPLE_FILE = "crowd.yaml", "demo.yaml"
DEFAULT_COUNT, DEFAULT_SEED = 400, 1929


class Command(BaseCommand):
    help = "Let a year of invented concerns happen in a trial; refuses outside one, and where a crowd is already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=DEFAULT_COUNT, help="how many concerns")
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, help="another seed, another year"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not getattr(settings, "DEMO", False):
            raise CommandError(
                "Demo log-ins are public; this installation is no trial (DEMO is off)."
            )
        if Concern.objects.count() >= options["count"]:
            raise CommandError("There is a crowd already. `make clean` makes room for a new one.")
        crowd = read(FILE)
        demo = read(PEOPLE_FILE)
        people = load_people([*demo["people"], *crowd["people"]], password=demo["password"])
        drawn = Crowd(crowd, spots(), now().astimezone(city_zone()), options["seed"])
        agenda = scenes(drawn.stories(options["count"]), people)
        for scene in tqdm(agenda, desc="A year passes", unit="acts", disable=None):
            with pretend(scene.moment):
                scene.happen()
        self.stdout.write(f"{Concern.objects.count()} concerns; sign in as before.")


def read(name: str) -> Any:
    file = Path(settings.CITY_FOLDER) / name
    if not file.exists():
        raise CommandError(f"{file} is missing: this city has no crowd to draw from.")
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def spots() -> list[Spot]:
    """The gazetteer in the order it was loaded: what comes first is talked of most."""
    found = [Spot(one.label, one.lat, one.lon) for one in Address.objects.order_by("pk")]
    if not found:
        raise CommandError(
            "The gazetteer is empty. Load it with `manage.py load_city` or `load_addresses`."
        )
    return found
