"""What an act does to whom, told before anybody presses the button."""

import pytest
from django.utils import translation

from concerns.actions.by_verb import ACTS
from concerns.enums import Verb
from concerns.queries.placements import Company
from workspace.labels import BESIDE, BUTTONS, KEYS, ON_A_CONCERN, PRIMARY, WEIGHED, consequence


def company(active: int, reachable: int) -> Company:
    known = {"unconfirmed": 0, "objecting": 0, "published": 0, "excluding": 0}
    fields = {name: known[name] for name in Company.__dataclass_fields__ if name in known}
    return Company(placed=active, active=active, reachable=reachable, mailed=reachable, **fields)


@pytest.mark.parametrize(
    ("language", "verb", "active", "reachable", "said"),
    [
        ("en", Verb.RESOLVE, 1, 1, "1 person is answered."),
        ("en", Verb.RESOLVE, 37, 37, "37 people are answered."),
        (
            "en",
            Verb.RESOLVE,
            37,
            36,
            "37 people are answered. 1 of them left no address and reads the answer only with reference and PIN.",
        ),
        (
            "en",
            Verb.APPROVE,
            37,
            3,
            "37 people are answered. 34 of them left no address and read the answer only with reference and PIN.",
        ),
        ("en", Verb.DECLINE, 0, 0, "0 people are answered."),
        ("en", Verb.MESSAGE, 37, 1, "1 person is told by mail."),
        ("en", Verb.TRANSFER, 37, 34, "34 people are told by mail."),
        ("en", Verb.NOTE, 37, 34, ""),
        ("en", Verb.ACCEPT, 37, 34, ""),
        ("de", Verb.RESOLVE, 1, 1, "1 Person erhält diese Antwort."),
        ("de", Verb.RESOLVE, 37, 37, "37 Personen erhalten diese Antwort."),
    ],
)
def test_consequence_counts_people(
    language: str, verb: Verb, active: int, reachable: int, said: str
) -> None:
    with translation.override(language):
        assert consequence(verb, company(active, reachable)) == said


def test_every_act_of_a_person_has_a_button() -> None:
    assert set(BUTTONS) == {act.verb for act in ACTS}


def test_acts_on_a_concern_stand_with_it() -> None:
    """All but detaching, which both have: there it is offered beside the rest."""
    on_a_concern = {act.verb for act in ACTS if act.on == "concern_id"}
    assert on_a_concern - {Verb.DETACH} == ON_A_CONCERN


def test_every_place_on_the_page_holds_buttons_only() -> None:
    for placed in (PRIMARY, BESIDE, KEYS, ON_A_CONCERN, WEIGHED):
        assert set(placed) <= set(BUTTONS)
    assert len({*PRIMARY, *BESIDE}) == len(PRIMARY) + len(BESIDE)
    assert not ON_A_CONCERN & {*PRIMARY, *BESIDE}


def test_no_two_buttons_read_alike() -> None:
    for language in ("en", "de"):
        with translation.override(language):
            assert len({str(label) for label in BUTTONS.values()}) == len(BUTTONS)
