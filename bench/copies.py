"""Copies of families with other ids, times and places; the chains of their events are computed anew."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from bench.donors import COPIED, NAMED_IN_DATA, SHAPES, Family, Model, Row
from concerns.actions.contact import seal_contact
from concerns.models import Concern, Event, Publication, Reporter, Ticket
from concerns.references import REFERENCES, reference_of

WEEK = dt.timedelta(weeks=1)
YEARS_BACK = 10
# Numbers that have no common divisor with the number of references: each n gives another one.
STRIDE = 312_339_421_077
JITTER_DEGREES = 0.004
PLACE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the gazetteer with the district it lies in; degrees WGS84."""

    label: str
    lat: float
    lon: float
    district: int | None


@dataclass(frozen=True, slots=True)
class Copy:
    """Which family becomes which rows: `first` is the id its first row of each table gets."""

    family: int
    first: Mapping[Model, int]
    seed: int


class Copier:
    """Makes copies of families, deterministic by their seeds."""

    def __init__(self, families: list[Family], spots: list[Spot]) -> None:
        self.families, self.spots = families, spots

    def rows(self, copy: Copy) -> Iterator[tuple[Model, Row]]:
        """All rows of a copy, each as its table's columns."""
        family = self.families[copy.family]
        # A population, no secret.
        rng = Random(copy.seed)  # noqa: S311
        weeks = rng.randrange(2) if family.is_open else rng.randrange(52 * YEARS_BACK)
        renewed = Renewed(family, copy, weeks * WEEK, rng.choice(self.spots), rng)
        for model in COPIED:
            yield from ((model, row) for row in renewed.table(model))


def authors(family: Family) -> list[int]:
    """The ids of the reporters of a family, each once (somebody whose matter was split has two concerns)."""
    reporter = SHAPES[Concern].at("reporter_id")
    return sorted({row[reporter] for row in family.rows[Concern] if row[reporter]})


@dataclass
class Renewed:
    """One copy under way."""

    family: Family
    copy: Copy
    age: dt.timedelta
    spot: Spot
    rng: Random

    def __post_init__(self) -> None:
        self.heads: dict[int, tuple[int, str]] = {}
        self.lat = self.spot.lat + self.rng.uniform(-JITTER_DEGREES, JITTER_DEGREES)
        self.lon = self.spot.lon + self.rng.uniform(-JITTER_DEGREES, JITTER_DEGREES)
        # Tickets carry the end of their chain.
        self.events = [self.event(row) for row in self.plain(Event)]

    def table(self, model: Model) -> list[Row]:
        if model is Reporter:
            return [self.reporter(n) for n in range(len(authors(self.family)))]
        if model is Event:
            return self.events
        rows = list(self.plain(model))
        adapt = {Ticket: self.ticket, Concern: self.concern, Publication: self.publication}
        if model in adapt:
            for row in rows:
                adapt[model](row)
        return rows

    def plain(self, model: Model) -> Iterator[Row]:
        """Rows with ids of their own, their links and times moved."""
        shape = SHAPES[model]
        first = self.copy.first[model]
        for n, given in enumerate(self.family.rows[model]):
            row = given.copy()
            row[shape.own] = first + n
            for column in shape.times:
                if row[column] is not None:
                    row[column] -= self.age
            for column, other in shape.links:
                if row[column] is not None and other is not Reporter:
                    row[column] = self.renamed(other, row[column])
            yield row

    def renamed(self, model: Model, old: int) -> int:
        place = self.family.places[model].get(old)
        return old if place is None else self.copy.first[model] + place

    def reporter(self, n: int) -> Row:
        one = Reporter(pk=self.copy.first[Reporter] + n)
        number = f"{self.copy.seed % 10**9:09}"
        seal_contact(one, {"email": f"p{number}.{n}@people.example", "name": f"Person {number}"})
        one.address_confirmed_at = one.created_at
        values = {name: getattr(one, name) for name in SHAPES[Reporter].columns}
        return [*(values | {"wrapped_keys": json.dumps(one.wrapped_keys)}).values()]

    def event(self, row: Row) -> Row:
        shape = SHAPES[Event]
        said = dict(zip(shape.columns, row, strict=True))
        count, head = self.heads.get(said["ticket_id"], (0, ""))
        said |= {"data": self.data(json.loads(said["data"])), "previous_hash": head}
        said["hash"] = Event(**said).digest()
        self.heads[said["ticket_id"]] = (count + 1, said["hash"])
        return [*(said | {"data": json.dumps(said["data"])}).values()]

    def data(self, said: dict[str, Any]) -> dict[str, Any]:
        new = dict(said)
        for name, model in NAMED_IN_DATA.items():
            if isinstance(value := said.get(name), int):
                new[name] = self.renamed(model, value)
            elif isinstance(value, list):
                new[name] = [self.renamed(model, one) for one in value]
        return new

    def ticket(self, row: Row) -> None:
        shape = SHAPES[Ticket]
        row[shape.at("event_count")], row[shape.at("head_hash")] = self.heads[row[shape.own]]
        if self.move(row, Ticket):
            about = row[shape.at("title")].split(", ")[0]
            row[shape.at("title")] = f"{about}, {self.spot.label}"

    def concern(self, row: Row) -> None:
        shape = SHAPES[Concern]
        row[shape.at("reference")] = reference_of(row[shape.own] * STRIDE % REFERENCES)
        reporter = shape.at("reporter_id")
        if row[reporter]:
            row[reporter] = self.copy.first[Reporter] + authors(self.family).index(row[reporter])
        self.move(row, Concern)

    def publication(self, row: Row) -> None:
        shape = SHAPES[Publication]
        row[shape.at("key")] = uuid.UUID(int=self.rng.getrandbits(128), version=4)
        if row[shape.at("lat")] is not None:
            row[shape.at("lat")] = round(self.lat, PLACE_DIGITS)
            row[shape.at("lon")] = round(self.lon, PLACE_DIGITS)

    def move(self, row: Row, model: Model) -> bool:
        """To the place of this copy; False where the matter has none."""
        shape = SHAPES[model]
        if row[shape.at("lat")] is None:
            return False
        row[shape.at("lat")], row[shape.at("lon")] = self.lat, self.lon
        row[shape.at("district_id")], row[shape.at("address")] = self.spot.district, self.spot.label
        return True
