"""The letters of an event that has not happened: to how many people, and how they read. Nothing is stored or opened."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from concerns.models import Concern, Event
from concerns.notices.announcing import frozen
from concerns.notices.background import Background
from concerns.notices.facts import Facts
from concerns.notices.occasions import OCCASIONS
from concerns.notices.recipients import REACHABLE, WANT_MAIL, concerned, with_persons
from concerns.notices.writer import CHANNEL, language_of, letter
from concerns.references import defuse
from notifications.models import Envelope
from notifications.writers import Letter

MAILED = REACHABLE & WANT_MAIL
CONFIRMED = Q(reporter__isnull=True) | Q(reporter__address_confirmed_at__isnull=False)
COUNTS = {
    "everybody": Count("pk"),
    "written": Count("pk", filter=MAILED & CONFIRMED),
    "unconfirmed": Count("pk", filter=MAILED & ~CONFIRMED),
    "looking": Count("pk", filter=Q(reporter__wants_mail=False)),
    "sample": Min("pk", filter=MAILED & CONFIRMED),
}


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Coming:
    """An event as it would be, on a ticket as it would stand then, neither of them stored; `words` go to the people.

    `besides` are concerns that hear of it by another letter.
    """

    event: Event
    words: str = ""
    besides: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Readers:
    """Those of one language: how many there are, and what becomes of each; `sample` is a concern that is written to."""

    language: str
    everybody: int
    written: int
    unconfirmed: int
    looking: int
    sample: int | None

    @property
    def unreachable(self) -> int:
        return self.everybody - self.written - self.unconfirmed - self.looking


@dataclass(frozen=True, slots=True)
class Foretold:
    """Whom a letter would reach by `channel`, and how it reads: one of each language, with how many read it so.

    `unconfirmed` people hear of it later, all in one; who is `looking` chose the page of their concern instead of
    mail, and `unreachable` people have it alone.
    """

    channel: str
    letters: list[tuple[Letter, int]]
    unconfirmed: int
    looking: int
    unreachable: int


def foretold(coming: Coming) -> Foretold:
    """Two statements, whatever the number of people, and those that find out whether it is news."""
    facts = Facts.read(Envelope(facts=frozen(coming.event, coming.event.ticket)))
    found = concerned(facts).exclude(pk__in=coming.besides).order_by()
    counted = found.values("language").annotate(**COUNTS)
    rows = [Readers(*row) for row in counted.values_list("language", *COUNTS)]
    return Foretold(
        channel=CHANNEL,
        letters=samples(background_of(coming, facts), rows),
        unconfirmed=sum(row.unconfirmed for row in rows),
        looking=sum(row.looking for row in rows),
        unreachable=sum(row.unreachable for row in rows),
    )


def background_of(coming: Coming, facts: Facts) -> Background:
    """What `Background.of` would read once it has happened."""
    ticket = coming.event.ticket
    return Background(
        facts=facts,
        purpose=OCCASIONS[facts.verb].purpose,
        ticket=ticket,
        department=ticket.department,
        words=defuse(coming.words),
        objection=None,
    )


def samples(background: Background, rows: list[Readers]) -> list[tuple[Letter, int]]:
    """One letter of each language, most readers first."""
    written = {row.sample: row.written for row in rows if row.sample}
    pages: dict[str, dict[str, object]] = {}
    letters: dict[str, Letter] = {}
    readers: Counter[str] = Counter()
    for concern in with_persons(Concern.objects.filter(pk__in=written)).order_by("pk"):
        language = language_of(concern)
        readers[language] += written[concern.pk]
        if language not in letters:
            letters[language] = letter(background, concern, "", pages)
    return [(letters[language], count) for language, count in readers.most_common()]
