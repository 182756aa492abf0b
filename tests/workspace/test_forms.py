"""What a form hands on is what its action asks for."""

import pytest

from concerns.actions.by_verb import ACTS, Act
from concerns.models import Cause
from tests.factories.crowd import crowd
from tests.support.signatures import asked_by
from tests.support.stages import assigned
from tests.support.town import Town
from workspace.forms import FORMS, ActForm


def test_every_form_belongs_to_an_act() -> None:
    assert set(FORMS) <= {act.verb for act in ACTS}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.verb.value}-{act.on}")
def test_a_form_says_in_the_words_of_its_action_what_that_needs(town: Town, act: Act) -> None:
    """On a ticket of many, in a town that asks for causes: with every field there can be."""
    Cause.objects.create(key="wear", names={"en": "Wear"})
    filed = assigned(town)
    crowd(filed.ticket, 2)
    form = FORMS.get(act.verb, ActForm)(ticket=filed.ticket, actor=town.actor("carl"))
    form.cleaned_data = dict.fromkeys(form.fields)

    said = set(form.keywords())

    asked = asked_by(act)
    needed = {name for name, must in asked.items() if must}
    assert needed <= said <= set(asked)
