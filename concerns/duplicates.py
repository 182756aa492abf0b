"""How alike two matters are: a number for the order, and reasons as sentences. Whether they are one a person decides.

What can be compared counts; what is unknown on either side does not. The weights were set by hand; what people decide
is kept with the score it had (models/comparison.py), so that they can be measured.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz.fuzz import token_set_ratio

from geography.gazetteer import fold

METRES_A_DEGREE = 111_320.0
# At this distance, or after so long, a matter is half as likely to be the same.
HALF_METRES = 50.0
HALF_DAYS = 45.0
WEIGHTS = {"place": 0.45, "words": 0.3, "time": 0.25}
# How much is left of the score where the kind is only related, or another.
SAME_KIND, RELATED_KIND, OTHER_KIND = 1.0, 0.8, 0.5
# Next to each other stand lamps, and houses, that differ by nothing but their number.
ANOTHER_NUMBER = 0.7
NUMBERED = re.compile(
    r"(?:nr|nummer|no|number|laterne|lampe|leuchte|mast|lamp|haus|stra(?:ss|ß)e|str)[\s.:]{0,3}(\d{1,3})\b",
    re.IGNORECASE,
)
# The same lamp, or the same person again, is a strong sign whatever else they said.
SAME_THING, SAME_PERSON = 0.3, 0.15
ROUNDED_METRES = 10
# Below, alike words are said by chance.
TELLING_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a matter is compared. `category` is a path of ids, `people` are blind indexes of e-mail addresses."""

    at: dt.datetime
    category: str = ""
    lat: float | None = None
    lon: float | None = None
    words: str = ""
    asset: int | None = None
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two matters have in common; None where one of them does not say."""

    metres: float | None
    words: float | None
    days: int
    kind: float
    same_asset: bool
    same_person: bool
    other_number: bool = False

    @property
    def score(self) -> float:
        """From 0 (nothing in common) to 1."""
        parts = {
            "place": None if self.metres is None else halved(self.metres, HALF_METRES),
            "words": self.words,
            "time": halved(self.days, HALF_DAYS),
        }
        known = {name: part for name, part in parts.items() if part is not None}
        mean = sum(WEIGHTS[name] * part for name, part in known.items()) / sum(
            WEIGHTS[name] for name in known
        )
        mean *= ANOTHER_NUMBER if self.other_number else 1
        raised = mean * self.kind + SAME_THING * self.same_asset + SAME_PERSON * self.same_person
        return round(min(raised, 1.0), 3)

    @property
    def reasons(self) -> list[str]:
        """Sentences in the active language, the most telling first."""
        return list(reasons_of(self, time_said))

    @property
    def reasons_today(self) -> list[str]:
        """The same where one of the two is being told now: how long ago the other was."""
        return list(reasons_of(self, ago_said))


def likeness(one: Matter, other: Matter) -> Likeness:
    return Likeness(
        metres=metres_between(one, other),
        words=alike(one.words, other.words),
        days=abs(one.at - other.at).days,
        kind=kinship(one.category, other.category),
        same_asset=one.asset is not None and one.asset == other.asset,
        same_person=bool(one.people & other.people),
        other_number=name_other_numbers(one.words, other.words),
    )


def name_other_numbers(one: str, other: str) -> bool:
    """Whether both texts name numbers of lamps, houses and the like, and none that both name."""
    named, others = set(NUMBERED.findall(one)), set(NUMBERED.findall(other))
    return bool(named and others and not named & others)


def metres_between(one: Matter, other: Matter) -> float | None:
    """On a plane through both, which is exact enough within a city; None without two places."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    north = (one.lat - other.lat) * METRES_A_DEGREE
    east = (one.lon - other.lon) * METRES_A_DEGREE * math.cos(math.radians(one.lat))
    return math.hypot(north, east)


def alike(one: str, other: str) -> float | None:
    """How many words two texts share, whatever their order and case, from 0 to 1; None without two texts."""
    if not (one and other):
        return None
    return token_set_ratio(fold(one), fold(other)) / 100


def kinship(one: str, other: str) -> float:
    if one == other:
        return SAME_KIND
    return RELATED_KIND if root_of(one) and root_of(one) == root_of(other) else OTHER_KIND


def root_of(path: str) -> str:
    """The path of the topmost category above: all below it are a family. "" where there is none."""
    root = path.strip("/").partition("/")[0]
    return f"/{root}/" if root else ""


def halved(amount: float, half: float) -> float:
    return float(0.5 ** (amount / half))


def reasons_of(found: Likeness, said: Callable[[int], str]) -> Iterator[str]:
    if found.same_asset:
        yield _("the same object")
    if found.metres is not None:
        yield distance_said(found.metres)
    if found.kind == SAME_KIND:
        yield _("the same kind")
    elif found.kind == RELATED_KIND:
        yield _("a related kind")
    yield said(found.days)
    if found.same_person:
        yield _("the same person")
    if found.other_number:
        yield _("another number is named")
    if found.words is not None and found.words >= TELLING_WORDS:
        yield _("%(percent)s %% alike in words") % {"percent": round(found.words * 100)}


def distance_said(metres: float) -> str:
    rounded = round(metres / ROUNDED_METRES) * ROUNDED_METRES
    return _("%(metres)s m away") % {"metres": rounded} if rounded else _("the same place")


def time_said(days: int) -> str:
    if not days:
        return _("the same day")
    return ngettext("%(days)s day apart", "%(days)s days apart", days) % {"days": days}


def ago_said(days: int) -> str:
    if not days:
        return _("less than a day ago")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}
