"""The city, its crowd and its population, made once for each size and used again."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.management import call_command
from django.db.models import Count

from accounts.actions.keys import issue_api_key
from accounts.enums import Scope
from accounts.models import ApiKey, User
from bench.population import TO_ACCEPT, Population, populate, prepare_long_one
from concerns.enums import Audience, State
from concerns.models import Ticket
from departments.models import Department

CROWD = 400
CLERK = "wanda@demo.sachstand.test"
LABEL = "bench"
WITHOUT_END = 10_000_000


@dataclass(frozen=True, slots=True)
class Noted:
    """What a run leaves for the next one on the same data."""

    tickets: int
    long_ones: tuple[int, int]
    to_accept: tuple[int, int]


def population_of(size: int, note: Path) -> Population:
    """The population of this size: the one that is there, or a new one in an empty database."""
    if note.exists():
        noted = Noted(**json.loads(note.read_text(encoding="utf-8")))
        return Population(noted.tickets, range(*noted.long_ones), range(*noted.to_accept))
    if Ticket.objects.exists():
        raise SystemExit("A population was left half made. Remove the folder and begin again.")
    call_command("load_city", verbosity=0)
    call_command("seed_demo", count=CROWD)
    prepare_long_one(CLERK, busiest())
    made = populate(size)
    noted = Noted(
        made.tickets,
        (made.long_ones.start, made.long_ones.stop),
        (made.to_accept.start, made.to_accept.stop),
    )
    note.write_text(json.dumps(asdict(noted)), encoding="utf-8")
    return made


def busiest() -> Department:
    """The department with most tickets that wait."""
    waiting = Ticket.objects.filter(state=State.ASSIGNED, circle=None, audience=Audience.PUBLIC)
    ranked = waiting.values_list("department").annotate(count=Count("pk")).order_by("-count")
    return Department.objects.get(pk=ranked[0][0])


def new_key() -> str:
    """A key that sees and does what the clerk does, and may ask without end."""
    ApiKey.objects.filter(label=LABEL).delete()
    user = User.objects.get(email=CLERK)
    _key, text = issue_api_key(
        user=user, label=LABEL, days=1, scopes=list(Scope), requests_per_minute=WITHOUT_END
    )
    return text


def enough_to_accept(population: Population, count: int) -> bool:
    left = Ticket.objects.filter(pk__in=population.to_accept, state=State.ASSIGNED).count()
    return left >= min(count, TO_ACCEPT)
