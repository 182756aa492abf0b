"""Stuck post is the administrators' business, and what they do about it is on the record."""

from collections.abc import Callable

import pytest

from common.actor import Actor
from common.ids import uuid7
from concerns.actions.deliveries import give_up, try_again
from concerns.errors import NotAllowed, Refused
from notifications.enums import EnvelopeState
from notifications.models import Envelope, Intervention
from tests.support.town import Town, file

Act = Callable[..., None]
ACTS = [try_again, give_up]
BECOMES = {try_again: EnvelopeState.PENDING, give_up: EnvelopeState.ABANDONED}


def dead_envelope() -> Envelope:
    file()
    Envelope.objects.update(state=EnvelopeState.DEAD)
    return Envelope.objects.get()


@pytest.mark.parametrize("act", ACTS)
def test_an_administrator_does_it_on_the_record(town: Town, act: Act) -> None:
    stuck = dead_envelope()

    act(actor=town.actor("alma"), errand_id=stuck.pk)

    stuck.refresh_from_db()
    kept = Intervention.objects.get()
    assert stuck.state == BECOMES[act]
    assert (kept.errand_id, kept.actor_ref) == (stuck.pk, town.people["alma"].ref_id)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["dora", "carl", "tess", "ada", "max", "norman"])
def test_nobody_else_may(town: Town, act: Act, name: str) -> None:
    stuck = dead_envelope()

    with pytest.raises(NotAllowed):
        act(actor=town.actor(name), errand_id=stuck.pk)

    stuck.refresh_from_db()
    assert (stuck.state, Intervention.objects.count()) == (EnvelopeState.DEAD, 0)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("actor", [Actor.anonymous(), Actor.citizen(1)])
def test_nobody_outside_may(town: Town, act: Act, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        act(actor=actor, errand_id=dead_envelope().pk)


@pytest.mark.parametrize("act", ACTS)
def test_what_is_not_stuck_is_refused(town: Town, act: Act) -> None:
    with pytest.raises(Refused):
        act(actor=town.actor("alma"), errand_id=uuid7())
