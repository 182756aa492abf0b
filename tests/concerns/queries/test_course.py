"""The course of a matter, told to the person it concerns, through whichever door."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from common.actor import Actor
from concerns.actions.deciding import approve
from concerns.actions.ending import decide_objection, uphold
from concerns.actions.filing import Filed
from concerns.actions.proving import renew_proof
from concerns.actions.responsibility import transfer
from concerns.actions.working import accept, schedule
from concerns.enums import Verb, Verdict
from concerns.models import Objection
from concerns.queries.course import COURSE, DECISIONS, Entry
from concerns.queries.own import OWN_ONLY, SHOWN, standing
from tests.support.sql import statements
from tests.support.stages import STAGES, Stage, in_progress, pending_approval, reopen_requested
from tests.support.town import Town, file

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
# Words of the city among itself; «Status» and «Vorgang» are German ones.
INTERNAL = ("ticket", "queue", "status", "merged", "vorgang", "triage", "transfer", "abgabe")


def course(filed: Filed) -> list[Entry]:
    with translation.override("en"):
        return standing(Actor.citizen(filed.concern.pk)).course


def told(filed: Filed) -> list[str]:
    """What the person reads, oldest first."""
    return [entry.sentence for entry in course(filed)]


def test_everything_a_person_may_see_has_a_sentence() -> None:
    assert (SHOWN | OWN_ONLY) - set(COURSE) == {Verb.DECIDE_OBJECTION}
    assert set(COURSE) - (SHOWN | OWN_ONLY) == set()
    assert set(DECISIONS) == set(Verdict)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_sentence_holds_an_internal_word(language: str) -> None:
    with translation.override(language):
        said = [str(words).lower() for words in (*COURSE.values(), *DECISIONS.values())]

    assert [words for words in said if any(word in words for word in INTERNAL)] == []


def test_a_matter_that_goes_through_two_offices_to_a_day(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = file()
        parks = town.office("parks").pk
        transfer(
            actor=town.actor("carl"),
            ticket_id=filed.ticket.pk,
            department_id=parks,
            reason="A root.",
        )
        accept(actor=town.actor("paul"), ticket_id=filed.ticket.pk)
        schedule(actor=town.actor("paul"), ticket_id=filed.ticket.pk, date=dt.date(2026, 3, 20))
        said = told(filed)

    assert said == [
        "We received your concern.",
        "We gave your concern to Streets.",
        "We gave your concern to Parks.",
        "Somebody works on it now.",
        "We planned it for 20 March.",
    ]


def test_an_approved_answer(town: Town) -> None:
    filed = pending_approval(town)
    before = told(filed)
    approve(actor=town.actor("ada"), ticket_id=filed.ticket.pk)

    assert told(filed) == [*before, "We answered you."]


def test_an_objection_that_was_not_followed(town: Town) -> None:
    filed = reopen_requested(town)
    uphold(actor=town.actor("tess"), ticket_id=filed.ticket.pk, text="It is level now.")

    assert told(filed)[-2:] == ["You objected to the result.", "Your concern is closed."]


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (Verdict.UPHELD, "We decided on your objection: the answer stands."),
        (Verdict.REOPENED, "We agreed with your objection and took it up again."),
    ],
)
def test_an_objection_that_was_decided(town: Town, verdict: Verdict, sentence: str) -> None:
    filed = reopen_requested(town)
    objection = Objection.objects.get()
    decide_objection(
        actor=town.actor("tess"), objection_id=objection.pk, verdict=verdict, text="We looked."
    )

    assert sentence in told(filed)


def test_a_new_link_and_pin(town: Town) -> None:
    filed = in_progress(town)
    renew_proof(actor=town.actor("carl"), concern_id=filed.concern.pk)

    assert told(filed)[-1] == "You got a new link and a new PIN; the old ones no longer work."


@pytest.mark.parametrize("stage", STAGES.values())
def test_every_course_begins_with_the_filing(town: Town, stage: Stage) -> None:
    sentences = told(stage(town))

    assert sentences[0] == "We received your concern."
    assert all(sentence and "%" not in sentence for sentence in sentences)


def test_a_course_costs_no_statement_of_its_own(town: Town) -> None:
    stands = standing(Actor.citizen(in_progress(town).concern.pk))

    with statements() as said:
        assert len(stands.course) == 3

    assert said == []
