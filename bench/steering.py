"""What steering costs by itself: a routing decision among many rules, the hint before filing, the sweep for alarms.

Asked in this process on the population's data, without a server before it.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from random import Random
from typing import Any

from django.utils import translation

from common.clock import now
from concerns.actions.escalating import late, unaccepted
from concerns.conditions import Matter as Filed
from concerns.deadlines import Stages
from concerns.duplicates import Matter
from concerns.enums import OPEN_STATES
from concerns.models import RoutingRule, Ticket
from concerns.queries.nearby import nearby
from concerns.queries.past import filed_in, past_matters, rules_in_force
from concerns.queries.public import published
from concerns.routing import decide
from departments.models import Calendar
from tests.support.sql import statements

RULES = 500
ASKED = 400
WARM_UP = 20
YEARS_BACK = dt.timedelta(days=3_650)
# A rule is met by words as well; so many it looks for.
KEYWORDS_EACH = 4
WORDS = [
    "laterne",
    "schlagloch",
    "müll",
    "ampel",
    "baum",
    "gehweg",
    "radweg",
    "scherben",
    "graffiti",
    "spielplatz",
    "ast",
    "hecke",
    "kabel",
    "gully",
    "deckel",
    "pfosten",
    "schild",
    "bank",
    "brücke",
    "treppe",
    "sperrmüll",
    "kippe",
    "papierkorb",
    "pfütze",
    "laub",
    "schnee",
    "eis",
    "ratte",
    "wespe",
    "hund",
    "lärm",
    "baustelle",
    "zaun",
]
HINT_WORDS = "Die Laterne vor dem Haus ist dunkel"


def measured() -> dict[str, Any]:
    """Milliseconds of decisions and hints, seconds of a sweep, and what they were asked of."""
    rng = Random(7)  # noqa: S311 - spreads what is asked, protects nothing
    with translation.override("de"):
        return {
            "routing": routing(rng),
            "hint": hints(rng),
            "sweep": sweep(),
        }


def routing(rng: Random) -> dict[str, float]:
    """Decisions on matters that were filed, each among all rules."""
    rules = many_rules(rng)
    moment = now()
    filed = filed_in(moment - YEARS_BACK, moment)
    matters = [past.matter for past in islice(past_matters(filed), ASKED + WARM_UP)]
    return {"rules": len(rules), **spans(lambda one: decide(one, rules), matters)}


def many_rules(rng: Random) -> list[RoutingRule]:
    """The city's rules, and copies of them that look for other words until there are enough."""
    found = rules_in_force()
    rules = list(found)
    for n in range(RULES - len(found)):
        rule = rng.choice(found)
        said = {
            field.attname: getattr(rule, field.attname)
            for field in RoutingRule._meta.concrete_fields
        }
        said |= {"id": None, "key": f"copy-{n}", "keywords": rng.sample(WORDS, KEYWORDS_EACH)}
        copy = RoutingRule(**said)
        copy.department, copy.circle = rule.department, rule.circle
        rules.append(copy)
    return rules


def hints(rng: Random) -> dict[str, float]:
    """What is known near places where something is published."""
    placed = published().exclude(lat=None).values_list("category__path", "lat", "lon")
    rows = list(placed.order_by("-pk")[: 50 * ASKED])
    asked = [
        Matter(at=now(), category=path or "", lat=lat, lon=lon, words=HINT_WORDS)
        for path, lat, lon in rng.sample(rows, min(len(rows), ASKED + WARM_UP))
    ]
    with statements() as said:
        nearby(matter=asked[0])
    return {"sql": len(said), **spans(lambda one: nearby(matter=one), asked)}


def sweep() -> dict[str, float]:
    """Looking through all open tickets for what somebody must be told, without telling."""
    is_open = Ticket.objects.filter(state__in=OPEN_STATES)
    began = time.perf_counter()
    stages = {one.pk: Stages.at(one, now()) for one in Calendar.objects.all()}
    found = [late(stages).count(), unaccepted(stages).count()]
    return {
        "open": is_open.count(),
        "found": sum(found),
        "seconds": round(time.perf_counter() - began, 2),
    }


def spans(act: Callable[[Any], object], asked: Sequence[Filed | Matter]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, after a warm-up."""
    for one in asked[:WARM_UP]:
        act(one)
    found = sorted(timed(act, asked[WARM_UP:]))
    return {
        "asked": len(found),
        "p50_ms": round(found[len(found) // 2], 2),
        "p95_ms": round(found[int(len(found) * 0.95)], 2),
    }


def timed(act: Callable[[Any], object], asked: Iterable[Filed | Matter]) -> Iterable[float]:
    for one in asked:
        began = time.perf_counter()
        act(one)
        yield (time.perf_counter() - began) * 1000
