"""A million tickets in minutes: copies of what a year of real actions left, written by COPY on all processors.

The database's own guards are off while it is written (foreign keys, and the trigger that compares a ticket with its
last event), so afterwards chains of a sample are verified as `verify_audit` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random

from django.db import connection, connections
from tqdm import tqdm

from accounts.models import User
from bench.copies import Copier, Copy, Spot, authors
from bench.donors import COPIED, SHAPES, Family, Model, families
from bench.guards import unguarded
from concerns.actions.words import note
from concerns.actions.working import accept
from concerns.enums import Audience, State
from concerns.models import Reporter, Ticket
from concerns.queries.audit import broken_chains
from departments.models import Department
from departments.queries import actor_for
from geography.errors import OutsideCity
from geography.models import Address
from geography.queries import locate

SEED = 1929
BATCH = 500
# Of a hundred matters of a city that has run for ten years, so many are under way.
OPEN_SHARE = 6
EVENTS_OF_A_LONG_ONE = 20
LONG_ONES = 200
TO_ACCEPT = 12_000
SAMPLE = 2_000
MOST_SPOTS = 2_000


_copier: Copier


@dataclass(frozen=True, slots=True)
class Population:
    """What the measurements pick from: ids of tickets with 20 events, and of tickets that wait to be accepted."""

    tickets: int
    long_ones: range
    to_accept: range


def populate(size: int) -> Population:
    """Make `size` tickets of all sorts and, beside them, those the measurements need. Needs the city and its crowd."""
    found = families()
    ordinary = drawn(found, size)
    long_one = next(n for n, family in enumerate(found) if is_long(family))
    waiting = [n for n, family in enumerate(found) if waits_to_be_accepted(family)]
    extra = [long_one] * LONG_ONES + [waiting[n % len(waiting)] for n in range(TO_ACCEPT)]
    firsts = next_ids()
    first_ticket = firsts[Ticket]
    batches = list(planned([*ordinary, *extra], found, firsts))
    with unguarded():
        write(found, batches)
    put_sequences(firsts)
    settle()
    after = first_ticket + sum(len(found[n].rows[Ticket]) for n in ordinary)
    verify(range(first_ticket, after + LONG_ONES))
    return Population(
        tickets=Ticket.objects.count(),
        long_ones=range(after, after + LONG_ONES),
        to_accept=range(after + LONG_ONES, after + LONG_ONES + TO_ACCEPT),
    )


def drawn(found: Sequence[Family], size: int) -> list[int]:
    """Which families are copied, so that there are `size` tickets: most of them ended long ago."""
    rng = Random(SEED)  # noqa: S311 - a population, no secret
    under_way = [n for n, family in enumerate(found) if family.is_open and not is_long(family)]
    ended = [n for n, family in enumerate(found) if not family.is_open]
    chosen: list[int] = []
    tickets = sum(len(family.rows[Ticket]) for family in found)
    while tickets < size:
        among = under_way if rng.random() * 100 < OPEN_SHARE else ended
        chosen.append(rng.choice(among))
        tickets += len(found[chosen[-1]].rows[Ticket])
    return chosen


def prepare_long_one(user_email: str, department: Department) -> None:
    """One ticket in work gets notes until it has twenty events; it is the donor of `LONG_ONES`."""
    actor = actor_for(User.objects.get(email=user_email))
    ticket = Ticket.objects.filter(state=State.ASSIGNED, department=department, circle=None).first()
    if ticket is None:
        raise LookupError(f"No ticket waits in {department}.")
    accept(actor=actor, ticket_id=ticket.pk)
    for n in range(EVENTS_OF_A_LONG_ONE - ticket.event_count - 1):
        note(actor=actor, ticket_id=ticket.pk, text=f"Looked at it once more ({n}).")


def is_long(family: Family) -> bool:
    shape = SHAPES[Ticket]
    return [row[shape.at("event_count")] for row in family.rows[Ticket]] == [EVENTS_OF_A_LONG_ONE]


def waits_to_be_accepted(family: Family) -> bool:
    """One public ticket with a department, in whose queue it stands, and nobody's special secret."""
    shape = SHAPES[Ticket]
    wanted = {"state": State.ASSIGNED, "circle_id": None, "audience": Audience.PUBLIC}
    return len(family.rows[Ticket]) == 1 and all(
        row[shape.at(name)] == value
        for row in family.rows[Ticket]
        for name, value in wanted.items()
    )


