"""The table of acts: whole, and true to the actions it names."""

import inspect
from typing import get_args

import pytest

from concerns.actions.by_verb import ACTS, BY_VERB, Act, On
from concerns.enums import Verb
from concerns.permissions import MAY
from tests.support.acts import ALL, SAID
from tests.support.stages import assigned
from tests.support.town import Town, fresh

BY_CLOCK = {
    *(Verb.START_TRIAGE, Verb.REMIND, Verb.EXPIRE, Verb.CLOSE, Verb.REVIEW),
    *(Verb.DUE_SOON, Verb.OVERDUE, Verb.FAR_OVERDUE, Verb.UNACCEPTED, Verb.FOLLOW_UP_DUE),
}


def name_of(act: Act) -> str:
    return f"{act.verb.value}-{act.on}"


def test_everything_that_a_person_may_do_is_in_the_table_once() -> None:
    people_may = set(MAY) - BY_CLOCK - {Verb.PARTNER_WORD} | {Verb.APPROVE, Verb.REJECT}

    assert {act.verb for act in ACTS} == people_may
    assert len(BY_VERB) == len(ACTS) == len(ALL)


@pytest.mark.parametrize("act", ACTS, ids=name_of)
def test_an_action_takes_who_does_it_to_what_and_at_which_version(act: Act) -> None:
    taken = inspect.signature(act.action).parameters

    assert {"actor", "version"} < set(taken)
    assert set(get_args(On)) & set(taken) == {act.on}
    assert {one.kind for one in taken.values()} == {inspect.Parameter.KEYWORD_ONLY}


def test_only_a_note_is_true_whatever_happened_meanwhile(town: Town) -> None:
    filed = assigned(town)
    old = fresh(filed.ticket).version - 1

    BY_VERB["ticket_id", Verb.NOTE].do(town.actor("carl"), filed.ticket.pk, old, {"text": SAID})

    assert fresh(filed.ticket).version == old + 2
    assert [act.verb for act in ACTS if not act.versioned] == [Verb.NOTE]
