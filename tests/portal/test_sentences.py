"""The course of a matter, told to the person it concerns."""

import pytest
from django.utils import translation

from common.actor import Actor
from concerns.actions.deciding import approve
from concerns.actions.ending import uphold
from concerns.enums import Verb, Verdict
from concerns.queries.own import OWN_ONLY, SHOWN, standing
from portal.sentences import COURSE, DECISIONS, course
from tests.support.stages import STAGES, pending_approval, reopen_requested
from tests.support.town import Town

INTERNAL = ("ticket", "queue", "status", "merged", "vorgang", "triage")


def told(town: Town, filed) -> list[str]:
    """What the person reads, newest first."""
    with translation.override("en"):
        return [
            entry.sentence for entry in course(standing(Actor.citizen(filed.concern.pk)).events)
        ]


def test_everything_a_person_may_see_has_a_sentence() -> None:
    assert (SHOWN | OWN_ONLY) - set(COURSE) == {Verb.DECIDE_OBJECTION}
    assert set(DECISIONS) == set(Verdict)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_sentence_holds_an_internal_word(language: str) -> None:
    with translation.override(language):
        said = [str(words).lower() for words in (*COURSE.values(), *DECISIONS.values())]

    assert [words for words in said if any(word in words for word in INTERNAL)] == []


def test_course_of_an_approved_answer(town: Town) -> None:
    filed = pending_approval(town)
    before = told(town, filed)
    approve(actor=town.actor("ada"), ticket_id=filed.ticket.pk)

    assert told(town, filed) == ["We answered you.", *before]


def test_course_of_an_objection_that_was_not_followed(town: Town) -> None:
    filed = reopen_requested(town)
    uphold(actor=town.actor("tess"), ticket_id=filed.ticket.pk, text="It is level now.")

    assert told(town, filed)[:2] == ["Your concern is closed.", "You objected to the result."]


@pytest.mark.parametrize("stage", STAGES.values())
def test_every_course_ends_with_the_filing(town: Town, stage) -> None:
    sentences = told(town, stage(town))

    assert sentences[-1] == "We received your concern."
    assert all(sentence and "%" not in sentence for sentence in sentences)
