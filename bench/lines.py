"""The requests that are measured, with the targets they must reach, and the proof that each does its whole work."""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import F
from django.test import Client

from bench.load import Load, Message
from bench.population import EVENTS_OF_A_LONG_ONE, Population
from bench.servers import HOST
from concerns.enums import OPEN_STATES, Standing, State
from concerns.models import Concern, Placement, Ticket
from concerns.queries.public import published
from concerns.references import tracking_token
from tests.support.sql import statements

ROWS_OF_A_PAGE = 100
POINTS_OF_THE_MAP = 1000
# Places are published to about 100 m, so that a box gains a whole row of them at once: it holds at least a thousand.
TOLERANCE = 0.5
OF_EACH = 500
FILINGS = 30_000
JSON = ("Content-Type", "application/json")
HTTPS = ("X-Forwarded-Proto", "https")


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of request: how many times the yardstick it may cost at most, at 10,000 and at 1,000,000 tickets."""

    name: str
    small: int
    large: int
    most_sql: int
    supply: Iterator[Message] | None = None
    pool: tuple[Message, ...] = ()

    def load(self, count: int) -> Load:
        """So many requests that nobody sent before, or those that may be sent again and again."""
        if self.supply is None:
            return Load(self.pool, again=True)
        return Load(tuple(islice(self.supply, count)), again=False)

    def one(self) -> Message:
        return self.load(1).messages[0]


def lines(key: str, population: Population) -> list[Line]:
    """All lines; `key` is an API key of a clerk who sees the tickets of the population."""
    signed = (HTTPS, ("Authorization", f"Api-Key {key}"), ("Accept-Language", "de"))
    return [
        Line("file a concern", 25, 25, 15, supply=filings(signed)),
        Line("staff list, 100 rows of a department", 15, 20, 6, pool=lists(signed)),
        Line("ticket with 20 events", 15, 15, 12, pool=details(signed, population)),
        Line("a transition (accept)", 25, 25, 15, supply=transitions(signed, population)),
        Line("status page (HTML)", 20, 20, 6, pool=status_pages()),
        Line("published map, 1,000 points", 15, 20, 3, pool=(the_map(),)),
    ]


def filings(signed: tuple[tuple[str, str], ...]) -> Iterator[Message]:
    """A pothole with a place and a person who leaves an address, each once."""
    for n in range(FILINGS):
        body = {
            "description": f"Vor der Bäckerei ist ein tiefes Loch in der Fahrbahn. ({n})",
            "category": "pothole",
            "place": {"lat": 51.2562, "lon": 7.1508, "address": "Friedrich-Engels-Allee 5"},
            "contact": {"email": f"person{n}.{uuid.uuid4().hex[:8]}@people.example"},
            "language": "de",
        }
        headers = (*signed, JSON, ("Idempotency-Key", str(uuid.uuid4())))
        yield Message("POST", "/api/v1/concerns/", headers, json.dumps(body).encode())


def lists(signed: tuple[tuple[str, str], ...]) -> tuple[Message, ...]:
    departments = (
        Ticket.objects.filter(state__in=OPEN_STATES, circle=None)
        .values_list("department__key", flat=True)
        .distinct()
    )
    return tuple(
        Message("GET", f"/api/v1/tickets/?department={key}&limit={ROWS_OF_A_PAGE}", signed)
        for key in sorted(filter(None, departments))
        if Ticket.objects.filter(department__key=key, circle=None).count() >= ROWS_OF_A_PAGE
    )


def details(signed: tuple[tuple[str, str], ...], population: Population) -> tuple[Message, ...]:
    return tuple(
        Message("GET", f"/api/v1/tickets/{pk}/", signed) for pk in population.long_ones[:OF_EACH]
    )


def transitions(signed: tuple[tuple[str, str], ...], population: Population) -> Iterator[Message]:
    waiting = Ticket.objects.filter(pk__in=population.to_accept, state=State.ASSIGNED)
    for pk, version in waiting.order_by("pk").values_list("pk", "version"):
        headers = (*signed, JSON, ("If-Match", f'"v{version}"'))
        yield Message("POST", f"/api/v1/tickets/{pk}/accept/", headers, b"{}")


def status_pages() -> tuple[Message, ...]:
    """Of concerns that still stand where they were filed, as their people's browsers ask for them."""
    placed = Placement.objects.open().filter(
        concern__standing=Standing.ACTIVE, concern__audience="public", concern__is_follow=False
    )
    step = max(placed.count() // OF_EACH, 1)
    rows = placed.annotate(turn=F("pk") % step).filter(turn=0)
    ids = rows.values_list("concern", flat=True)[:OF_EACH]
    return tuple(
        Message(
            "GET",
            f"/concerns/{concern.reference}/",
            (HTTPS, ("Cookie", f"concern={tracking_token(concern.pk, concern.generation)}")),
        )
        for concern in Concern.objects.filter(pk__in=list(ids))
    )


def the_map() -> Message:
    """A box around the middle of the city that holds a thousand published points, found by halving side by side."""
    least, most = halved(lambda reach: (reach,) * 4, 0.0, 0.2)
    sides = [least] * 4
    for side in range(4):
        before, behind = tuple(sides[:side]), tuple(sides[side + 1 :])
        _, sides[side] = halved(lambda reach: (*before, reach, *behind), least, most)  # noqa: B023 - called at once
        if points_in(box_of(sides)) >= POINTS_OF_THE_MAP:
            break
    box = ",".join(f"{degrees:.9f}" for degrees in box_of(sides))
    return Message("GET", f"/api/v1/published.geojson?bbox={box}", (HTTPS,))


def halved(
    sides: Callable[[float], Sequence[float]], low: float, high: float
) -> tuple[float, float]:
    """The reaches between which a box begins to hold enough points."""
    for _round in range(24):
        reach = (low + high) / 2
        enough = points_in(box_of(sides(reach))) >= POINTS_OF_THE_MAP
        low, high = (low, reach) if enough else (reach, high)
    return low, high


def box_of(reaches: Sequence[float]) -> tuple[float, float, float, float]:
    west, south, east, north = reaches
    return 7.15 - west, 51.2565 - south, 7.15 + east, 51.2565 + north


def points_in(box: tuple[float, float, float, float]) -> int:
    west, south, east, north = box
    return published().filter(lon__range=(west, east), lat__range=(south, north)).count()


def counted(line: Line) -> tuple[int, bytes]:
    """SQL statements of one request, and its answer. Raises RuntimeError if it is refused."""
    asked = line.one()
    headers = dict(asked.headers)
    content_type = headers.pop("Content-Type", "")
    client = Client(headers=headers, SERVER_NAME=HOST)
    client.get("/", secure=True)  # The first request of a process fills caches.
    with statements() as said:
        answer = client.generic(asked.method, asked.path, asked.body, content_type, secure=True)
    if answer.status_code >= 300:  # noqa: PLR2004 - a redirect is no page either
        raise RuntimeError(f"{line.name}: {answer.status_code} {answer.content[:300]!r}")
    return len(said), answer.content


def proven(line: Line) -> tuple[int, int]:
    """SQL statements and rows of one request. Raises RuntimeError unless its answer holds what the line says."""
    sql, content = counted(line)
    said: Any = json.loads(content) if content[:1] == b"{" else {}
    facts: dict[str, tuple[Sequence[Any], int]] = {
        "staff list, 100 rows of a department": (said.get("results", ()), ROWS_OF_A_PAGE),
        "ticket with 20 events": (said.get("timeline", ()), EVENTS_OF_A_LONG_ONE),
        "published map, 1,000 points": (said.get("features", ()), POINTS_OF_THE_MAP),
    }
    found, wanted = facts.get(line.name, ((), 0))
    if abs(len(found) - wanted) > wanted * TOLERANCE:
        raise RuntimeError(f"{line.name}: {len(found)} of {wanted}.")
    return sql, len(found)
