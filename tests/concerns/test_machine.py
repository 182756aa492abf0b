"""A city lives at random: many people, many clerks, right and wrong acts — and the rules hold after each of them.

An act may be refused by a DomainError; then nothing whatever has changed. Anything else that goes wrong is a bug.
`MACHINE_EXAMPLES=500 pytest tests/concerns/test_machine.py` searches wider, at random.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from common.actor import Actor
from common.clock import today
from concerns.actions.by_verb import BY_VERB
from concerns.actions.contact import confirm_address, correct_contact, note_bounce
from concerns.actions.ending import decide_objection
from concerns.actions.filing import follow_ticket
from concerns.actions.joining import detach_concern, split
from concerns.actions.people import deactivate_user
from concerns.actions.screening import mark_spam, unmark_spam
from concerns.actions.tending import tend
from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.actions.words import reply
from concerns.enums import ANSWERED_STATES, Channel, Outcome, State, Verb, Verdict
from concerns.errors import DomainError, NotAllowed, NotFound
from concerns.models import Concern, Objection, Ticket
from concerns.queries.own import Standing, standing
from concerns.queries.tickets import ticket_detail
from concerns.queries.visible import visible
from tests.support.invariants import agreement, faults, fingerprint, sight_faults
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
    "streets": ["carl", "carl", "clara", "tess", "ada"],
    "parks": ["paul", "paul"],
    "it": ["iris", "iris"],
}
# These end a ticket's story, or hide it, before it has begun.
LEAVING = {Verb.DISCARD, Verb.HAND_BACK, Verb.TRANSFER, Verb.CLOSE_WITHDRAWN}
MOVES = {move.name for move in Ticket._meta.get_field("state").get_all_transitions(Ticket)}
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
ON_CONCERNS: Mapping[str, Callable[[Actor, int, str], object]] = {
    "detach": lambda who, pk, _slug: detach_concern(actor=who, concern_id=pk),
    "split": lambda who, pk, slug: split(actor=who, concern_id=pk, words="And.", category=slug),
    "spam": lambda who, pk, _slug: mark_spam(actor=who, concern_id=pk),
    "no spam": lambda who, pk, _slug: unmark_spam(actor=who, concern_id=pk),
    "contact": lambda who, pk, _slug: correct_contact(
        actor=who, concern_id=pk, contact={"email": "new@people.example"}
    ),
}
number = st.integers(min_value=0, max_value=11)
# Of what is drawn one by one, hypothesis prefers repetitions; a seed spreads evenly what happens.
seed = st.integers(min_value=0, max_value=2**32 - 1)
somebody = st.sampled_from(PEOPLE)


class City(RuleBasedStateMachine):
    """Each example lives in a transaction of its own that is rolled back."""

    town: Town
    clock: time_machine.Traveller

    def __init__(self) -> None:
        super().__init__()
        self.looked_at = ""
        self.life = transaction.atomic()
        self.life.__enter__()
        self.clock.move_to(MONDAY)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    # What there is

    def ticket(self, index: int) -> Ticket:
        tickets = Ticket.objects.order_by("pk")
        return tickets[index % tickets.count()]

    def concern(self, index: int) -> Concern:
        concerns = Concern.objects.order_by("pk")
        return concerns[index % concerns.count()]

    def said(self, chance: Random) -> dict[str, Any]:
        """Everything any form could hold; each act takes what it asks for."""
        person = self.town.people[chance.choice(PEOPLE)].pk
        day = today() + dt.timedelta(days=chance.randint(-2, 9))
        return {
            "department": self.town.office(chance.choice(OFFICES)).pk,
            "reason": "Because.",
            "text": "Words.",
            "assignee": person,
            "person": person,
            "date": day,
            "until": day,
            "partner": "Water works",
            "outcome": chance.choice(Outcome.values),
            "responsible_body": "Motorway Agency",
            "lead": self.ticket(chance.randrange(99)).pk,
            "category": chance.choice(CATEGORIES),
            "address": HARBOUR.address,
            "lat": HARBOUR.lat,
            "lon": HARBOUR.lon,
            "circle": "personnel",
            "reason_code": "disputed",
        }

    # What happens

    @initialize(slugs=st.lists(st.sampled_from(CATEGORIES), min_size=2, max_size=3))
    def people_come(self, slugs: list[str]) -> None:
        for place, slug in enumerate(["pothole", "pothole", *slugs]):
            self.file(slug, reachable=place % 3 != 1)

    @rule(slug=st.sampled_from(CATEGORIES), reachable=st.booleans())
    def file(self, slug: str, *, reachable: bool) -> None:
        actor = self.town.actor("iris") if slug == "it-incident" else Actor.anonymous()
        email = f"p{Concern.objects.count()}@people.example" if reachable else ""
        file(category=slug, email=email, actor=actor)

    @rule(index=number, name=st.sampled_from([*PEOPLE, ""]))
    def follow(self, index: int, name: str) -> None:
        actor = self.town.actor(name) if name else Actor.anonymous()
        self.attempt(
            lambda: follow_ticket(
                actor=actor,
                ticket_id=self.ticket(index).pk,
                channel=Channel.PORTAL,
                language="en",
                contact={"email": "me.too@people.example"},
            )
        )

    @rule(seed=seed)
    def work_on(self, seed: int) -> None:
        """Somebody responsible presses buttons, one after the other; what is offered is never forbidden."""
        chance = Random(seed)  # noqa: S311 - spreads what happens, protects nothing
        ticket = self.ticket(chance.randrange(99))
        for _press in range(chance.randint(1, 8)):
            actor = self.town.actor(chance.choice(self.responsible(ticket.pk)))
            offered = self.offered(actor, ticket.pk)
            if offered:
                self.press(actor, ticket.pk, chance.choice(offered), chance)

    @rule(seed=seed)
    def work_on_another(self, seed: int) -> None:
        """Work is what happens most: one rule is as likely as any other."""
        self.work_on(seed)

    def responsible(self, ticket_id: int) -> list[str]:
        ticket = Ticket.objects.select_related("department").get(pk=ticket_id)
        if ticket.is_confidential:
            return ["petra", "max"]
        key = ticket.department.key if ticket.department else ""
        return [*WORKERS.get(key, []), "dora"]

    def offered(self, actor: Actor, ticket_id: int) -> list[Verb]:
        """The buttons; those that move the ticket come often, so that it gets somewhere, its end less often."""
        if not visible(actor).filter(pk=ticket_id).exists():
            return []
        buttons = [verb for verb in ticket_detail(actor, ticket_id).allowed if verb in BY_VERB]
        moves = [verb for verb in buttons if verb.value in MOVES and verb not in LEAVING]
        return [*moves * 4, *buttons]

    def press(self, actor: Actor, ticket_id: int, verb: Verb, chance: Random) -> None:
        said = self.said(chance)
        said["date"] = said["until"] = today() + dt.timedelta(days=3)
        said["outcome"] = Outcome.CANNOT_DO if verb == Verb.DECLINE else Outcome.FIXED
        refusal = self.attempt(lambda: BY_VERB[verb](actor, ticket_id, None, said))
        hidden_lead = verb == Verb.JOIN and isinstance(refusal, NotFound)
        assert hidden_lead or not isinstance(refusal, NotAllowed | NotFound), (verb, refusal)
        agreement()

    @rule(seed=seed)
    def try_anything(self, seed: int) -> None:
        """Whoever may not know of the ticket is told that there is none, whatever they try."""
        chance = Random(seed)  # noqa: S311 - spreads what happens, protects nothing
        ticket = self.ticket(chance.randrange(99))
        actor = self.town.actor(chance.choice(PEOPLE))
        hidden = not visible(actor).filter(pk=ticket.pk).exists()
        verb, said = chance.choice(sorted(BY_VERB)), self.said(chance)
        refusal = self.attempt(lambda: BY_VERB[verb](actor, ticket.pk, None, said))
        assert isinstance(refusal, NotFound) or not hidden, (verb, refusal)

    @rule(
        index=number,
        name=somebody,
        what=st.sampled_from(sorted(ON_CONCERNS)),
        slug=st.sampled_from(CATEGORIES),
    )
    def treat_one_concern(self, index: int, name: str, what: str, slug: str) -> None:
        concern, actor = self.concern(index), self.town.actor(name)
        hidden = (
            not visible(actor).filter(placements__concern=concern, placements__until=None).exists()
        )
        refusal = self.attempt(lambda: ON_CONCERNS[what](actor, concern.pk, slug))
        assert isinstance(refusal, NotFound) or not hidden, (what, refusal)

    @precondition(lambda _self: Objection.objects.filter(verdict="").exists())
    @rule(index=number, name=somebody, verdict=st.sampled_from(Verdict))
    def decide(self, index: int, name: str, verdict: Verdict) -> None:
        waiting = Objection.objects.filter(verdict="").order_by("pk")
        objection = waiting[index % waiting.count()]
        actor = self.town.actor(name)
        hidden = not visible(actor).filter(pk=objection.ticket_id).exists()
        refusal = self.attempt(
            lambda: decide_objection(
                actor=actor, objection_id=objection.pk, verdict=verdict, text="So."
            )
        )
        assert isinstance(refusal, NotFound) or not hidden, refusal

    @rule(index=number, what=st.sampled_from(sorted(PERSONAL)))
    def speak_up(self, index: int, what: str) -> None:
        """A person can do what their page offers, nothing else; and what they do, others do not read."""
        self.speak_up_as(self.concern(index), what)

    def speak_up_as(self, concern: Concern, what: str) -> None:
        act, offered = PERSONAL[what]
        can = offered(standing(Actor.citizen(concern.pk)))
        before = self.read_by_others(concern)
        refusal = self.attempt(lambda: act(concern.pk))
        assert (refusal is None) == can, (what, refusal)
        assert self.read_by_others(concern) == before

    @rule(index=number, what=st.sampled_from(["confirm", "object", "reply"]))
    def speak_up_about_the_answer(self, index: int, what: str) -> None:
        """The same, of those who have an answer or a question."""
        states = [*ANSWERED_STATES, State.CLOSED, State.WAITING_REPORTER]
        asked = Concern.objects.filter(placements__ticket__state__in=states)
        people = asked.filter(placements__until=None).order_by("pk").distinct()
        if people:
            self.speak_up_as(people[index % len(people)], what)

    def read_by_others(self, concern: Concern) -> list[tuple[int, int]]:
        here = Q(placements__ticket__placements__concern=concern)
        others = Concern.objects.filter(here).exclude(pk=concern.pk).order_by("pk").distinct()
        return [(one.pk, len(standing(Actor.citizen(one.pk)).messages)) for one in others]

    @rule(index=number, what=st.sampled_from([*[confirm_address] * 5, note_bounce]))
    def post_comes_back(self, index: int, what: Callable[..., object]) -> None:
        more = {"code": "5.1.1"} if what is note_bounce else {}
        self.attempt(lambda: what(concern_id=self.concern(index).pk, **more))

    @rule(days=st.sampled_from([0, 1, 8, 15]))
    def time_passes(self, days: int) -> None:
        self.clock.shift(dt.timedelta(days=days, minutes=1))
        tend()

    @rule(name=st.sampled_from(["carl", "clara", "ada"]), by=st.sampled_from(["alma", "dora"]))
    def somebody_leaves(self, name: str, by: str) -> None:
        self.attempt(
            lambda: deactivate_user(actor=self.town.actor(by), user_id=self.town.people[name].pk)
        )
        self.town.people[name].refresh_from_db()

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

    # What holds

    @invariant()
    def rules_hold(self) -> None:
        """Looked at only when something changed: most of what is tried at random is refused."""
        agreement()
        now_stands = fingerprint()
        if now_stands != self.looked_at:
            assert faults() == []
            assert list(sight_faults()) == []
            self.looked_at = now_stands

    @invariant()
    def outsiders_see_nothing(self) -> None:
        assert not visible(self.town.actor("norman")).exists()
        assert not visible(Actor.anonymous()).exists()
        for name in ("carl", "dora", "alma"):
            assert not visible(self.town.actor(name)).filter(circle__isnull=False).exists()


@pytest.fixture
def living(town: Town) -> Iterator[type[City]]:
    with time_machine.travel(MONDAY, tick=True) as clock:
        City.town, City.clock = town, clock
        yield City


@pytest.mark.timeout(600)
def test_rules_hold_whatever_people_do(living: type[City]) -> None:
    run_state_machine_as_test(
        living,
        settings=settings(
            max_examples=SEARCH or 40,
            stateful_step_count=30,
            derandomize=not SEARCH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
