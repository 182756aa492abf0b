"""A city lives at random: many people, many clerks, right and wrong acts — and the rules hold after each of them.

An act may be refused by a DomainError; then nothing whatever has changed. Anything else that goes wrong is a bug.
`MACHINE_EXAMPLES=500 pytest tests/concerns/test_machine.py` searches wider, at random.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from random import Random

import pytest
import time_machine
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from common.actor import Actor
from common.clock import today
from concerns.actions.by_verb import ACTS, BY_VERB, Act, On
from concerns.actions.contact import confirm_address, note_bounce
from concerns.actions.deciding import Answer
from concerns.actions.escalating import escalate
from concerns.actions.filing import follow_ticket
from concerns.actions.people import deactivate_user
from concerns.actions.tending import tend
from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.actions.words import reply
from concerns.enums import (
    ANSWERED_STATES,
    DECIDED,
    Channel,
    Outcome,
    Priority,
    State,
    Verb,
    Verdict,
)
from concerns.errors import DomainError, NotAllowed, NotFound
from concerns.models import Concern, Event, Objection, Ticket
from concerns.queries.own import Standing, standing
from concerns.queries.tickets import ticket_detail
from concerns.queries.visible import visible
from tests.support.invariants import agreement, faults, fingerprint, sight_faults
from tests.support.signatures import asked_by
from tests.support.stages import discarded, pending_approval, reopen_requested
from tests.support.town import HARBOUR, Town, file

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
SEARCH = int(os.environ.get("MACHINE_EXAMPLES", "0"))
PEOPLE = [
    "dora", "dirk", "carl", "clara", "tess", "paul", "ada", "hanna", "max", "alma", "petra",
    "iris", "norman",
]  # fmt: skip
CATEGORIES = ["pothole", "tree", "noise", "other", "appeal", "staff", "it-incident"]
OFFICES = ["streets", "parks", "order", "it"]
WORKERS = {
    "streets": ["carl", "clara", "tess", "ada"],
    "parks": ["paul"],
    "it": ["iris"],
}
# How often what happens, of about a hundred.
HAPPENINGS = {
    "work_on": 39,
    "try_anything": 6,
    "treat_one_concern": 10,
    "decide": 8,
    "speak_up": 6,
    "speak_up_about_the_answer": 12,
    "time_passes": 8,
    "post_comes_back": 3,
    "somebody_files": 3,
    "rare_things_happen": 1,
    "somebody_adds": 2,
    "somebody_follows": 3,
    "somebody_leaves": 1,
}
RARE = (discarded, pending_approval, reopen_requested)
MOVES = {move.name for move in Ticket._meta.get_field("state").get_all_transitions(Ticket)}
# These end a ticket's story, or hide it, before it has begun.
LEAVING = {Verb.DISCARD, Verb.HAND_BACK, Verb.TRANSFER, Verb.CLOSE_WITHDRAWN, Verb.JOIN}
PERSONAL: Mapping[str, tuple[Callable[[int], object], Callable[[Standing], bool]]] = {
    "reply": (lambda pk: reply(concern_id=pk, text="More."), lambda seen: seen.can_reply),
    "confirm": (lambda pk: confirm(concern_id=pk), lambda seen: seen.can_confirm),
    "object": (
        lambda pk: object_to_result(concern_id=pk, text="No."),
        lambda seen: seen.can_object,
    ),
    "rate": (lambda pk: rate(concern_id=pk, rating=3), lambda seen: seen.can_rate),
    "withdraw": (lambda pk: withdraw(concern_id=pk), lambda seen: seen.can_withdraw),
}


class City(RuleBasedStateMachine):
    """Each example lives in a transaction of its own that is rolled back."""

    town: Town
    clock: time_machine.Traveller
    reached: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.stood = ""
        self.versions: dict[int, int] = {}
        self.life = transaction.atomic()
        self.life.__enter__()
        self.clock.move_to(MONDAY)

    def teardown(self) -> None:
        self.reached.update(Event.objects.values_list("to_state", flat=True))
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    # What happens

    @initialize(seed=st.integers(0, 2**32 - 1))
    def people_come(self, seed: int) -> None:
        chance = Random(seed)  # noqa: S311 - spreads what happens, protects nothing
        for slug in ["pothole", "pothole", "appeal", *chance.choices(CATEGORIES, k=2)]:
            self.come(slug, reachable=chance.random() < 0.8)
        self.rare_things_happen(chance)

    @rule(seed=st.integers(0, 2**32 - 1))
    def something_happens(self, seed: int) -> None:
        """One rule with a die of its own: of many rules hypothesis repeats few, and gets nowhere in thirty steps."""
        self.steps += 1
        chance = Random(f"{seed} {self.steps}")  # noqa: S311 - as above
        what = chance.choices(list(HAPPENINGS), list(HAPPENINGS.values()))[0]
        note(what)
        getattr(self, what)(chance)

    def work_on(self, chance: Random) -> None:
        """Somebody responsible presses buttons, one after the other; what is offered is never forbidden."""
        ticket = self.ticket(chance)
        for _press in range(chance.randint(1, 6)):
            actor = self.town.actor(chance.choice(self.responsible(ticket.pk)))
            offered = self.offered(actor, ticket.pk)
            if offered:
                self.press(actor, ticket.pk, chance.choice(offered), chance)

    def try_anything(self, chance: Random) -> None:
        ticket, actor = self.ticket(chance), self.town.actor(chance.choice(PEOPLE))
        self.try_any("ticket_id", ticket.pk, actor, Q(pk=ticket.pk), chance)

    def treat_one_concern(self, chance: Random) -> None:
        concern = self.concern(chance)
        actor = self.town.actor(chance.choice(["dora", "dora", "carl", *PEOPLE]))
        there = Q(placements__concern=concern, placements__until=None)
        self.try_any("concern_id", concern.pk, actor, there, chance)

    def decide(self, chance: Random) -> None:
        waiting = list(Objection.objects.filter(verdict="").order_by("pk"))
        if waiting:
            objection = chance.choice(waiting)
            actor = self.town.actor(chance.choice(["tess", "dora", *PEOPLE]))
            self.try_any("objection_id", objection.pk, actor, Q(pk=objection.ticket_id), chance)

    def try_any(self, on: On, pk: int, actor: Actor, there: Q, chance: Random) -> None:
        """Whoever may not know of the ticket is told that there is none, whatever they try."""
        hidden = not visible(actor).filter(there).exists()
        act = chance.choice([one for one in ACTS if one.on == on])
        said = self.said(act, chance)
        refusal = self.attempt(lambda: act.do(actor, pk, None, said))
        assert isinstance(refusal, NotFound) or not hidden, (act.verb, refusal)

    def speak_up(self, chance: Random) -> None:
        self.say(self.concern(chance), chance.choice(sorted(PERSONAL)))

    def speak_up_about_the_answer(self, chance: Random) -> None:
        states = [*ANSWERED_STATES, State.CLOSED, State.WAITING_REPORTER]
        told = Q(placements__ticket__state__in=states, placements__until=None)
        people = list(Concern.objects.filter(told).order_by("pk"))
        if people:
            self.say(chance.choice(people), chance.choice(["confirm", "object", "object", "reply"]))

    def say(self, concern: Concern, what: str) -> None:
        """A person can do what their page offers, nothing else; and what they do, others do not read."""
        act, offered = PERSONAL[what]
        can = offered(standing(Actor.citizen(concern.pk)))
        before = self.read_by_others(concern)
        refusal = self.attempt(lambda: act(concern.pk))
        assert (refusal is None) == can, (what, refusal)
        assert self.read_by_others(concern) == before

    def time_passes(self, chance: Random) -> None:
        self.clock.shift(dt.timedelta(days=chance.choice([0, 1, 8, 15]), minutes=1))
        tend()
        escalate()

    def post_comes_back(self, chance: Random) -> None:
        concern = self.concern(chance)
        if chance.random() < 0.2:
            self.attempt(lambda: note_bounce(concern_id=concern.pk, code="5.1.1"))
        else:
            self.attempt(lambda: confirm_address(concern_id=concern.pk))

    def somebody_files(self, chance: Random) -> None:
        self.come(chance.choice(CATEGORIES), reachable=chance.random() < 0.8)

    def rare_things_happen(self, chance: Random) -> None:
        """Left to buttons and dice, few tickets ever get there; from here they live on like all others."""
        chance.choice(RARE)(self.town, worker="tess")

    def come(self, slug: str, *, reachable: bool) -> None:
        actor = self.town.actor("iris") if slug == "it-incident" else Actor.anonymous()
        email = f"p{Concern.objects.count()}@people.example" if reachable else ""
        file(category=slug, email=email, actor=actor)

    def somebody_follows(self, chance: Random) -> None:
        staff = self.town.actor(chance.choice(PEOPLE))
        self.attempt(
            lambda: follow_ticket(
                actor=chance.choice([staff, Actor.anonymous()]),
                ticket_id=self.ticket(chance).pk,
                channel=Channel.PORTAL,
                language="en",
                contact={"email": "me.too@people.example"},
            )
        )

    def somebody_adds(self, chance: Random) -> None:
        """Whatever became of the ticket they mean, what they say is stored."""
        staff = self.town.actor(chance.choice(PEOPLE))
        actor = chance.choice([staff, Actor.anonymous()])
        asked = self.ticket(chance).pk
        category = chance.choice([slug for slug in CATEGORIES if slug != "it-incident"])
        file(category=category, email="me.too@people.example", actor=actor, onto=asked)

    def somebody_leaves(self, chance: Random) -> None:
        name = chance.choice(["carl", "clara", "ada"])
        actor = self.town.actor(chance.choice(["alma", "dora"]))
        self.attempt(lambda: deactivate_user(actor=actor, user_id=self.town.people[name].pk))
        self.town.people[name].refresh_from_db()

    # How

    def attempt(self, act: Callable[[], object]) -> DomainError | None:
        """The refusal, or None when it was done; a refused act has changed no row."""
        before = fingerprint()
        refusal: DomainError | None = None
        try:
            act()
        except DomainError as refused:
            refusal = refused
        assert refusal is None or fingerprint() == before, refusal
        return refusal

    def press(self, actor: Actor, ticket_id: int, verb: Verb, chance: Random) -> None:
        act, day = BY_VERB["ticket_id", verb], today() + dt.timedelta(days=3)
        outcome = Outcome.CANNOT_DO if verb == Verb.DECLINE else Outcome.FIXED
        said = self.said(act, chance, date=day, until=day, answer=Answer(outcome, "Words."))
        refusal = self.attempt(lambda: act.do(actor, ticket_id, None, said))
        note(f"{verb} on {ticket_id}: {refusal!r}")
        hidden = verb in (Verb.JOIN, Verb.COMPARE) and isinstance(refusal, NotFound)
        assert hidden or not isinstance(refusal, NotAllowed | NotFound), (verb, refusal)
        agreement()

    def offered(self, actor: Actor, ticket_id: int) -> list[Verb]:
        """The buttons; those that move the ticket come often, so that it gets somewhere, its end less often."""
        if not visible(actor).filter(pk=ticket_id).exists():
            return []
        allowed = ticket_detail(actor, ticket_id).allowed
        buttons = [verb for verb in allowed if ("ticket_id", verb) in BY_VERB]
        moves = [verb for verb in buttons if verb.value in MOVES and verb not in LEAVING]
        return [*moves * 4, *buttons]

    def responsible(self, ticket_id: int) -> list[str]:
        ticket = Ticket.objects.select_related("department").get(pk=ticket_id)
        if ticket.is_confidential:
            return ["petra", "max"]
        key = ticket.department.key if ticket.department else ""
        return [*WORKERS.get(key, []), "dora"]

    def said(self, act: Act, chance: Random, **surely: object) -> dict[str, object]:
        """Something for everything that acts ask for, of which each takes its own; a reason that is a code as well."""
        day = today() + dt.timedelta(days=chance.randint(-2, 9))
        anything = {
            "answer": Answer(chance.choice(Outcome.values), "Words.", "Motorway Agency"),
            "category": chance.choice(CATEGORIES),
            "circle_key": "personnel",
            "contact": {"email": "new@people.example"},
            "date": day,
            "department_id": self.town.office(chance.choice(OFFICES)).pk,
            "lead_id": self.ticket(chance).pk,
            "other_id": self.ticket(chance).pk,
            "finding": chance.choice(DECIDED),
            "partner": "Water works",
            "priority": chance.choice(Priority.values),
            "place": HARBOUR,
            "reason": "disputed",
            "text": "Words.",
            "until": day,
            "user_id": self.town.people[chance.choice(PEOPLE)].pk,
            "verdict": chance.choice(list(Verdict)),
            "words": "And.",
        } | surely
        return {name: anything[name] for name in asked_by(act) if name in anything}

    def ticket(self, chance: Random) -> Ticket:
        return chance.choice(list(Ticket.objects.order_by("pk")))

    def concern(self, chance: Random) -> Concern:
        return chance.choice(list(Concern.objects.order_by("pk")))

    def read_by_others(self, concern: Concern) -> list[tuple[int, int]]:
        here = Q(placements__ticket__placements__concern=concern)
        others = Concern.objects.filter(here).exclude(pk=concern.pk).order_by("pk").distinct()
        return [(one.pk, len(standing(Actor.citizen(one.pk)).messages)) for one in others]

    # What holds

    @invariant()
    def rules_hold(self) -> None:
        """Looked at where something changed: much of what is tried at random is refused."""
        agreement()
        stands = fingerprint()
        if stands == self.stood:
            return
        self.stood = stands
        assert faults() == []
        versions = dict(Ticket.objects.values_list("pk", "version"))
        changed = [pk for pk, version in versions.items() if self.versions.get(pk) != version]
        self.versions = versions
        assert list(sight_faults(changed)) == []
        self.outsiders_see_nothing()

    def outsiders_see_nothing(self) -> None:
        for actor in (self.town.actor("norman"), Actor.anonymous()):
            assert not visible(actor).exists()
        for name in ("dora", "alma"):
            assert not visible(self.town.actor(name)).filter(circle__isnull=False).exists()


@pytest.fixture
def living(town: Town) -> Iterator[type[City]]:
    with time_machine.travel(MONDAY, tick=True) as clock:
        City.town, City.clock, City.reached = town, clock, set()
        yield City


@pytest.mark.timeout(0 if SEARCH else 600)
def test_rules_hold_whatever_people_do(living: type[City]) -> None:
    run_state_machine_as_test(
        living,
        settings=settings(
            max_examples=SEARCH or 24,
            stateful_step_count=30,
            derandomize=not SEARCH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert set(State) - living.reached == set()