def next_ids() -> dict[Model, int]:
    with connection.cursor() as cursor:
        first = {}
        for model in COPIED:
            cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table}")  # noqa: S608 - names of models
            first[model] = cursor.fetchone()[0]
    return first


def planned(
    chosen: Sequence[int], found: Sequence[Family], firsts: dict[Model, int]
) -> Iterator[list[Copy]]:
    """The copies in batches, each with the ids its rows get; `firsts` then holds the next free ones."""
    sizes = [sizes_of(family) for family in found]
    batch: list[Copy] = []
    for nth, family in enumerate(chosen):
        batch.append(Copy(family, dict(firsts), SEED + nth))
        for model, count in sizes[family].items():
            firsts[model] += count
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def sizes_of(family: Family) -> dict[Model, int]:
    return {model: len(family.rows[model]) for model in COPIED} | {Reporter: len(authors(family))}


def write(found: list[Family], batches: Sequence[list[Copy]]) -> None:
    where = spots()
    connections.close_all()  # Each process needs a connection of its own.
    total = sum(len(batch) for batch in batches)
    with ProcessPoolExecutor(
        mp_context=get_context("fork"), initializer=begin, initargs=(found, where)
    ) as pool:
        written = [pool.submit(write_batch, batch) for batch in batches]
        with tqdm(total=total, unit=" matters", mininterval=1) as bar:
            for one in as_completed(written):
                bar.update(one.result())


def begin(found: list[Family], where: list[Spot]) -> None:
    """What each process keeps from batch to batch."""
    global _copier  # noqa: PLW0603 - the way a pool hands its processes something once
    _copier = Copier(found, where)


def write_batch(batch: list[Copy]) -> int:
    """One batch in one transaction, table by table."""
    rows: dict[Model, list[list[object]]] = {model: [] for model in COPIED}
    for copy in batch:
        for model, row in _copier.rows(copy):
            rows[model].append(row)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("BEGIN")
        for model, some in rows.items():
            names = ", ".join(f'"{name}"' for name in SHAPES[model].columns)
            with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as target:  # type: ignore[attr-defined]
                for row in some:
                    target.write_row(row)
        cursor.execute("COMMIT")
    return len(batch)


def spots() -> list[Spot]:
    """Addresses with the part of the city each lies in."""
    found = []
    for address in Address.objects.order_by("pk")[:MOST_SPOTS]:
        try:
            there = locate(lat=address.lat, lon=address.lon)
        except OutsideCity:
            continue
        area = there.quarter or there.district
        found.append(Spot(address.label, address.lat, address.lon, area.pk if area else None))
    return found


def put_sequences(firsts: Mapping[Model, int]) -> None:
    with connection.cursor() as cursor:
        for model, following in firsts.items():
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
                [model._meta.db_table, following],
            )


def settle() -> None:
    """What autovacuum would have done over the years."""
    with connection.cursor() as cursor:
        for model in COPIED:
            cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")


def verify(ids: range) -> None:
    """Raises RuntimeError if a chain of a random sample is broken."""
    rng = Random(SEED)  # noqa: S311 - a sample, no secret
    sample = rng.sample(ids, min(SAMPLE, len(ids)))
    if breaks := list(broken_chains(sample)):
        raise RuntimeError(f"{len(breaks)} chains are broken, first: {breaks[0]}")
